"""A numeric country code does not have three digits.

ISO 3166-1 numeric codes are text: Azerbaijan is `031`, not 31. Spreadsheets take them for
numbers and drop the zeros in front; putting those back is safe.
"""

from __future__ import annotations

import re

from relations.validators.example import Cell, Expect, bad
from relations.validators.finding import Severity
from relations.validators.rule import BadCell, Rule


def explain(cell: BadCell) -> tuple[str, str]:
    meant = mended(cell.value)
    return (
        f"`{cell.value}` is not a numeric country code of three digits",
        f"did you mean `{meant}`?" if meant else "write its three digits, as in `031`",
    )


def mended(value: str) -> str | None:
    """The code, where it lacks nothing but zeros in front; ``31.0`` is a spreadsheet's ``31``."""
    match = re.fullmatch(r"([1-9][0-9]?)(?:\.0+)?|(0[1-9])", value)
    return (match[1] or match[2]).zfill(3) if match else None


RULE = Rule(
    code="malformed-numeric-code",
    family="value",
    severity=Severity.ERROR,
    manual=__doc__,
    explain=explain,
    fixable=True,
    mend=mended,
    in_descriptor=True,
    bad=(
        bad(
            Cell("countries", "FIN", "iso_numeric", "46"),
            expect=Expect("datapackage/countries.csv", 3, "iso_numeric", "46"),
        ),
        bad(
            Cell("countries", "FIN", "iso_numeric", "two"),
            expect=Expect("datapackage/countries.csv", 3, "iso_numeric", "two"),
        ),
    ),
)
