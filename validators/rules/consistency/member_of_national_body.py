"""A country is a member of a body that belongs to one country.

Countries join international organizations and assemblies, which have no country here. A membership
in a national parliament, ministry or company names the wrong organization; where it does not, the
organization's own country is wrong. Where two or more steps name the same body, the finding stands
there, once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.culprit import by_culprit
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.short_tables import no_pair

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    ours = ("memberships", "organization_id")
    theirs = ("organizations", "organization_id", "country")
    if no_pair(package, ours, theirs, bool):
        return
    bodies = package.table("organizations").filter(~nw.col("country").is_null())
    bodies = bodies.select(
        nw.col(ROW).alias("body"), "organization_id", "name", nw.col("country").alias("of")
    )
    steps = package.table("memberships").select(ROW, "organization_id")
    steps = steps.join(bodies, on="organization_id", how="inner")
    steps = steps.with_columns(nw.len().over("organization_id").alias("comparable"))
    for group in by_culprit(rows(steps), ("body",), "comparable"):
        row = group[0]
        body = Place("organizations", row["body"], "country")
        places = tuple(Place("memberships", each[ROW], "organization_id") for each in group)
        if len(group) == 1:
            yield Fault(
                f"{row['organization_id']} ({row['name']}) is a body of {row['of']}",
                "name the international organization that the country joined",
                table="memberships",
                row=row[ROW],
                field="organization_id",
                value=row["organization_id"],
                related=(body,),
                doubted=(body,),
            )
            continue
        yield Fault(
            f"it is a body of {row['of']}, and {len(group)} steps of membership name it",
            "leave the country of an international organization empty, or correct those steps",
            table="organizations",
            row=row["body"],
            field="country",
            value=row["of"],
            related=places,
            doubted=places,
        )


RULE = Rule(
    code="member-of-national-body",
    family="consistency",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=(
        "memberships.organization_id",
        "organizations.organization_id",
        "organizations.name",
        "organizations.country",
    ),
    spoils=True,
    bad=(
        bad(
            Cell("memberships", "M0002", "organization_id", "G0002"),
            expect=Expect("datapackage/memberships.csv", 3, "organization_id", "G0002"),
        ),
        bad(
            Cell("organizations", "G0005", "country", "FIN"),
            expect=Expect("datapackage/organizations.csv", 6, "country", "FIN"),
        ),
    ),
)
