"""A step of a membership was taken at a sitting of another organization.

An assembly admits members at its own sittings, or at those of a body that it is part of or that is
part of it. A warning: where the tie between the two is only missing, fill `parent_id` of one.
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

CODE = "session-of-another-organization"


def find(package: Package) -> Iterator[Fault | Skip]:
    links = ("organizations.parent_id", "organizations.organization_id")
    yield from unless_hidden(package, CODE, _search(package), *links)


def _search(package: Package) -> Iterator[Fault]:
    ours = ("memberships", "session_id", "organization_id")
    theirs = ("assembly_sessions", "session_id", "organization_id")
    if no_pair(package, ours, theirs, differ):
        return
    sessions = package.table("assembly_sessions").select(
        nw.col(ROW).alias("session"), "session_id", nw.col("organization_id").alias("sat")
    )
    steps = package.table("memberships").select(ROW, "organization_id", "session_id")
    steps = steps.join(sessions, on="session_id", how="inner")
    apart = list(rows(steps.filter(nw.col("organization_id") != nw.col("sat"))))
    if not apart:
        return
    organizations = rows(package.table("organizations").select("organization_id", "parent_id"))
    parents = {row["organization_id"]: row["parent_id"] for row in organizations}
    for row in apart:
        if _top(row["sat"], parents) == _top(row["organization_id"], parents):
            continue
        yield Fault(
            f"{row['session_id']} is a sitting of {row['sat']}, and the membership is in "
            f"{row['organization_id']}",
            "correct the sitting or the organization, or tie the two by parent_id",
            table="memberships",
            row=row[ROW],
            field="session_id",
            value=row["session_id"],
            related=(Place("assembly_sessions", row["session"], "organization_id"),),
        )


def _top(organization: str, parents: dict[str, str | None]) -> str:
    """The organization that this one is, in the end, part of."""
    seen: set[str] = set()
    here = organization
    while (parent := parents.get(here)) and here not in seen:
        seen.add(here)
        here = parent
    return here


OTHER = Row(
    "organizations",
    {
        "organization_id": "G0007",
        "name": "Baltic Round of Parliaments",
        "classification": "interparliamentary_assembly",
    },
)

RULE = Rule(
    code=CODE,
    family="consistency",
    severity=Severity.WARNING,
    manual=__doc__,
    find=find,
    needs=(
        "memberships.organization_id",
        "memberships.session_id",
        "assembly_sessions.session_id",
        "assembly_sessions.organization_id",
    ),
    good=(good(Cell("assembly_sessions", "S0001", "organization_id", "G0006")),),
    bad=(
        bad(
            OTHER,
            Cell("memberships", "M0002", "organization_id", "G0007"),
            expect=Expect("datapackage/memberships.csv", 3, "session_id", "S0001"),
        ),
    ),
)
