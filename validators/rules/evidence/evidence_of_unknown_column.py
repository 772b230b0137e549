"""Evidence is about a column that its table does not have.

A column's name is written as in the header of the table. Empty means the row as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad
from relations.validators.finding import Severity
from relations.validators.nearest import did_you_mean
from relations.validators.rule import Fault, Rule
from relations.validators.searching.expressions import ROW, rows

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    evidence = package.table("evidence").filter(
        ~nw.col("table").is_null() & ~nw.col("column").is_null()
    )
    pairs = rows(evidence.select("table", "column").unique().sort("table", "column"))
    for pair in list(pairs):
        table, column = pair["table"], pair["column"]
        columns = package.columns(table)
        if column in columns:
            continue
        wrong = evidence.filter((nw.col("table") == table) & (nw.col("column") == column))
        for row in rows(wrong.select(ROW)):
            yield Fault(
                f"{table} has no column `{column}`",
                did_you_mean(column, columns, otherwise=f"its columns: {', '.join(columns)}"),
                table="evidence",
                row=row[ROW],
                field="column",
                value=column,
            )


RULE = Rule(
    code="evidence-of-unknown-column",
    family="evidence",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=("evidence.table", "evidence.column"),
    spoils=True,
    bad=(
        bad(
            Cell("evidence", "C0022", "column", "start"),
            expect=Expect("datapackage/evidence.csv", 23, "column", "start"),
        ),
        bad(
            Cell("evidence", "C0046", "column", "start_date"),
            expect=Expect("datapackage/evidence.csv", 47, "column", "start_date"),
        ),
    ),
)
