"""A cell has a character that nobody sees.

Zero-width spaces, soft hyphens and marks that turn the direction of writing come along when
text is copied from a page. Two names that look the same are then not equal, and a mark of
direction can make a cell read as what it does not say. The joiner and non-joiner between two
letters of a script that needs them, such as Persian or Hindi, are right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule, in_file
from relations.validators.searching.cell_search import cells_where, in_class, matching

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.table_file import TableFile

JOINERS = "\u200c\u200d"
# Default ignorable by Unicode, less variation selectors (they choose the shape of a sign), and
# the two separators that end a line in some programs and not in others.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_JOINED = ("ARABIC", "SYRIAC", "MONGOLIAN", "NKO")
# Indic scripts, in which either sign chooses the form of a letter.
_INDIC = re.compile("[\u0900-\u0dff\u1780-\u17ff]")


def find(package: Package, file: TableFile) -> Iterator[Fault]:
    present = {each for each in file.unusual if INVISIBLE.match(each)}
    if not present:
        return
    pattern = f"[{in_class(present)}]"
    for row, column, value in cells_where(package, file.table, matching(pattern)):
        at = next(
            (each.start() for each in INVISIBLE.finditer(value) if not _joins(value, each.start())),
            None,
        )
        if at is None:
            continue
        name = unicodedata.name(value[at], "").lower()
        yield Fault(
            f"character {at + 1} is invisible: U+{ord(value[at]):04X}"
            + (f", {name}" if name else ""),
            "remove it",
            table=file.table,
            row=row,
            field=column,
            value=value,
        )


def _joins(value: str, at: int) -> bool:
    """Whether the character is a joiner or non-joiner between letters that need it."""
    if value[at] not in JOINERS or not 0 < at < len(value) - 1:
        return False
    return all(
        bool(_INDIC.match(each)) or unicodedata.name(each, "").startswith(_JOINED)
        for each in (value[at - 1], value[at + 1])
    )


RULE = Rule(
    code="invisible-character",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find_in=in_file(find),
    spoils=True,
    good=(
        good(
            Cell(
                "officials",
                "P0004",
                "native_name",
                "\u0646\u0645\u06cc\u200c\u062f\u0627\u0646\u0645",
            )
        ),
    ),
    bad=(
        bad(
            Cell("visits", "V0001", "locations", "Tallinn\u200b;Tartu"),
            expect=Expect("datapackage/visits.csv", 2, "locations", "Tallinn\u200b;Tartu"),
        ),
        bad(
            Cell("statements", "X0002", "note", "co\u00adoperation"),
            expect=Expect("datapackage/statements.csv", 3, "note", "co\u00adoperation"),
        ),
        bad(
            Cell("statements", "X0002", "note", "not \u202edias\u202c"),
            expect=Expect("datapackage/statements.csv", 3, "note", "not \u202edias\u202c"),
        ),
    ),
)
