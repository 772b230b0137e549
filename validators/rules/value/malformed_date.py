"""A date is not written as dates are here.

A date is `YYYY`, `YYYY-MM` or `YYYY-MM-DD`: as much of it as is known and no more. `?` after
it says that it is uncertain, `~` that it is approximate, `%` that it is both. Spreadsheets
change dates when they open a file (`18/02/2025`, `Feb-25`, `45706`), and where day and month
can be told apart no longer, only the source can say which is which. Only an end may be `..`,
and only where it is known to be still open; a date that is not known stays empty.
"""

from __future__ import annotations

import re

from relations.schemas import dates
from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import BadCell, Rule
from relations.validators.searching.date_readings import LONGEST, readings

FORM = "write YYYY, YYYY-MM or YYYY-MM-DD"
_SHAPE = dates.SHAPE[1:-1]
_UNKNOWN = re.compile(r"(?i)n\.?/?[ad]\.?|none|null|nan|unknown|not known|tb[acd]|\?+|-+|x+")


def explain(cell: BadCell) -> tuple[str, str]:
    items = cell.value.split(";") if cell.column.is_list else [cell.value]
    wrong = next((item for item in items if not re.fullmatch(_SHAPE, item)), cell.value)
    if wrong == dates.OPEN:
        return (
            f"{cell.field} is `..`, and only an end may be open",
            f"{FORM}, or leave the cell empty where the date is not known",
        )
    return f"`{wrong}` is not written as a date", _hint(wrong)


def _hint(wrong: str) -> str:
    if len(wrong) > LONGEST:
        return FORM
    found = readings(wrong)
    if len(found) == 1 and not found[0].when:
        return f"did you mean `{found[0].date}`?"
    if found:
        return "write " + " or ".join(f"`{each.date}` {each.when}".strip() for each in found)
    if re.fullmatch("#+", wrong):
        return f"a spreadsheet column was too narrow and the date is lost: {FORM}"
    if re.fullmatch(_UNKNOWN, wrong.strip()):
        return "leave the cell empty where the date is not known"
    if re.search(r"\d{4}.*(?:/|\.\.| to |–).*\d", wrong) or dates.OPEN in wrong:
        return "a cell holds one date: start and end have columns of their own"
    if re.match(r"(?i)(?:before|after|until|since|by|from|<|>)", wrong.strip()):
        return "leave a date empty that is only bounded by others, and say so in the note"
    return FORM


RULE = Rule(
    code="malformed-date",
    family="value",
    severity=Severity.ERROR,
    manual=__doc__,
    explain=explain,
    in_descriptor=True,
    good=(
        good(Cell("visits", "V0001", "start_date", "2022-05~")),
        good(Cell("terms", "T0004", "end_date", "..")),
        good(Cell("terms", "T0003", "attested_dates", "2022-05-11;2022-06")),
    ),
    bad=(
        bad(
            Cell("visits", "V0001", "start_date", "10/05/2022"),
            expect=Expect("datapackage/visits.csv", 2, "start_date", "10/05/2022"),
        ),
        bad(
            Cell("visits", "V0001", "start_date", "44691"),
            expect=Expect("datapackage/visits.csv", 2, "start_date", "44691"),
        ),
        bad(
            Cell("terms", "T0004", "start_date", ".."),
            expect=Expect("datapackage/terms.csv", 5, "start_date", ".."),
        ),
        bad(
            Cell("terms", "T0003", "attested_dates", "2022-05-11;May 2022"),
            expect=Expect("datapackage/terms.csv", 4, "attested_dates", "2022-05-11;May 2022"),
        ),
    ),
)
