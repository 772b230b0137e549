"""A statement is dated to another day than the engagement at which it was made.

What was said at a meeting was said on the day of the meeting. Where two or more statements made
at one engagement, and at least half of them, disagree with its date, the finding stands at the
engagement, once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, Row, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.culprit import by_culprit
from relations.validators.searching.expressions import ROW, certainly_outside, rows
from relations.validators.searching.short_tables import differ, no_pair

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    ours, theirs = ("statements", "engagement_id", "date"), ("engagements", "engagement_id", "date")
    if no_pair(package, ours, theirs, differ):
        return
    engagements = package.table("engagements").select(
        nw.col(ROW).alias("engagement"), "engagement_id", nw.col("date").alias("held")
    )
    dated = package.table("statements").select(ROW, "date", "engagement_id")
    dated = dated.filter(~nw.col("date").is_null(), ~nw.col("engagement_id").is_null())
    dated = dated.with_columns(nw.len().over("engagement_id").alias("comparable"))
    compared = dated.join(engagements, on="engagement_id", how="inner")
    wrong = compared.filter(certainly_outside("date", "date", "held", "held"))
    for group in by_culprit(rows(wrong), ("engagement",), "comparable"):
        row = group[0]
        engagement = Place("engagements", row["engagement"], "date")
        if len(group) == 1:
            yield Fault(
                f"it is dated {row['date']}, and {row['engagement_id']}, at which it was made, "
                f"{row['held']}",
                "correct one of the two dates, or engagement_id",
                table="statements",
                row=row[ROW],
                field="date",
                value=row["date"],
                related=(engagement,),
                doubted=(engagement, Place("statements", row[ROW], "engagement_id")),
            )
            continue
        places = tuple(Place("statements", each[ROW], "date") for each in group)
        yield Fault(
            f"{row['engagement_id']} is dated {row['held']}, and {len(group)} statements made at "
            "it to other days",
            "correct this date, or theirs",
            table="engagements",
            row=row["engagement"],
            field="date",
            value=row["held"],
            related=places,
            doubted=places,
        )


SECOND = Row(
    "statements",
    {
        "statement_id": "X0003",
        "official_id": "P0004",
        "engagement_id": "E0002",
        "date": "2023-10-05",
        "topic": "bilateral_friendship",
        "summary": "She thanked the hosts.",
    },
)

RULE = Rule(
    code="statement-outside-engagement",
    family="date",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=(
        "statements.date",
        "statements.engagement_id",
        "engagements.engagement_id",
        "engagements.date",
    ),
    spoils=True,
    good=(good(Cell("statements", "X0001", "date", "2023-10")),),
    bad=(
        bad(
            Cell("statements", "X0001", "date", "2023-10-06"),
            expect=Expect("datapackage/statements.csv", 2, "date", "2023-10-06"),
        ),
        bad(
            SECOND,
            Cell("engagements", "E0002", "date", "2023-10-04"),
            expect=Expect("datapackage/engagements.csv", 3, "date", "2023-10-04"),
        ),
    ),
)
