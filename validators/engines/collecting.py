"""The result of a search as a polars frame, whichever engine made it."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl


def collected(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    """Run the search. The order of the rows is the engine's, where the search does not say."""
    if frame.implementation.is_duckdb():
        # Over Arrow's own interface: narwhals would take pyarrow for it, which need not be there.
        return pl.DataFrame(frame.to_native())
    found: pl.DataFrame = frame.collect("polars").to_native()
    return found
