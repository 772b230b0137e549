"""A fact has no evidence of its own.

That a source speaks of a visit does not say that it gives its dates. Every filled date, count,
role, type and status of the four core tables has evidence that names its column; `..` counts as
filled. The status of a visit needs some only where it is not `held`. Of a row without any
evidence at all, the row alone is reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.coverage import CITED_TABLES, HELD, NEEDS, Doubts, about, facts
from relations.validators.example import Cell, Drop, Expect, bad, good
from relations.validators.expressions import ROW, rows
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "uncited-cell"


def find(package: Package) -> Iterator[Fault | Skip]:
    doubts = Doubts.of(package)
    for table in CITED_TABLES:
        key = next(iter(package.columns(table)))
        if package.why_not(f"{table}.{key}"):
            continue
        columns = facts(package, table)
        if not columns:
            continue
        cells = (
            package.table(table)
            .filter(~nw.col(key).is_null())
            .unpivot(on=columns, index=[ROW, key], variable_name="column", value_name="value")
            .filter(~nw.col("value").is_null())
        )
        if table == HELD[0]:
            is_held = (nw.col("column") == HELD[1]) & (nw.col("value") == HELD[2])
            cells = cells.filter(~is_held)
        evidence = about(package, table).rename({"row_id": key}).select(key, "column")
        uncited = cells.join(evidence, on=[key, "column"], how="anti").join(
            evidence.select(key).unique(), on=key, how="semi"
        )
        for cell in doubts.certain(CODE, table, key, rows(uncited), cell=True):
            if isinstance(cell, Skip):
                yield cell
                continue
            name = cell["column"]
            yield Fault(
                f"no evidence says where this {name} comes from",
                f"cite a passage: relations cite SOURCE TEXT --for {table}/{cell[key]}/{name}",
                table=table,
                row=cell[ROW],
                field=name,
                value=cell["value"],
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
        good(Cell("visits", "V0003", "status", "held"), evidence=False),
        good(Cell("visits", "V0003", "locations", "Akureyri"), evidence=False),
    ),
    bad=(
        bad(
            Drop("evidence", "C0022"),
            evidence=False,
            expect=Expect("datapackage/visits.csv", 2, "start_date", "2022-05-10"),
        ),
        bad(
            Cell("visits", "V0003", "end_date", ".."),
            evidence=False,
            expect=Expect("datapackage/visits.csv", 4, "end_date", ".."),
        ),
        bad(
            Cell("agreements", "A0001", "in_force_date", "2026"),
            evidence=False,
            expect=Expect("datapackage/agreements.csv", 2, "in_force_date", "2026"),
        ),
    ),
)
