"""Did you mean: near words are found among few and among many."""

from __future__ import annotations

import pytest

from relations.validators.nearest import FEW, Words, did_you_mean, nearest


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("Ofical", "official"),
        ("OFFICIAL", "official"),
        ("sate", "state"),
        ("zzz", None),
        ("", None),
    ],
)
def test_among_few_words_the_most_similar_is_offered(word: str, meant: str | None) -> None:
    assert nearest(word, ["state", "official", "working"]) == meant


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("v0042", "V0042"),
        ("V00042", "V0042"),
        ("VV0042", "V0042"),
        ("0V042", "V0042"),
        ("X0042", "V0042"),
        ("Q99999", None),
        ("", None),
    ],
)
def test_among_many_keys_what_is_one_slip_away_is_offered(word: str, meant: str | None) -> None:
    keys = Words([f"V{number:04}" for number in range(1, 2 * FEW)])
    assert keys.nearest(word) == meant
    assert keys.nearest(word) == meant


def test_the_question_or_what_is_to_be_said_instead() -> None:
    assert did_you_mean("stat", ["state"]) == "did you mean `state`?"
    assert did_you_mean("xyz", ["state"], "use one of: state") == "use one of: state"


def test_of_words_equally_near_it_is_the_one_with_the_same_letters() -> None:
    assert nearest("P0030", [f"P{number:04}" for number in range(1, 12)]) == "P0003"


@pytest.mark.parametrize("known", [["V0003", "V0001"], [f"V{n:04}" for n in range(1, 2 * FEW)]])
def test_what_cannot_be_meant_is_not_offered(known: list[str]) -> None:
    words = Words(known)
    assert words.nearest("V00003") == "V0003"
    assert words.nearest("V00003", never="V0003") != "V0003"
    assert words.nearest("V00003", never="V0001") == "V0003"
    assert did_you_mean("V0003x", ["V0003"], "add it", never="V0003") == "add it"
