"""Something ends before it begins.

An error only where it is certain: every possible day of the end is before every possible day
of the start. `2024-05` may end what began on `2024-05-16`. A doubtful date (`?`, `~`, `%`) is
wrong only when it fails by more than a year. Which of the two is wrong nobody can tell from
here, so neither is held against anything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.expressions import ROW, certainly_after, rows
from relations.validators.searching.narrowing import may_be_after, so_far
from relations.validators.searching.short_tables import none_after

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "end-before-start"
SPANS = {
    "assembly_sessions": ("start_date", "end_date"),
    "visits": ("start_date", "end_date"),
    "terms": ("start_date", "end_date"),
    "countries": ("valid_from", "valid_to"),
}


def find(package: Package) -> Iterator[Fault | Skip]:
    for table, (start, end) in SPANS.items():
        reason = package.why_none_of(f"{table}.{start}", f"{table}.{end}")
        if reason:
            yield Skip(CODE, table, reason)
            continue
        if none_after(package, table, start, end):
            continue
        reversed_ = so_far(package.table(table).filter(may_be_after(start, end)))
        for row in rows(reversed_.filter(certainly_after(start, end)).select(ROW, start, end)):
            yield Fault(
                f"the end, {row[end]}, is before the start, {row[start]}",
                "correct one of the two",
                table=table,
                row=row[ROW],
                field=end,
                value=row[end],
                doubted=(Place(table, row[ROW], start),),
            )


RULE = Rule(
    code=CODE,
    family="date",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    spoils=True,
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
