"""A passage speaks against a cell, and nothing says why the cell stands.

Sources disagree, and evidence with the stance `contradicts` keeps that on record. Its note says
how the disagreement was settled: which source was trusted, and why.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Expect, Row, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.short_tables import no_row_even_empty

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    if no_row_even_empty(package, "evidence", _lacks_note, "stance", "note"):
        return
    against = package.table("evidence").filter(
        (nw.col("stance") == "contradicts") & nw.col("note").is_null()
    )
    for row in rows(against.select(ROW)):
        # Where something is inferred too, that it lacks its note has been said.
        if not package.is_spoilt("evidence", "note", row[ROW]):
            yield Fault(
                "the passage contradicts the cell, and the note does not say how that was settled",
                "say in the note why the cell stands all the same",
                table="evidence",
                row=row[ROW],
                field="note",
                value="",
            )


def _lacks_note(stance: str | None, note: str | None) -> bool:
    return stance == "contradicts" and note is None


AGAINST = {
    "evidence_id": "C0080",
    "table": "visits",
    "row_id": "V0001",
    "column": "end_date",
    "source_id": "R0001",
    "char_start": "166",
    "char_end": "193",
    "span_sha256": "3f7679a74dc39323e4e96b7b4eeb3977db40dcc77fd047c41d5c8288f9b685bf",
    "basis": "stated",
    "stance": "contradicts",
    "voice": "author",
}

RULE = Rule(
    code="unexplained-contradiction",
    family="evidence",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=("evidence.stance", "evidence.note"),
    good=(good(Row("evidence", {**AGAINST, "note": "The itinerary is more exact."})),),
    bad=(
        bad(
            Row("evidence", AGAINST),
            expect=Expect("datapackage/evidence.csv", 81, "note", ""),
        ),
    ),
)
