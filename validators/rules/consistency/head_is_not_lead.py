"""A visit has one lead, and another head of delegation among its participants.

`lead_official_id` and the participant with the role `head_of_delegation` are the same person, told
in two places. A warning: where two people headed a delegation together, name the other as a second
head beside the lead, and the rule is content.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, Row, bad, good
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.hidden_rows import unless_hidden
from relations.validators.searching.short_tables import differ, no_pair

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "head-is-not-lead"


def find(package: Package) -> Iterator[Fault | Skip]:
    yield from unless_hidden(package, CODE, _search(package), "participants.visit_id")


def _search(package: Package) -> Iterator[Fault]:
    ours = ("participants", "visit_id", "official_id", "role")
    if no_pair(package, ours, ("visits", "visit_id", "lead_official_id"), _heads_for_another):
        return
    visits = package.table("visits").filter(~nw.col("lead_official_id").is_null())
    visits = visits.select(nw.col(ROW).alias("visit"), "visit_id", "lead_official_id")
    people = package.table("participants").select(ROW, "visit_id", "official_id", "role")
    people = people.join(visits, on="visit_id", how="inner").with_columns(
        is_head=nw.col("role") == "head_of_delegation",
        is_lead=nw.col("official_id") == nw.col("lead_official_id"),
    )
    # An unknown role or person may be the lead as head.
    right = people.filter(
        nw.col("is_head").fill_null(True), nw.col("is_lead").fill_null(True)
    ).select("visit_id")
    wrong = people.filter(nw.col("is_head"), ~nw.col("is_lead"))
    told: set[str] = set()
    for row in rows(wrong.join(right, on="visit_id", how="anti")):
        if row["visit_id"] in told:
            continue
        told.add(row["visit_id"])
        yield Fault(
            f"{row['official_id']} heads the delegation, and the lead of {row['visit_id']} is "
            f"{row['lead_official_id']}",
            "correct one of the two, or name the lead as a head as well",
            table="participants",
            row=row[ROW],
            field="official_id",
            value=row["official_id"],
            related=(Place("visits", row["visit"], "lead_official_id"),),
        )


def _heads_for_another(person: str | None, role: str | None, lead: str | None) -> bool:
    return role == "head_of_delegation" and differ(person, lead)


SECOND = Row(
    "participants",
    {"participant_id": "N0015", "visit_id": "V0002", "official_id": "P0001",
     "role": "head_of_delegation"},
)  # fmt: skip

RULE = Rule(
    code=CODE,
    family="consistency",
    severity=Severity.WARNING,
    manual=__doc__,
    find=find,
    needs=(
        "participants.visit_id",
        "participants.official_id",
        "participants.role",
        "visits.visit_id",
        "visits.lead_official_id",
    ),
    good=(good(SECOND), good(Cell("visits", "V0002", "lead_official_id", ""))),
    bad=(
        bad(
            Cell("participants", "N0005", "official_id", "P0001"),
            expect=Expect("datapackage/participants.csv", 6, "official_id", "P0001"),
        ),
        bad(
            Cell("participants", "N0005", "visit_id", "V0001"),
            expect=Expect("datapackage/participants.csv", 6, "official_id", "P0004"),
        ),
    ),
)
