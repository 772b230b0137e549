"""A set of rows of one table, whether few or nearly all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl


class RowSet:
    """The numbers of rows (``_row``), which only ever grow in number.

    Those added one by one are held as they are, those added by the column as a column: a
    million of them take a thousandth of what a million Python objects would.
    """

    def __init__(self, rows: Iterable[int] = ()) -> None:
        self._few: set[int] = set(rows)
        self._many = pl.Series(dtype=pl.Int64)
        """In ascending order, each once."""
        self._asked: frozenset[int] | None = None
        """The same, made when somebody asks for single ones."""

    def copy(self) -> RowSet:
        """The same rows, in a set of its own."""
        made = RowSet(self._few)
        made._many = self._many
        return made

    def update(self, rows: Iterable[int]) -> None:
        """Add rows one by one."""
        self._few.update(rows)

    def update_column(self, rows: pl.Series) -> None:
        """Add a column of rows, whole numbers in any order."""
        joined = pl.concat([self._many, rows.cast(pl.Int64)]) if len(self._many) else rows
        self._many = joined.cast(pl.Int64).unique().sort()
        self._asked = None

    def column(self) -> pl.Series:
        """All of them in ascending order, each once."""
        if not self._few:
            return self._many
        few = pl.Series(sorted(self._few), dtype=pl.Int64)
        return pl.concat([self._many, few]).unique().sort() if len(self._many) else few

    def __contains__(self, row: int) -> bool:
        if row in self._few:
            return True
        if self._asked is None:
            self._asked = frozenset(self._many.to_list())
        return row in self._asked

    def __iter__(self) -> Iterator[int]:
        return iter(self.column().to_list())

    def __bool__(self) -> bool:
        return bool(self._few) or bool(len(self._many))
