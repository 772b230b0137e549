"""The base of the thirteen table models, and how to read their declarations."""

from __future__ import annotations

import pandera.polars as pa

from relations.schemas.columns import METADATA, Column


class Table(pa.DataFrameModel):
    """One table. The docstring of a model is the table's description.

    All columns are text, as a CSV file has them, and an empty cell is null. The first column
    is the primary key. Columns stand in the order of the file.
    """

    class Config:
        strict = True
        ordered = True
        coerce = False


def columns(model: type[Table]) -> dict[str, Column]:
    """The declared columns of a table, in order."""
    return {name: column.metadata[METADATA] for name, column in model.to_schema().columns.items()}


def primary_key(model: type[Table]) -> str:
    """The name of the key column."""
    return next(iter(columns(model)))
