"""The Croissant metadata, validated and followed to its records by mlcroissant.

mlcroissant brings pandas, which would make everything else slower: it has an environment of
its own, in .venv/croissant or where the variable RELATIONS_MLCROISSANT names its Python.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from relations.schemas.tables import TABLES
from relations.validators.exporting.contents import layout
from support.editing import EXAMPLE_PACKAGE, read_table
from support.exporting import exported, with_cells

ROOT = Path(__file__).parent.parent
PYTHON = Path(
    os.environ.get("RELATIONS_MLCROISSANT") or ROOT / ".venv" / "croissant" / "bin" / "python"
)
PROGRAM = """
import json, sys, mlcroissant
dataset = mlcroissant.Dataset(jsonld=sys.argv[1])
issues = dataset.metadata.ctx.issues
def plain(value):
    return value.decode() if isinstance(value, bytes) else value
records = {
    name: [
        {key: [plain(each) for each in value] if isinstance(value, list) else plain(value)
         for key, value in record.items()}
        for record in dataset.records(name)
    ]
    for name in sys.argv[2:]
}
print(json.dumps({"errors": sorted(issues.errors), "warnings": sorted(issues.warnings),
                  "records": records}, default=str))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported("croissant", tmp_path_factory.mktemp("croissant") / "out")


def test_every_table_has_its_file_and_its_record_set(folder: Path) -> None:
    made = json.loads((folder / "croissant.json").read_bytes())
    for each, table in zip(made["distribution"], TABLES, strict=True):
        data = (folder / each["contentUrl"]).read_bytes()
        assert each["contentUrl"] == f"{table}.parquet"
        assert each["sha256"] == hashlib.sha256(data).hexdigest()
        assert pl.read_parquet(data).height == len(read_table(EXAMPLE_PACKAGE, table))
    sets = {each["@id"]: each for each in made["recordSet"]}
    for table in TABLES:
        fields = sets[table]["field"]
        assert [field["name"] for field in fields] == [each.name for each in layout(table)]
        assert [field["dataType"] == "sc:Date" for field in fields] == [
            each.is_date for each in layout(table)
        ]
        assert sets[table]["key"] == {"@id": f"{table}/{layout(table)[0].name}"}
    visit_type = next(each for each in sets["visits"]["field"] if each["name"] == "visit_type")
    assert visit_type["references"] == {"field": {"@id": "vocabulary/visit_type/term"}}
    assert sets["vocabulary/visit_type"]["data"][0]["vocabulary/visit_type/term"] == "state"


def test_where_it_is_published(tmp_path: Path) -> None:
    folder = exported("croissant", tmp_path / "out", base_url="https://example.org/data")
    made = json.loads((folder / "croissant.json").read_bytes())
    assert made["distribution"][5]["contentUrl"] == "https://example.org/data/visits.parquet"


def read(folder: Path, *wanted: str) -> dict[str, Any]:
    """What mlcroissant says of the folder: errors, warnings, and the records wanted."""
    arguments = [str(PYTHON), "-c", PROGRAM, str(folder / "croissant.json"), *wanted]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


needs_mlcroissant = pytest.mark.skipif(
    not PYTHON.exists(), reason=f"mlcroissant is not installed in {PYTHON}"
)


@needs_mlcroissant
def test_mlcroissant_accepts_it_and_reads_the_records(folder: Path) -> None:
    said = read(folder, *TABLES, "vocabulary/visit_type")
    assert said["errors"] == []
    assert said["warnings"] == [
        '[Metadata(example-est-isl)] Property "https://schema.org/datePublished" is recommended, '
        "but does not exist."
    ]
    records = said["records"]
    assert {table: len(records[table]) for table in TABLES} == {
        table: len(read_table(EXAMPLE_PACKAGE, table)) for table in TABLES
    }
    visits = records["visits"]
    assert visits[0]["visits/locations"] == ["Tallinn", "Tartu"]
    assert visits[2]["visits/start_date"] == "2024-06~"
    assert visits[2]["visits/start_date_latest"] == "2024-06-30 00:00:00"
    assert records["sources"][0]["sources/char_length"] == 1067
    assert len(records["vocabulary/visit_type"]) == 8


@needs_mlcroissant
def test_codes_stay_text(tmp_path: Path) -> None:
    root = with_cells(
        tmp_path,
        ("countries", "EST", "iso2", "NA"),
        ("countries", "EST", "iso_numeric", "031"),
        ("countries", "EST", "cow_code", ""),
    )
    folder = exported("croissant", tmp_path / "out", root, allow_errors=True)
    records = read(folder, "countries")["records"]["countries"]
    names = ("iso2", "iso_numeric", "cow_code")
    assert [tuple(row[f"countries/{name}"] for name in names) for row in records[:2]] == [
        ("NA", "031", None),
        ("FI", "246", "375"),
    ]
