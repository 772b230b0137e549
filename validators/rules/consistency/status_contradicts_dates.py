"""The status of an agreement contradicts its dates.

An agreement whose day of termination is past is `terminated`; one whose day of entry into force is
past is not `announced`, nor `signed`, which means that it is not known to be in force. Past is what
lies before today, or before the day given with `--as-of`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.expressions import ROW, certainly_earlier_than, number_of, rows
from relations.validators.searching.short_tables import none_filled

if TYPE_CHECKING:
    from relations.validators.package.package import Package

IMPOSSIBLE = (
    ("terminated_date", ("announced", "signed", "adopted", "in_force"), "terminated"),
    ("in_force_date", ("announced", "signed"), "in_force"),
)
"""Column of a date, the statuses that are over once it is past, and the one it speaks for."""


def find(package: Package) -> Iterator[Fault]:
    today = number_of(package.as_of)
    told: set[int] = set()
    for column, statuses, right in IMPOSSIBLE:
        if none_filled(package, f"agreements.{column}"):
            continue
        wrong = package.table("agreements").filter(
            nw.col("status").is_in(list(statuses)), certainly_earlier_than(column, today)
        )
        for row in rows(wrong.select(ROW, "status", column)):
            if row[ROW] in told:
                continue
            told.add(row[ROW])
            place = Place("agreements", row[ROW], column)
            yield Fault(
                f"the status is {row['status']}, and {column} is {row[column]}",
                f"write {right}, or correct the date",
                table="agreements",
                row=row[ROW],
                field="status",
                value=row["status"],
                related=(place,),
                doubted=(place,),
            )


RULE = Rule(
    code="status-contradicts-dates",
    family="consistency",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=("agreements.status", "agreements.in_force_date", "agreements.terminated_date"),
    spoils=True,
    good=(
        good(
            Cell("agreements", "A0003", "status", "signed"),
            Cell("agreements", "A0003", "in_force_date", "2026-07-01"),
        ),
        good(Cell("agreements", "A0003", "status", "terminated")),
    ),
    bad=(
        bad(
            Cell("agreements", "A0003", "status", "announced"),
            expect=Expect("datapackage/agreements.csv", 4, "status", "announced"),
        ),
        bad(
            Cell("agreements", "A0003", "terminated_date", "2024-01-31"),
            expect=Expect("datapackage/agreements.csv", 4, "status", "in_force"),
        ),
    ),
)
