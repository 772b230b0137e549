"""A country code that ISO leaves to its users has no note.

`XKX` for Kosovo is a convention of many data sets, not of ISO: another data set may mean
something else by it. The note of the row says what state the code stands for and by whose
convention.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.schemas.country_codes import USER_ASSIGNED, is_user_assigned
from relations.validators.example import Expect, Row, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.short_tables import no_row

if TYPE_CHECKING:
    from relations.validators.package.package import Package

KOSOVO = {"country": "XKX", "name": "Kosovo", "cow_code": "347", "gw_code": "347"}


def find(package: Package) -> Iterator[Fault]:
    if no_row(package, "countries", is_user_assigned, "country"):
        return
    assigned = package.table("countries").filter(
        nw.col("country").str.contains(f"^(?:{USER_ASSIGNED.pattern})$"), nw.col("note").is_null()
    )
    for row in rows(assigned.select(ROW, "country")):
        if package.is_spoilt("countries", "note", row[ROW]):
            continue
        yield Fault(
            f"`{row['country']}` is a code that ISO leaves to its users, and the note is empty",
            "say in the note what the code stands for and whose convention it is",
            table="countries",
            row=row[ROW],
            field="note",
            value="",
        )


RULE = Rule(
    code="user-assigned-code-without-note",
    family="value",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=("countries.country", "countries.note"),
    good=(
        good(Row("countries", {**KOSOVO, "note": "Not in ISO 3166; as the World Bank has it."})),
    ),
    bad=(
        bad(
            Row("countries", KOSOVO),
            expect=Expect("datapackage/countries.csv", 6, "note", ""),
        ),
    ),
)
