"""Parquet: a folder with one file a table, typed, lists as lists and dates as dates.

The file metadata has the package's descriptor without its resources (``datapackage``) and the
descriptor of the table (``resource``), both as JSON.
"""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from relations.schemas.descriptor import table_schema
from relations.schemas.tables import TABLES
from relations.validators.exporting.contents import CannotExport, Contents


def write(contents: Contents, target: Path) -> None:
    """Fill the folder ``target``."""
    header = {name: value for name, value in contents.header.items() if name != "resources"}
    for table in TABLES:
        resource = {"name": table, "schema": table_schema(table)}
        rows = contents.typed(table)
        try:
            rows.write_parquet(
                target / f"{table}.parquet",
                compression="zstd",
                metadata={
                    "datapackage": json.dumps(header, ensure_ascii=False),
                    "resource": json.dumps(resource, ensure_ascii=False),
                },
            )
        except pl.exceptions.ComputeError as error:
            # So polars says that the disk is full.
            raise CannotExport(f"{table}.parquet cannot be written: {error}") from None
