"""Two officials have the same Wikidata item.

An item of Wikidata is of one person. Either the person was entered twice, under two spellings
of the name perhaps, or the id was copied into the wrong row.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.short_tables import none_filled

if TYPE_CHECKING:
    from relations.validators.package.package import Package

TABLE, ITEM = "officials", "wikidata_id"


def find(package: Package) -> Iterator[Fault]:
    if none_filled(package, f"{TABLE}.{ITEM}"):
        return
    filled = package.table(TABLE).filter(~nw.col(ITEM).is_null()).select(ROW, ITEM)
    first = filled.with_columns(nw.col(ROW).min().over(ITEM).alias("_first"))
    for row in rows(first.filter(nw.col(ROW) != nw.col("_first"))):
        file = package.files[TABLE]
        name = file.value_of(row["_first"], "name")
        yield Fault(
            f"`{file.key_of(row['_first'])}` ({name}) has the same Wikidata item, {row[ITEM]}",
            "keep one row of the person, or correct the id",
            table=TABLE,
            row=row[ROW],
            field=ITEM,
            value=row[ITEM],
            related=(Place(TABLE, row["_first"], ITEM),),
        )


RULE = Rule(
    code="repeated-wikidata-id",
    family="key",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=(f"{TABLE}.{ITEM}",),
    bad=(
        bad(
            Cell(TABLE, "P0001", ITEM, "Q18204"),
            Cell(TABLE, "P0004", ITEM, "Q18204"),
            expect=Expect("datapackage/officials.csv", 5, ITEM, "Q18204"),
        ),
    ),
)
