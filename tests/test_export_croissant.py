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

import pytest

from relations.schemas.tables import TABLES
from relations.validators.package.package import declared
from support.editing import EXAMPLE_PACKAGE, read_table
from support.exporting import exported

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
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported("croissant", tmp_path_factory.mktemp("croissant") / "croissant.json")


def test_every_table_has_its_file_and_its_record_set(file: Path) -> None:
    made = json.loads(file.read_bytes())
    for each, table in zip(made["distribution"], TABLES, strict=True):
        data = (EXAMPLE_PACKAGE / "datapackage" / f"{table}.csv").read_bytes()
        assert each["sha256"] == hashlib.sha256(data).hexdigest()
        assert (file.parent / each["contentUrl"]).resolve().read_bytes() == data
    sets = {each["@id"]: each for each in made["recordSet"]}
    for table, columns in declared().items():
        assert [field["name"] for field in sets[table]["field"]] == list(columns)
        assert sets[table]["key"] == {"@id": f"{table}/{next(iter(columns))}"}
    field = sets["visits"]["field"][4]
    assert field["references"] == {"field": {"@id": "vocabulary/visit_type/term"}}
    assert sets["vocabulary/visit_type"]["data"][0]["vocabulary/visit_type/term"] == "state"


@pytest.mark.skipif(not PYTHON.exists(), reason=f"mlcroissant is not installed in {PYTHON}")
def test_mlcroissant_accepts_it_and_reads_the_records(file: Path) -> None:
    wanted = [*TABLES, "vocabulary/visit_type"]
    done = subprocess.run(
        [str(PYTHON), "-c", PROGRAM, str(file), *wanted],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["errors"] == []
    assert said["warnings"] == [
        '[Metadata(example-est-isl)] Property "https://schema.org/datePublished" is recommended, '
        "but does not exist."
    ]
    records = said["records"]
    assert {table: len(records[table]) for table in TABLES} == {
        table: len(read_table(EXAMPLE_PACKAGE, table)) for table in TABLES
    }
    assert records["visits"][0]["visits/locations"] == ["Tallinn", "Tartu"]
    assert records["visits"][2]["visits/start_date"] == "2024-06~"
    assert records["sources"][0]["sources/char_length"] == 1067
    assert len(records["vocabulary/visit_type"]) == 8
