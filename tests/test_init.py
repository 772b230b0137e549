"""A new package passes its check as it stands, and nothing that is there is overwritten."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from relations.validators.building.build import plan
from relations.validators.check import check
from relations.validators.curating import new_package
from relations.validators.curating.new_package import begin
from relations.validators.curating.refusal import CannotChange
from relations.validators.leftovers import PART, prefix
from support.commands import Shell
from support.fresh import snapshot


def test_it_passes_its_check_without_any_finding(tmp_path: Path) -> None:
    new = begin(tmp_path / "new", ["GEO", "AZE"], title="Two neighbours")
    assert new.kept == ()
    assert new.withdrawn == ()
    report = check(tmp_path / "new")
    assert report.findings == ()
    assert report.failures == ()
    assert report.skipped == ()
    assert report.name == "aze-geo"
    assert report.version == "0.1.0"
    assert [each.name for each in plan(tmp_path / "new") if each.stale] == []


def test_its_files(tmp_path: Path) -> None:
    begin(tmp_path, ["AZE", "GEO"])
    files = snapshot(tmp_path)
    assert {name for name in files if not name.startswith("datapackage/")} == {
        ".gitattributes",
        ".github/workflows/check.yml",
        ".gitignore",
        "README.md",
        "datapackage.json",
        "seeds/.gitignore",
    }
    assert sum(name.endswith(".csv") for name in files) == 13
    assert files["datapackage/countries.csv"].decode() == (
        "country,name,iso2,iso_numeric,cow_code,gw_code,valid_from,valid_to,note\n"
        "AZE,Azerbaijan,AZ,031,373,373,,,\n"
        "GEO,Georgia,GE,268,372,372,,,\n"
    )
    assert files["README.md"].startswith(b"# Relations of Azerbaijan and Georgia\n")


def test_git_takes_notes_and_no_texts(tmp_path: Path) -> None:
    begin(tmp_path, ["AZE", "GEO"])
    for name in ("article.txt", "article.html", "article.md", "README.md", "R0001.md"):
        (tmp_path / "seeds" / name).write_text("text", "utf-8")
    for name in ("seeds/article.txt", "datapackage/visits.csv", "datapackage.json"):
        path = tmp_path / name
        (path.parent / f"{prefix(path)}abcd1234{PART}").write_text("half", "utf-8")
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    listed = subprocess.run(
        ["git", "-C", str(tmp_path), "ls-files", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert [name for name in listed if name.startswith("seeds/")] == [
        "seeds/.gitignore",
        "seeds/R0001.md",
        "seeds/README.md",
    ]
    assert not any(name.startswith(".relations-cache") or PART in name for name in listed)


def test_git_changes_no_byte_of_it_where_it_turns_line_ends(tmp_path: Path) -> None:
    begin(tmp_path / "new", ["AZE", "GEO"])
    before = snapshot(tmp_path / "new")

    def git(*arguments: str) -> None:
        subprocess.run(["git", "-C", str(tmp_path / "new"), *arguments], check=True)

    git("init", "--quiet")
    git("add", "--all")
    git("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", "first")
    git("clone", "--quiet", "--config", "core.autocrlf=true", ".", str(tmp_path / "clone"))
    after = snapshot(tmp_path / "clone")
    assert {name: after[name] for name in before if not name.startswith(".git/")} == before


def test_what_was_there_is_kept(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine\n", "utf-8")
    new = begin(tmp_path, ["AZE", "GEO"])
    assert new.kept == ("README.md",)
    assert (tmp_path / "README.md").read_text("utf-8") == "mine\n"
    assert check(tmp_path).findings == ()


def test_a_package_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    begin(tmp_path, ["AZE", "GEO"])
    before = snapshot(tmp_path)
    with pytest.raises(CannotChange, match="there is such a package"):
        begin(tmp_path, ["AZE", "GEO"])
    with pytest.raises(CannotChange, match=r"countries\.csv is there already"):
        begin(tmp_path, ["AZE", "BLR"])
    assert snapshot(tmp_path) == before


def test_it_goes_on_where_a_killed_one_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(tmp_path / "whole", ["AZE", "GEO"])
    original = new_package.replace_files
    monkeypatch.setattr(new_package, "replace_files", lambda changes: original(changes[:9]))
    begin(tmp_path / "stopped", ["AZE", "GEO"])
    assert not (tmp_path / "stopped" / "datapackage.json").exists()
    monkeypatch.undo()
    begin(tmp_path / "stopped", ["AZE", "GEO"])
    assert snapshot(tmp_path / "stopped") == snapshot(tmp_path / "whole")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--country", "AZE"], "relations need two countries: give --country at least twice"),
        (
            ["--country", "AZE", "--country", "Georgia"],
            "ISO 3166 has no country 'Georgia'; did you mean GEO (Georgia)?",
        ),
        (
            ["--country", "AZE", "--country", "GE"],
            "ISO 3166 has no country 'GE'; did you mean GEO (Georgia)?",
        ),
        (
            ["--country", "AZE", "--country", "geo"],
            "ISO 3166 has no country 'geo'; did you mean GEO (Georgia)?",
        ),
        (
            ["--country", "AZE", "--country", "GEO", "--name", "Two Words"],
            "'Two Words' is no package's name: lower-case letters, digits, `.-_`",
        ),
    ],
)
def test_what_cannot_be_begun_is_refused(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = Shell(tmp_path, monkeypatch)("init", "new", *arguments)
    assert (done.code, done.out, done.err) == (2, "", f"relations: {said}\n")
    assert not (tmp_path / "new").exists()


def test_a_state_that_is_no_more_is_pointed_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = Shell(tmp_path, monkeypatch)("init", "new", "--country", "SUN", "--country", "FIN")
    assert done.code == 0
    assert (
        "SUN is a code that ISO has withdrawn: say in countries.csv when the state ended\n"
        in done.out
    )


def test_a_file_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "new").write_text("mine", "utf-8")
    for where in ("new", "new/er/still"):
        done = Shell(tmp_path, monkeypatch)("init", where, "--country", "AZE", "--country", "GEO")
        assert (done.code, done.out, done.err) == (2, "", "relations: new is no folder\n")
