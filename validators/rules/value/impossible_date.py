"""A date is written well and no calendar has it.

`2025-02-29` (2025 is no leap year), `2025-04-31`, a month 13. Mostly a slip of one digit, or
day and month the wrong way round. Years are from 1000 on.
"""

from __future__ import annotations

import calendar
import re

from relations.schemas import dates
from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import BadCell, Rule
from relations.validators.searching.date_readings import MONTHS, readings

_CALENDAR = dates.CALENDAR[1:-1]


def explain(cell: BadCell) -> tuple[str, str]:
    items = cell.value.split(";") if cell.column.is_list else [cell.value]
    wrong = next((item for item in items if not re.fullmatch(_CALENDAR, item)), cell.value)
    year, *rest = (int(part) for part in wrong.rstrip("?~%").split("-"))
    message = f"there is no `{wrong}`: {_why(year, *rest)}"
    found = readings(wrong)
    if found:
        return message, f"did you mean `{found[0].date}`?"
    return message, "correct it, or leave out the part that is not known"


def _why(year: int, month: int | None = None, day: int | None = None) -> str:
    if year < 1000:
        return "years are from 1000 on"
    if month is not None and not 1 <= month <= 12:
        return "a month is 01 to 12" + (
            "; seasons are not written here" if 21 <= month <= 41 and day is None else ""
        )
    assert month is not None
    days = calendar.monthrange(year, month)[1]
    return f"{MONTHS[month - 1]} {year} has {days} days"


RULE = Rule(
    code="impossible-date",
    family="value",
    severity=Severity.ERROR,
    manual=__doc__,
    explain=explain,
    in_descriptor=True,
    good=(good(Cell("terms", "T0004", "start_date", "2020-02-29")),),
    bad=(
        bad(
            Cell("visits", "V0001", "start_date", "2022-02-29"),
            expect=Expect("datapackage/visits.csv", 2, "start_date", "2022-02-29"),
        ),
        bad(
            Cell("visits", "V0003", "start_date", "2024-13"),
            expect=Expect("datapackage/visits.csv", 4, "start_date", "2024-13"),
        ),
    ),
)
