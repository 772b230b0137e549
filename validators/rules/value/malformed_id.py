"""An id does not have the form of its table's ids.

An id is one letter, the same for the whole table, and four or more digits: `V0001` for a
visit, `P0001` for a person. It says nothing about the row, so that nothing about the row can
make it wrong. Spreadsheets and retyping cost it its zeros or put an `O` in their place.
"""

from __future__ import annotations

import re

from relations.validators.example import Cell, Expect, Row, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import BadCell, Rule
from relations.validators.searching.normal_form import normal_form

_ALIKE = str.maketrans("OIL", "011")
"""Letters that people type, or programs read, in place of digits."""


def explain(cell: BadCell) -> tuple[str, str]:
    letter = cell.column.letter or ""
    meant = _meant(cell.value, letter)
    form = f"an id of {cell.table} is `{letter}` and four or more digits, as in `{letter}0001`"
    message = f"`{cell.value}` is not an id of {cell.table}"
    return message, f"did you mean `{meant}`? {form}" if meant else form


def _meant(value: str, letter: str) -> str | None:
    """The id that a slip of case, zeros, letter or look-alike was meant to be."""
    plain = re.sub("[-_. ]", "", normal_form("NFKC", value).upper())
    first, rest = plain[:1], plain[1:]
    digits = (plain if first.isdigit() else rest).translate(_ALIKE)
    if not re.fullmatch("[0-9]{1,12}", digits):
        return None
    return f"{letter}{digits:0>4}"


RULE = Rule(
    code="malformed-id",
    family="value",
    severity=Severity.ERROR,
    manual=__doc__,
    explain=explain,
    in_descriptor=True,
    good=(
        good(
            Row(
                "engagements",
                {
                    "engagement_id": "E10000",
                    "title": "Dinner in Tallinn",
                    "classification": "reception",
                    "visit_id": "V0002",
                },
            )
        ),
    ),
    bad=(
        bad(
            Cell("memberships", "M0002", "membership_id", "M002"),
            evidence=False,
            expect=Expect("datapackage/memberships.csv", 3, "membership_id", "M002"),
        ),
        bad(
            Cell("terms", "T0004", "term_id", "P0004"),
            evidence=False,
            expect=Expect("datapackage/terms.csv", 5, "term_id", "P0004"),
        ),
    ),
)
