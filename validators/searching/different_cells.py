"""What stands in those columns of a large table that say the same over and over: each text once.

Dates, countries, persons and terms are a few thousand texts in a million rows. What a search is
for, in single cells, is asked of these texts; only where one of them is it, of the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.searching.expressions import rows
from relations.validators.searching.short_tables import SHORT

if TYPE_CHECKING:
    import polars as pl

    from relations.validators.package.package import Package

Test = Callable[[nw.Expr], nw.Expr]
"""Makes, of a column of strings, an expression that is true for the cells searched for."""

SOME = 10_000
"""Rows that tell how often a column says the same."""


def columns_passing(
    package: Package, table: str, frame: nw.LazyFrame[Any], tests: Mapping[str, Test]
) -> dict[str, nw.Expr]:
    """The columns that have a cell which passes its test, each with what tells such cells.

    ``frame`` has the rows of the table, whichever of its cells are to be looked at.
    """
    known = {name: passing(package, table, name, test) for name, test in tests.items()}
    asked = {name: test(nw.col(name)) for name, test in tests.items() if known[name] is None}
    # One pass says in which of these columns any does.
    each_any = (test.any().alias(name) for name, test in asked.items())
    found = next(rows(frame.select(*each_any))) if asked else {}
    return {
        name: asked[name] if cells is None else is_one_of(name, cells)
        for name, cells in known.items()
        if (found[name] if cells is None else cells)
    }


def passing(package: Package, table: str, column: str, test: Test) -> list[str | None] | None:
    """The different cells of a column, as the file has them, that pass a test.

    None where they are not known, and the rows must be asked.
    """
    different = different_cells(package, table, column)
    return None if different is None else listed(different.filter(test(nw.col("cell"))))


def different_cells(package: Package, table: str, column: str) -> nw.LazyFrame[Any] | None:
    """Every text in a column of the file once, as ``cell``, and null where one is empty.

    None where they are not known.
    """
    different = _different(package, table).get(column)
    return None if different is None else nw.from_native(different.to_frame("cell").lazy())


def listed(cells: nw.LazyFrame[Any]) -> list[str | None]:
    """The texts that are left of them."""
    from relations.validators.engines.collecting import collected

    return collected(cells)["cell"].to_list()


def is_one_of(column: str, cells: Sequence[str | None]) -> nw.Expr:
    """Whether a column has one of these cells; None is an empty one."""
    filled = nw.col(column).is_in([cell for cell in cells if cell is not None])
    return filled | nw.col(column).is_null() if None in cells else filled


def _different(package: Package, table: str) -> dict[str, pl.Series]:
    """By column what stands in it, each text once; null where a cell is empty."""
    file = package.files.get(table)
    if file is None or not file.readable or file.is_long or file.height <= SHORT:
        return {}
    frame: nw.LazyFrame[Any] = package.raw(table)
    if not frame.implementation.is_polars():
        return {}
    known: dict[str, pl.Series] | None = package.known.get(("different cells", table))
    if known is None:
        import polars as pl

        from relations.validators.engines.collecting import collected

        cells = collected(frame.select(*file.declared))
        some = cells.gather_every(-(-cells.height // SOME))
        repeating = [name for name in some.columns if some[name].n_unique() < 0.9 * some.height]
        # All at once: polars takes one column beside the other.
        found = cells.select(pl.col(name).unique().implode() for name in repeating)
        known = {name: found[name].explode() for name in repeating}
        package.known["different cells", table] = known
    return known
