"""A delegation is led by an official of another country.

The lead of a visit holds an office of the visiting country. Where that is not so, the lead is the
wrong person (often a namesake: the wrong Aliyev), or one of the two countries is wrong. Where the
same person leads two or more visits, and at least half of them disagree, the person's own country
is the likelier mistake and the finding stands there, once. A leg with the lead of the visit it
belongs to is judged with that. States that have ended are left out: a person has but one country
here, and may have served two.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.example import Row as NewRow
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.culprit import Row, by_culprit
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.lasting_states import lasting_states
from relations.validators.searching.led_visits import without_same_legs
from relations.validators.searching.narrowing import kept, none_in
from relations.validators.searching.short_tables import differ, no_pair

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    ours = ("visits", "lead_official_id", "visiting_country")
    if no_pair(package, ours, ("officials", "official_id", "country"), differ):
        return
    visits = package.table("visits").filter(~nw.col("visiting_country").is_null())
    lasting = lasting_states(package)
    officials = package.table("officials").select(
        nw.col(ROW).alias("person"),
        nw.col("official_id").alias("lead_official_id"),
        "name",
        "family_name",
        "country",
    )
    wrong = officials.join(
        visits.select("visiting_country", "lead_official_id").unique(), on="lead_official_id"
    ).filter(nw.col("country") != nw.col("visiting_country"))
    suspected = kept(wrong.select("lead_official_id").unique())
    if none_in(suspected):
        return
    of_suspected = visits.join(suspected, on="lead_official_id", how="semi")
    led = (
        without_same_legs(package, of_suspected, "lead_official_id", "visiting_country")
        .select(ROW, "visiting_country", "lead_official_id")
        .join(officials, on="lead_official_id", how="inner")
        .join(lasting, on="country", how="inner")
        .join(lasting, left_on="visiting_country", right_on="country", how="inner")
        .with_columns(nw.len().over("lead_official_id").alias("comparable"))
    )
    wrong = led.filter(nw.col("country") != nw.col("visiting_country"))
    families: dict[tuple[str, str], str] = {}
    for group in by_culprit(rows(wrong), ("person",), "comparable"):
        if len(group) > 1:
            yield _person(group)
            continue
        families = families or _families(package)
        yield _visit(group[0], families)


def _visit(row: Row, families: dict[tuple[str, str], str]) -> Fault:
    lead, visiting = row["lead_official_id"], row["visiting_country"]
    family = _family(row)
    namesake = families.get((family, visiting))
    otherwise = "correct the lead or the visiting country"
    return Fault(
        f"{lead} ({row['name']}) is an official of {row['country']}, "
        f"and the delegation is of {visiting}",
        f"did you mean `{namesake}`, of the same family name?" if namesake else otherwise,
        table="visits",
        row=row[ROW],
        field="lead_official_id",
        value=lead,
        related=(Place("officials", row["person"], "country"),),
        doubted=(
            Place("visits", row[ROW], "visiting_country"),
            Place("officials", row["person"], "country"),
        ),
    )


def _person(group: list[Row]) -> Fault:
    row = group[0]
    leads = tuple(Place("visits", each[ROW], "lead_official_id") for each in group)
    return Fault(
        f"{row['lead_official_id']} ({row['name']}) is of {row['country']}, and leads "
        f"{len(group)} delegations of other countries",
        "correct the person's country, or the leads",
        table="officials",
        row=row["person"],
        field="country",
        value=row["country"],
        related=leads,
        doubted=leads,
    )


def _family(official: Row) -> str:
    name: str = official["family_name"] or (official["name"] or "").rpartition(" ")[2]
    return name.casefold()


def _families(package: Package) -> dict[tuple[str, str], str]:
    """The first official of each family name and country."""
    found: dict[tuple[str, str], str] = {}
    for row in rows(package.table("officials")):
        if row["country"] and row["official_id"] and _family(row):
            found.setdefault((_family(row), row["country"]), row["official_id"])
    return found


NAMESAKE = NewRow(
    "officials",
    {"official_id": "P0005", "name": "Jón Hallsson", "family_name": "Hallsson", "country": "EST"},
)

RULE = Rule(
    code="lead-of-another-country",
    family="consistency",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=(
        "visits.visit_id",
        "visits.parent_id",
        "visits.visiting_country",
        "visits.lead_official_id",
        "officials.official_id",
        "officials.country",
        "officials.name",
        "officials.family_name",
        "countries.country",
        "countries.valid_to",
    ),
    spoils=True,
    good=(good(Cell("officials", "P0002", "country", "")),),
    bad=(
        bad(
            NAMESAKE,
            Cell("visits", "V0003", "lead_official_id", "P0001"),
            expect=Expect("datapackage/visits.csv", 4, "lead_official_id", "P0001"),
        ),
        bad(
            Cell("visits", "V0002", "visiting_country", "FIN"),
            expect=Expect("datapackage/visits.csv", 3, "lead_official_id", "P0004"),
        ),
        bad(
            Cell("officials", "P0001", "country", "FIN"),
            expect=Expect("datapackage/visits.csv", 2, "lead_official_id", "P0001"),
        ),
    ),
)
