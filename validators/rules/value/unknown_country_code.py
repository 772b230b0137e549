"""A country has a code that ISO 3166 does not have.

States are named by ISO 3166-1 alpha-3, and those that no longer exist by the code that ISO
3166-3 keeps for them (`SUN`, `YUG`). Sports, cars and older lists use other letters for the
same states (`GER` for `DEU`, `ROM` for `ROU`). The codes from `XAA` to `XZZ` and a few more
(`AAA` to `AAZ`, `QMA` to `QZZ`, `ZZA` to `ZZZ`) are free for whom ISO does not list, as `XKX`
for Kosovo.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.schemas.country_codes import by_alpha3, is_user_assigned
from relations.validators.example import Cell, Expect, Row, bad, good
from relations.validators.finding import Severity
from relations.validators.nearest import did_you_mean
from relations.validators.rule import Fault, Rule
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.short_tables import no_row
from relations.validators.searching.state_codes import BESIDE_KEY, fitting

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    listed = by_alpha3()
    if no_row(package, "countries", lambda code: code not in listed, "country"):
        return
    unlisted = package.table("countries").filter(
        ~nw.col("country").is_null(), ~nw.col("country").is_in(list(listed))
    )
    for row in rows(unlisted.select(ROW, "country", "name", *BESIDE_KEY)):
        code = row["country"]
        if not is_user_assigned(code):
            yield Fault(
                f"ISO 3166 has no country code `{code}`",
                _hint(row),
                table="countries",
                row=row[ROW],
                field="country",
                value=code,
            )


def _hint(row: dict[str, str | None]) -> str:
    fits = fitting(row)
    if fits:
        return "did you mean " + " or ".join(f"`{code}`" for code in fits) + "?"
    name = (row["name"] or "").casefold()
    named = [state.alpha3 for state in by_alpha3().values() if state.name.casefold() == name]
    if named:
        return f"did you mean `{named[0]}`?"
    return did_you_mean(row["country"] or "", by_alpha3(), otherwise="take the code from ISO 3166")


RULE = Rule(
    code="unknown-country-code",
    family="value",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=("countries.country",),
    spoils=True,
    good=(
        good(Row("countries", {"country": "YUG", "name": "Yugoslavia", "valid_to": "2003-02-04"})),
    ),
    bad=(
        bad(
            Cell("countries", "EST", "country", "ETS"),
            expect=Expect("datapackage/countries.csv", 2, "country", "ETS"),
        ),
        bad(
            Row("countries", {"country": "GER", "name": "Germany"}),
            expect=Expect("datapackage/countries.csv", 4, "country", "GER"),
        ),
    ),
)
