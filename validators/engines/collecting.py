"""The result of a search as a polars frame, whichever engine made it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import narwhals as nw
import polars as pl

_FROM_DISK: ContextVar[bool] = ContextVar("_FROM_DISK", default=False)

FEW = 10_000
"""Rows of a part of a long table that are copied, to let go of the others."""


def collected(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    """Run the search. The order of the rows is the engine's, where the search does not say."""
    if frame.implementation.is_duckdb():
        # Over Arrow's own interface: narwhals would take pyarrow for it, which need not be there.
        return pl.DataFrame(frame.to_native())
    if frame.implementation.is_polars():
        return ran(frame.to_native())
    found: pl.DataFrame = frame.collect("polars").to_native()
    return found


def ran(frame: pl.LazyFrame) -> pl.DataFrame:
    """The same of a search that polars runs."""
    if not _FROM_DISK.get():
        return frame.collect()
    # What two parts of a search share is read twice, since to keep it is to hold it.
    apart = pl.QueryOptFlags(comm_subplan_elim=False)
    return detached(frame).collect(engine="streaming", optimizations=apart)


def detached(found: pl.LazyFrame) -> pl.LazyFrame:
    """The rows that a search has left over, without what they were found among.

    A text that a filter leaves is a place in the texts of all rows that were read with it: some
    eighty rows, each of another part of a table, can hold a gigabyte. So the texts of few rows
    are copied. Nothing is copied where the tables are held anyway.
    """
    if not _FROM_DISK.get():
        return found
    return found.map_batches(_copied, streamable=True, validate_output_schema=False)


def _copied(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows found in a part of a table; many of them hold not much more than themselves."""
    if not 0 < rows.height <= FEW:
        return rows
    return rows.with_columns(
        # To join a text with nothing copies it.
        pl.concat_str(pl.col(name), pl.lit("")).alias(name)
        for name, dtype in rows.schema.items()
        if dtype == pl.String
    )


@contextmanager
def from_disk() -> Iterator[None]:
    """Until the end, searches by polars stream through tables that are not held."""
    token = _FROM_DISK.set(True)
    try:
        yield
    finally:
        _FROM_DISK.reset(token)
