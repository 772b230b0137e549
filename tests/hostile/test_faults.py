"""The machine fails, or the one who asked goes away: no traceback, nothing half-written."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.editing import EXAMPLE_PACKAGE

COMMAND = [sys.executable, "-m", "relations.cli"]
WRITING = (
    ("build",),
    ("check", "--fix"),
    ("check", "--output-file", "report.json", "--output-format", "json"),
    ("export", "sqlite", "--output", "out.sqlite"),
    ("export", "jsonld", "--output", "out.json"),
    ("pack", "--output", "out.zip"),
    ("browse", "--output", "site"),
)
posix = pytest.mark.skipif(os.name != "posix", reason="limits and signals of POSIX")


def start(root: Path, *arguments: str, **surroundings: str | None) -> subprocess.Popen[str]:
    kept = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **surroundings}
    return subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=root,
        env={name: value for name, value in kept.items() if value is not None},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    where = tmp_path / "package"
    shutil.copytree(EXAMPLE_PACKAGE, where)
    return where


def state(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".relations-cache" not in path.parts
    }


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_check_that_is_stopped_says_nothing_and_leaves_nothing(
    number: signal.Signals, root: Path
) -> None:
    before = state(root)
    for after in (0.05, 0.2, 0.4, 0.7):
        running = start(root, "check", "--no-cache")
        time.sleep(after)
        running.send_signal(number)
        out, err = running.communicate(timeout=120)
        assert "Traceback" not in err or after < 0.3, err
        # It may have been done by then, or not yet have begun to listen.
        assert running.returncode in (0, 128 + number, -number), (running.returncode, out, err)
    assert state(root) == before


@posix
@pytest.mark.parametrize("arguments", WRITING, ids=" ".join)
def test_a_full_disk_costs_nothing(arguments: tuple[str, ...], root: Path) -> None:
    """A file may have 64 bytes: as much as a disk that is full lets through."""
    visits = root / "datapackage" / "visits.csv"
    # Something to mend, and to bring up to date.
    visits.write_text(visits.read_text("utf-8").replace("Tallinn;Tartu", "Tallinn;Tartu "))
    before = state(root)
    program = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))\n"
        "from relations.cli.app import main\n"
        f"sys.argv = ['relations', *{arguments!r}]\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=root,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode in (1, 2), done
    assert 0 < len(done.stderr.splitlines()) <= 3, done.stderr
    after = state(root)
    assert {name: after.get(name) for name in before} == before
    assert [name for name in after if name not in before and not name.endswith(".lock")] == []


@posix
@pytest.mark.parametrize(
    "arguments", [("check",), ("rules",), ("rules", "end-before-start"), ("trace", "V0001")]
)
def test_a_reader_who_has_seen_enough(arguments: tuple[str, ...], root: Path) -> None:
    with start(root, *arguments) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.read(1)
        running.stdout.close()
        assert running.stderr.read() == ""
        assert running.wait(timeout=120) == 0


@posix
def test_no_home_no_terminal_and_a_locale_of_ascii(tmp_path: Path) -> None:
    root = tmp_path / "Bəylə – çox"
    shutil.copytree(EXAMPLE_PACKAGE, root)
    bare = {"LC_ALL": "C", "LANG": None, "PYTHONUTF8": "0", "PYTHONIOENCODING": None}
    running = start(root, "check", "--output-format", "json", HOME=None, TERM=None, **bare)
    out, err = running.communicate(timeout=120)
    assert (running.returncode, err) == (0, "")
    # What such a locale cannot name is shown as it can be, and the cells are what they are.
    assert json.loads(out)["package"]["path"].endswith("/datapackage.json")
    running = start(root, "trace", "V0003", HOME=None, TERM=None, **bare)
    out, err = running.communicate(timeout=120)
    assert (running.returncode, err) == (0, "")
    assert "Reykjavík" in out


def test_a_table_that_vanishes_or_changes_while_it_is_read(root: Path) -> None:
    from relations.validators.package.files import Folder

    path = root / "datapackage" / "visits.csv"
    folder = Folder(root)
    assert folder.exists("datapackage/visits.csv")
    path.unlink()
    with pytest.raises(FileNotFoundError):
        folder.read("datapackage/visits.csv")


def test_ends_of_lines_and_paths_of_windows(root: Path) -> None:
    for path in (root / "datapackage").glob("*.csv"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    descriptor = root / "datapackage.json"
    text = descriptor.read_text("utf-8").replace(
        "datapackage/visits.csv", "datapackage\\\\visits.csv"
    )
    descriptor.write_bytes(text.replace("\n", "\r\n").encode("utf-8"))
    running = start(root, "check", "--output-format", "json")
    out, err = running.communicate(timeout=120)
    found = {each["code"] for each in json.loads(out)["findings"]}
    assert (running.returncode, err) == (1, "")
    assert {"carriage-return", "unsafe-path"} <= found
    assert not found & {"ragged-row", "unknown-reference", "missing-value", "malformed-id"}
