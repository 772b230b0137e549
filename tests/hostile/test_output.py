"""Text made to act, in a package and out again: every export and every view keeps it text.

The formats of reports have tests of their own, `test_hostile_text.py`, and so has the site, in
`test_site.py`: this is what leaves by the other doors.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
import sqlite3
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from test_export_croissant import needs_mlcroissant
from test_export_croissant import read as read_by_mlcroissant

from relations.cli.output.escaping import is_plain
from support.commands import Shell
from support.editing import EXAMPLE_PACKAGE, read_table, rebuild, write_table
from support.reports import HOSTILE_TEXTS

FORMULAS = ("=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "-2+3", '=HYPERLINK("http://x","y")')


def of_a_file(text: str) -> str:
    """What of a text can stand in a file of UTF-8, and comes back as it is out of CSV."""
    sound = "".join(each for each in text if not "\ud800" <= each <= "\udfff")
    return sound.replace("\r\n", "\n").strip("\n")


TEXTS = [of_a_file(text) for text in (*HOSTILE_TEXTS, *FORMULAS)]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with a visit for each text, which is its title and its note."""
    root = tmp_path_factory.mktemp("hostile") / "package"
    shutil.copytree(EXAMPLE_PACKAGE, root)
    visits = read_table(root, "visits")
    start = dt.date(2022, 1, 1)
    visits += [
        {
            **dict.fromkeys(visits[0], ""),
            "visit_id": f"V{number:04}",
            "title": text,
            "visiting_country": "ISL",
            "host_country": "EST",
            "start_date": (start + dt.timedelta(days=number)).isoformat(),
            "status": "held",
            "note": text,
        }
        for number, text in enumerate(TEXTS, start=5)
    ]
    write_table(root, "visits", visits)
    descriptor = root / "datapackage.json"
    content = json.loads(descriptor.read_text("utf-8"))
    content |= {"title": TEXTS[5], "description": TEXTS[7]}
    descriptor.write_text(json.dumps(content), "utf-8")
    rebuild(root)
    return root


@pytest.fixture
def shell(package: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(package, monkeypatch)


def exported(shell: Shell, kind: str, name: str, folder: Path) -> Path:
    path = folder / name
    done = shell("export", kind, "--allow-errors", "--output", str(path))
    assert done.code == 0, done.err
    return path


def titles(package: Path) -> list[str]:
    with (package / "datapackage" / "visits.csv").open(encoding="utf-8", newline="") as file:
        return [row["title"] for row in csv.DictReader(file)]


def test_sqlite_has_the_very_texts(shell: Shell, package: Path, tmp_path: Path) -> None:
    path = exported(shell, "sqlite", "a.sqlite", tmp_path)
    with sqlite3.connect(path) as database:
        found = [row[0] for row in database.execute("select title from visits order by visit_id")]
        tables = {row[0] for row in database.execute("select name from sqlite_master")}
    database.close()
    assert found == titles(package)
    assert "visits" in tables


def test_parquet_has_the_very_texts(shell: Shell, package: Path, tmp_path: Path) -> None:
    folder = exported(shell, "parquet", "a", tmp_path)
    assert pl.read_parquet(folder / "visits.parquet")["title"].to_list() == titles(package)


def test_a_sheet_has_texts_and_no_formula(shell: Shell, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(exported(shell, "xlsx", "a.xlsx", tmp_path))
    kinds = {cell.data_type for row in book["visits"].iter_rows() for cell in row}
    assert kinds <= {"s", "n", "d"}
    assert [cell for row in book["visits"].iter_rows() for cell in row if cell.hyperlink] == []
    values = [row[1].value for row in book["visits"].iter_rows(min_row=2)]
    assert set(FORMULAS) <= set(values)


def test_linked_data_is_json_with_the_very_texts(
    shell: Shell, package: Path, tmp_path: Path
) -> None:
    text = exported(shell, "jsonld", "a.json", tmp_path).read_text("utf-8")
    # It may be put into a page as it stands.
    assert "</script" not in text.lower()
    content = json.loads(text)
    assert set(titles(package)) <= set(strings(content))


def test_croissant_is_json(shell: Shell, tmp_path: Path) -> None:
    path = exported(shell, "croissant", "a", tmp_path)
    files = [path] if path.is_file() else sorted(path.rglob("*.json"))
    assert files
    for each in files:
        assert TEXTS[7] in set(strings(json.loads(each.read_text("utf-8"))))


@needs_mlcroissant
def test_mlcroissant_reads_the_very_texts(shell: Shell, package: Path, tmp_path: Path) -> None:
    read = read_by_mlcroissant(exported(shell, "croissant", "a", tmp_path), "visits")
    assert read["errors"] == []
    assert [each["visits/title"] for each in read["records"]["visits"]] == titles(package)


def test_followthemoney_reads_the_texts(shell: Shell, tmp_path: Path) -> None:
    model = pytest.importorskip(
        "followthemoney", reason="the extra `ftm` is not installed: no followthemoney"
    ).model
    path = exported(shell, "ftm", "a.ftm.json", tmp_path)
    # One line is one entity, whatever the texts have in them.
    lines = path.read_bytes().decode("utf-8").removesuffix("\n").split("\n")
    names = [
        name
        for line in lines
        for name in model.get_proxy(json.loads(line)).to_full_dict()["properties"].get("name", [])
    ]
    assert all(each == " ".join(each.split()) for each in names)
    assert set(FORMULAS) <= set(names)


def test_a_panel_counts_them(shell: Shell, tmp_path: Path) -> None:
    folder = exported(shell, "panel", "a", tmp_path)
    years = pl.read_csv(next(folder.glob("*year*.csv")), infer_schema=False)
    assert years.height > 0
    assert not {"<script>window.hurt = 1</script>"} & set(years.columns)


def strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [each for inner in value.values() for each in strings(inner)]
    if isinstance(value, list):
        return [each for inner in value for each in strings(inner)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("asked", [("full",), ("json",), ("markdown",)])
def test_a_view_of_a_row_acts_on_nothing(asked: tuple[str], shell: Shell) -> None:
    for number in range(5, 5 + len(TEXTS)):
        arguments = () if asked == ("full",) else ("--output-format", *asked)
        done = shell("trace", f"V{number:04}", *arguments)
        assert done.code == 0, done.err
        assert {each for each in done.out if not is_plain(each)} - {"\n"} == set()
        assert not [line for line in done.out.splitlines() if line.lstrip().startswith("::")]
        if asked == ("json",):
            assert json.loads(done.out)


@pytest.mark.parametrize("asked", ["full", "json", "markdown"])
def test_a_difference_acts_on_nothing(asked: str, shell: Shell) -> None:
    done = shell("diff", str(EXAMPLE_PACKAGE), ".", "--output-format", asked)
    assert done.code in (0, 1), done.err
    assert {each for each in done.out if not is_plain(each)} - {"\n"} == set()
    assert not [line for line in done.out.splitlines() if line.lstrip().startswith("::")]
    assert "##[" not in done.out
