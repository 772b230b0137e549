"""The codes of a country belong to different states.

The numbers and letters beside the key are there so that the rows can be joined with other
data: a wrong one joins them with another country's. They are compared with ISO 3166, the
state list of the Correlates of War and that of Gleditsch and Ward; a code that these lists do
not settle is not judged. Where two or more codes disagree with the key and all of them belong
to one other state, the key is what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.schemas.country_codes import by_alpha3
from relations.validators.example import Cell, Expect, Row, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.state_codes import BESIDE_KEY, fitting, published, wrong

if TYPE_CHECKING:
    from relations.validators.package.package import Package

LISTS = {
    "iso2": "ISO 3166-1 alpha-2",
    "iso_numeric": "ISO 3166-1 numeric",
    "cow_code": "Correlates of War",
    "gw_code": "Gleditsch and Ward",
}


def find(package: Package) -> Iterator[Fault]:
    # Row by row: there are at most as many as ISO has codes.
    for row in rows(package.table("countries").select(ROW, "country", *BESIDE_KEY)):
        state = by_alpha3().get(row["country"] or "")
        if state is None:
            continue
        columns = wrong(row, state)
        others = fitting(row) if len(columns) > 1 else ()
        if others:
            named = " or ".join(f"`{code}`" for code in others)
            yield Fault(
                f"the other codes of `{state.alpha3}` are those of {named}",
                f"did you mean {named}? Otherwise correct the other codes",
                table="countries",
                row=row[ROW],
                field="country",
                value=state.alpha3,
            )
            continue
        for column in columns:
            right = " or ".join(f"`{code}`" for code in published(state, column))
            yield Fault(
                f"`{row[column]}` is not the {LISTS[column]} code of {state.name}",
                f"did you mean {right}?",
                table="countries",
                row=row[ROW],
                field=column,
                value=row[column],
            )


RULE = Rule(
    code="country-codes-disagree",
    family="value",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=("countries.country",),
    spoils=True,
    good=(
        good(
            # The Federal Republic before 1990 had other numbers under the same letters.
            Row(
                "countries",
                {
                    "country": "DEU",
                    "name": "Federal Republic of Germany",
                    "iso2": "DE",
                    "iso_numeric": "280",
                    "cow_code": "260",
                    "gw_code": "260",
                },
            )
        ),
    ),
    bad=(
        bad(
            Cell("countries", "FIN", "iso_numeric", "242"),
            expect=Expect("datapackage/countries.csv", 3, "iso_numeric", "242"),
        ),
        bad(
            Cell("countries", "EST", "country", "ESP"),
            expect=Expect("datapackage/countries.csv", 2, "country", "ESP"),
        ),
    ),
)
