"""Something was inferred, and nothing says how.

What a passage states anybody can read there. What was concluded from it, such as a year that
the text leaves out, only the curator knows unless the note says it.
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


def find(package: Package) -> Iterator[Fault]:
    if no_row_even_empty(package, "evidence", _lacks_note, "basis", "note"):
        return
    inferred = package.table("evidence").filter(
        (nw.col("basis") == "inferred") & nw.col("note").is_null()
    )
    for row in rows(inferred.select(ROW)):
        if not package.is_spoilt("evidence", "note", row[ROW]):
            yield Fault(
                "the value is inferred, and the note does not say how",
                "say in the note what was concluded from what",
                table="evidence",
                row=row[ROW],
                field="note",
                value="",
            )


def _lacks_note(basis: str | None, note: str | None) -> bool:
    return basis == "inferred" and note is None


RULE = Rule(
    code="inferred-without-note",
    family="evidence",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=("evidence.basis", "evidence.note"),
    spoils=True,
    good=(
        good(
            Cell("evidence", "C0033", "basis", "inferred"),
            Cell("evidence", "C0033", "note", "The year is that of the chronicle."),
        ),
    ),
    bad=(
        bad(
            Cell("evidence", "C0033", "basis", "inferred"),
            expect=Expect("datapackage/evidence.csv", 34, "note", ""),
        ),
    ),
)
