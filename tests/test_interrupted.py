"""Killed at any moment, or beside another command, nothing is lost and nothing half-written."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from relations.validators import atomic
from relations.validators.atomic import ChangedMeanwhile, FileChange, replace_files
from relations.validators.building.build import rebuild
from relations.validators.cache_folder import FOLDER
from relations.validators.check import check
from relations.validators.curating import citing
from relations.validators.curating.bench import bench
from relations.validators.curating.targets import Target
from relations.validators.lock import NAME, Locked, locked
from support.commands import Shell
from support.editing import read_table
from support.fresh import VISIT, cells, fresh, snapshot

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
KILLS = 25
SEED = 20260131

# Writes three files again and again, each a number, padding, and a digest of both.
WRITER = """
import hashlib, itertools, sys
from pathlib import Path
from relations.validators.atomic import FileChange, replace_files
from relations.validators.lock import locked
root = Path(sys.argv[1])
names = ("first", "second", "third")
def content(number):
    body = f"{number}\\n" + "x" * 300_000 + "\\n"
    return (body + hashlib.sha256(body.encode()).hexdigest()).encode()
print("ready", flush=True)
start = int((root / "first").read_bytes().split(b"\\n")[0]) + 1
for number in itertools.count(start):
    with locked(root):
        paths = [root / name for name in names]
        replace_files([FileChange(each, each.read_bytes(), content(number)) for each in paths])
"""

# Cites one word after the other, through the whole way that the command goes.
CITER = """
import sys
from pathlib import Path
from relations.validators.curating import citing
from relations.validators.curating.bench import bench
from relations.validators.curating.targets import Target
root = Path(sys.argv[1])
print("ready", flush=True)
while True:
    with bench(root) as change:
        text = citing.source(change, "R0001")
        start = len(change.rows("evidence"))
        citing.cite(change, Target("visits", "V0001"), citing.span(text, start, start + 5))
        change.judge()
        change.write()
"""

# Adds a number of officials, as two people might at once.
ADDER = """
import functools, sys, time
from pathlib import Path
from relations.validators.curating import bench as module
from relations.validators.curating.bench import bench
from relations.validators.curating.new_row import whole_row
# However busy the machine is.
module.locked = functools.partial(module.locked, patience=300)
for number in range(4):
    with bench(Path(sys.argv[1])) as change:
        row = {"name": f"{sys.argv[2]} {'ABCD'[number]}", "country": "NOR"}
        change.add("officials", whole_row(change, "officials", row))
        change.judge()
        change.write()
    # As long as the next command would take to start: whoever waits gets its turn.
    time.sleep(0.2)
"""


def started(program: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )


def killed_after(process: subprocess.Popen[str], seconds: float) -> None:
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    time.sleep(seconds)
    process.kill()
    process.wait()
    process.stdout.close()
    assert process.returncode == -signal.SIGKILL


def content(number: int) -> bytes:
    """What the writer writes for a number."""
    body = f"{number}\n" + "x" * 300_000 + "\n"
    return (body + hashlib.sha256(body.encode()).hexdigest()).encode()


def number_in(path: Path) -> int:
    """The number in a file of the writer; it fails where the file is not whole."""
    body, _, digest = path.read_text("ascii").rpartition("\n")
    assert hashlib.sha256(f"{body}\n".encode()).hexdigest() == digest
    return int(body.partition("\n")[0])


@POSIX
def test_files_are_old_or_new_whenever_their_writer_is_killed(tmp_path: Path) -> None:
    moments = random.Random(SEED)
    paths = [tmp_path / name for name in ("first", "second", "third")]
    for path in paths:
        path.write_bytes(content(0))
    for _ in range(KILLS):
        before = number_in(paths[0])
        killed_after(started(WRITER, tmp_path), moments.uniform(0, 0.1))
        first, second, third = map(number_in, paths)
        # In their order, and never more than one step apart.
        assert before <= third <= second <= first <= third + 1
        # Its lock went with it.
        with locked(tmp_path, patience=0):
            replace_files([FileChange(path, path.read_bytes(), content(first)) for path in paths])
    with locked(tmp_path, patience=0):
        replace_files([FileChange(path, path.read_bytes(), b"last") for path in paths])
    # What the killed ones left behind is gone too.
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        FOLDER, "first", "second", "third",
    ]  # fmt: skip


@POSIX
def test_a_package_stays_one_whenever_a_command_is_killed(tmp_path: Path) -> None:
    moments = random.Random(SEED)
    root = fresh(tmp_path, visit=True)
    for _ in range(3):
        killed_after(started(CITER, root), moments.uniform(0, 1.5))
        rows = read_table(root, "evidence")
        assert [row["evidence_id"] for row in rows] == [
            f"C{number:04}" for number in range(1, len(rows) + 1)
        ]
        stated = json.loads((root / "datapackage.json").read_bytes())["resources"][-1]["rows"]
        assert len(rows) - 1 <= stated <= len(rows)
        rebuild(root)
        # The visit lacks evidence of its cells; nothing else is wrong.
        codes = {each.code for each in check(root).findings}
        assert codes <= {"uncited-cell", "uncited-row", "unused-source"}


class Killed(BaseException):
    """Stands for a kill between two files: nothing of ours runs after it."""


@pytest.fixture
def killed_before(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many files may still be replaced before the command is killed."""
    left = [1_000]
    original = atomic.replace_file

    def replace_file(*arguments: object, **named: object) -> None:
        if not left[0]:
            raise Killed
        left[0] -= 1
        original(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(atomic, "replace_file", replace_file)
    return left


def test_a_stale_descriptor_is_all_that_a_killed_cite_leaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_before: list[int]
) -> None:
    shell = Shell(fresh(tmp_path, visit=True), monkeypatch)
    before = snapshot(shell.folder)
    for files in (0, 1, 2, 3):
        killed_before[0] = files
        with pytest.raises(Killed):
            shell("cite", "official", "--for", "V0001/facts", "--hit", "1")
        changed = {name for name, data in snapshot(shell.folder).items() if data != before[name]}
        order = ["datapackage/evidence.csv", "datapackage.json", "datapackage/codebook.md"]
        assert changed == set(order[:files])
        assert {each.severity.value for each in check(shell.folder).findings} == (
            {"warning"} if files == 1 else {"error", "warning"} if not files else set()
        )
        killed_before[0] = 1_000
        if files:
            rebuild(shell.folder)
            assert check(shell.folder).findings == ()
        for name, data in before.items():
            (shell.folder / name).write_bytes(data)


def test_a_killed_add_leaves_a_row_that_still_lacks_its_evidence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_before: list[int]
) -> None:
    shell = Shell(fresh(tmp_path), monkeypatch)
    killed_before[0] = 1
    with pytest.raises(Killed):
        shell("add", "visits", *cells(VISIT), "--cite", "an official visit")
    assert len(read_table(shell.folder, "visits")) == 1
    assert read_table(shell.folder, "evidence") == []
    killed_before[0] = 1_000
    assert shell("cite", "an official visit", "--for", "V0001/facts").code == 0
    assert check(shell.folder).findings == ()


@pytest.mark.parametrize("files", [0, 1, 2, 3])
def test_a_killed_new_source_is_finished_by_the_same_command(
    files: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_before: list[int]
) -> None:
    shell = Shell(fresh(tmp_path), monkeypatch)
    (tmp_path / "second.txt").write_text("A second text.\n", "utf-8")
    killed_before[0] = files
    with pytest.raises(Killed):
        shell("cite", "--add", "../second.txt")
    killed_before[0] = 1_000
    done = shell("cite", "--add", "../second.txt")
    if files < 3:
        assert done.code == 0, done
    else:
        # Its row was written already; what is missing is derived.
        assert done.err == "relations: ../second.txt is a source already: R0002\n"
        rebuild(shell.folder)
    assert [row["file"] for row in read_table(shell.folder, "sources")] == [
        "article.txt", "second.txt",
    ]  # fmt: skip
    assert (shell.folder / "seeds" / "R0002.md").exists()
    assert {each.code for each in check(shell.folder).findings} == {"unused-source"}


def test_two_commands_at_once_take_turns(tmp_path: Path) -> None:
    root = fresh(tmp_path)
    both = [started(ADDER, root, name) for name in ("Kari", "Ola")]
    for process in both:
        assert process.stdout
        process.communicate()
        assert process.returncode == 0
    rows = read_table(root, "officials")
    assert [row["official_id"] for row in rows] == [f"P{number:04}" for number in range(1, 9)]
    assert sorted(row["name"] for row in rows) == [
        f"{name} {letter}" for name in ("Kari", "Ola") for letter in "ABCD"
    ]
    assert {each.code for each in check(root).findings} <= {
        "uncited-row", "unused-source", "similar-names",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["datapackage/evidence.csv", "datapackage.json"])
def test_what_another_program_wrote_meanwhile_is_not_overwritten(name: str, tmp_path: Path) -> None:
    root = fresh(tmp_path, visit=True)
    with bench(root) as change:
        span = citing.span(citing.source(change, ""), 0, 5)
        citing.cite(change, Target("visits", "V0001"), span)
        change.judge()
        before = snapshot(root)
        (root / name).write_bytes(before[name] + b"\n")
        with pytest.raises(ChangedMeanwhile, match=f"{Path(name).name} was changed by another"):
            change.write()
    assert snapshot(root) == {**before, name: before[name] + b"\n"}


def test_a_lock_that_another_holds_is_waited_for_and_then_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A second handle is as another process.
    said = "another command is writing to"
    with locked(tmp_path), pytest.raises(Locked, match=said), locked(tmp_path, patience=0):
        pass
    shell = Shell(fresh(tmp_path), monkeypatch)
    monkeypatch.setattr("relations.validators.curating.bench.locked", _at_once)
    with locked(shell.folder):
        done = shell("add", "officials", "--set", "name=Kari Lunde")
    assert (done.code, done.out) == (2, "")
    assert done.err.endswith("; try again when it has ended\n")
    assert read_table(shell.folder, "officials") == []


def _at_once(root: Path) -> object:
    return locked(root, patience=0)


def test_a_lock_tells_git_to_ignore_it(tmp_path: Path) -> None:
    with locked(tmp_path):
        assert (tmp_path / FOLDER / ".gitignore").read_text("ascii") == "*\n"


def test_a_lock_is_not_led_out_of_the_package(tmp_path: Path) -> None:
    root, outside = tmp_path / "package", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (root / FOLDER).symlink_to(outside, target_is_directory=True)
    with (
        pytest.raises(Locked, match="is a link: what is behind it is not written to"),
        locked(root),
    ):
        pass
    assert list(outside.iterdir()) == []
    (root / FOLDER).unlink()
    (root / FOLDER).mkdir()
    (root / FOLDER / NAME).symlink_to(outside / "file")
    with pytest.raises(Locked, match="cannot be written to"), locked(root):
        pass
    assert list(outside.iterdir()) == []


def test_where_nothing_can_be_written_that_is_said(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    with pytest.raises(Locked, match=r"file cannot be written to: Not a directory"), locked(file):
        pass


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may do all")
def test_a_folder_that_is_read_only(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(Locked, match="cannot be written to: Permission denied"), locked(tmp_path):
        pass
