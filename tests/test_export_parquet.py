"""The Parquet export, opened with polars and DuckDB."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import duckdb
import polars as pl
import pytest

from relations.schemas.descriptor import table_schema
from relations.schemas.tables import TABLES
from relations.validators.package.package import declared
from support.editing import EXAMPLE_PACKAGE, read_table
from support.exporting import exported


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported("parquet", tmp_path_factory.mktemp("parquet") / "out")


def test_one_file_a_table_with_all_rows(folder: Path) -> None:
    assert sorted(each.name for each in folder.iterdir()) == sorted(
        f"{table}.parquet" for table in TABLES
    )
    for table in TABLES:
        count = duckdb.sql(f"SELECT count(*) FROM '{folder / table}.parquet'").fetchall()
        assert count == [(len(read_table(EXAMPLE_PACKAGE, table)),)]


def test_types_in_polars(folder: Path) -> None:
    kinds = {"integer": pl.Int64, "terms": pl.List(pl.String), "texts": pl.List(pl.String),
             "dates": pl.List(pl.String)}  # fmt: skip
    for table, columns in declared().items():
        schema = pl.read_parquet_schema(folder / f"{table}.parquet")
        for name, column in columns.items():
            assert schema[name] == kinds.get(column.kind, pl.String)
            if column.kind in ("date", "dates"):
                assert schema[f"{name}_earliest"] == schema[f"{name}_latest"] == pl.Date


def test_cells_in_polars(folder: Path) -> None:
    visits = pl.read_parquet(folder / "visits.parquet")
    row = visits.row(by_predicate=pl.col("visit_id") == "V0003", named=True)
    assert row["start_date"] == "2024-06~"
    assert row["start_date_earliest"] == dt.date(2024, 6, 1)
    assert row["start_date_latest"] == dt.date(2024, 6, 30)
    assert row["end_date"] is None
    assert visits["locations"].to_list() == [
        ["Tallinn", "Tartu"], ["Tallinn"], ["Reykjavík"], ["Tartu"],
    ]  # fmt: skip


def test_questions_in_duckdb(folder: Path) -> None:
    found = duckdb.sql(
        f"SELECT p.name, unnest(v.locations) AS place, v.end_date_latest "
        f"FROM '{folder}/visits.parquet' v JOIN '{folder}/officials.parquet' p "
        "ON p.official_id = v.lead_official_id WHERE v.visit_type = 'state' ORDER BY place"
    ).fetchall()
    assert found == [
        ("Arnar Hallsson", "Tallinn", dt.date(2022, 5, 12)),
        ("Arnar Hallsson", "Tartu", dt.date(2022, 5, 12)),
    ]
    total = duckdb.sql(f"SELECT sum(char_end - char_start) FROM '{folder}/evidence.parquet'")
    rows = read_table(EXAMPLE_PACKAGE, "evidence")
    assert total.fetchall() == [
        (sum(int(row["char_end"]) - int(row["char_start"]) for row in rows),)
    ]


def test_the_descriptor_is_in_the_metadata(folder: Path) -> None:
    query = f"SELECT key, value FROM parquet_kv_metadata('{folder}/visits.parquet')"
    found = {key.decode(): value.decode() for key, value in duckdb.sql(query).fetchall()}
    package = json.loads((EXAMPLE_PACKAGE / "datapackage.json").read_bytes())
    del package["resources"]
    assert json.loads(found["datapackage"]) == package
    assert json.loads(found["resource"]) == {
        "name": "visits",
        "schema": table_schema("visits"),
    }
    assert pl.read_parquet_metadata(folder / "visits.parquet")["resource"] == found["resource"]
