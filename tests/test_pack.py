"""A release: clean, complete, the same bytes each time, and never a source's text."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from frictionless import system, validate
from typer.testing import CliRunner

from relations.cli.app import app
from relations.schemas.tables import TABLES
from relations.validators.check import check
from relations.validators.finding import Severity
from relations.validators.package.files import NotAPackage
from relations.validators.packing.archive import zipped
from relations.validators.packing.release import NotFit, Release, pack
from relations.validators.stop import CannotDo
from support.editing import EXAMPLE_PACKAGE, read_table, rebuild, write_table
from support.exporting import AS_OF, with_cells

SEEDS = EXAMPLE_PACKAGE / "seeds"
TABLE_FILES = [f"datapackage/{table}.csv" for table in TABLES]


def complete(folder: Path) -> Path:
    """A copy of the example package with all that a release may hold."""
    root = with_cells(folder)
    for name in ("LICENSE", "LICENSE-DATA.txt", "CITATION.cff", "README.md", "CHANGELOG.md"):
        (root / name).write_text(f"{name}\n")
    (root / "seeds" / "R0001.md").write_text("What was taken from R0001, and what was not.\n")
    (root / "notes.txt").write_text("not for release\n")
    return root


def packed(root: Path, target: Path, **options: object) -> Release:
    target.parent.mkdir(parents=True, exist_ok=True)
    return pack(root, target, seeds=SEEDS, as_of=AS_OF, **options)


def set_version(root: Path, version: str, **more: object) -> None:
    path = root / "datapackage.json"
    descriptor = json.loads(path.read_bytes()) | {"version": version} | more
    path.write_text(json.dumps(descriptor))
    built(root)


def built(root: Path) -> None:
    """Bring the descriptor and the codebook up to date."""
    from relations.validators.building.build import plan

    for derived in plan(root):
        derived.path.write_bytes(derived.new)


def test_what_is_in_it_and_in_which_order(tmp_path: Path) -> None:
    release = packed(complete(tmp_path), tmp_path / "out.zip")
    assert list(release.files) == [
        "datapackage.json",
        *sorted(
            ["CHANGELOG.md", "CITATION.cff", "LICENSE-DATA.txt", "README.md",
             "datapackage/LICENSE", "datapackage/codebook.md", "seeds/R0001.md", *TABLE_FILES]
        ),
        "SHA256SUMS",
    ]  # fmt: skip
    with zipfile.ZipFile(release.path) as archive:
        assert archive.namelist() == list(release.files)
        for info in archive.infolist():
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert (info.create_system, info.external_attr >> 16) == (3, 0o100644)
            assert (info.extra, info.compress_type) == (b"", zipfile.ZIP_DEFLATED)
    data = release.path.read_bytes()
    assert (release.size, release.sha256) == (len(data), hashlib.sha256(data).hexdigest())


def test_a_plain_licence_at_the_root_is_that_of_the_data_where_the_descriptor_says_so(
    tmp_path: Path,
) -> None:
    root = complete(tmp_path)
    set_version(root, "1.0.0", licenses=[{"name": "CC0-1.0", "path": "LICENSE"}])
    release = packed(root, tmp_path / "out.zip", allow_warnings=True)
    licences = [name for name in release.files if "LICENSE" in name]
    assert licences == ["LICENSE", "LICENSE-DATA.txt", "datapackage/LICENSE"]


def test_the_checksums_are_those_of_the_files(tmp_path: Path) -> None:
    release = packed(complete(tmp_path), tmp_path / "out.zip")
    with zipfile.ZipFile(release.path) as archive:
        archive.extractall(tmp_path / "unpacked")
    if sys.platform == "linux":
        done = subprocess.run(
            ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"],
            cwd=tmp_path / "unpacked", capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    lines = (tmp_path / "unpacked" / "SHA256SUMS").read_text().splitlines()
    assert [line.split("  ")[1] for line in lines] == sorted(set(release.files) - {"SHA256SUMS"})


def test_two_folders_and_two_clocks_give_the_same_bytes(tmp_path: Path) -> None:
    first = complete(tmp_path / "a")
    second = complete(tmp_path / "somewhere" / "else")
    for path in second.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
        path.chmod(0o700)
    a = packed(first, tmp_path / "a.zip").path.read_bytes()
    # Another process, another time zone, another hash seed, another file mask.
    program = (
        "import datetime, os, sys, pathlib\n"
        "os.umask(0o077)\n"
        "from relations.validators.packing.release import pack\n"
        "root, target, seeds = map(pathlib.Path, sys.argv[1:])\n"
        "pack(root, target, seeds=seeds, as_of=datetime.date(2026, 1, 1))\n"
    )
    subprocess.run(
        [sys.executable, "-c", program, str(second), str(tmp_path / "b.zip"), str(SEEDS)],
        env=os.environ | {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7"},
        check=True,
    )
    assert (tmp_path / "b.zip").read_bytes() == a


def test_check_and_frictionless_pass_on_it(tmp_path: Path) -> None:
    release = packed(complete(tmp_path), tmp_path / "out.zip")
    report = check(release.path, as_of=AS_OF)
    assert report.failures == ()
    assert [(each.code, each.severity) for each in report.findings] == [
        ("source-text-absent", Severity.INFO)
    ]
    assert report.spans.unverified == report.spans.cited == 79
    with zipfile.ZipFile(release.path) as archive:
        archive.extractall(tmp_path / "unpacked")
    with system.use_context(trusted=True):
        said = validate(str(tmp_path / "unpacked" / "datapackage.json"))
    assert said.valid, said.to_summary()
    assert len(said.tasks) == len(TABLES)


def test_the_text_of_a_source_stays_out_under_any_name(tmp_path: Path) -> None:
    root = complete(tmp_path)
    shutil.copy(SEEDS / "R0001.txt", root / "seeds" / "copy.md")
    release = packed(root, tmp_path / "out.zip")
    assert "seeds/copy.md" not in release.files
    text = (SEEDS / "R0001.txt").read_bytes()
    with zipfile.ZipFile(release.path) as archive:
        assert not any(text[:200] in archive.read(name) for name in archive.namelist())


def test_a_text_stays_out_though_it_was_edited_since(tmp_path: Path) -> None:
    root = complete(tmp_path)
    text = (SEEDS / "R0001.txt").read_bytes()
    (root / "seeds" / "Told.md").write_bytes(text + b"edited since\n")
    seeds = tmp_path / "held"
    seeds.mkdir()
    (seeds / "told.md").write_bytes(text)
    rows = read_table(root, "sources")
    write_table(root, "sources", [row | {"file": "told.md"} for row in rows])
    built(root)
    release = pack(root, tmp_path / "out.zip", seeds=seeds, as_of=AS_OF)
    assert [name for name in release.files if name.startswith("seeds/")] == ["seeds/R0001.md"]


def test_a_package_that_is_not_clean_is_refused(tmp_path: Path) -> None:
    root = with_cells(tmp_path, ("visits", "V0001", "host_country", "XXX"))
    with pytest.raises(NotFit, match=r"has 1 error and is not released: see `relations check`"):
        packed(root, tmp_path / "out.zip")
    assert not (tmp_path / "out.zip").exists()


def test_warnings_are_refused_unless_allowed(tmp_path: Path) -> None:
    # A source that nothing cites.
    root = with_cells(tmp_path)
    rows = read_table(root, "sources")
    rows.append(dict.fromkeys(rows[0], "") | {"source_id": "R0002", "title": "Another"})
    write_table(root, "sources", rows)
    built(root)
    report = check(root, seeds=SEEDS, as_of=AS_OF)
    assert [each.severity for each in report.findings] == [Severity.WARNING]
    with pytest.raises(NotFit, match="has 1 warning and is not released"):
        packed(root, tmp_path / "out.zip")
    assert packed(root, tmp_path / "out.zip", allow_warnings=True).size > 0


def test_what_is_derived_must_be_up_to_date(tmp_path: Path) -> None:
    root = complete(tmp_path)
    (root / "datapackage" / "codebook.md").unlink()
    with pytest.raises(NotFit) as refused:
        packed(root, tmp_path / "out.zip")
    assert str(refused.value) == "datapackage/codebook.md is stale: run `relations build`"


def test_a_zip_is_packed_already(tmp_path: Path) -> None:
    release = packed(complete(tmp_path), tmp_path / "out.zip")
    with pytest.raises(CannotDo, match="a zip is packed already"):
        packed(release.path, tmp_path / "again.zip")


def add_country(root: Path) -> None:
    rows = read_table(root, "countries")
    rows.append(dict.fromkeys(rows[0], "") | {
        "country": "SWE", "name": "Sweden", "iso2": "SE", "iso_numeric": "752",
        "cow_code": "380", "gw_code": "380",
    })  # fmt: skip
    write_table(root, "countries", sorted(rows, key=lambda row: row["country"]))


def drop_participant(root: Path) -> None:
    for table, column in (("participants", "participant_id"), ("evidence", "row_id")):
        rows = read_table(root, table)
        write_table(root, table, [row for row in rows if row[column] != "N0014"])


def another_statement(root: Path) -> None:
    rows = read_table(root, "statements")
    rows[1] |= {"topic": "elections", "summary": "Nobody in Akureyri voted on that."}
    write_table(root, "statements", rows)


def correct_a_note(root: Path) -> None:
    rows = read_table(root, "visits")
    rows[0]["note"] = "Corrected."
    write_table(root, "visits", rows)


@pytest.mark.parametrize(
    ("change", "now", "refusal"),
    [
        (correct_a_note, "1.1.0", ""),
        (add_country, "1.1.0", ""),
        (add_country, "2.0.0", ""),
        (drop_participant, "2.0.0", ""),
        (add_country, "1.0.1", "a minor step from 1.0.0 leads to 1.1.0; 1.0.1 does not go far"),
        (drop_participant, "1.1.0", "a major step from 1.0.0 leads to 2.0.0; 1.1.0 does not go"),
        (correct_a_note, "1.0.0", "a minor step from 1.0.0 leads to 1.1.0; 1.0.0 is still that"),
        (correct_a_note, "0.9.0", "0.9.0 goes back behind 1.0.0"),
        (correct_a_note, "next", "the new version, next, is none"),
    ],
)
def test_the_version_follows_the_changes(
    change: object, now: str, refusal: str, tmp_path: Path
) -> None:
    root = complete(tmp_path)
    old = packed(root, tmp_path / "old.zip")
    assert callable(change)
    change(root)
    rebuild(root)
    set_version(root, now)
    options = {"previous": old.path, "allow_warnings": True}
    if not refusal:
        assert packed(root, tmp_path / "new.zip", **options).size > 0
        return
    with pytest.raises(NotFit, match=refusal):
        packed(root, tmp_path / "new.zip", **options)
    assert not (tmp_path / "new.zip").exists()


def test_the_last_release_must_be_one_of_this_package(tmp_path: Path) -> None:
    root = complete(tmp_path)
    old = packed(root, tmp_path / "old.zip")
    set_version(root, "1.0.1", name="another")
    with pytest.raises(NotFit, match="is a release of example-est-isl, not of another"):
        packed(root, tmp_path / "new.zip", previous=old.path)
    (tmp_path / "no.zip").write_bytes(b"no zip")
    for name, refusal in (("no.zip", "is no zip that can be read"), ("none.zip", "no such file")):
        with pytest.raises(NotAPackage, match=refusal):
            packed(root, tmp_path / "new.zip", previous=tmp_path / name)


def test_an_id_is_not_used_again(tmp_path: Path) -> None:
    root = complete(tmp_path)
    old = packed(root, tmp_path / "old.zip")
    another_statement(root)
    rebuild(root)
    set_version(root, "2.0.0")
    with pytest.raises(NotFit, match=r"1 id stands for something else than in .*old\.zip"):
        packed(root, tmp_path / "new.zip", previous=old.path, allow_warnings=True)


def test_a_zip_of_the_same_files_is_the_same() -> None:
    files = {"b": b"2" * 1000, "a": b"", "ä/c": b"3"}
    assert zipped(files) == zipped(files)
    with zipfile.ZipFile(io.BytesIO(zipped(files))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files
        assert archive.namelist() == list(files)


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = complete(tmp_path)
    monkeypatch.chdir(tmp_path)
    arguments = ["pack", str(root), "--as-of", "2026-01-01", "--seeds", str(SEEDS)]
    done = CliRunner().invoke(app, arguments)
    data = (tmp_path / "example-est-isl-1.0.0.zip").read_bytes()
    assert (done.exit_code, done.stdout) == (
        0,
        f"example-est-isl-1.0.0.zip: 22 files, {len(data)} bytes, "
        f"sha256:{hashlib.sha256(data).hexdigest()}\n",
    )
    done = CliRunner().invoke(app, arguments)
    assert (done.exit_code, done.stderr) == (
        2, "relations: example-est-isl-1.0.0.zip is there already; --force replaces it\n",
    )  # fmt: skip
    (root / "README.md").write_text("<!-- relations:tables -->\n<!-- /relations:tables -->\n")
    done = CliRunner().invoke(app, [*arguments, "--force"])
    assert (done.exit_code, done.stderr) == (
        1, "relations: README.md is stale: run `relations build`\n",
    )  # fmt: skip
