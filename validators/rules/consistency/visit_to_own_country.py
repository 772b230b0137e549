"""A visit goes to the visitor's own country.

The visiting and the host country are the same: one of the two was filled with the other. A journey
at home is no visit in this sense.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.short_tables import no_row

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    if no_row(package, "visits", str.__eq__, "visiting_country", "host_country"):
        return
    home = package.table("visits").filter(nw.col("visiting_country") == nw.col("host_country"))
    for row in rows(home.select(ROW, "host_country")):
        place = Place("visits", row[ROW], "visiting_country")
        yield Fault(
            f"{row['host_country']} is both the visiting and the host country",
            "correct one of the two",
            table="visits",
            row=row[ROW],
            field="host_country",
            value=row["host_country"],
            related=(place,),
            doubted=(place,),
        )


RULE = Rule(
    code="visit-to-own-country",
    family="consistency",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=("visits.visiting_country", "visits.host_country"),
    spoils=True,
    bad=(
        bad(
            Cell("visits", "V0001", "host_country", "ISL"),
            expect=Expect("datapackage/visits.csv", 2, "host_country", "ISL"),
        ),
        bad(
            Cell("visits", "V0002", "visiting_country", "EST"),
            expect=Expect("datapackage/visits.csv", 3, "host_country", "EST"),
        ),
    ),
)
