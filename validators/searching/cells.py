"""The checks of single columns, taken from the Pandera models and run in one pass per table.

The checks are those that ``Model.validate`` runs; here they are expressions of one query, so
that a sound table costs one look at its data. Tests compare the two.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from functools import partial, reduce
from operator import and_

import narwhals as nw
import polars as pl

from relations.schemas.checks import ColumnCheck
from relations.schemas.columns import Column
from relations.validators.engines.collecting import collected
from relations.validators.package.package import Package
from relations.validators.searching.different_cells import Test, columns_passing
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


def counted(cells: pl.DataFrame, *, told: bool) -> pl.DataFrame:
    """How often each ``value`` stands in some cells; not ``told``, null for all of them."""
    if told:
        return cells["value"].value_counts()
    return pl.DataFrame({"value": [None], "count": [cells.height]})


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
        counts = counted(found.slice(listed), told=code in self.told)
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
    columns = package.columns(table)
    tests: dict[str, Test] = {
        name: partial(_fails, column)
        for name, column in columns.items()
        if (column.required or column.checks)
        and name not in package.files[table].absent
        and (table, name) not in sound
    }
    if not tests:
        return
    raw = package.raw(table)
    for name, fail in columns_passing(package, table, raw, tests).items():
        holds = _holds(columns[name], nw.col(name))
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


def _fails(column: Column, cell: nw.Expr) -> nw.Expr:
    return ~reduce(and_, _holds(column, cell).values())


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
