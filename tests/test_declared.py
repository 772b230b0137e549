"""What is declared, as the models state it and as it is read where Pandera is not needed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from relations.schemas import declared
from relations.schemas.columns import Column
from relations.schemas.declared import DeclaredTable, declared_tables, serialized, stated_tables
from relations.validators.building.build import plan
from support.editing import EXAMPLE_PACKAGE

ROOT = Path(__file__).parent.parent
ONLY_OF_THE_MODELS = ("pandera", "pydantic", "typeguard", "pandas", "numpy", "frictionless")


def test_the_file_says_what_the_models_say() -> None:
    stated = stated_tables()
    assert declared.FILE.read_bytes() == serialized(stated), "run `relations build`"
    assert declared_tables() == stated
    for table, said in declared_tables().items():
        assert list(said.columns) == list(stated[table].columns)
    assert list(declared_tables()) == list(stated)


def test_nothing_of_a_column_is_lost_on_the_way() -> None:
    """Each field of a column that some model gives a value is in the file."""
    written = json.loads(declared.FILE.read_bytes())
    for table, stated in stated_tables().items():
        for name, column in stated.columns.items():
            said = {each: getattr(column, each) for each in Column.__dataclass_fields__}
            given = {
                each
                for each, value in said.items()
                if value is not None and value is not False and value != ()
            }
            assert set(written[table]["columns"][name]) == given


def test_build_writes_it_where_the_models_lie_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    root = tmp_path / "package"
    shutil.copytree(EXAMPLE_PACKAGE, root)
    (root / "schemas").mkdir()
    file = root / "schemas" / "declared.json"
    file.write_bytes(b"{}\n")
    assert "schemas/declared.json" not in [each.name for each in plan(root)]
    monkeypatch.setattr(declared, "FILE", file)
    monkeypatch.setattr(declared, "_TABLES", {"visits": DeclaredTable("Stale.", {})})
    found = next(each for each in plan(root) if each.name == "schemas/declared.json")
    assert (found.old, found.new) == (b"{}\n", serialized(stated_tables()))
    # What is derived in the same go is made of the models, not of the file as it was.
    assert [each.name for each in plan(root) if each.stale] == ["schemas/declared.json"]


def test_who_checks_a_package_does_not_wait_for_pandera() -> None:
    program = (
        "import sys\n"
        "from relations.cli.app import main\n"
        "sys.argv = ['relations', 'check', '--no-cache']\n"
        "try: main()\n"
        f"finally: print([name for name in {ONLY_OF_THE_MODELS!r} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=EXAMPLE_PACKAGE,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [
        "0 errors, 0 warnings in 13 tables, 128 rows; 79 of 79 spans verified",
        "[]",
    ]
