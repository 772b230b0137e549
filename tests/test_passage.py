"""A passage is found as it stands, or as somebody would type it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relations.validators.curating.passage import find, folded, longest_start

TEXT = (
    "She said \u201cnever\u201d \u2013 and left.\n\n  The co\u00adoperation of "
    "Reykjavi\u0301k\u2019s and Tallinn's\u00a0mayors, 2021\u20132022."
)


def found(text: str, passage: str) -> tuple[list[str], bool]:
    ranges, exact = find(text, passage)
    return [text[start:end] for start, end in ranges], exact


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ('"never"', "\u201cnever\u201d"),
        ("«never» - and left", "\u201cnever\u201d \u2013 and left"),
        ("said 'never'—and", "said \u201cnever\u201d \u2013 and"),
        ("left. The", "left.\n\n  The"),
        ("cooperation", "co\u00adoperation"),
        ("Reykjavík's", "Reykjavi\u0301k\u2019s"),
        ("Tallinn’s mayors", "Tallinn's\u00a0mayors"),
        ("2021 -- 2022", "2021\u20132022"),
        ("  mayors,\n", "mayors,"),
        ("Reykjav\u00edk", "Reykjavi\u0301k"),
    ],
)
def test_what_was_typed_otherwise_is_found_where_it_stands(typed: str, stands: str) -> None:
    assert found(TEXT, typed) == ([stands], False)


def test_what_stands_there_exactly_is_found_exactly() -> None:
    assert found("a 'b' and a \"b\"", '"b"') == (['"b"'], True)


def test_every_hit_is_found_also_overlapping_ones() -> None:
    assert find("ananas", "ana") == ([(0, 3), (2, 5)], True)


@pytest.mark.parametrize("nothing", ["", " ", "\n", "\u00ad"])
def test_nothing_is_nowhere(nothing: str) -> None:
    assert find("text", nothing) == ([], False)


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ("She said ... left", ["She said \u201cnever\u201d \u2013 and left"]),
        ("She\u2026and", ["She said \u201cnever\u201d \u2013 and"]),
        ("and ... Tallinn's", ["and Tallinn's"]),
        ("The ... of ... and", ["The co\u00adoperation of Reykjavi\u0301k\u2019s and"]),
        ("left ... She", []),
        ("She ...", []),
        ("...", []),
    ],
)
def test_three_dots_stand_for_what_is_left_out(typed: str, stands: list[str]) -> None:
    assert found(TEXT, typed) == (stands, False)


def test_three_dots_that_stand_there_are_themselves() -> None:
    assert found("a ... b and a x b", "a ... b") == (["a ... b"], True)
    assert found("a \u2026 b and a x b", "a ... b") == (["a \u2026 b"], False)


def test_case_and_letters_are_never_tolerated() -> None:
    assert find("Minsk", "minsk") == ([], False)
    assert find("Mińsk", "Minsk") == ([], False)


def test_a_ligature_is_cited_whole() -> None:
    assert found("the o\ufb03ce of", "office") == (["o\ufb03ce"], False)


def test_how_far_a_passage_goes_along_with_a_text() -> None:
    start, rest = longest_start(TEXT, "She said 'never' and stayed")
    assert start == (0, TEXT.index("\u201d") + 1)
    assert rest == " and stayed"
    assert longest_start("abc", "xyz") == (None, "xyz")


@given(
    st.text(st.characters(codec="utf-8"), max_size=60),
    st.integers(0, 59),
    st.integers(1, 20),
)
def test_any_part_of_a_text_is_found_in_it(text: str, start: int, length: int) -> None:
    part = text[start : start + length]
    if part:
        ranges, exact = find(text, part)
        assert exact
        assert (start, start + len(part)) in ranges


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_folding_says_of_each_character_where_it_comes_from(text: str) -> None:
    made = folded(text)
    assert len(made.text) == len(made.starts) == len(made.ends)
    assert list(made.starts) == sorted(made.starts)
    for start, end in zip(made.starts, made.ends, strict=True):
        assert 0 <= start < end <= len(text)


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)), max_size=40))
def test_the_unicode_form_makes_no_difference(text: str) -> None:
    assert folded(unicodedata.normalize("NFD", text)).text == folded(text).text
