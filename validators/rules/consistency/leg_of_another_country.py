"""A leg of a visit has another visiting country than the visit it belongs to.

A leg is a part of one delegation's journey. Where the countries differ, one of them is wrong, or
`parent_id` names another country's visit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.culprit import by_culprit
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.narrowing import named
from relations.validators.searching.short_tables import differ, no_pair

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    ours = ("visits", "parent_id", "visiting_country")
    theirs = ("visits", "visit_id", "visiting_country")
    if no_pair(package, ours, theirs, differ):
        return
    visits = package.table("visits").filter(~nw.col("visiting_country").is_null())
    longer = visits.select(
        nw.col(ROW).alias("longer"),
        nw.col("visit_id").alias("parent_id"),
        nw.col("visiting_country").alias("of_longer"),
    )
    legs = visits.filter(~nw.col("parent_id").is_null())
    legs = legs.select(ROW, "parent_id", "visiting_country")
    longer = named(package, "visits", longer, legs, "parent_id")
    legs = legs.join(longer, on="parent_id", how="inner")
    legs = legs.with_columns(nw.len().over("parent_id").alias("comparable"))
    wrong = legs.filter(nw.col("visiting_country") != nw.col("of_longer"))
    for group in by_culprit(rows(wrong), ("longer",), "comparable"):
        row = group[0]
        if len(group) == 1:
            yield Fault(
                f"it is a leg of {row['parent_id']}, a visit of {row['of_longer']}",
                "correct the visiting country of one of the two, or parent_id",
                table="visits",
                row=row[ROW],
                field="visiting_country",
                value=row["visiting_country"],
                related=(Place("visits", row["longer"], "visiting_country"),),
            )
            continue
        yield Fault(
            f"it is a visit of {row['of_longer']}, and {len(group)} of its legs are of others",
            "correct this country, or theirs",
            table="visits",
            row=row["longer"],
            field="visiting_country",
            value=row["of_longer"],
            related=tuple(Place("visits", each[ROW], "visiting_country") for each in group),
        )


LEADERLESS = Cell("visits", "V0004", "lead_official_id", "")

RULE = Rule(
    code="leg-of-another-country",
    family="consistency",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=("visits.visit_id", "visits.parent_id", "visits.visiting_country"),
    good=(good(LEADERLESS),),
    bad=(
        bad(
            LEADERLESS,
            Cell("visits", "V0004", "visiting_country", "FIN"),
            expect=Expect("datapackage/visits.csv", 5, "visiting_country", "FIN"),
        ),
    ),
)
