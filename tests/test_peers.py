"""Other tools agree: frictionless and dplib on good packages, frictionless on bad ones."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from relations.validators.check import check
from relations.validators.example import Cell, Edit, Example, Remove, Replace, Row
from support.editing import EXAMPLE_PACKAGE, edited

ROOT = Path(__file__).parent.parent
PACKAGES = [
    pytest.param(EXAMPLE_PACKAGE, id="example"),
    pytest.param(ROOT, id="azerbaijan-belarus"),
]


def frictionless_errors(root: Path) -> set[tuple[str, int | None]]:
    """What `frictionless validate` says: file and row number of each error."""
    done = subprocess.run(
        [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    report = json.loads(done.stdout)
    found: set[tuple[str, int | None]] = {("datapackage.json", None) for _ in report["errors"]}
    for task in report["tasks"]:
        found |= {(task["place"], error.get("rowNumber")) for error in task["errors"]}
    assert report["valid"] is not bool(found)
    return found


@pytest.mark.parametrize("root", PACKAGES)
def test_frictionless_calls_it_valid(root: Path) -> None:
    assert frictionless_errors(root) == set()


@pytest.mark.parametrize("root", PACKAGES)
def test_dplib_reads_the_descriptor(root: Path) -> None:
    with warnings.catch_warnings():
        # Its models have a field named `schema`, of which pydantic complains.
        warnings.simplefilter("ignore")
        from dplib.models import Package

        package = Package.from_path(str(root / "datapackage.json"))
    assert [resource.name for resource in package.resources] == [
        each["name"] for each in json.loads((root / "datapackage.json").read_bytes())["resources"]
    ]
    visits = package.get_resource(name="visits")
    assert visits is not None
    schema = visits.get_schema()
    assert schema is not None
    assert schema.primaryKey == ["visit_id"]
    assert schema.fieldsMatch == "exact"


BOTH_SEE: list[tuple[str, tuple[Edit, ...]]] = [
    ("required", (Cell("visits", "V0001", "title", ""),)),
    ("vocabulary", (Cell("visits", "V0001", "visit_type", "State"),)),
    ("pattern", (Cell("visits", "V0001", "start_date", "18/02/2025"),)),
    ("calendar", (Cell("visits", "V0001", "start_date", "2022-02-30"),)),
    ("integer", (Cell("agreements", "A0001", "number_of_instruments", "two"),)),
    ("minimum", (Cell("agreements", "A0001", "number_of_instruments", "0"),)),
    ("reference", (Cell("visits", "V0001", "host_country", "LVA"),)),
    ("reference to its own table", (Cell("visits", "V0004", "parent_id", "V0099"),)),
    ("key", (Row("countries", {"country": "EST", "name": "Estonia"}),)),
    (
        "ragged",
        (Replace("datapackage/visits.csv", b"State visit to Estonia", b"State visit, to Estonia"),),
    ),
    ("header", (Replace("datapackage/visits.csv", b"visit_id,title", b"visit_id,titel"),)),
    ("missing file", (Remove("datapackage/visits.csv"),)),
    ("blank row", (Replace("datapackage/visits.csv", b"\nV0002", b"\n\nV0002"),)),
]


@pytest.mark.parametrize("edits", [pytest.param(each, id=name) for name, each in BOTH_SEE])
def test_frictionless_and_we_agree_that_it_is_bad(edits: tuple[Edit, ...], tmp_path: Path) -> None:
    removes = any(isinstance(edit, Remove) for edit in edits)
    root = edited(Example(edits, built=not removes), tmp_path)
    report = check(root, seeds=root / "seeds")
    assert report.failures == ()
    ours = {finding.location.file for finding in report.findings}
    theirs = {file for file, _ in frictionless_errors(root)}
    assert ours
    assert theirs
    assert ours & theirs


def test_frictionless_finds_nothing_in_what_is_good(tmp_path: Path) -> None:
    edit = Cell("terms", "T0001", "role", "head_of_state;head_of_government")
    root = edited(Example((edit,)), tmp_path)
    assert frictionless_errors(root) == set()
