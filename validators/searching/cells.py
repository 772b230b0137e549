"""The checks of single columns, taken from the Pandera models and run in one pass per table.

The checks are those that ``Model.validate`` runs; here they are expressions of one query, so
that a sound table costs one look at its data. Tests compare the two.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial, reduce
from operator import and_

import narwhals as nw
import polars as pl

from relations.schemas.checks import ColumnCheck
from relations.schemas.columns import Column
from relations.validators.engines.collecting import collected
from relations.validators.package.package import Package
from relations.validators.searching.different_cells import is_one_of, passing
from relations.validators.searching.expressions import ROW
from relations.validators.searching.short_tables import short_table

MISSING = "missing-value"


@dataclass(frozen=True, slots=True)
class FailedCells:
    """The cells of a column that fail one of its checks and none before it.

    ``rows`` has ``_row``, in order, and ``value``: of all of them, or of those that are listed.
    ``numbers`` are the rows of all. ``others`` are those that are not listed, as each ``value``
    and the ``count`` of it; where nobody asks what they say, all together as null.
    """

    code: str
    table: str
    field: str
    rows: pl.DataFrame
    numbers: pl.Series
    others: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the failing cells is wanted: a table may have as many as cells.

    ``listed`` says how many of a code are listed (None: all), ``told`` of which codes somebody
    asks what the others say.
    """

    listed: Callable[[str], int | None] = lambda _: None
    told: Container[str] = ()

    def of(self, code: str, table: str, field: str, found: pl.DataFrame) -> FailedCells:
        """These failing cells, those that are not listed counted."""
        listed = self.listed(code)
        if listed is None or found.height <= listed:
            return FailedCells(code, table, field, found, found[ROW])
        others = found.slice(listed)
        counts = (
            others["value"].value_counts()
            if code in self.told
            else pl.DataFrame({"value": [None], "count": [others.height]})
        )
        # Made anew: what is cut off a frame holds all of it.
        rows = pl.DataFrame(found.head(listed).to_dict(as_series=False), schema=found.schema)
        return FailedCells(code, table, field, rows, found[ROW], counts)


SoundColumns = frozenset[tuple[str, str]]
"""Tables and columns in which no cell fails a check."""


def failed_cells(
    package: Package,
    table: str,
    sound: SoundColumns = frozenset(),
    wanted: Wanted = Wanted(),
) -> Iterator[FailedCells]:
    """Every failing cell of a table, column by column; cells already spoilt are left out.

    ``sound`` columns are not looked at.
    """
    holding: dict[str, partial[dict[str, nw.Expr]]] = {}
    for name, column in package.columns(table).items():
        if name in package.files[table].absent or (table, name) in sound:
            continue
        if column.required or column.checks:
            holding[name] = partial(_holds, column)
    if not holding:
        return
    raw = package.raw(table)
    for name, fail in _failing(package, table, holding).items():
        holds = holding[name](nw.col(name))
        spoilt = package.spoilt.get(table, {}).get(name)
        left = raw.filter(fail).select(nw.col(ROW), nw.col(name).alias("value"), **holds)
        cells = collected(left.filter(~reduce(and_, map(nw.col, holds)))).sort(ROW)
        if spoilt:
            cells = cells.filter(~pl.col(ROW).is_in(spoilt.column().implode()))
        for code in holds:
            failed = ~pl.col(code)
            found = cells.filter(failed).select(ROW, "value")
            # The first check that a cell fails is the one that is told.
            cells = cells.filter(pl.col(code).fill_null(value=True))
            if found.height:
                yield wanted.of(code, table, name, found)


def _holds(column: Column, cell: nw.Expr) -> dict[str, nw.Expr]:
    """By its code each check of a column; null where the cell is empty, which is no fault."""
    holds = {check.code: check.holds(cell) for check in column.checks}
    return {MISSING: ~cell.is_null(), **holds} if column.required else holds


def _failing(
    package: Package, table: str, holding: Mapping[str, Callable[[nw.Expr], dict[str, nw.Expr]]]
) -> dict[str, nw.Expr]:
    """The columns in which a cell fails a check, each with what tells those that do."""

    def fails(name: str, cell: nw.Expr) -> nw.Expr:
        return ~reduce(and_, holding[name](cell).values())

    known = {name: passing(package, table, name, partial(fails, name)) for name in holding}
    # One pass says which of the other columns fail at all.
    unknown = {name: fails(name, nw.col(name)) for name in holding if known[name] is None}
    any_fails = (each.any().alias(name) for name, each in unknown.items())
    failing = collected(package.raw(table).select(*any_fails)).row(0, named=True) if unknown else {}
    return {
        name: unknown[name] if cells is None else is_one_of(name, cells)
        for name, cells in known.items()
        if (failing[name] if cells is None else cells)
    }


def sound_columns(package: Package, tables: Iterable[str]) -> SoundColumns:
    """Of the short ones among some tables the columns that are certainly sound, at a glance.

    Those with the same checks are looked at together, whichever table they are of.
    """
    alike: dict[tuple[ColumnCheck, ...], list[tuple[str, str]]] = {}
    cells: dict[tuple[ColumnCheck, ...], set[str]] = {}
    for table in tables:
        seen = short_table(package, table, raw=True)
        if seen is None:
            continue
        for name, column in package.columns(table).items():
            if not (column.required and None in seen.column(name)):
                alike.setdefault(column.checks, []).append((table, name))
                cells.setdefault(column.checks, set()).update(seen.filled(name))
    return frozenset(
        column
        for checks, columns in alike.items()
        if all(check.surely_holds(cell) for check in checks for cell in cells[checks])
        for column in columns
    )
