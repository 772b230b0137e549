"""A source was retrieved before it was published.

Nobody can read a page before it exists: one of the two dates is mistyped, or they stand in each
other's column. The day of publication decides which rows a source can vouch for.
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
    if none_after(package, "sources", "published", "retrieved"):
        return
    early = package.table("sources").filter(certainly_after("published", "retrieved"))
    for row in rows(early.select(ROW, "published", "retrieved")):
        place = Place("sources", row[ROW], "published")
        yield Fault(
            f"it was retrieved on {row['retrieved']} and published on {row['published']}",
            "correct one of the two",
            table="sources",
            row=row[ROW],
            field="retrieved",
            value=row["retrieved"],
            related=(place,),
            doubted=(place,),
        )


RULE = Rule(
    code="retrieved-before-published",
    family="date",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=("sources.published", "sources.retrieved"),
    spoils=True,
    good=(good(Cell("sources", "R0001", "retrieved", "2024")),),
    bad=(
        bad(
            Cell("sources", "R0001", "published", "2025-07-01"),
            expect=Expect("datapackage/sources.csv", 2, "retrieved", "2024-08-01"),
        ),
    ),
)
