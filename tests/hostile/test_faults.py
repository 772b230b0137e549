"""The machine fails, or the one who asked goes away: no traceback, nothing half-written."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

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
    ("export", "parquet", "--output", "tables"),
    ("export", "xlsx", "--output", "out.xlsx"),
    ("export", "croissant", "--output", "croissant"),
    ("export", "panel", "--output", "panel"),
    ("browse", "--output", "site"),
    ("cite", "--at", "0:5", "--for", "V0001"),
    ("add", "organizations", "--set", "name=Another", "--set", "classification=other"),
    ("init", "other", "--country", "NOR", "--country", "ISL"),
)
posix = pytest.mark.skipif(os.name != "posix", reason="limits and signals of POSIX")


def start(
    root: Path, *arguments: str, stdout: int | IO[str] = subprocess.PIPE, **surroundings: str | None
) -> subprocess.Popen[str]:
    kept = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **surroundings}
    return subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=root,
        env={name: value for name, value in kept.items() if value is not None},
        stdin=subprocess.DEVNULL,
        stdout=stdout,
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
        if "Traceback" in err:
            # Before the command begins, Python says in its own way where it was.
            assert not re.search('app[.]py", line [0-9]+, in [^<]', err), err
            continue
        # It may have been done by then.
        assert running.returncode in (0, 128 + number, -number), (running.returncode, out, err)
    assert state(root) == before


@posix
@pytest.mark.parametrize("arguments", WRITING, ids=" ".join)
def test_a_full_disk_costs_nothing(arguments: tuple[str, ...], root: Path) -> None:
    """A file may have 64 bytes: as much as a disk that is full lets through."""
    untidy(root, arguments)
    before = state(root)
    program = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))\n"
        "from relations.cli.app import main\n"
        f"sys.argv = ['relations', *{arguments!r}]\n"
        "main()\n"
    )
    refused(ran(root, sys.executable, "-c", program))
    after = state(root)
    assert {name: after.get(name) for name in before} == before
    assert [name for name in after if name not in before and not name.endswith(".lock")] == []


@posix
@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("rules",),
        ("rules", "end-before-start"),
        ("trace", "V0001"),
        ("diff", "../older"),
    ],
)
def test_a_reader_who_has_seen_enough(arguments: tuple[str, ...], root: Path) -> None:
    shutil.copytree(EXAMPLE_PACKAGE, root.parent / "older")
    with start(root, *arguments) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.read(1)
        running.stdout.close()
        assert running.stderr.read() == ""
        assert running.wait(timeout=120) == 0


@posix
@pytest.mark.parametrize("name", ["concise", "json"])
def test_what_was_found_is_told_by_the_exit_code_though_nobody_reads(name: str, root: Path) -> None:
    (root / "datapackage" / "visits.csv").unlink()
    reader, writer = os.pipe()
    os.close(reader)
    with start(root, "check", "--output-format", name, stdout=writer) as running:
        os.close(writer)
        assert running.stderr
        assert running.stderr.read() == ""
        assert running.wait(timeout=120) == 1


@posix
@pytest.mark.parametrize("arguments", [("check",), ("rules",), ("trace", "V0001")])
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_closed_is_done_without(
    closed: str, arguments: tuple[str, ...], root: Path
) -> None:
    command = shlex.join([*COMMAND, *arguments])
    done = subprocess.run(
        ["sh", "-c", f"{command} {closed}"], cwd=root, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert bool(done.stdout) == (closed == "2>&-")


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is full")
def test_a_report_that_finds_no_room_is_one_line(root: Path) -> None:
    with Path("/dev/full").open("w") as full:
        running = start(root, "check", stdout=full)
        _, err = running.communicate(timeout=120)
    assert (running.returncode, err) == (
        2,
        "relations: the report cannot be written: No space left on device\n",
    )


@posix
@pytest.mark.parametrize(
    "arguments",
    [
        ("trace", "V\udcff"),
        ("add", "organizations", "--set", "name=\udcff", "--set", "classification=other"),
        ("init", "other", "--country", "NOR", "--country", "ISL", "--title", "\udcff"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_bytes_that_are_no_text_are_refused_in_one_line(
    arguments: tuple[str, ...], root: Path
) -> None:
    before = state(root)
    running = start(root, *arguments)
    out, err = running.communicate(timeout=120)
    said = "relations: an argument has bytes that are no text in UTF-8\n"
    assert (running.returncode, out, err) == (2, "", said)
    assert state(root) == before


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


def untidy(root: Path, arguments: tuple[str, ...]) -> None:
    """Something to mend, and to bring up to date, for the commands that do so."""
    if arguments not in (("build",), ("check", "--fix")):
        return
    visits = root / "datapackage" / "visits.csv"
    visits.write_text(visits.read_text("utf-8").replace("Tallinn;Tartu", "Tallinn;Tartu "))


def ran(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A whole command, in a folder."""
    return subprocess.run(
        command,
        cwd=root,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def refused(done: subprocess.CompletedProcess[str]) -> None:
    assert "Traceback" not in done.stderr
    assert (done.returncode, done.stdout) == (2, ""), done
    assert done.stderr.startswith("relations: "), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert "None" not in done.stderr


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of which nothing is left but a page or two; it has the package."""
    where = tmp_path / "disk"
    where.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(where)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only who may mount a disk can fill one")
    try:
        shutil.copytree(EXAMPLE_PACKAGE, where / "package")
        yield where / "package"
    finally:
        subprocess.run(["umount", "-l", str(where)], check=True)


@posix
@pytest.mark.parametrize("arguments", WRITING, ids=" ".join)
def test_a_disk_that_is_full_costs_nothing(arguments: tuple[str, ...], small_disk: Path) -> None:
    untidy(small_disk, arguments)
    with (small_disk.parent / "filler").open("wb", buffering=0) as filler:
        for size in (65536, 1):
            with contextlib.suppress(OSError):
                while True:
                    filler.write(b"x" * size)
    before = state(small_disk)
    refused(ran(small_disk, *COMMAND, *arguments))
    assert state(small_disk) == before


def as_another(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of somebody to whom permissions apply."""
    plain = [] if os.geteuid() else [
        "setpriv", "--bounding-set=-dac_override,-dac_read_search",
        "--inh-caps=-dac_override,-dac_read_search",
    ]  # fmt: skip
    try:
        subprocess.run([*plain, sys.executable, "-c", ""], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("root may do all, and nobody takes it away")
    return ran(root, *plain, *COMMAND, *arguments)


@posix
@pytest.mark.parametrize("arguments", WRITING, ids=" ".join)
def test_a_folder_that_is_read_only_stays_as_it_is(arguments: tuple[str, ...], root: Path) -> None:
    untidy(root, arguments)
    before = state(root)
    folders = [root, *(each for each in root.rglob("*") if each.is_dir())]
    for folder in folders:
        folder.chmod(0o500)
    try:
        refused(as_another(root, *arguments))
    finally:
        for folder in folders:
            folder.chmod(0o700)
    assert state(root) == before


@posix
def test_a_folder_that_is_read_only_can_be_checked(root: Path) -> None:
    folders = [root, *(each for each in root.rglob("*") if each.is_dir())]
    for folder in folders:
        folder.chmod(0o500)
    done = as_another(root, "check")
    for folder in folders:
        folder.chmod(0o700)
    assert (done.returncode, done.stderr) == (0, "")


@posix
def test_a_file_that_may_not_be_read_is_a_finding_or_a_line(root: Path) -> None:
    (root / "datapackage" / "visits.csv").chmod(0)
    done = as_another(root, "check", "--no-cache", "--output-format", "json")
    found = [
        (each["code"], each["location"]["file"]) for each in json.loads(done.stdout)["findings"]
    ]
    assert (done.returncode, done.stderr) == (1, "")
    assert found == [("unreadable-file", "datapackage/visits.csv")]
    (root / "datapackage.json").chmod(0)
    done = as_another(root, "check", "--no-cache")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


REWRITER = """
import sys
from pathlib import Path
path = Path(sys.argv[1])
whole = path.read_bytes()
while True:
    for data in (whole, whole[:100], b"", whole * 3, None):
        path.unlink() if data is None else path.write_bytes(data)
"""


@posix
def test_a_table_that_vanishes_or_changes_while_it_is_read(root: Path) -> None:
    path = root / "datapackage" / "visits.csv"
    with subprocess.Popen([sys.executable, "-c", REWRITER, str(path)]) as other:
        try:
            for _ in range(4):
                running = start(root, "check", "--output-format", "json")
                out, err = running.communicate(timeout=120)
                assert (running.returncode in (0, 1), err) == (True, "")
                assert json.loads(out)["failures"] == []
        finally:
            other.kill()


def test_checks_and_a_build_at_once_do_not_disturb_each_other(root: Path) -> None:
    before = state(root)
    running = [start(root, *each) for each in (("check",), ("build",), ("check",), ("build",))]
    for each in running:
        _, err = each.communicate(timeout=120)
        assert (each.returncode, err) == (0, "")
    assert state(root) == before


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
