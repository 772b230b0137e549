"""An agreement is in force before it was signed.

An instrument takes effect on the day of its signature or later. A date in the wrong column, or
a wrong year, is the usual cause.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.expressions import ROW, certainly_after, rows
from relations.validators.searching.short_tables import none_after

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    if none_after(package, "agreements", "signed_date", "in_force_date"):
        return
    early = package.table("agreements").filter(certainly_after("signed_date", "in_force_date"))
    for row in rows(early.select(ROW, "signed_date", "in_force_date")):
        place = Place("agreements", row[ROW], "signed_date")
        yield Fault(
            f"it is in force from {row['in_force_date']}, before it was signed, "
            f"{row['signed_date']}",
            "correct one of the two",
            table="agreements",
            row=row[ROW],
            field="in_force_date",
            value=row["in_force_date"],
            related=(place,),
            doubted=(place,),
        )


RULE = Rule(
    code="in-force-before-signed",
    family="date",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=("agreements.signed_date", "agreements.in_force_date"),
    spoils=True,
    good=(
        good(Cell("agreements", "A0003", "in_force_date", "2023-03")),
        good(Cell("agreements", "A0003", "in_force_date", "2022-06~")),
    ),
    bad=(
        bad(
            Cell("agreements", "A0003", "in_force_date", "2022-07-01"),
            expect=Expect("datapackage/agreements.csv", 4, "in_force_date", "2022-07-01"),
        ),
    ),
)
