"""Something ends before it begins.

An error only where it is certain: every possible day of the end is before every possible day
of the start. `2024-05` may end what began on `2024-05-16`. A doubtful date (`?`, `~`, `%`) is
wrong only when it fails by more than a year.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.expressions import ROW, certainly_after, rows
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package

SPANS = {
    "assembly_sessions": ("start_date", "end_date"),
    "visits": ("start_date", "end_date"),
    "terms": ("start_date", "end_date"),
    "countries": ("valid_from", "valid_to"),
}


def find(package: Package) -> Iterator[Fault]:
    for table, (start, end) in SPANS.items():
        if package.why_not(f"{table}.{start}") or package.why_not(f"{table}.{end}"):
            continue
        reversed_ = package.table(table).filter(certainly_after(start, end))
        for row in rows(reversed_.select(ROW, start, end)):
            yield Fault(
                f"the end, {row[end]}, is before the start, {row[start]}",
                "correct one of the two",
                table=table,
                row=row[ROW],
                field=end,
                value=row[end],
            )


RULE = Rule(
    code="end-before-start",
    family="date",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    good=(
        good(Cell("visits", "V0001", "end_date", "2022-05")),
        good(Cell("visits", "V0001", "end_date", "2021-06~")),
    ),
    bad=(
        bad(
            Cell("visits", "V0001", "end_date", "2022-04-30"),
            expect=Expect("datapackage/visits.csv", 2, "end_date", "2022-04-30"),
        ),
    ),
)
