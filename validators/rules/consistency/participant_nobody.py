"""A participant is nobody.

A row of participants names a person, an organization or a country. A label of a group tells whom
the row counts, and not whom they belong to: fill at least the country.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.short_tables import no_row_even_empty

if TYPE_CHECKING:
    from relations.validators.package.package import Package

WHO = ("official_id", "organization_id", "country")


def find(package: Package) -> Iterator[Fault]:
    if no_row_even_empty(package, "participants", _all_empty, *WHO, raw=True):
        return
    # As the file has them: a reference that cannot be found still names somebody.
    nobody = [nw.col(who).is_null() for who in WHO]
    for row in rows(package.raw("participants").filter(*nobody).select(ROW)):
        yield Fault(
            "no person, organization or country is named",
            f"fill one of {', '.join(WHO)}",
            table="participants",
            row=row[ROW],
        )


def _all_empty(*cells: str | None) -> bool:
    return not any(cells)


RULE = Rule(
    code="participant-nobody",
    family="consistency",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=tuple(f"participants.{who}" for who in WHO),
    good=(good(Cell("participants", "N0014", "organization_id", "G0005")),),
    bad=(
        bad(
            Cell("participants", "N0006", "country", ""),
            expect=Expect("datapackage/participants.csv", 7),
        ),
        bad(
            Cell("participants", "N0001", "country", ""),
            expect=Expect("datapackage/participants.csv", 2),
        ),
    ),
)
