"""A visit or a sitting lasts too long to be true.

A delegation that stays for more than three months, or a sitting of a year, is nearly always a wrong
year in one of its two dates. A warning: where it is true, settle it in `relations.toml`. Counted is
the shortest time that the dates allow, a year less where one of them is doubtful.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.schemas.dates import parse
from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.expressions import ROW, earliest, latest, rows
from relations.validators.searching.narrowing import so_far
from relations.validators.searching.short_tables import no_row

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "lasts-too-long"
LONGEST = {"visits": 92, "assembly_sessions": 364}
"""Days, both ends counted: three months at their longest, and a day less than a year."""
DAYS_OF_DOUBT = 366


def _in_two_months(start: str, end: str) -> bool:
    return start[:7] != end[:7]


def find(package: Package) -> Iterator[Fault | Skip]:
    for table, longest in LONGEST.items():
        reason = package.why_none_of(f"{table}.start_date", f"{table}.end_date")
        if reason:
            yield Skip(CODE, table, reason)
            continue
        if no_row(package, table, _in_two_months, "start_date", "end_date"):
            continue
        # More than 100 apart as YYYYMMDD is more than a month, or a new year between: few.
        months = nw.col("start_date").str.slice(0, 7), nw.col("end_date").str.slice(0, 7)
        apart = so_far(package.table(table).filter(months[0] != months[1]))
        apart = apart.filter(earliest("end_date") - latest("start_date") > 100)
        for row in rows(apart.select(ROW, "start_date", "end_date")):
            start, end = parse(row["start_date"]), parse(row["end_date"])
            days = (end.earliest - start.latest).days + 1
            if days - DAYS_OF_DOUBT * (start.doubtful or end.doubtful) <= longest:
                continue
            place = Place(table, row[ROW], "start_date")
            yield Fault(
                f"it lasts {days} days or more, from {row['start_date']} to {row['end_date']}",
                "correct one of the two",
                table=table,
                row=row[ROW],
                field="end_date",
                value=row["end_date"],
                related=(place,),
                doubted=(place,),
            )


RULE = Rule(
    code=CODE,
    family="date",
    severity=Severity.WARNING,
    manual=__doc__,
    find=find,
    spoils=True,
    good=(
        good(Cell("visits", "V0001", "end_date", "2022-08-09")),
        good(Cell("visits", "V0001", "end_date", "2022")),
        good(Cell("visits", "V0001", "end_date", "2023-05-12?")),
        good(Cell("visits", "V0001", "end_date", "..")),
    ),
    bad=(
        bad(
            Cell("visits", "V0001", "start_date", "2021-05-10"),
            expect=Expect("datapackage/visits.csv", 2, "end_date", "2022-05-12"),
        ),
        bad(
            Cell("assembly_sessions", "S0001", "end_date", "2024-10-06"),
            expect=Expect("datapackage/assembly_sessions.csv", 2, "end_date", "2024-10-06"),
        ),
    ),
)
