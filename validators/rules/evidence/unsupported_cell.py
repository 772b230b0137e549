"""Everything that is cited for a cell speaks against it.

Evidence against a cell belongs beside the evidence for it. Where there is none for it, the cell
says what no source says: cite what supports it, or follow the sources.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.example import Cell, Expect, Row, bad, good
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Place, Rule
from relations.validators.rules.evidence.unexplained_contradiction import AGAINST
from relations.validators.searching.coverage import NEEDS, Doubts
from relations.validators.searching.expressions import ROW, in_order, rows
from relations.validators.searching.narrowing import kept, named, none_in
from relations.validators.searching.short_tables import no_row

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "unsupported-cell"
CONTRADICTED = ["table", "row_id", "column"]


def find(package: Package) -> Iterator[Fault | Skip]:
    if no_row(package, "evidence", "contradicts".__eq__, "stance"):
        return
    evidence = package.table("evidence").filter(
        ~nw.col("table").is_null() & ~nw.col("row_id").is_null()
    )
    # Null equals nothing in a join; the row as a whole has to equal itself.
    evidence = evidence.with_columns(nw.col("column").fill_null(""))
    against = evidence.filter(nw.col("stance") == "contradicts")
    contradicted = kept(against.group_by(CONTRADICTED).agg(nw.col(ROW).min()))
    if none_in(contradicted):
        return
    # A stance that is not sound may be one that supports, and so may one that nobody explained.
    other = evidence.filter(
        nw.col("stance").is_null() | (nw.col("stance") != "contradicts") | nw.col("note").is_null()
    )
    of_them = named(package, "evidence", other, contradicted, "row_id")
    found = contradicted.join(of_them, on=CONTRADICTED, how="anti")
    unsupported = in_order(found)
    if unsupported.is_empty():
        return
    doubts = Doubts.of(package)
    of_rows = (unsupported["column"] == "").any()
    supported = _supported_rows(other) if of_rows else set()
    for of_table in unsupported.sort("table", maintain_order=True).partition_by("table"):
        table = of_table["table"][0]
        rows_of = _rows_of(package, table)
        certain, skips = doubts.certain(CODE, table, "row_id", of_table, cell=True)
        yield from skips
        for each in certain.iter_rows(named=True):
            name = each["column"]
            where = rows_of.get(each["row_id"])
            if where is None or (not name and (table, each["row_id"]) in supported):
                continue
            value = package.files[table].value_of(where, name) if name else None
            if name and value is None:
                continue
            yield Fault(
                f"all evidence of this {name or 'row'} contradicts it",
                "cite what supports it, or correct it as the sources have it",
                table=table,
                row=where,
                field=name or None,
                value=value,
                related=(Place("evidence", each[ROW]),),
            )


def _supported_rows(other: nw.LazyFrame[Any]) -> set[tuple[str, str]]:
    """The rows that some evidence, of whichever column, does not contradict."""
    return {(row["table"], row["row_id"]) for row in rows(other.select("table", "row_id").unique())}


def _rows_of(package: Package, table: str) -> dict[str, int]:
    """The row number of each key; of rows with one key, the first."""
    key = next(iter(package.columns(table)))
    if package.why_not(f"{table}.{key}"):
        return {}
    frame = package.frame(table, key)
    return dict(reversed(list(zip(frame[key], frame[ROW], strict=True))))


RULE = Rule(
    code=CODE,
    family="evidence",
    severity=Severity.WARNING,
    manual=__doc__,
    find=find,
    needs=(*NEEDS, "evidence.stance", "evidence.note"),
    good=(
        # Beside evidence that supports it.
        good(Row("evidence", {**AGAINST, "note": "The itinerary is more exact."})),
        # Of the row as a whole, whose cells are supported one by one.
        good(
            Cell("evidence", "C0018", "stance", "contradicts"),
            Cell("evidence", "C0018", "note", "It gives another country."),
        ),
    ),
    bad=(
        bad(
            Cell("evidence", "C0023", "stance", "contradicts"),
            Cell("evidence", "C0023", "note", "It gives another day."),
            expect=Expect("datapackage/visits.csv", 2, "end_date", "2022-05-12"),
        ),
        bad(
            Cell("evidence", "C0040", "stance", "contradicts"),
            Cell("evidence", "C0040", "note", "It denies that she spoke."),
            expect=Expect("datapackage/engagements.csv", 3),
        ),
    ),
)
