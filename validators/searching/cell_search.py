"""Search all columns of a table for cells of one kind, in one pass where there are none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.searching.different_cells import Test, columns_passing
from relations.validators.searching.expressions import ROW, by_column, in_order

if TYPE_CHECKING:
    import polars as pl

    from relations.validators.package.package import Package

SHORT = 10_000
"""Rows up to which all columns are searched as one."""


def cells_where(package: Package, table: str, test: Test) -> Iterator[tuple[int, str, str]]:
    """Row, column and value of each sound cell that passes ``test``, column by column."""
    for name, found in columns_where(package, table, test):
        for row, value in found.iter_rows():
            yield row, name, value


def columns_where(
    package: Package, table: str, test: Test, columns: Iterable[str] | None = None
) -> Iterator[tuple[str, pl.DataFrame]]:
    """The sound cells that pass ``test``: each column that has any, with `_row` and `value`.

    ``columns`` are those to search; None: all that the file has.
    """
    absent = package.files[table].absent
    names = [
        name
        for name in (package.columns(table) if columns is None else columns)
        if name not in absent
    ]
    if not names:
        return
    frame = package.table(table)
    if package.files[table].height < SHORT:
        # One search of all columns, one after the other: quicker to say than each by itself.
        cells = by_column(frame, names, ROW)
        cells_found = in_order(cells.filter(test(nw.col("value"))))
        for name in names if cells_found.height else ():
            of_column = cells_found.filter(cells_found["column"] == name)
            if of_column.height:
                yield name, of_column.select(ROW, "value")
        return
    for name, passes in columns_passing(package, table, frame, dict.fromkeys(names, test)).items():
        found = frame.filter(passes).select(nw.col(ROW), nw.col(name).alias("value"))
        yield name, in_order(found)


def matching(pattern: str) -> Test:
    """The test that a cell has something in it that matches a regular expression."""
    return lambda cell: cell.str.contains(pattern)


def in_class(characters: Iterable[str]) -> str:
    """The characters as the inside of a class of a regular expression, for any engine.

    Written as ``\\x{…}``: a bare bracket, hyphen or space may mean something to one of them.
    """
    return "".join(f"\\x{{{ord(character):04X}}}" for character in sorted(characters))
