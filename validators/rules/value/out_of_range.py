"""A number is smaller than it can be.

Sittings and instruments are counted from 1, characters of a text from 0. Where a number is
not known, the cell stays empty; 0 would say that there is none.
"""

from __future__ import annotations

from relations.validators.example import Cell, Expect, bad
from relations.validators.finding import Severity
from relations.validators.rule import BadCell, Rule


def explain(cell: BadCell) -> tuple[str, str]:
    least = cell.column.minimum
    empty = "" if cell.column.required else ", or leave the cell empty where it is not known"
    return f"{cell.field} is {cell.value}, and {least} is the least", f"correct it{empty}"


RULE = Rule(
    code="out-of-range",
    family="value",
    severity=Severity.ERROR,
    manual=__doc__,
    explain=explain,
    in_descriptor=True,
    bad=(
        bad(
            Cell("agreements", "A0001", "number_of_instruments", "0"),
            expect=Expect("datapackage/agreements.csv", 2, "number_of_instruments", "0"),
        ),
        bad(
            Cell("evidence", "C0030", "char_start", "-1"),
            expect=Expect("datapackage/evidence.csv", 31, "char_start", "-1"),
        ),
    ),
)
