"""What holds of every export: it is checked first, written whole, and the same each time."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import get_args

import openpyxl
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from relations.cli import app as cli
from relations.schemas import dates
from relations.validators.atomic import AlreadyThere
from relations.validators.exporting.contents import first_day, last_day, layout
from relations.validators.exporting.export import HasErrors
from relations.validators.exporting.formats import FORMATS
from relations.validators.package.package import declared
from support.editing import EXAMPLE_PACKAGE
from support.exporting import exported, format_of, with_cells

NAMES = [each.name for each in FORMATS]
BROKEN = (
    ("visits", "V0001", "host_country", "XXX"),
    ("visits", "V0002", "visit_type", "pompous"),
    ("visits", "V0003", "start_date", "last summer"),
    ("visits", "V0004", "visit_id", "V0001"),
    ("agreements", "A0001", "number_of_instruments", "many"),
    ("terms", "T0001", "official_id", ""),
    ("terms", "T0003", "attested_dates", "2022-13;2022-05"),
    ("participants", "N0003", "engagement_id", "E9999"),
)


def digests(path: Path) -> dict[str, str]:
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in files}


def test_the_command_offers_every_format() -> None:
    assert [each.value for each in cli.ExportFormat] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_same_package_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    # One after the other, so that a clock in the bytes would show; the name is part of none.
    first = exported(name, tmp_path / "a" / "out")
    second = exported(name, tmp_path / "b" / "out")
    assert digests(first) == digests(second)


@pytest.mark.parametrize("name", NAMES)
def test_a_package_with_errors_is_refused_or_exported_as_it_is(name: str, tmp_path: Path) -> None:
    root = with_cells(tmp_path, *BROKEN)
    with pytest.raises(HasErrors, match=r"has \d+ errors and is not exported"):
        exported(name, tmp_path / "out", root)
    assert not (tmp_path / "out").exists()
    target = exported(name, tmp_path / "out", root, allow_errors=True)
    assert all(len(digest) == 64 for digest in digests(target).values())


@pytest.mark.parametrize("name", NAMES)
def test_an_export_that_is_there_is_replaced_only_with_force(name: str, tmp_path: Path) -> None:
    target = exported(name, tmp_path / "out")
    before = digests(target)
    with pytest.raises(AlreadyThere, match="--force replaces it"):
        exported(name, target)
    assert digests(exported(name, target, force=True)) == before


def test_a_missing_library_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name: None if name in ("xlsxwriter", "followthemoney") else found(name),
    )
    assert [each.missing for each in FORMATS if each.missing] == [
        "xlsx needs the library xlsxwriter: install bilateral-relations[xlsx]",
        "ftm needs the library followthemoney: install bilateral-relations[ftm]",
    ]
    done = CliRunner().invoke(cli.app, ["export", "xlsx", str(EXAMPLE_PACKAGE)])
    assert done.exit_code == 2
    assert done.stderr == (
        "relations: xlsx needs the library xlsxwriter: install bilateral-relations[xlsx]\n"
    )


def test_extras_are_those_of_the_project() -> None:
    import tomllib

    project = tomllib.loads(
        (EXAMPLE_PACKAGE.parent.parent.parent / "pyproject.toml").read_text("utf-8")
    )["project"]
    for each in FORMATS:
        if each.needs:
            wanted = project["optional-dependencies"][each.extra]
            assert [name.lower().startswith(each.needs) for name in wanted] == [True]


def test_the_command_writes_and_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = ["export", "panel", str(EXAMPLE_PACKAGE), "--as-of", "2026-01-01"]
    done = CliRunner().invoke(cli.app, arguments)
    assert (done.exit_code, done.stdout) == (0, "example-est-isl-1.0.0-panel\n")
    done = CliRunner().invoke(cli.app, arguments)
    assert done.exit_code == 2
    assert done.stderr == (
        "relations: example-est-isl-1.0.0-panel is there already; --force replaces it\n"
    )


def test_the_command_says_how_many_errors(tmp_path: Path) -> None:
    root = with_cells(tmp_path, ("visits", "V0001", "host_country", "XXX"))
    arguments = ["export", "sqlite", str(root), "--output", str(tmp_path / "out")]
    done = CliRunner().invoke(cli.app, [*arguments, "--as-of", "2026-01-01"])
    assert done.exit_code == 1
    assert done.stderr == (
        f"relations: {root / 'datapackage.json'} has 1 error and is not exported: "
        "see `relations check`, or give --allow-errors\n"
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["no-such-folder"], "relations: no such file or folder: no-such-folder\n"),
        ([str(EXAMPLE_PACKAGE), "--as-of", "soon"],
         "relations: --as-of takes a day such as 2026-01-31, not 'soon'\n"),
    ],
)  # fmt: skip
def test_wrong_usage(arguments: list[str], line: str) -> None:
    done = CliRunner().invoke(cli.app, ["export", "sqlite", *arguments])
    assert (done.exit_code, done.stderr) == (2, line)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    target = tmp_path / "none" / "out.sqlite"
    arguments = ["export", "sqlite", str(EXAMPLE_PACKAGE), "--output", str(target)]
    done = CliRunner().invoke(cli.app, [*arguments, "--as-of", "2026-01-01"])
    assert done.exit_code == 2
    assert done.stderr.startswith("relations: ")
    assert done.stderr.endswith(": No such file or directory\n")


def days(text: str | None) -> tuple[object, object]:
    frame = pl.DataFrame({"cell": [text]}, schema={"cell": pl.String})
    cell = pl.col("cell")
    return frame.select(first_day(cell).alias("first"), last_day(cell).alias("last")).row(0)


@settings(deadline=None)
@given(
    st.builds(
        lambda day, length, mark: day.isoformat()[:length] + mark,
        st.dates(min_value=dates.dt.date(1000, 1, 1)),
        st.sampled_from([4, 7, 10]),
        st.sampled_from(["", "?", "~", "%"]),
    )
)
@example("2024-02")
@example("1900-02")
@example("9999")
def test_the_two_days_of_a_date_are_those_that_it_may_mean(text: str) -> None:
    means = dates.parse(text)
    assert days(text) == (means.earliest, means.latest)


@pytest.mark.parametrize("text", [None, "..", "2023-02-29", "2023-13", "0999", "soon", "2023-1-1"])
def test_what_is_no_date_or_still_open_has_no_days(text: str | None) -> None:
    assert days(text) == (None, None)


def test_every_date_is_followed_by_its_two_days() -> None:
    for table, columns in declared().items():
        expected: list[str] = []
        for name, column in columns.items():
            expected.append(name)
            if column.kind in ("date", "dates"):
                expected += [f"{name}_earliest", f"{name}_latest"]
        assert [output.name for output in layout(table)] == expected
        assert len(set(expected)) == len(expected)
    assert layout("visits")[9].description == (
        "First day that start_date may mean; empty where that is empty or open."
    )


def test_formats_are_named_once() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert format_of("parquet").is_folder
    assert get_args(cli.PackagePath)


def test_a_number_that_cannot_be_read_is_kept_as_it_is(tmp_path: Path) -> None:
    large = 2**53 + 1
    root = with_cells(
        tmp_path,
        ("agreements", "A0001", "number_of_instruments", "twenty"),
        ("sources", "R0001", "char_length", str(large)),
    )
    written = {
        name: exported(name, tmp_path / f"out.{name}", root, allow_errors=True)
        for name in ("sqlite", "parquet", "xlsx", "croissant")
    }
    with closing(sqlite3.connect(written["sqlite"])) as database:
        numbers = database.execute("SELECT number_of_instruments FROM agreements").fetchall()
        assert numbers == [("twenty",), (1,), (1,)]
        assert database.execute("SELECT char_length FROM sources").fetchall() == [(large,)]
    for name in ("parquet", "croissant"):
        agreements = pl.read_parquet(written[name] / "agreements.parquet")
        assert agreements["number_of_instruments"].to_list() == ["twenty", "1", "1"]
        assert pl.read_parquet(written[name] / "sources.parquet")["char_length"].item() == large
    described = json.loads((written["croissant"] / "croissant.json").read_bytes())
    kinds = {
        each["@id"]: each.get("dataType")
        for part in described["recordSet"]
        for each in part["field"]
    }
    assert kinds["agreements/number_of_instruments"] == "sc:Text"
    assert kinds["sources/char_length"] == "sc:Integer"
    book = openpyxl.load_workbook(written["xlsx"])
    for sheet, column, first in (
        ("agreements", "number_of_instruments", "twenty"),
        ("sources", "char_length", str(large)),
    ):
        cell = next(each for each in book[sheet][1] if each.value == column)
        assert book[sheet].cell(2, cell.column).value == first
