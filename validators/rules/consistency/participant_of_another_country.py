"""A delegation has a head or a member from a third country.

A visit is the stay of one country's delegation in another, so whoever heads it or belongs to it is
of the visiting country or, where both sides have a delegation, of the host. Somebody of a third
country is the wrong person, belongs to another visit, or has the wrong country or role. A row's own
country counts, or else that of its person. States that have ended are left out: a person has but
one country here, and may have served two.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, Row, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.lasting_states import lasting_states
from relations.validators.searching.short_tables import no_pair, short_table

if TYPE_CHECKING:
    from relations.validators.package.package import Package

ROLES = ["head_of_delegation", "delegate"]


def find(package: Package) -> Iterator[Fault]:
    if _all_of_the_two(package):
        return
    lasting = lasting_states(package)
    visits = package.table("visits").select("visit_id", "visiting_country", "host_country")
    officials = package.table("officials").select(
        "official_id", "name", nw.col(ROW).alias("person"), nw.col("country").alias("of_person")
    )
    members = package.table("participants").filter(nw.col("role").is_in(ROLES))
    members = members.select(ROW, "visit_id", "official_id", "country", "role")
    members = members.join(visits, on="visit_id", how="inner")
    for country in ("visiting_country", "host_country"):
        members = members.join(lasting, left_on=country, right_on="country", how="inner")
    members = members.join(officials, on="official_id", how="left")
    members = members.with_columns(state=nw.coalesce(nw.col("country"), nw.col("of_person")))
    members = members.join(lasting, left_on="state", right_on="country", how="inner")
    third = members.filter(
        nw.col("state") != nw.col("visiting_country"), nw.col("state") != nw.col("host_country")
    )
    for row in rows(third):
        field = "country" if row["country"] else "official_id"
        who = f"{row['official_id']} ({row['name']})" if row["official_id"] else "the group"
        doubted = [Place("participants", row[ROW], "visit_id")]
        if not row["country"]:
            doubted.append(Place("officials", row["person"], "country"))
        yield Fault(
            f"{who} is of {row['state']}, and {row['visit_id']} a visit of "
            f"{row['visiting_country']} to {row['host_country']}",
            "correct the person or the country, the role, or the visit",
            table="participants",
            row=row[ROW],
            field=field,
            value=row[field],
            related=tuple(doubted[1:]),
            doubted=tuple(doubted),
        )


def _all_of_the_two(package: Package) -> bool:
    """Whether certainly every member of a delegation is of one of the visit's two countries."""
    officials = short_table(package, "officials")
    if officials is None:
        return False
    of_person = officials.named("official_id", "country")

    def may_be_third(
        person: str | None, country: str | None, role: str | None, *two: str | None
    ) -> bool:
        states = {country} if country else {state for (state,) in of_person.get(person or "", [])}
        return role in ROLES and bool(states - {None, *two})

    ours = ("participants", "visit_id", "official_id", "country", "role")
    theirs = ("visits", "visit_id", "visiting_country", "host_country")
    return no_pair(package, ours, theirs, may_be_third)


FINN = Row("officials", {"official_id": "P0005", "name": "Aino Salo", "country": "FIN"})

RULE = Rule(
    code="participant-of-another-country",
    family="consistency",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=(
        "participants.visit_id",
        "participants.official_id",
        "participants.country",
        "participants.role",
        "visits.visit_id",
        "visits.visiting_country",
        "visits.host_country",
        "officials.official_id",
        "officials.name",
        "officials.country",
        "countries.country",
        "countries.valid_to",
    ),
    spoils=True,
    good=(
        good(
            FINN,
            Row(
                "participants",
                {"participant_id": "N0015", "visit_id": "V0002", "official_id": "P0005",
                 "role": "guest"},
            ),
        ),
        good(Cell("participants", "N0006", "country", "EST")),
    ),
    bad=(
        bad(
            FINN,
            Cell("participants", "N0005", "official_id", "P0005"),
            expect=Expect("datapackage/participants.csv", 6, "official_id", "P0005"),
        ),
        bad(
            Cell("participants", "N0006", "country", "FIN"),
            expect=Expect("datapackage/participants.csv", 7, "country", "FIN"),
        ),
    ),
)  # fmt: skip
