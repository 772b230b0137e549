"""A country was admitted twice in the same kind of membership.

Who is a member is not admitted again, unless it has left: one of the two rows is another step
(perhaps the application), another kind or another country, or the suspension or withdrawal between
them is missing. Add it, undated where its day is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, Row, bad, good
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.expressions import ROW, certainly_after, rows
from relations.validators.searching.hidden_rows import unless_hidden
from relations.validators.searching.short_tables import no_row

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "admitted-twice"
STANDING = ["organization_id", "country"]


def _is_admission(step: str, _: str) -> bool:
    return step == "admission"


def find(package: Package) -> Iterator[Fault | Skip]:
    links = (f"memberships.{name}" for name in (*STANDING, "step"))
    yield from unless_hidden(package, CODE, _search(package), *links)


def _search(package: Package) -> Iterator[Fault]:
    if no_row(package, "memberships", _is_admission, "step", "date"):
        return
    steps = package.table("memberships").select(
        ROW, "membership_id", *STANDING, "step", "kind", "date"
    )
    admissions = steps.filter(nw.col("step") == "admission", ~nw.col("kind").is_null())
    earlier = admissions.select(
        *STANDING,
        "kind",
        nw.col(ROW).alias("earlier"),
        nw.col("membership_id").alias("earlier_id"),
        nw.col("date").alias("earlier_date"),
    )
    left = steps.filter(nw.col("step").is_in(["suspension", "withdrawal"]))
    left = left.select(*STANDING, nw.col("date").alias("left"))
    pairs = admissions.join(earlier, on=[*STANDING, "kind"], how="inner")
    twice = pairs.filter(certainly_after("date", "earlier_date"))
    # What may have come between: not certainly before the first, nor after the second.
    between = twice.join(left, on=STANDING, how="inner").filter(
        ~certainly_after("earlier_date", "left").fill_null(False),
        ~certainly_after("left", "date").fill_null(False),
    )
    told: set[int] = set()
    for row in rows(twice.join(between.select(ROW, "earlier"), on=[ROW, "earlier"], how="anti")):
        if row[ROW] in told:
            continue
        told.add(row[ROW])
        yield Fault(
            f"{row['country']} was admitted as {row['kind']} on {row['earlier_date']} already "
            f"({row['earlier_id']})",
            "correct the step, the kind or the country of one, or add the withdrawal between",
            table="memberships",
            row=row[ROW],
            field="step",
            value=row["step"],
            related=(Place("memberships", row["earlier"], "step"),),
        )


RULE = Rule(
    code=CODE,
    family="consistency",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=(
        "memberships.organization_id",
        "memberships.country",
        "memberships.step",
        "memberships.kind",
        "memberships.date",
    ),
    good=(
        good(
            Cell("memberships", "M0001", "step", "admission"),
            Cell("memberships", "M0001", "kind", "guest"),
        ),
        good(
            Cell("memberships", "M0001", "step", "admission"),
            Row(
                "memberships",
                {
                    "membership_id": "M0003",
                    "organization_id": "G0005",
                    "country": "ISL",
                    "step": "withdrawal",
                },
            ),
        ),
    ),
    bad=(
        bad(
            Cell("memberships", "M0001", "step", "admission"),
            expect=Expect("datapackage/memberships.csv", 3, "step", "admission"),
        ),
    ),
)
