"""A delegation has a head from a third country.

Who heads a delegation on a visit is an official of the visiting country or, where both sides have
one, of the host. Somebody of a third country is the wrong person, belongs to another visit, or has
the wrong country. States that have ended are left out: a person has but one country here, and may
have served two.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, Row, bad, good
from relations.validators.expressions import ROW, rows
from relations.validators.finding import Severity
from relations.validators.lasting_states import lasting_states
from relations.validators.rule import Fault, Place, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    lasting = lasting_states(package)
    visits = package.table("visits").select("visit_id", "visiting_country", "host_country")
    visits = visits.join(lasting, left_on="visiting_country", right_on="country", how="inner")
    visits = visits.join(lasting, left_on="host_country", right_on="country", how="inner")
    officials = package.table("officials").select(
        nw.col(ROW).alias("person"), "official_id", "name", nw.col("country").alias("of")
    )
    officials = officials.join(lasting, left_on="of", right_on="country", how="inner")
    heads = package.table("participants").filter(nw.col("role") == "head_of_delegation")
    heads = heads.select(ROW, "visit_id", "official_id")
    heads = heads.join(visits, on="visit_id", how="inner").join(
        officials, on="official_id", how="inner"
    )
    third = heads.filter(
        nw.col("of") != nw.col("visiting_country"), nw.col("of") != nw.col("host_country")
    )
    for row in rows(third):
        country = Place("officials", row["person"], "country")
        yield Fault(
            f"{row['official_id']} ({row['name']}) is an official of {row['of']}, and "
            f"{row['visit_id']} is a visit of {row['visiting_country']} to {row['host_country']}",
            "correct the person, the visit or the person's country",
            table="participants",
            row=row[ROW],
            field="official_id",
            value=row["official_id"],
            related=(country,),
            doubted=(country, Place("participants", row[ROW], "visit_id")),
        )


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
    ),
    bad=(
        bad(
            FINN,
            Cell("participants", "N0005", "official_id", "P0005"),
            expect=Expect("datapackage/participants.csv", 6, "official_id", "P0005"),
        ),
    ),
)  # fmt: skip
