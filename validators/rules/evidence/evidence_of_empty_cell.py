"""Evidence is about a cell that is empty.

Either the value was taken out and its evidence stayed, or it belongs to another column. A
passage that speaks of the row and gives no value is evidence of the row as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, Row, bad, good
from relations.validators.expressions import ROW, rows
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Place, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    evidence = package.table("evidence").filter(
        ~nw.col("table").is_null() & ~nw.col("row_id").is_null() & ~nw.col("column").is_null()
    )
    cited: dict[str, list[str]] = {}
    for pair in rows(evidence.select("table", "column").unique().sort("table", "column")):
        cited.setdefault(pair["table"], []).append(pair["column"])
    for table, columns in cited.items():
        key = next(iter(package.columns(table)))
        if package.why_not(f"{table}.{key}"):
            continue
        absent = package.files[table].absent
        present = [column for column in columns if column != key and column not in absent]
        if not present:
            continue
        # As the file has them: a cell with a finding of its own is not empty.
        empty = (
            package.raw(table)
            .select(nw.col(ROW).alias("_cited"), nw.col(key).alias("row_id"), *present)
            .unpivot(
                on=present,
                index=["_cited", "row_id"],
                variable_name="column",
                value_name="value",
            )
            .filter(nw.col("value").is_null())
        )
        about = evidence.filter(nw.col("table") == table).select(ROW, "row_id", "column")
        # A key that stands twice does not say which of its rows is meant.
        file = package.files[table]
        doubled = {file.key_of(row) for row in package.spoilt.get(table, {}).get(key, ())}
        for row in rows(about.join(empty, on=["row_id", "column"], how="inner")):
            column = row["column"]
            if package.is_spoilt(table, column, row["_cited"]):
                continue
            if row["row_id"] in doubled:
                continue
            yield Fault(
                f"the {column} of {row['row_id']} is empty",
                "fill it, or say what the passage is evidence of",
                table="evidence",
                row=row[ROW],
                field="column",
                value=column,
                related=(Place(table, row["_cited"], column),),
            )


RULE = Rule(
    code="evidence-of-empty-cell",
    family="evidence",
    severity=Severity.WARNING,
    manual=__doc__,
    find=find,
    needs=("evidence.table", "evidence.row_id", "evidence.column"),
    good=(good(Cell("evidence", "C0079", "column", "locations")),),
    bad=(
        bad(
            Cell("visits", "V0003", "visit_type", ""),
            evidence=False,
            expect=Expect("datapackage/evidence.csv", 32, "column", "visit_type"),
        ),
        bad(
            Row(
                "evidence",
                {
                    "evidence_id": "C0080",
                    "table": "officials",
                    "row_id": "P0001",
                    "column": "native_name",
                    "source_id": "R0001",
                    "char_start": "84",
                    "char_end": "98",
                    "span_sha256": (
                        "7b58859e64ed4d26fd7c9a8426f9ff6341b401fb8af3364d99bd31a37fb3cf43"
                    ),
                    "basis": "stated",
                    "stance": "supports",
                    "voice": "author",
                },
            ),
            expect=Expect("datapackage/evidence.csv", 81, "column", "native_name"),
        ),
    ),
)
