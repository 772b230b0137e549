"""The models as plain Pandera runs them, on whole tables; prints each failing cell as JSON."""

import json
import sys
from pathlib import Path

import pandera.errors
import polars as pl

from relations.schemas.tables import TABLES

found = []
for table, model in TABLES.items():
    file = f"datapackage/{table}.csv"
    frame = pl.read_csv(Path(sys.argv[1], file), infer_schema=False)
    try:
        model.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases.filter(pl.col("index").is_not_null())
        for column, index in cases.select("column", "index").iter_rows():
            found.append([file, index + 2, column])
print(json.dumps(found))
