"""No evidence cites this source.

It may have been read and found to hold nothing, or its evidence was taken out. A package lists
what its facts rest on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Expect, Row, bad
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Rule
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.short_tables import all_among

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "unused-source"


def find(package: Package) -> Iterator[Fault | Skip]:
    if all_among(package, "sources.source_id", "evidence.source_id"):
        return
    cited = package.table("evidence").select("source_id").unique()
    sources = package.table("sources").filter(~nw.col("source_id").is_null())
    unused = list(rows(sources.select(ROW, "source_id").join(cited, on="source_id", how="anti")))
    reason = package.why_unsound("evidence", "source_id")
    if unused and reason:
        yield Skip(CODE, "sources", reason)
        return
    for row in unused:
        yield Fault(
            f"nothing cites {row['source_id']}",
            "cite it, or take it out",
            table="sources",
            row=row[ROW],
            field="source_id",
            value=row["source_id"],
        )


RULE = Rule(
    code=CODE,
    family="evidence",
    severity=Severity.WARNING,
    manual=__doc__,
    find=find,
    awaits=True,
    needs=("evidence.source_id", "sources.source_id"),
    bad=(
        bad(
            Row("sources", {"source_id": "R0002", "title": "Another chronicle", "type": "book"}),
            evidence=False,
            expect=Expect("datapackage/sources.csv", 3, "source_id", "R0002"),
        ),
    ),
)
