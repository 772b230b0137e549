"""The rules in polars: what `relations` does unless told otherwise."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl

from relations.validators.engines.collecting import from_disk
from relations.validators.searching.expressions import ROW

if TYPE_CHECKING:
    from relations.validators.engines.engine import Hidden
    from relations.validators.package.table_file import TableFile


class InPolars:
    """Searches the frames that the files were parsed into."""

    name = "polars"

    def __init__(self) -> None:
        self._read: dict[int, tuple[nw.LazyFrame[Any], pl.DataFrame | None]] = {}
        """The frames of the tables, with the rows; None where they are not held: what is asked
        of such a frame is asked of the disk."""
        self._hidden: dict[tuple[int, str], tuple[int, pl.Series]] = {}
        """For a frame that the package holds and a column: how many cells, and those left."""

    def read(self, file: TableFile, path: Path | None) -> nw.LazyFrame[Any]:  # noqa: ARG002
        frame: nw.LazyFrame[Any] = nw.from_native(file.scan())
        self._read[id(frame)] = frame, None if file.is_long else file.frame
        return frame

    def searching(self, *, long: bool) -> AbstractContextManager[object]:
        return from_disk() if long else nullcontext()

    def without(self, frame: nw.LazyFrame[Any], hidden: Hidden) -> nw.LazyFrame[Any]:
        of_table = id(frame) in self._read
        # To collect what is held copies it, where it is large.
        cells = self._read[id(frame)][1] if of_table else frame.to_native().collect()
        if cells is None:
            return _hiding(frame, hidden)
        left = []
        for column, rows in hidden.items():
            # Cells become unsound rule by rule, mostly in a column that has none so far.
            known = self._hidden.get((id(frame), column)) if of_table else None
            if known is None or known[0] != len(rows):
                sound = ~pl.col(ROW).is_in(rows.implode())
                kept = cells.select(pl.when(sound).then(pl.col(column)).alias(column))
                known = len(rows), kept.to_series()
            if of_table:
                # Of a frame that goes, its number may become that of another.
                self._hidden[id(frame), column] = known
            left.append(known[1])
        # Put into the frame as they are: a query would go through the other columns as well.
        whole = {each.name: each for each in (*cells.get_columns(), *left)}
        return nw.from_native(pl.DataFrame(list(whole.values())).lazy())


def _hiding(frame: nw.LazyFrame[Any], hidden: Hidden) -> nw.LazyFrame[Any]:
    cells: pl.LazyFrame = frame.to_native()
    sound = (
        pl.when(~pl.col(ROW).is_in(rows.implode())).then(pl.col(column)).alias(column)
        for column, rows in hidden.items()
    )
    return nw.from_native(cells.with_columns(*sound))
