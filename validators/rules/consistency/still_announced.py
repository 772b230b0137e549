"""Something is announced still, though its day is past.

A visit or an agreement that a source only announces is `announced`; once its day is past it was
held or put off, signed or dropped, and a later source may tell. Not an error: perhaps none does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Rule
from relations.validators.searching.expressions import ROW, certainly_earlier_than, number_of, rows
from relations.validators.searching.short_tables import no_row

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "still-announced"
DAYS = {"visits": ("end_date", "start_date"), "agreements": ("signed_date",)}


def find(package: Package) -> Iterator[Fault | Skip]:
    today = number_of(package.as_of)
    for table, days in DAYS.items():
        reason = package.why_none_of(f"{table}.status", *(f"{table}.{day}" for day in days))
        if reason:
            yield Skip(CODE, table, reason)
            continue
        if no_row(package, table, "announced".__eq__, "status"):
            continue
        announced = package.table(table).filter(nw.col("status") == "announced")
        announced = announced.with_columns(day=nw.coalesce(*(nw.col(day) for day in days)))
        past = announced.filter(certainly_earlier_than("day", today))
        for row in rows(past.select(ROW, "day")):
            yield Fault(
                f"it was to be on {row['day']}, which is past",
                "look for a source that tells what came of it",
                table=table,
                row=row[ROW],
                field="status",
                value="announced",
            )


RULE = Rule(
    code=CODE,
    family="consistency",
    severity=Severity.INFO,
    manual=__doc__,
    find=find,
    good=(
        good(
            Cell("visits", "V0003", "status", "announced"),
            Cell("visits", "V0003", "start_date", "2026"),
        ),
    ),
    bad=(
        bad(
            Cell("visits", "V0003", "status", "announced"),
            Cell("visits", "V0003", "start_date", "2024-09"),
            expect=Expect("datapackage/visits.csv", 4, "status", "announced"),
        ),
        bad(
            Cell("agreements", "A0001", "status", "announced"),
            expect=Expect("datapackage/agreements.csv", 2, "status", "announced"),
        ),
    ),
)
