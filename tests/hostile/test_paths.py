"""No file outside the package is opened, read or written, because a package says so.

What a command opens is recorded as it runs: by Python for everything, and by the kernel for the
files that must not be touched.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from relations.cli import completing
from relations.validators.package.files import Folder, Unreadable, UnsafePath, read_regular
from support.editing import EXAMPLE_PACKAGE, rebuild
from support.fresh import ARTICLE, fresh, snapshot
from support.watched import Watched, untouched, watched, watched_apart

POSIX = pytest.mark.skipif(os.name != "posix", reason="it needs links, pipes and devices")
SECRET = "visit_id,title\nV0001,secret\n"
VISITS = "datapackage/visits.csv"


@dataclass(frozen=True, slots=True)
class Place:
    """A package, and beside it what nobody may open: a file, and a folder with a file."""

    root: Path
    secret: Path
    folder: Path

    def check(self, *arguments: str) -> Watched:
        """Check the package. Nothing outside of it is opened, and the network is not used."""
        with untouched(self.secret, self.folder, self.folder / "visits.csv"):
            done = watched(self.root, "check", "--output-format", "json", *arguments)
        assert done.opened_outside(self.root) == []
        assert done.asked == ()
        assert "secret" not in done.out.replace("secret.csv", "").replace("/secret", "")
        return done

    def findings(self) -> list[tuple[str, str | None, str]]:
        """Code, file and message of each finding of a check; it ends with 1, and none crashed."""
        done = self.check()
        assert (done.code, done.err) == (1, "")
        report = json.loads(done.out)
        assert report["failures"] == []
        return [
            (each["code"], each["location"]["file"], each["message"])
            for each in report["findings"]
            if each["severity"] == "error"
        ]

    def run(self, *arguments: str, code: int = 2) -> Watched:
        """Run a command. It opens nothing outside of the package, and says one line."""
        before = tree(self.root.parent)
        with untouched(self.secret, self.folder, self.folder / "visits.csv"):
            done = watched(self.root, *arguments)
        assert done.opened_outside(self.root) == []
        assert (done.code, done.out) == (code, ""), done
        assert done.err.startswith("relations: ")
        assert done.err.count("\n") == 1
        assert tree(self.root.parent) == before
        return done


def tree(folder: Path) -> dict[str, bytes | str]:
    """Everything in a folder, links as what they say; what may be thrown away is left out."""
    return {
        path.relative_to(folder).as_posix(): str(path.readlink())
        if path.is_symlink()
        else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if (path.is_symlink() or path.is_file()) and path.parent.name != ".relations-cache"
    }


def place(folder: Path, root: Path) -> Place:
    secret, hidden = folder / "secret.csv", folder / "secret"
    secret.write_text(SECRET, "utf-8")
    hidden.mkdir()
    (hidden / "visits.csv").write_text(SECRET, "utf-8")
    return Place(root, secret, hidden)


@pytest.fixture
def example(tmp_path: Path) -> Place:
    shutil.copytree(EXAMPLE_PACKAGE, tmp_path / "package")
    return place(tmp_path, tmp_path / "package")


@pytest.fixture
def begun(tmp_path: Path) -> Place:
    return place(tmp_path, fresh(tmp_path, visit=True))


def listed_at(root: Path, path: Any) -> None:
    """Have the descriptor say that the table of visits is elsewhere."""
    descriptor = json.loads((root / "datapackage.json").read_bytes())
    [visits] = [each for each in descriptor["resources"] if each["name"] == "visits"]
    visits["path"] = path
    (root / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")


CLIMBS, ABSOLUTE = "climbs out of the folder", "is absolute"
ADDRESS, CHARACTER = "is an address, not a file of the package", "has a character that no path here"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("../secret.csv", CLIMBS),
        ("../secret/visits.csv", CLIMBS),
        ("datapackage/../../secret.csv", CLIMBS),
        ("datapackage/./../../secret.csv", CLIMBS),
        ("datapackage//..//..//secret.csv", CLIMBS),
        ("..", CLIMBS),
        ("/etc/passwd", ABSOLUTE),
        ("//etc/passwd", ABSOLUTE),
        ("~/secret.csv", ABSOLUTE),
        ("~root/secret.csv", ABSOLUTE),
        ("C:/secret.csv", ABSOLUTE),
        ("C:secret.csv", ABSOLUTE),
        ("C:\\secret.csv", CHARACTER),
        ("\\\\host\\share\\secret.csv", CHARACTER),
        ("..\\secret.csv", CHARACTER),
        ("\\\\?\\C:\\secret.csv", CHARACTER),
        ("//host/share/secret.csv", ABSOLUTE),
        ("file:///etc/passwd", ADDRESS),
        ("file:/etc/passwd", ADDRESS),
        ("FILE:../secret.csv", ADDRESS),
        ("http://127.0.0.1/secret.csv", ADDRESS),
        ("https://127.0.0.1/secret.csv", ADDRESS),
        ("ftp://127.0.0.1/secret.csv", ADDRESS),
        ("data:text/csv,visit_id", ADDRESS),
        ("zip://x.zip!secret.csv", ADDRESS),
        ("datapackage/visits.csv\0/../../../secret.csv", CHARACTER),
    ],
)
def test_a_path_that_leads_out_is_one_finding(path: str, why: str, example: Place) -> None:
    listed_at(example.root, path)
    [(code, file, message)] = example.findings()
    assert (code, file) == ("unsafe-path", "datapackage.json")
    assert message.startswith(f"the path `{path}` {why}")


def test_each_of_several_paths_is_looked_at(example: Place) -> None:
    listed_at(example.root, [VISITS, "../secret.csv"])
    assert ("unsafe-path", "datapackage.json", f"the path `../secret.csv` {CLIMBS}") in (
        example.findings()
    )


def test_of_a_resource_that_is_no_table_of_ours_too(example: Place) -> None:
    descriptor = json.loads((example.root / "datapackage.json").read_bytes())
    descriptor["resources"].append({"name": "more", "path": "../secret.csv"})
    descriptor["resources"].append({"name": "other", "path": "/dev/zero", "schema": "/etc/passwd"})
    (example.root / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    assert [each for each in example.findings() if each[0] == "unsafe-path"] == [
        ("unsafe-path", "datapackage.json", f"the path `../secret.csv` {CLIMBS}"),
        ("unsafe-path", "datapackage.json", f"the path `/dev/zero` {ABSOLUTE}"),
    ]


@pytest.mark.parametrize(
    "path",
    [
        "%2e%2e/secret.csv",
        "..%2fsecret.csv",
        "%2Fetc%2Fpasswd",
        ".../secret.csv",
        "．．/secret.csv",
    ],
)
def test_what_only_looks_like_climbing_is_a_name(path: str, example: Place) -> None:
    listed_at(example.root, path)
    assert ("missing-file", path, "the file of visits is not there") in example.findings()


def test_the_same_file_written_another_way(example: Place) -> None:
    listed_at(example.root, "datapackage/././visits.csv")
    done = example.check()
    assert (done.code, json.loads(done.out)["findings"]) == (0, [])


def test_a_path_that_takes_minutes_to_follow(example: Place) -> None:
    path = "d/" * 20_000 + "x"
    listed_at(example.root, path)
    [(code, _, message)] = example.findings()
    assert code == "unsafe-path"
    assert message == f"the path `{path}` is longer than any system has names"


@pytest.mark.parametrize("path", ["x" * 300, "x" * 5000, "d/" * 5000 + "x"])
def test_a_path_too_long_for_any_disk(path: str, example: Place) -> None:
    listed_at(example.root, path)
    [(code, _, message)] = [each for each in example.findings() if each[0].endswith("-file")]
    assert code in ("unreadable-file", "missing-file")
    assert message.startswith("the file of visits ")


# What lies under the name of a table.

LEADS_OUT = "is a link that leads out of the package"


def link(to: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(to)


def a_socket(path: Path) -> None:
    here = Path.cwd()
    # The name of a socket must be short.
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


@POSIX
@pytest.mark.parametrize(
    ("make", "code", "message"),
    [
        pytest.param(link("../../secret.csv"), "unsafe-path", LEADS_OUT, id="link-out"),
        pytest.param(link("/etc/passwd"), "unsafe-path", LEADS_OUT, id="link-to-the-system"),
        pytest.param(link("/dev/zero"), "unsafe-path", LEADS_OUT, id="link-to-a-device"),
        pytest.param(link("/proc/self/environ"), "unsafe-path", LEADS_OUT, id="link-to-proc"),
        pytest.param(link("/nothing"), "unsafe-path", LEADS_OUT, id="link-out-to-nothing"),
        pytest.param(link("nothing"), "missing-file", "is not there", id="link-to-nothing"),
        pytest.param(link("visits.csv"), "unreadable-file", "cannot be read: ", id="circle"),
        pytest.param(os.mkfifo, "unreadable-file", "is no regular file", id="pipe"),
        pytest.param(a_socket, "unreadable-file", "is no regular file", id="socket"),
        pytest.param(Path.mkdir, "unreadable-file", "is a folder, not a file", id="folder"),
    ],
)
def test_what_is_no_table_is_one_finding(
    make: Callable[[Path], None], code: str, message: str, example: Place
) -> None:
    path = example.root / VISITS
    path.unlink()
    make(path)
    # Where visits are unknown, what refers to them is not judged.
    [(found, _, said)] = example.findings()
    assert found == code
    assert message in said


@pytest.mark.skipif(
    not hasattr(os, "mknod") or not hasattr(os, "geteuid") or os.geteuid() != 0,
    reason="only root makes devices",
)
def test_a_device_is_not_opened(example: Place) -> None:
    path = example.root / VISITS
    path.unlink()
    with contextlib.suppress(PermissionError):
        os.mknod(path, 0o600 | 0o020000, os.makedev(1, 5))
    if not path.exists():
        pytest.skip("no devices can be made here")
    [(code, _, said)] = example.findings()
    assert (code, said) == ("unreadable-file", "the file of visits is no regular file")


@POSIX
def test_a_folder_of_tables_that_is_a_link(example: Place) -> None:
    shutil.rmtree(example.root / "datapackage")
    (example.root / "datapackage").symlink_to(example.folder, target_is_directory=True)
    codes = {code for code, _, _ in example.findings()}
    assert codes == {"unsafe-path"}


@POSIX
def test_a_link_within_the_package_is_followed(example: Place) -> None:
    path = example.root / VISITS
    path.rename(example.root / "elsewhere.csv")
    path.symlink_to("../elsewhere.csv")
    assert example.check().code == 0


@POSIX
@pytest.mark.parametrize("name", ["datapackage.json", "relations.toml", "CITATION.cff"])
@pytest.mark.parametrize("make", [link("../secret.csv"), link("/dev/zero"), os.mkfifo])
def test_what_lies_beside_the_tables(
    name: str, make: Callable[[Path], None], example: Place
) -> None:
    path = example.root / name
    path.unlink(missing_ok=True)
    make(path)
    done = example.check()
    if name == "datapackage.json":
        assert (done.code, done.out) == (2, "")
        assert done.err.count("\n") == 1
    elif name == "relations.toml":
        [found] = [
            each for each in json.loads(done.out)["findings"] if each["location"]["file"] == name
        ]
        assert found["code"] == "suppression-unreadable"
    else:
        assert done.code == 0


@POSIX
@pytest.mark.parametrize(
    ("name", "said"),
    [
        (VISITS, [("unreadable-file", VISITS)]),
        ("relations.toml", [("suppression-unreadable", "relations.toml")]),
        ("seeds/R0001.txt", [("source-text-unreadable", "datapackage/sources.csv")]),
        ("CITATION.cff", []),
        ("datapackage.json", None),
    ],
)
def test_a_file_larger_than_any_memory(
    name: str, said: list[tuple[str, str]] | None, example: Place
) -> None:
    try:
        with (example.root / name).open("ab") as file:
            # It takes no place on the disk: there is nothing in it.
            file.truncate(2**43)
    except OSError:
        pytest.skip("a file of eight terabytes is more than this disk can count")
    done = watched_apart(
        example.root, "check", "datapackage.json", "--output-format", "json", "--no-cache"
    )
    assert done.peak < 3 * 1024**3
    if said is None:
        assert (done.code, done.out) == (2, "")
        assert done.err == (
            "relations: datapackage.json: datapackage.json has 8,796,093,022,208 bytes, more than "
            "this machine has memory for\n"
        )
        return
    report = json.loads(done.out)
    assert report["failures"] == []
    assert [(each["code"], each["location"]["file"]) for each in report["findings"]] == said


@POSIX
@pytest.mark.parametrize("make", [link("../../secret.csv"), link("/etc/passwd"), os.mkfifo])
def test_the_text_of_a_source_lies_in_its_folder(
    make: Callable[[Path], None], example: Place
) -> None:
    path = example.root / "seeds" / "R0001.txt"
    path.unlink()
    make(path)
    [(code, file, _)] = example.findings()
    assert code in ("source-file-unsafe", "source-text-unreadable")
    assert file == "datapackage/sources.csv"


@POSIX
def test_a_package_does_not_name_a_folder_of_texts_elsewhere(example: Place) -> None:
    texts = example.root / "seeds"
    hidden = example.folder / "R0001.txt"
    shutil.move(texts / "R0001.txt", hidden)
    shutil.rmtree(texts)
    texts.symlink_to(example.folder, target_is_directory=True)
    with untouched(hidden):
        found = example.findings()
        assert found == [
            (
                "source-file-unsafe",
                "datapackage/sources.csv",
                "`R0001.txt` lies behind a seeds folder that is a link out of the package",
            )
        ]
        done = watched(example.root, "trace", "V0001")
        assert (done.code, done.opened_outside(example.root)) == (0, [])
    # Whoever checks may.
    done = watched(example.root, "check", "--seeds", "seeds")
    assert (done.code, done.err) == (0, "")
    assert "79 of 79 spans verified" in done.out


# Commands that write.


@POSIX
@pytest.mark.parametrize(
    "name", [VISITS, "datapackage/codebook.md", "datapackage/LICENSE", "README.md"]
)
@pytest.mark.parametrize("make", [link("/secret"), os.mkfifo])
def test_build_does_not_follow_a_link_out(
    name: str, make: Callable[[Path], None], begun: Place
) -> None:
    path = begun.root / name
    path.unlink(missing_ok=True)
    if make is os.mkfifo:
        os.mkfifo(path)
    else:
        path.symlink_to(begun.secret)
    for command in (["build"], ["build", "--check"]):
        assert name in begun.run(*command).err


def test_build_does_not_write_into_a_page_that_is_no_text(begun: Place) -> None:
    (begun.root / "README.md").write_bytes(b"# \xff\n")
    for command in (["build"], ["build", "--check"]):
        done = begun.run(*command)
        assert (done.code, done.out, done.err) == (2, "", "relations: README.md is not UTF-8\n")
    assert (begun.root / "README.md").read_bytes() == b"# \xff\n"


@POSIX
def test_build_does_not_write_behind_a_folder_that_leads_out(begun: Place) -> None:
    # The tables lie elsewhere in the package; only what is derived would go there.
    tables = begun.root / "tables"
    (begun.root / "datapackage").rename(tables)
    (begun.root / "datapackage").symlink_to(begun.folder, target_is_directory=True)
    descriptor = json.loads((begun.root / "datapackage.json").read_bytes())
    for each in descriptor["resources"]:
        each["path"] = each["path"].replace("datapackage/", "tables/")
    (begun.root / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    for command in (["build"], ["cite", "official", "--for", "V0001", "--hit", "1"]):
        assert "datapackage/codebook.md is a link that leads out" in begun.run(*command).err


@POSIX
@pytest.mark.parametrize(
    "command",
    [
        ["check", "--fix"],
        ["build"],
        ["add", "officials", "--set", "name=Kari"],
        ["cite", "official", "--for", "V0001", "--hit", "1"],
        ["cite", "--add", "new.txt"],
    ],
)
def test_the_folder_of_the_lock_is_no_link(command: list[str], begun: Place) -> None:
    (begun.root / "new.txt").write_text("A text.\n", "utf-8")
    (begun.root / ".relations-cache").symlink_to(begun.folder, target_is_directory=True)
    # So that there is something to write.
    listed = begun.root / "datapackage.json"
    listed.write_bytes(listed.read_bytes() + b" ")
    assert "is a link: what is behind it is not written to" in begun.run(*command).err


@POSIX
@pytest.mark.parametrize(
    "command",
    [
        ["cite", "--add", "new.txt"],
        ["cite", "official", "--for", "V0001", "--hit", "1"],
        ["add", "officials", "--set", "name=Kari"],
    ],
)
def test_a_seeds_folder_that_leads_out_is_not_written_to(command: list[str], begun: Place) -> None:
    (begun.root / "new.txt").write_text("A text.\n", "utf-8")
    shutil.rmtree(begun.root / "seeds")
    (begun.root / "seeds").symlink_to(begun.folder, target_is_directory=True)
    (begun.folder / "article.txt").write_text(ARTICLE, "utf-8", newline="")
    assert "seeds is a link out of the package" in begun.run(*command).err


@POSIX
def test_a_note_is_not_written_through_a_link(begun: Place) -> None:
    (begun.root / "new.txt").write_text("A text.\n", "utf-8")
    (begun.root / "seeds" / "R0002.md").symlink_to(begun.folder / "made.md")
    assert "seeds/R0002.md" in begun.run("cite", "--add", "new.txt").err


@POSIX
def test_a_table_that_is_a_link_is_not_added_to(begun: Place) -> None:
    path = begun.root / "datapackage" / "officials.csv"
    shutil.move(path, begun.folder / "officials.csv")
    path.symlink_to(begun.folder / "officials.csv")
    assert "officials" in begun.run("add", "officials", "--set", "name=Kari").err


@POSIX
def test_nothing_is_mended_behind_a_link(begun: Place) -> None:
    path = begun.root / "datapackage" / "officials.csv"
    hidden = begun.folder / "officials.csv"
    hidden.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    before = hidden.read_bytes()
    path.unlink()
    path.symlink_to(hidden)
    with untouched(hidden):
        done = watched(begun.root, "check", "--fix")
    assert done.code == 1
    assert done.opened_outside(begun.root) == []
    assert "[unsafe-path]" in done.out
    assert hidden.read_bytes() == before


@POSIX
@pytest.mark.parametrize(
    ("name", "code"),
    # The README has parts that are derived, and the package is not fit without them.
    [("LICENSE-MIT", 2), ("README.md", 1), ("CHANGELOG.md", 2), ("seeds/more.md", 2)],
)
def test_what_leads_out_is_not_put_into_a_release(name: str, code: int, tmp_path: Path) -> None:
    root = tmp_path / "package"
    shutil.copytree(EXAMPLE_PACKAGE, root)
    rebuild(root)
    released = place(tmp_path, root)
    assert watched(root, "build").code == 0
    (root / name).unlink(missing_ok=True)
    (root / name).symlink_to(released.secret)
    shutil.rmtree(root / ".relations-cache", ignore_errors=True)
    done = released.run("pack", "--allow-warnings", "--output", "package.zip", code=code)
    assert name in done.err


def test_a_release_is_not_named_after_a_path(tmp_path: Path) -> None:
    root = tmp_path / "package"
    shutil.copytree(EXAMPLE_PACKAGE, root)
    descriptor = json.loads((root / "datapackage.json").read_bytes())
    descriptor["version"] = "1/../../../1.0.0"
    (root / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    (root / "example-1").mkdir()
    before = tree(tmp_path)
    for command in (
        ["pack", "--allow-warnings"],
        ["export", "sqlite", "--allow-errors"],
        ["export", "parquet", "--allow-errors"],
    ):
        done = watched(root, *command)
        assert done.opened_outside(root) == []
    for name in tree(tmp_path).keys() - before.keys():
        assert name.startswith("package/")


@POSIX
@pytest.mark.parametrize("name", ["datapackage", "datapackage.json", "seeds", "README.md"])
def test_a_new_package_is_not_begun_behind_a_link(name: str, tmp_path: Path) -> None:
    begun = place(tmp_path, tmp_path / "new")
    begun.root.mkdir()
    (begun.root / name).symlink_to(begun.folder if "." not in name else begun.folder / "made")
    done = watched(begun.root, "init", ".", "--country", "NOR", "--country", "ISL")
    assert done.code == 2
    assert done.err.count("\n") == 1
    assert done.opened_outside(begun.root) == []
    assert [each.name for each in begun.folder.iterdir()] == ["visits.csv"]


@pytest.mark.parametrize(
    "command",
    [
        ["check"],
        ["build"],
        ["trace", "V0001"],
        ["trace", "--coverage"],
        ["add", "officials", "--set", "name=Kari", "--set", "country=NOR"],
        ["cite", "official", "--for", "V0001/facts", "--hit", "1"],
        ["cite", "--add", "new.txt"],
        ["check", "--fix"],
        ["export", "sqlite", "--allow-errors"],
        ["export", "jsonld", "--allow-errors"],
        ["export", "panel", "--allow-errors"],
        ["browse", "--output", "site", "--allow-errors"],
    ],
)
def test_a_command_opens_and_writes_in_the_package_alone(command: list[str], begun: Place) -> None:
    (begun.root / "new.txt").write_text("A text.\n", "utf-8")
    before = snapshot(begun.folder)
    with untouched(begun.secret, begun.folder):
        done = watched(begun.root, *command)
    assert done.code in (0, 1), done
    assert done.opened_outside(begun.root) == []
    assert snapshot(begun.folder) == before
    assert [each for each in done.asked if each != "subprocess.Popen"] == []


# A file that becomes something else between two looks at it.


@POSIX
def test_a_pipe_that_takes_the_place_of_a_file_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x", "utf-8")
    real = os.open

    def swapped(name: Any, flags: int, *more: Any, **named: Any) -> int:
        if Path(name) == path and not path.is_fifo():
            path.unlink()
            os.mkfifo(path)
        return real(name, flags, *more, **named)

    monkeypatch.setattr(os, "open", swapped)
    with pytest.raises(Unreadable, match="is no regular file"):
        read_regular(path)


@POSIX
def test_completion_does_not_wait_for_a_pipe(
    example: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = example.root / VISITS
    monkeypatch.chdir(example.root)
    assert completing.ids("visits/V0001") != []
    path.unlink()
    os.mkfifo(path)
    assert completing.ids("visits/V") == []
    path.unlink()
    path.symlink_to(example.secret)
    with untouched(example.secret):
        assert completing.ids("visits/V") == []


@POSIX
def test_names_in_a_folder_that_leads_out_are_not_listed(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.csv").touch()
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link").symlink_to(tmp_path / "out", target_is_directory=True)
    files = Folder(tmp_path / "in")
    assert files.names_in("link") == []
    for name in ("link", "link/a.csv"):
        with pytest.raises(UnsafePath, match="is a link that leads out"):
            files.exists(name)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel is asked")
def test_the_watch_does_see_what_is_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.touch()
    with untouched(secret):
        secret.stat()
    with pytest.raises(AssertionError, match="was opened"), untouched(secret):
        secret.read_bytes()
    done = watched(tmp_path, "check", "--output-file", "report.txt", str(EXAMPLE_PACKAGE))
    # The report is written under another name first.
    assert {each.parent for each in done.opened_outside()} == {tmp_path, tmp_path.parent}
