"""The rules in polars: what `relations` does unless told otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl

from relations.validators.expressions import ROW

if TYPE_CHECKING:
    from relations.validators.engines.engine import Hidden
    from relations.validators.package.table_file import TableFile


class InPolars:
    """Searches the frames that the files were parsed into."""

    name = "polars"

    def read(self, file: TableFile, path: Path | None) -> nw.LazyFrame[Any]:  # noqa: ARG002
        return nw.from_native(file.frame.lazy())

    def without(self, frame: nw.LazyFrame[Any], hidden: Hidden) -> nw.LazyFrame[Any]:
        cells: pl.LazyFrame = frame.to_native()
        for column, rows in hidden.items():
            hit = pl.col(ROW).is_in(rows.implode())
            cells = cells.with_columns(
                pl.when(hit).then(None).otherwise(pl.col(column)).alias(column)
            )
        # Done once, and not again in each search.
        return nw.from_native(cells.collect().lazy())
