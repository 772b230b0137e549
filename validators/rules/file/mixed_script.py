"""A word mixes letters of two alphabets.

A Cyrillic `А` within `Аzerbaijan` looks like the Latin letter and is another one: the word is
found by no search and equals no other. It happens where a name was typed with the wrong
keyboard or copied from a text in another language. Words of different alphabets may stand
beside each other; a single word has one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule, in_file
from relations.validators.searching.cell_search import cells_where, in_class, matching

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.table_file import TableFile

ALPHABETS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "GEORGIAN", "COPTIC", "CHEROKEE")
"""Those whose letters can be taken for one another, as Unicode's names of letters begin.

Others are not easily mistaken, and some stand beside Latin words without a space between.
"""
LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# Runs of letters and of the accents on them.
_WORD = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f\u0483-\u0487])+")


def alphabet(letter: str) -> str | None:
    """The alphabet of a letter; None for one of another script and for what is no letter."""
    if not letter.isalpha():
        return None
    first = unicodedata.name(letter, "").partition(" ")[0]
    return first if first in ALPHABETS else None


def find(package: Package, file: TableFile) -> Iterator[Fault]:
    letters: dict[str, set[str]] = {"LATIN": set(LATIN)}
    for each in file.unusual:
        name = alphabet(each)
        if name:
            letters.setdefault(name, set()).add(each)
    if len(letters) < 2:
        return
    pattern = _meeting(letters, file.unusual)
    for row, column, value in cells_where(package, file.table, matching(pattern)):
        yield from _faults(file.table, row, column, value)


def _meeting(letters: dict[str, set[str]], unusual: frozenset[str]) -> str:
    """A regular expression for two letters of different alphabets side by side."""
    accents = in_class(each for each in unusual if unicodedata.combining(each))
    between = f"[{accents}]*" if accents else ""
    every = set().union(*letters.values())
    return "|".join(
        f"[{in_class(own)}]{between}[{in_class(every - own)}]" for own in letters.values()
    )


def _faults(table: str, row: int, column: str, value: str) -> Iterator[Fault]:
    for word in _WORD.finditer(value):
        names = Counter(name for letter in word[0] if (name := alphabet(letter)))
        if len(names) < 2:
            continue
        main = names.most_common(1)[0][0]
        at, letter = next(
            (index, each)
            for index, each in enumerate(word[0])
            if alphabet(each) not in (None, main)
        )
        other = alphabet(letter)
        assert other
        yield Fault(
            f"the {main.capitalize()} word `{word[0]}` has the {other.capitalize()} letter "
            f"`{letter}` (U+{ord(letter):04X}), character {word.start() + at + 1} of the cell",
            f"write it with the {main.capitalize()} letter that looks the same",
            table=table,
            row=row,
            field=column,
            value=value,
        )
        return


RULE = Rule(
    code="mixed-script",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find_in=in_file(find),
    spoils=True,
    good=(
        good(Cell("statements", "X0002", "note", "Рига, Rīga, Riga и \u0394")),
        good(Cell("officials", "P0004", "native_name", "Сигрун Далберг")),
    ),
    bad=(
        bad(
            Cell("statements", "X0002", "note", "in \u0410zerbaijan"),
            expect=Expect("datapackage/statements.csv", 3, "note", "in \u0410zerbaijan"),
        ),
        bad(
            Cell("visits", "V0001", "host_country", "\u0415ST"),
            expect=Expect("datapackage/visits.csv", 2, "host_country", "\u0415ST"),
        ),
    ),
)
