"""A package in a zip is checked like a folder."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from relations.validators.check import check
from relations.validators.package.files import Files, Folder, Unreadable, UnsafePath
from relations.validators.package.zipped import Zip
from support.commands import Shell
from support.editing import EXAMPLE_PACKAGE
from support.zips import made, package


@pytest.mark.parametrize("top", ["", "example-1.0.0/"])
def test_a_zip_is_checked_like_its_folder(top: str, tmp_path: Path) -> None:
    path = tmp_path / "example.zip"
    path.write_bytes(made(lambda archive: package(archive, top)))
    report = check(path)
    (tmp_path / "none").mkdir()
    folder = check(EXAMPLE_PACKAGE, seeds=tmp_path / "none")
    assert [(each.code, each.location) for each in report.findings] == [
        (each.code, each.location) for each in folder.findings
    ]
    assert report.row_counts == folder.row_counts
    assert report.path == str(path)
    assert report.failures == report.skipped == ()
    verified = check(path, seeds=EXAMPLE_PACKAGE / "seeds")
    assert verified.findings == ()
    assert verified.spans.verified == verified.spans.cited


def test_a_finding_in_a_zip_has_its_place(tmp_path: Path) -> None:
    def broken(archive: zipfile.ZipFile) -> None:
        for path in sorted(EXAMPLE_PACKAGE.rglob("*")):
            if path.is_file():
                data = path.read_bytes()
                if path.name == "visits.csv":
                    data = data.replace(b"2022-05-12,Tallinn", b"2022-05-09,Tallinn")
                archive.writestr(f"top/{path.relative_to(EXAMPLE_PACKAGE).as_posix()}", data)

    path = tmp_path / "example.zip"
    path.write_bytes(made(broken))
    [found] = [each for each in check(path).findings if each.code == "end-before-start"]
    assert (found.location.file, found.location.line) == ("datapackage/visits.csv", 2)


def test_the_same_files_are_seen_in_a_zip_and_in_its_folder() -> None:
    folder: Files = Folder(EXAMPLE_PACKAGE)
    archive: Files = Zip(made(lambda archive: package(archive, "top/")), "example.zip")
    assert archive.names_in("datapackage") == folder.names_in("datapackage")
    assert archive.names_in("none") == []
    for name in ("datapackage.json", "datapackage", "datapackage/visits.csv", "none", "none/x"):
        assert archive.exists(name) == folder.exists(name)
    for files in (archive, folder):
        assert files.read("datapackage/visits.csv").startswith(b"visit_id,")
        with pytest.raises(FileNotFoundError):
            files.read("none.csv")
        with pytest.raises(Unreadable, match="is a folder"):
            files.read("datapackage")
        with pytest.raises(UnsafePath, match="climbs"):
            files.read("../secret")


def test_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shell = Shell(tmp_path, monkeypatch)
    (tmp_path / "good.zip").write_bytes(made(package))
    (tmp_path / "BAD.ZIP").write_bytes(b"no zip")
    done = shell("check", "good.zip", "--output-format", "concise")
    assert done.code == 0
    # There is no such file beside the zip.
    assert done.out.startswith("good.zip/datapackage/sources.csv:2:")
    done = shell("check", "BAD.ZIP")
    assert (done.code, done.out, done.err) == (
        2,
        "",
        "relations: BAD.ZIP is no zip that can be read: File is not a zip file\n",
    )
    for command in (["build"], ["add", "visits", "--set", "title=x", "--package"]):
        done = shell(*command, "good.zip")
        assert done.code == 2
        assert done.err.startswith("relations: good.zip is a zip: unpack it, and ")
    assert not (tmp_path / ".relations-cache").exists()
