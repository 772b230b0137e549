"""Tables packed with gzip or in Parquet: the same findings as of the CSV files."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from relations.schemas.tables import TABLES
from relations.validators.building.resources import rebuilt, serialized
from relations.validators.check import check
from relations.validators.example import Expect
from relations.validators.finding import Finding, Location, Report
from relations.validators.package.limits import BeyondLimit
from support.commands import Shell
from support.editing import EXAMPLE_PACKAGE

AS_OF = dt.date(2026, 1, 1)
THIRTY = EXAMPLE_PACKAGE.parent / "thirty"
FORMS = ("gzip", "parquet", "mixed")
ENDINGS = {"csv": "csv", "gzip": "csv.gz", "parquet": "parquet"}


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path, monkeypatch)


def form_of(table: str, form: str) -> str:
    if form != "mixed":
        return form
    return ("csv", "gzip", "parquet")[list(TABLES).index(table) % 3]


def converted(source: Path, target: Path, form: str) -> Path:
    """A copy of a package with its tables in another form, and a descriptor that says so."""
    shutil.copytree(source, target)
    for table in TABLES:
        path = target / "datapackage" / f"{table}.csv"
        kind = form_of(table, form)
        if kind == "gzip":
            path.with_name(f"{table}.csv.gz").write_bytes(gzip.compress(path.read_bytes()))
        elif kind == "parquet":
            pl.read_csv(path, infer_schema=False).write_parquet(path.with_suffix(".parquet"))
        if kind != "csv":
            path.unlink()
    described(target, form)
    return target


def described(root: Path, form: str) -> None:
    names = {t: f"datapackage/{t}.{ENDINGS[form_of(t, form)]}" for t in TABLES}
    path = root / "datapackage.json"
    files = {table: (name, (root / name).read_bytes()) for table, name in names.items()}
    path.write_bytes(serialized(rebuilt(json.loads(path.read_bytes()), files)))


def checked(root: Path) -> Report:
    return check(root, as_of=AS_OF, seeds=EXAMPLE_PACKAGE / "seeds")


def without_places(finding: Finding) -> Finding:
    """A finding without what depends on the form of the file."""
    message = finding.message
    if finding.location.line is None and finding.key:
        message = message.removeprefix(f"{finding.key}: ")
    nowhere = Location("", None, None, None)
    return replace(
        finding,
        message=message.replace("in row 3", "on line 4"),
        location=nowhere,
        related=tuple(nowhere for _ in finding.related),
        excerpt=None,
        fixable=False,
    )


@pytest.mark.parametrize("form", FORMS)
def test_the_example_is_clean_in_every_form(form: str, tmp_path: Path) -> None:
    report = checked(converted(EXAMPLE_PACKAGE, tmp_path / "package", form))
    assert report.findings == ()
    assert report.failures == ()
    assert report.skipped == ()
    assert report.row_counts == checked(EXAMPLE_PACKAGE).row_counts


@pytest.mark.parametrize("form", FORMS)
def test_the_thirty_are_found_in_every_form(form: str, tmp_path: Path) -> None:
    found = checked(converted(THIRTY, tmp_path / "package", form))
    expected = checked(THIRTY)
    assert found.failures == ()
    assert found.spans == expected.spans
    assert sorted(map(str, map(without_places, found.findings))) == sorted(
        map(str, map(without_places, expected.findings))
    )
    for finding in found.findings:
        if finding.location.file.endswith(".parquet"):
            assert finding.location.line is None
            assert finding.excerpt is None
            assert finding.message.startswith(f"{finding.key}: ")
            assert not finding.fixable
        elif finding.location.file.endswith(".csv.gz"):
            assert finding.location.line is not None
            assert finding.excerpt is not None
            assert not finding.fixable


def test_what_is_not_ascii_is_looked_at_in_parquet_too(tmp_path: Path) -> None:
    root = converted(EXAMPLE_PACKAGE, tmp_path / "package", "parquet")
    path = root / "datapackage" / "statements.parquet"
    notes = ["one\u0301", "soft\u00adhyphen", " space"]
    frame = pl.read_parquet(path)
    extended = pl.concat(
        [
            frame.with_columns(
                statement_id=pl.lit(f"X000{3 + index}"),
                note=pl.lit(note),
                summary=pl.lit(f"Something else {index}."),
            ).head(1)
            for index, note in enumerate(notes)
        ]
    )
    pl.concat([frame, extended]).write_parquet(path)
    described(root, "parquet")
    found = [(each.code, each.key, each.value) for each in checked(root).findings]
    assert sorted(each for each in found if each[0] != "uncited-row") == [
        ("invisible-character", "X0004", notes[1]),
        ("not-nfc", "X0003", notes[0]),
        ("stray-space", "X0005", notes[2]),
    ]


def test_numbers_days_and_lists_are_read_as_text(tmp_path: Path) -> None:
    root = converted(EXAMPLE_PACKAGE, tmp_path / "package", "parquet")
    folder = root / "datapackage"
    evidence = pl.read_parquet(folder / "evidence.parquet")
    evidence.with_columns(pl.col("char_start", "char_end").cast(pl.Int32)).write_parquet(
        folder / "evidence.parquet"
    )
    visits = pl.read_parquet(folder / "visits.parquet")
    engagements = pl.read_parquet(folder / "engagements.parquet")
    visits.with_columns(pl.col("locations").str.split(";")).write_parquet(folder / "visits.parquet")
    engagements.with_columns(pl.col("date").str.to_date("%Y-%m-%d")).write_parquet(
        folder / "engagements.parquet"
    )
    described(root, "parquet")
    assert checked(root).findings == ()


@pytest.mark.parametrize(
    ("column", "kind"), [("number_of_instruments", pl.Float64), ("note", pl.Binary)]
)
def test_other_types_are_refused_in_one_finding(
    column: str, kind: type[pl.DataType], tmp_path: Path
) -> None:
    root = converted(EXAMPLE_PACKAGE, tmp_path / "package", "parquet")
    path = root / "datapackage" / "agreements.parquet"
    pl.read_parquet(path).with_columns(pl.col(column).cast(kind)).write_parquet(path)
    described(root, "parquet")
    (finding,) = checked(root).findings
    assert (finding.code, finding.location.file) == (
        "unreadable-file",
        "datapackage/agreements.parquet",
    )
    assert finding.message == (
        f"the file of agreements has in its column `{column}` values of the type {kind()}: "
        "text, whole numbers, days and lists of text are read"
    )


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("gzip", b"visit_id,title\n"),
        ("gzip", gzip.compress(b"visit_id,title\n")[:-6]),
        ("parquet", b"visit_id,title\n"),
        ("parquet", b"PAR1 nothing PAR1"),
        ("parquet", b""),
    ],
)
def test_what_is_not_what_its_name_says_is_one_finding(
    form: str, content: bytes, tmp_path: Path
) -> None:
    root = converted(EXAMPLE_PACKAGE, tmp_path / "package", form)
    name = f"datapackage/visits.{ENDINGS[form]}"
    (root / name).write_bytes(content)
    report = checked(root)
    assert [(each.code, each.location.file) for each in report.findings] == [
        ("unreadable-file", name)
    ]
    assert report.failures == ()


@pytest.mark.parametrize("form", ["gzip", "parquet"])
def test_a_column_that_nobody_knows_is_found(form: str, tmp_path: Path) -> None:
    root = tmp_path / "source"
    shutil.copytree(EXAMPLE_PACKAGE, root)
    path = root / "datapackage" / "statements.csv"
    path.write_bytes(path.read_bytes().replace(b",topic,", b",theme,", 1))
    report = checked(converted(root, tmp_path / "package", form))
    found = [Expect(each.location.file, each.location.line, each.field) for each in report.findings]
    line = 1 if form == "gzip" else None
    assert found == [Expect(f"datapackage/statements.{ENDINGS[form]}", line, "theme")]


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
    root = converted(EXAMPLE_PACKAGE, tmp_path / "package", "gzip")
    bomb = gzip.compress(b"visit_id" + b"," * 40_000_000)
    (root / "datapackage" / "visits.csv.gz").write_bytes(bomb)
    with pytest.raises(BeyondLimit, match=r"visits\.csv\.gz would unpack to more times its size"):
        checked(root)
    monkeypatch.setenv("RELATIONS_MAX_FILE", "1M")
    with pytest.raises(BeyondLimit, match=r"visits\.csv\.gz would unpack to more than 1 MiB"):
        checked(root)
    stopped = shell("check", str(root))
    assert (stopped.code, stopped.out) == (2, "")


def test_a_bomb_in_parquet_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = converted(EXAMPLE_PACKAGE, tmp_path / "package", "parquet")
    path = root / "datapackage" / "statements.parquet"
    frame = pl.read_parquet(path)
    pl.concat([frame] * 50_000).with_columns(note=pl.lit("x" * 400)).write_parquet(path)
    with pytest.raises(BeyondLimit, match=r"statements\.parquet would unpack to more times its"):
        checked(root)
    monkeypatch.setenv("RELATIONS_MAX_FILE", "500K")
    with pytest.raises(BeyondLimit, match=r"statements\.parquet would unpack to more than 500 KiB"):
        checked(root)


@pytest.mark.parametrize("form", ["gzip", "parquet"])
def test_such_files_are_not_rewritten(form: str, tmp_path: Path, shell: Shell) -> None:
    root = converted(THIRTY, tmp_path / "package", form)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    fixed = shell("check", str(root), "--fix", "--as-of", "2026-01-01", "--no-progress")
    assert fixed.code == 1
    assert {path: path.read_bytes() for path in before} == before


def test_build_keeps_the_form(tmp_path: Path, shell: Shell) -> None:
    root = converted(EXAMPLE_PACKAGE, tmp_path / "package", "mixed")
    before = (root / "datapackage.json").read_bytes()
    assert shell("build", str(root)).code == 0
    assert (root / "datapackage.json").read_bytes() == before
    content = json.loads(before)
    kinds = {each["path"].partition(".")[2]: each for each in content["resources"]}
    packed, parquet = kinds["csv.gz"], kinds["parquet"]
    assert (packed["format"], packed["mediatype"], packed["compression"]) == (
        "csv",
        "text/csv",
        "gz",
    )
    assert packed["bytes"] == len((root / packed["path"]).read_bytes())
    assert (parquet["format"], parquet["mediatype"]) == (
        "parquet",
        "application/vnd.apache.parquet",
    )
    assert "encoding" not in parquet


def test_a_changed_file_makes_the_descriptor_stale(tmp_path: Path) -> None:
    root = converted(EXAMPLE_PACKAGE, tmp_path / "package", "mixed")
    for path in (root / "datapackage").glob("organizations.*"):
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        assert path.suffix in (".gz", ".csv", ".parquet")
        if path.suffix == ".gz":
            path.write_bytes(gzip.compress(data, compresslevel=1))
        elif path.suffix == ".parquet":
            pl.read_parquet(path).write_parquet(path, compression="snappy")
    assert [each.code for each in checked(root).findings] == ["descriptor-stale"]


def test_a_second_table_beside_the_listed_one_is_found(tmp_path: Path) -> None:
    root = converted(EXAMPLE_PACKAGE, tmp_path / "package", "gzip")
    shutil.copy(root / "datapackage/visits.csv.gz", root / "datapackage/visits 2.csv.gz")
    found = [(each.code, each.location.file) for each in checked(root).findings]
    assert found == [("unlisted-file", "datapackage/visits 2.csv.gz")]


@pytest.mark.parametrize("form", FORMS)
def test_editions_of_different_forms_are_compared(form: str, tmp_path: Path, shell: Shell) -> None:
    root = converted(EXAMPLE_PACKAGE, tmp_path / "package", form)
    said = shell("diff", str(EXAMPLE_PACKAGE), str(root), "--output-format", "json")
    compared = json.loads(said.out)
    assert all(not each.get("rows") for each in compared["tables"])
