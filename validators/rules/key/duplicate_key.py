"""Two rows of a table have the same key.

A key names one row. Where two have it, nothing that refers to it says which one is meant, so
the references to that table are not judged until the keys are sound. Give the later row the
next free id; an id that was used once is never used for something else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, Row, bad
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.key_order import KeyOrder, key_order
from relations.validators.searching.narrowing import alike
from relations.validators.searching.short_tables import all_differ

if TYPE_CHECKING:
    from relations.validators.package.package import Package

_FIRST = "_first"


def find_in(package: Package, table: str) -> Iterator[Fault]:
    key = next(iter(package.columns(table)))
    if package.why_not(f"{table}.{key}") or all_differ(package, table, key):
        return
    if key_order(package, table) is KeyOrder.DISTINCT:
        return
    keyed = package.table(table).filter(~nw.col(key).is_null()).select(ROW, key)
    first = nw.col(ROW).min().over(key).alias(_FIRST)
    repeated = alike(keyed, key).with_columns(first).filter(nw.col(ROW) != nw.col(_FIRST))
    for row in rows(repeated):
        where = package.files[table].where(row[_FIRST])
        yield Fault(
            f"`{row[key]}` is the key of an earlier row, {where}",
            _hint(key),
            table=table,
            row=row[ROW],
            field=key,
            value=row[key],
            related=(Place(table, row[_FIRST], key),),
        )


def _hint(key: str) -> str:
    if key == "country":
        return "take one of the two rows out"
    return "give the row an id that was never used, or take it out"


RULE = Rule(
    code="duplicate-key",
    family="key",
    severity=Severity.ERROR,
    manual=__doc__,
    find_in=find_in,
    in_descriptor=True,
    spoils=True,
    bad=(
        bad(
            Row("engagements", {"engagement_id": "E0001", "title": "Dinner", "visit_id": "V0002"}),
            evidence=False,
            expect=Expect("datapackage/engagements.csv", 3, "engagement_id", "E0001"),
        ),
        bad(
            Cell("officials", "P0003", "official_id", "P0002"),
            evidence=False,
            expect=Expect("datapackage/officials.csv", 4, "official_id", "P0002"),
        ),
    ),
)
