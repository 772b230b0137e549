"""What must be cited, and what can be said of it where some evidence cannot be read.

An evidence row with a cell that is not sound may be the very one that cites what seems to be
uncited. So nothing is called uncited while such a row may be about it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.finding import Skip
from relations.validators.searching import same_fact
from relations.validators.searching.expressions import ROW, by_column, in_order, rows
from relations.validators.searching.narrowing import found_in_shares
from relations.validators.searching.short_coverage import cites_filled_cells
from relations.validators.searching.short_tables import short_table

if TYPE_CHECKING:
    import polars as pl

    from relations.validators.package.package import Package

CITED_TABLES = (
    "visits",
    "officials",
    "agreements",
    "assembly_sessions",
    "terms",
    "engagements",
    "memberships",
    "participants",
    "statements",
)
"""The tables of which every row has evidence."""

HELD = ("visits", "status", "held")
"""The one fact that needs no evidence of its own: nearly every visit took place."""

NEEDS = ("evidence.table", "evidence.row_id", "evidence.column")


def facts(package: Package, table: str) -> list[str]:
    """The columns of a table of which each filled cell has evidence of its own."""
    absent = package.files[table].absent
    return [
        name
        for name, column in package.columns(table).items()
        if column.fact and name not in absent
    ]


def about(package: Package, table: str) -> nw.LazyFrame[Any]:
    """The evidence about rows of a table that are known.

    Its ``_row``, ``row_id``, ``column`` (null: the row as a whole) and ``stance``.
    """
    return (
        package.table("evidence")
        .filter((nw.col("table") == table) & ~nw.col("row_id").is_null())
        .select(ROW, "row_id", "column", "stance")
    )


def of_empty_cells(package: Package, table: str) -> pl.DataFrame | None:
    """The evidence about cells of a table that are empty in the file, in order; None if none.

    Its ``_row``, ``row_id`` and ``column``, and ``_cited``, the row it is about.
    """
    key = next(iter(package.columns(table)))
    file = package.files.get(table)
    if file is None or package.why_not(f"{table}.{key}"):
        return None
    named = [column for of, column in _cited_columns(package) if of == table]
    present = [column for column in named if column != key and column not in file.absent]
    if not present or cites_filled_cells(package, table, key, present):
        return None
    # As the file has them: a cell with a finding of its own is not empty.
    raw, evidence = package.raw(table), package.table("evidence")
    asked = ("evidence of empty cells", table)
    known: tuple[nw.LazyFrame[Any], pl.DataFrame] | None = package.known.get(asked)
    # The frame is another one when a cell of it has become unsound.
    if known is None or known[0] is not evidence:
        cells = raw.select(nw.col(ROW).alias("_cited"), nw.col(key).alias("row_id"), *present)
        empty = by_column(cells, present, "_cited", "row_id").filter(nw.col("value").is_null())
        found = found_in_shares(
            package,
            (table, "evidence"),
            lambda evidence, empty: evidence.join(
                empty, on=["row_id", "column"], how="inner"
            ).select(ROW, "row_id", "column", "_cited"),
            (about(package, table).filter(~nw.col("column").is_null()), "row_id"),
            (empty, "row_id"),
        )
        known = package.known[asked] = evidence, found
    found = known[1]
    spoilt = package.spoilt.get(table, {})
    if found.is_empty() or not spoilt:
        return found
    # A key that stands twice does not say which of its rows is meant.
    doubled = [file.key_of(row) for row in spoilt.get(key, ())]
    found = found.filter(~found["row_id"].is_in(doubled))
    for column, unsound in spoilt.items():
        of_unsound = found["_cited"].is_in(unsound.column().implode())
        found = found.filter((found["column"] != column) | ~of_unsound)
    return found


def _cited_columns(package: Package) -> list[tuple[str, str]]:
    """The columns that some evidence names, with their tables."""
    if seen := short_table(package, "evidence"):
        pairs = set(seen.rows("table", "column"))
        return sorted((table, column) for table, column in pairs if table and column)
    evidence = package.table("evidence")
    asked = ("cited columns",)
    known = package.known.get(asked)
    # The frame is another one when a cell of it has become unsound.
    if known is None or known[0] is not evidence:
        named = evidence.filter(~nw.col("table").is_null(), ~nw.col("column").is_null())
        found = sorted(in_order(named.select("table", "column").unique()).iter_rows())
        known = package.known[asked] = evidence, found
    columns: list[tuple[str, str]] = known[1]
    return columns


@dataclass
class Doubts:
    """What cannot be called uncited, and why.

    ``anything`` holds for every row of every table, ``tables`` for every row of one,
    ``keys`` for the row with a key in whichever table, ``cells`` for the cells of one row.
    """

    anything: str | None = None
    tables: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    cells: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, package: Package) -> Doubts:
        """The doubts that the evidence of a package leaves."""
        doubts = cls()
        file = package.files["evidence"]
        if file.rows_lost:
            doubts.anything = f"a row of {file.name} cannot be read"
        no_column = sorted(package.spoilt.get("evidence", {}).get("column", ()))
        unsound = package.table("evidence").filter(
            nw.col("table").is_null() | nw.col("row_id").is_null() | nw.col(ROW).is_in(no_column)
        )
        for row in rows(unsound.select(ROW, "table", "row_id")):
            reason = f"evidence {file.where(row[ROW])} is not sound"
            doubts._note(row["table"], row["row_id"], reason)
        return doubts

    def note_repeated(self, package: Package) -> None:
        """Doubt the cells of rows of which two pieces of evidence are one and the same.

        The second may have been meant for another column.
        """
        if same_fact.why_not(package, "evidence"):
            return
        file = package.files["evidence"]
        for row, first in same_fact.repeated(package, "evidence").items():
            table, key = file.value_of(row, "table"), file.value_of(row, "row_id")
            if table and key:
                where = file.where(first, row)
                self._note(table, key, f"the evidence {where} is the same")

    def _note(self, table: str | None, key: str | None, where: str) -> None:
        if table is not None and key is not None:
            self.cells.setdefault((table, key), where)
        elif key is not None:
            self.keys.setdefault(key, where)
        elif table is not None:
            self.tables.setdefault(table, where)
        elif self.anything is None:
            self.anything = where

    def why(self, table: str, key: str, *, cell: bool) -> str | None:
        """Why a row, or with ``cell`` a cell of it, may be cited after all; None if it is not."""
        return (
            self.anything
            or self.tables.get(table)
            or self.keys.get(key)
            or (self.cells.get((table, key)) if cell else None)
        )

    def certain(
        self, code: str, table: str, key: str, found: pl.DataFrame, *, cell: bool
    ) -> tuple[pl.DataFrame, list[Skip]]:
        """Those of ``found`` that are certainly uncited, and one Skip for each other reason.

        ``key`` names the column of ``found`` that has the row's key.
        """
        whole = self.anything or self.tables.get(table)
        doubted = {*self.keys, *(row_id for of, row_id in self.cells if of == table and cell)}
        if found.is_empty() or not (whole or doubted):
            return found, []
        of_doubted = found[key].is_in(list(doubted))
        keys = found.filter(of_doubted)[key].unique(maintain_order=True)
        # Each reason once, in the order in which it first matters.
        reasons = dict.fromkeys([whole] if whole else [self.why(table, k, cell=cell) for k in keys])
        left = found.clear() if whole else found.filter(~of_doubted)
        return left, [Skip(code, table, reason) for reason in reasons if reason]
