"""Which names are spellings of one name, and that no such pair is missed by the grouping."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relations.validators.searching.likeness import (
    Groups,
    alike,
    fold,
    same_name,
    same_title,
    slips,
    words,
)

SMALL = frozenset({"the", "of"})


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Natalia", "Natalya"), ("Natalia", "Nataliya"), ("Yelena", "Elena"), ("Aliyev", "Əliyev"),
        ("Aliyev", "Aliev"), ("Sergey", "Sergei"), ("Sergeyev", "Sergeev"), ("Dmitriy", "Dmitry"),
        ("Yuri", "Jurij"), ("Zelenskyy", "Zelensky"), ("Şahin", "Shahin"), ("Çelik", "Chelik"),
        ("Žukauskas", "Zhukauskas"), ("Orbán", "Orban"), ("Viktor", "Victor"), ("Kaczyński",
        "Kaczynski"), ("Ðorđe", "Dorde"), ("Straße", "Strasse"), ("O’Neill", "ONeil"),
        ("Məmmədov", "Mammadov"), ("Наталия", "НАТАЛИЯ"), ("Kochanova", "KOCHANOVA"),
    ],
)  # fmt: skip
def test_spellings_that_fold_alike(one: str, two: str) -> None:
    assert fold(one) == fold(two)


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("kitten", "kitten", 0), ("kitten", "kittn", 1), ("kitten", "kittten", 1),
        ("kitten", "mitten", 1), ("kitten", "iktten", 1), ("kitten", "sitting", 3), ("", "ab", 2),
        ("ab", "", 2),
    ],
)  # fmt: skip
def test_slips_are_counted(one: str, two: str, expected: int) -> None:
    assert slips(one, two) == slips(two, one) == expected


SAME = [
    ("Natalia Kochanova", "Natalya Kochanova"),
    ("Natalia Kochanova", "Kochanova Natalia"),
    ("Natalia Kochanova", "Kochanova, Natalia"),
    ("Natalia Kochanova", "Natallia Kachanava"),
    ("Aliaksandr Lukashenka", "Alexander Lukashenko"),
    ("Dzmitry Krutoi", "Dmitry Krutoy"),
    ("Sahiba Gafarova", "Sahibə Qafarova"),
    ("Sigrún Dalberg", "S. Dalberg"),
    ("Sigrún Dalberg", "Dalberg S"),
    ("George W. Bush", "George Bush"),
    ("George H. W. Bush", "George W. Bush"),
    ("Natalia Ivanovna Kochanova", "Natalia Kochanova"),
    ("Jean-Paul Martin", "Jean Paul Martin"),
    ("Mart Koppel", "Mart Kopel"),
    ("Наталья Качанова", "Наталия Качанова"),
    ("Nasreddin", "Nasredin"),
]
OTHERS = [
    ("Ilham Aliyev", "Igbal Aliyev"),
    ("Mart Koppel", "Mari Koppel"),
    ("Maria Ivanova", "Marina Ivanova"),
    ("Aleksandr Ivanov", "Aleksandra Ivanova"),
    ("Aleksandr Lukashenko", "Aleksandra Lukashenko"),
    ("Ramunė Kavaliauskas", "Ramunė Kazlauskas"),
    ("Kim Jong Il", "Kim Jong Un"),
    ("A. Aliyev", "B. Aliyev"),
    ("A. Aliyev", "A. Hasanov"),
    ("Mart Koppel", "Koppel"),
    ("José García", "José María García López"),
    ("Liis Tamme", "Mart Koppel"),
    ("Elizabeth 1", "Elizabeth 2"),
]


@pytest.mark.parametrize(("one", "two"), SAME)
def test_names_of_one_person(one: str, two: str) -> None:
    assert same_name(words(one), words(two))
    assert same_name(words(two), words(one))


@pytest.mark.parametrize(("one", "two"), OTHERS)
def test_names_of_two_persons(one: str, two: str) -> None:
    assert not same_name(words(one), words(two))
    assert not same_name(words(two), words(one))


@pytest.mark.parametrize(("one", "two"), SAME)
def test_names_of_one_person_are_met(one: str, two: str) -> None:
    groups = Groups({*words(one), *words(two)})
    assert set(groups.keys(words(one))) & set(groups.keys(words(two)))


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("Parliament of Iceland", "The Parliament of Iceland", True),
        ("Ministry of Defence", "Ministry of Defense", True),
        ("Government of Estonia", "Estonia Goverment", True),
        ("Committee on Economy", "Committee on Ecology", False),
        ("Ministry of Culture", "Ministry of Culture and Sport", False),
        ("Bank 1", "Bank 2", False),
        ("", "", False),
    ],
)
def test_names_of_organizations(one: str, two: str, same: bool) -> None:
    assert same_title(words(one, SMALL), words(two, SMALL)) is same


LETTERS = st.text("abeioklnrstv1", min_size=1, max_size=11)


@st.composite
def slipped(draw: st.DrawFn) -> tuple[str, str]:
    """A word, and the same with up to two slips."""
    word = draw(LETTERS)
    other = word
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(other)))
        put = draw(st.sampled_from(["", "a", "e", "t", other[at : at + 2][::-1]]))
        other = other[:at] + put + other[at + draw(st.integers(0, 2)) :]
    return word, other or word


@settings(max_examples=500, deadline=None, derandomize=True, database=None)
@given(slipped())
def test_words_that_are_alike_are_in_one_group(pair: tuple[str, str]) -> None:
    one, two = pair
    assert alike(one, two) is alike(two, one)
    groups = Groups([one, two])
    if alike(one, two):
        assert groups.of(one) == groups.of(two)
    elif one != two:
        assert groups.of(one) != groups.of(two)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.lists(slipped(), min_size=1, max_size=4), st.data())
def test_names_that_are_alike_have_a_key_in_common(
    pairs: list[tuple[str, str]], data: st.DataObject
) -> None:
    one = tuple(first for first, _ in pairs)
    two = tuple(data.draw(st.permutations([second for _, second in pairs])))
    two = tuple(word[0] if data.draw(st.integers(0, 5)) == 0 else word for word in two)
    groups = Groups({*one, *two})
    assert same_name(one, two) is same_name(two, one)
    if same_name(one, two):
        assert set(groups.keys(one)) & set(groups.keys(two))
