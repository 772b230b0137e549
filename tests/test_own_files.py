"""No command writes what it makes over the package that it reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from relations.validators.package.own_files import OwnFile, refuse_own
from support.commands import Shell
from support.exporting import with_cells


def contents(root: Path) -> dict[str, bytes]:
    return {str(each): each.read_bytes() for each in sorted(root.rglob("*")) if each.is_file()}


COMMANDS = (
    ("check", "--no-cache", "--output-format", "json", "--output-file"),
    ("export", "jsonld", "--force", "--output"),
    ("export", "sqlite", "--force", "--output"),
    ("export", "parquet", "--force", "--output"),
    ("pack", "--force", "--output"),
    ("browse", "--force", "--output"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    "target",
    [
        "datapackage/visits.csv",
        "datapackage.json",
        "seeds/R0001.txt",
        "link.csv",
        "datapackage",
        ".",
    ],
)
def test_a_file_of_the_package_is_kept(
    command: tuple[str, ...], target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = with_cells(tmp_path)
    (root / "link.csv").symlink_to("datapackage/terms.csv")
    before = contents(root)
    done = Shell(root, monkeypatch)(*command, target)
    assert (done.code, done.out, done.err) == (
        2,
        "",
        f"relations: {target} is or holds a part of the package; nothing was written\n",
    )
    assert contents(root) == before


def test_a_zip_is_not_written_over_by_what_is_made_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = with_cells(tmp_path)
    shell = Shell(tmp_path, monkeypatch)
    assert shell("pack", str(root), "--output", "out.zip", "--allow-warnings").code == 0
    before = (tmp_path / "out.zip").read_bytes()
    done = shell("export", "jsonld", "out.zip", "--output", "out.zip", "--force")
    assert (done.code, done.err) == (
        2,
        "relations: out.zip is or holds a part of the package; nothing was written\n",
    )
    assert (tmp_path / "out.zip").read_bytes() == before


def test_what_is_new_or_lies_beside_the_package_may_be_written(tmp_path: Path) -> None:
    root = with_cells(tmp_path)
    (root / "report.html").write_text("")
    (root / "site").mkdir()
    for name in ("report.html", "site", "seeds/new.html", "new.sqlite"):
        refuse_own(root / name, root)
    with pytest.raises(OwnFile):
        refuse_own(tmp_path, root)
    # What is no package has no files.
    refuse_own(root / "report.html", tmp_path)
    refuse_own(root / "report.html", "https://example.org/datapackage.json")
    (root / "datapackage.json").write_text("{")
    refuse_own(root / "report.html", root)
    with pytest.raises(OwnFile):
        refuse_own(root / "datapackage.json", root)


def test_a_zip_cannot_be_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = with_cells(tmp_path)
    shell = Shell(tmp_path, monkeypatch)
    assert shell("pack", str(root), "--output", "out.zip", "--allow-warnings").code == 0
    done = shell("pack", "out.zip", "--output", "again.zip", "--allow-warnings")
    assert (done.code, done.err) == (
        2,
        "relations: a zip is packed already: give the folder that it was made from\n",
    )
