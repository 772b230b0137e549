"""What a glance at a short table tells: that a search of it would find nothing.

To say a search and to have it run takes an engine a millisecond, whatever the table; to look
through a few hundred cells takes Python less. So a rule may ask here first. Every answer is
given only where it is certain: a table that is long, that is not held by polars or that cannot
be read has none, and then the rule searches, as it does where the answer is no.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from relations.validators.package.limits import MIB

if TYPE_CHECKING:
    import narwhals as nw
    import polars as pl

    from relations.validators.package.package import Package

SHORT = 2_000
"""Rows up to which a glance takes less than a search."""
SMALL = 8 * MIB
"""Bytes of all cells up to which they may be there twice, for polars and for Python."""

Cells = list[str | None]
Key = tuple[str | None, ...]


class ShortTable:
    """The cells of a short table, column by column, in the order of the rows."""

    def __init__(self, cells: pl.DataFrame) -> None:
        self._cells = cells
        self._columns: dict[str, Cells] = {}
        self._filled: dict[str, frozenset[str]] = {}
        self._grouped: dict[tuple[str, ...], dict[str | None, set[Key]]] = {}

    def column(self, name: str) -> Cells:
        """The cells of a column; empty ones are None."""
        if name not in self._columns:
            there = name in self._cells.columns
            empty: Cells = [None] * self._cells.height
            self._columns[name] = self._cells[name].to_list() if there else empty
        return self._columns[name]

    def filled(self, name: str) -> frozenset[str]:
        """What stands in the filled cells of a column."""
        if name not in self._filled:
            self._filled[name] = frozenset(cell for cell in self.column(name) if cell is not None)
        return self._filled[name]

    def named(self, key: str, *names: str) -> dict[str, list[Key]]:
        """By the filled cells of a column the rows of some others."""
        found: dict[str, list[Key]] = {}
        for value, row in zip(self.column(key), self.rows(*names), strict=True):
            if value is not None:
                found.setdefault(value, []).append(row)
        return found

    def rows(self, *names: str) -> list[Key]:
        """The rows of some columns."""
        return list(zip(*map(self.column, names), strict=True))

    def grouped(self, by: str, *names: str) -> dict[str | None, set[Key]]:
        """The different rows of some columns, by what stands in another."""
        if (by, *names) not in self._grouped:
            groups = self._grouped[by, *names] = {}
            for value, row in zip(self.column(by), self.rows(*names), strict=True):
                groups.setdefault(value, set()).add(row)
        return self._grouped[by, *names]


def short_table(package: Package, table: str, *, raw: bool = False) -> ShortTable | None:
    """The sound cells of a table, or with ``raw`` all; None where it must be searched."""
    file = package.files.get(table)
    if file is None or not file.readable or file.is_long or file.height > SHORT:
        return None
    whole: nw.LazyFrame[Any] = package.raw(table)
    frame = whole if raw else package.table(table)
    if not frame.implementation.is_polars():
        return None
    from relations.validators.engines.collecting import collected

    asked = ("short table", table, frame is whole)
    seen: tuple[nw.LazyFrame[Any], ShortTable | None] | None = package.known.get(asked)
    # The frame is another one when a cell of it has become unsound.
    if seen is None or seen[0] is not frame:
        cells = collected(frame)
        small = cells.estimated_size() <= SMALL
        seen = package.known[asked] = frame, ShortTable(cells) if small else None
    return seen[1]


def none_filled(package: Package, *cells: str) -> bool:
    """Whether one of some columns, as ``visits.parent_id``, has certainly no filled cell."""
    for cell in cells:
        table, _, column = cell.partition(".")
        seen = short_table(package, table)
        if seen is not None and not seen.filled(column):
            return True
    return False


def all_among(package: Package, cells: str, others: str) -> bool:
    """Whether all that stands in one column certainly stands in another, of whatever table."""
    (table, _, column), (other, _, key) = cells.partition("."), others.partition(".")
    seen, known = short_table(package, table), short_table(package, other)
    return seen is not None and known is not None and seen.filled(column) <= known.filled(key)


def no_row(package: Package, table: str, test: Callable[..., bool], *columns: str) -> bool:
    """Whether certainly no row in which these columns are all filled passes a test of them."""
    seen = short_table(package, table)
    return seen is not None and not any(
        test(*cells) for cells in seen.rows(*columns) if None not in cells
    )


def no_row_even_empty(
    package: Package, table: str, test: Callable[..., bool], *columns: str, raw: bool = False
) -> bool:
    """The same where the test looks at empty cells too, or with ``raw`` at unsound ones."""
    seen = short_table(package, table, raw=raw)
    return seen is not None and not any(test(*cells) for cells in seen.rows(*columns))


def no_cell(package: Package, table: str, test: Callable[[str], bool]) -> bool:
    """Whether certainly no filled cell of a table passes a test."""
    seen = short_table(package, table)
    return seen is not None and not any(
        test(cell) for name in package.columns(table) for cell in seen.filled(name)
    )


def no_pair(
    package: Package, ours: tuple[str, ...], theirs: tuple[str, ...], test: Callable[..., bool]
) -> bool:
    """Whether certainly no row, with one that it names, passes a test of the cells of both.

    ``ours`` are a table, its column that names the other row, and the columns to be tested;
    ``theirs`` a table, its key, and likewise. The test is given the cells, some of them None.
    """
    table, reference, *columns = ours
    other, key, *others = theirs
    seen, known = short_table(package, table), short_table(package, other)
    if seen is None or known is None:
        return False
    # Each pair once, however often it is there.
    rows = {name: set(found) for name, found in known.named(key, *others).items()}
    return not any(
        test(*cells, *found)
        for name, *cells in set(seen.rows(reference, *columns))
        if name is not None
        for found in rows.get(name, ())
    )


def differ(first: str | None, second: str | None) -> bool:
    """Whether two cells are filled and not the same."""
    return first is not None and second is not None and first != second


def is_after(first: str | None, second: str | None) -> bool:
    """Whether one date may be certainly after another: as far as both go, as texts.

    Dates of the EDTF subset have their digits in the same places; where one goes on after the
    other has ended, they have a day in common.
    """
    if first is None or second is None:
        return False
    length = min(len(first), len(second))
    return first[:length] > second[:length]


def none_after(package: Package, table: str, first: str, second: str) -> bool:
    """Whether certainly no date of a row is after another of it."""
    return no_row(package, table, is_after, first, second)


def all_differ(package: Package, table: str, *columns: str, raw: bool = False) -> bool:
    """Whether certainly no two rows agree in these columns; empty cells agree with each other."""
    seen = short_table(package, table, raw=raw)
    if seen is None:
        return False
    found = seen.rows(*columns)
    return len(set(found)) == len(found)
