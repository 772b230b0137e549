"""A row has no evidence.

Nobody can tell where it comes from. Every row of visits, officials, agreements,
assembly_sessions, terms, engagements, memberships, participants and statements has at least
one row of evidence: the characters of a source that speak of it. `relations cite` finds a
passage and writes the row.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.example import Drop, Expect, Row, bad, good
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Many, Rule
from relations.validators.searching.coverage import CITED_TABLES, NEEDS, Doubts, about
from relations.validators.searching.expressions import ROW, in_order
from relations.validators.searching.short_coverage import all_rows_cited

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "uncited-row"


def find(package: Package) -> Iterator[Many | Skip]:
    doubts = Doubts.of(package)
    for table in CITED_TABLES:
        key = next(iter(package.columns(table)))
        if package.why_not(f"{table}.{key}") or all_rows_cited(package, table, key):
            continue
        cited = about(package, table).select(nw.col("row_id").alias(key))
        keys = package.table(table).filter(~nw.col(key).is_null()).select(ROW, key)
        uncited = in_order(keys.join(cited, on=key, how="anti"))
        certain, skips = doubts.certain(CODE, table, key, uncited, cell=False)
        yield from skips
        yield Many(table, None, certain, partial(_fault, table, key))


def _fault(table: str, key: str, row: dict[str, Any]) -> Fault:
    return Fault(
        "no evidence says where this row comes from",
        f"cite a passage: relations cite SOURCE TEXT --for {table}/{row[key]}",
        table=table,
        row=row[ROW],
    )


RULE = Rule(
    code=CODE,
    family="evidence",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    awaits=True,
    needs=NEEDS,
    good=(
        # Countries rest on published lists, organizations are named by the rows that cite them.
        good(Row("countries", {"country": "LVA", "name": "Latvia", "iso2": "LV"}), evidence=False),
        # Evidence of a cell is evidence of its row.
        good(Drop("evidence", "C0030"), evidence=False),
    ),
    bad=(
        bad(
            Row(
                "officials",
                {"official_id": "P0005", "name": "Jaan Mets", "country": "EST"},
            ),
            evidence=False,
            expect=Expect("datapackage/officials.csv", 6),
        ),
        bad(
            Drop("evidence", "C0077"),
            evidence=False,
            expect=Expect("datapackage/statements.csv", 2),
        ),
    ),
)
