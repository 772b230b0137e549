"""Somebody holds an office in an organization of another country.

The country of an official is the one whose office the person holds or held. A member of one
country's parliament who is an official of another has the wrong country, or the term has the wrong
organization or the wrong person. A warning: people have held office in two countries; then it is
settled in `relations.toml`. States that have ended are left out. Where two or more terms, and at
least half of them, disagree with one person or one organization, the finding stands there, once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.example import Row as NewRow
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.culprit import Row, blamed, by_culprit
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.lasting_states import lasting_states
from relations.validators.searching.short_tables import differ, no_pair, short_table

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    if _all_of_one(package):
        return
    lasting = lasting_states(package)
    officials = package.table("officials").select(
        nw.col(ROW).alias("person"), "official_id", "name", nw.col("country").alias("of_person")
    )
    officials = officials.join(lasting, left_on="of_person", right_on="country", how="inner")
    bodies = package.table("organizations").select(
        nw.col(ROW).alias("body"),
        "organization_id",
        nw.col("name").alias("body_name"),
        nw.col("country").alias("of_body"),
    )
    bodies = bodies.join(lasting, left_on="of_body", right_on="country", how="inner")
    terms = package.table("terms").select(ROW, "official_id", "organization_id")
    terms = terms.join(officials, on="official_id", how="inner")
    terms = terms.join(bodies, on="organization_id", how="inner").with_columns(
        nw.len().over("official_id").alias("of_this_person"),
        nw.len().over("organization_id").alias("of_this_body"),
    )
    wrong = terms.filter(nw.col("of_person") != nw.col("of_body"))
    bodies_to_blame, others = blamed(rows(wrong), ("body",), "of_this_body")
    for group in bodies_to_blame:
        if len({row["person"] for row in group}) > 1:
            yield _shared(group, "organizations", "body", "of_body", "its office holders")
        else:
            # One person's terms alone: nothing tells the body from the person.
            others.extend(group)
    for group in by_culprit(others, ("person",), "of_this_person"):
        if len(group) > 1:
            yield _shared(group, "officials", "person", "of_person", "the offices held")
        else:
            yield _term(group[0])


def _all_of_one(package: Package) -> bool:
    """Whether certainly every office is held by a person of the country of its organization."""
    officials = short_table(package, "officials")
    if officials is None:
        return False
    of_person = officials.named("official_id", "country")

    def may_be_of_another(person: str | None, of_body: str | None) -> bool:
        return any(differ(state, of_body) for (state,) in of_person.get(person or "", []))

    ours = ("terms", "organization_id", "official_id")
    theirs = ("organizations", "organization_id", "country")
    return no_pair(package, ours, theirs, may_be_of_another)


def _term(row: Row) -> Fault:
    return Fault(
        f"{row['official_id']} ({row['name']}) is of {row['of_person']}, and "
        f"{row['organization_id']} ({row['body_name']}) of {row['of_body']}",
        "correct the person, the organization, or the country of one of them",
        table="terms",
        row=row[ROW],
        field="organization_id",
        value=row["organization_id"],
        related=(
            Place("officials", row["person"], "country"),
            Place("organizations", row["body"], "country"),
        ),
    )


def _shared(group: list[Row], table: str, shared: str, country: str, what: str) -> Fault:
    row = group[0]
    return Fault(
        f"it is of {row[country]}, and {len(group)} of {what} are of other countries",
        "correct this country, or the terms",
        table=table,
        row=row[shared],
        field="country",
        value=row[country],
        related=tuple(Place("terms", each[ROW], "organization_id") for each in group),
    )


SECOND = NewRow(
    "terms",
    {
        "term_id": "T0005",
        "official_id": "P0003",
        "organization_id": "G0002",
        "post": "Member",
        "role": "member_of_parliament",
        "attested_dates": "2019",
    },
)

RULE = Rule(
    code="office-of-another-country",
    family="consistency",
    severity=Severity.WARNING,
    manual=__doc__,
    find=find,
    needs=(
        "terms.official_id",
        "terms.organization_id",
        "officials.official_id",
        "officials.name",
        "officials.country",
        "organizations.organization_id",
        "organizations.name",
        "organizations.country",
        "countries.country",
        "countries.valid_to",
    ),
    good=(
        good(Cell("terms", "T0003", "organization_id", "G0005")),
        good(Cell("officials", "P0003", "country", "SUN")),
    ),
    bad=(
        bad(
            Cell("terms", "T0003", "organization_id", "G0001"),
            expect=Expect("datapackage/terms.csv", 4, "organization_id", "G0001"),
        ),
        bad(
            SECOND,
            Cell("officials", "P0003", "country", "FIN"),
            expect=Expect("datapackage/officials.csv", 4, "country", "FIN"),
        ),
        bad(
            SECOND,
            Cell("organizations", "G0002", "country", "FIN"),
            expect=Expect("datapackage/organizations.csv", 3, "country", "FIN"),
        ),
    ),
)
