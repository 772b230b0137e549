"""Evidence is about a cell that is empty.

Either the value was taken out and its evidence stayed, or it belongs to another column. A
passage that speaks of the row and gives no value is evidence of the row as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from relations.validators.example import Cell, Expect, Row, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Many, Place, Rule
from relations.validators.searching.coverage import NEEDS, of_empty_cells
from relations.validators.searching.expressions import ROW

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find_in(package: Package, table: str) -> Iterator[Many]:
    found = of_empty_cells(package, table)
    if found is not None:
        yield Many("evidence", "column", found, partial(_fault, table))


def _fault(table: str, row: dict[str, Any]) -> Fault:
    column = row["column"]
    return Fault(
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
    find_in=find_in,
    needs=NEEDS,
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
