"""Files and folders that take their place whole, or not at all."""

from __future__ import annotations

import os
import random
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from relations.validators.atomic import (
    AlreadyThere,
    deliver,
    replace_file,
    staged_file,
    staged_folder,
)
from relations.validators.leftovers import PART, aside, prefix, sweep

POSIX = pytest.mark.skipif(os.name != "posix", reason="it needs links, pipes and devices")


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_file_takes_its_place_with_the_permissions_of_a_new_one(tmp_path: Path) -> None:
    mask = os.umask(0o022)
    try:
        with staged_file(tmp_path / "out") as temporary:
            temporary.write_bytes(b"whole")
            assert not (tmp_path / "out").exists()
    finally:
        os.umask(mask)
    assert (tmp_path / "out").read_bytes() == b"whole"
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o644
    assert names(tmp_path) == ["out"]


def test_a_file_that_is_there_stays_without_force(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"old")
    with (
        pytest.raises(AlreadyThere, match="out is there already; --force replaces it"),
        staged_file(tmp_path / "out"),
    ):
        pytest.fail("nothing is to be written")
    with staged_file(tmp_path / "out", force=True) as temporary:
        temporary.write_bytes(b"new")
    assert (tmp_path / "out").read_bytes() == b"new"
    assert names(tmp_path) == ["out"]


def test_a_file_that_came_meanwhile_stays(tmp_path: Path) -> None:
    with pytest.raises(AlreadyThere, match="out is there already"), staged_file(tmp_path / "out"):
        (tmp_path / "out").write_bytes(b"theirs")
    assert (tmp_path / "out").read_bytes() == b"theirs"
    assert names(tmp_path) == ["out"]


@pytest.mark.parametrize("stage", [staged_file, staged_folder])
def test_a_failure_leaves_nothing(tmp_path: Path, stage: type[staged_file]) -> None:
    with pytest.raises(RuntimeError, match="half way"), stage(tmp_path / "out"):
        raise RuntimeError("half way")
    assert names(tmp_path) == []


def test_neither_takes_the_place_of_the_other(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with (
        pytest.raises(AlreadyThere, match="is a folder"),
        staged_file(tmp_path / "folder", force=True),
    ):
        pytest.fail("nothing is to be written")
    with (
        pytest.raises(AlreadyThere, match="is no folder"),
        staged_folder(tmp_path / "file", force=True),
    ):
        pytest.fail("nothing is to be written")


@POSIX
def test_what_is_behind_a_link_is_replaced_and_not_the_link(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    for name in ("report", "export"):
        (tmp_path / name).symlink_to(tmp_path / "far" / name)
    for content in (b"old", b"new"):
        deliver(tmp_path / "report", content)
        with staged_file(tmp_path / "export", force=content == b"new") as temporary:
            temporary.write_bytes(content)
        assert {each.name: each.read_bytes() for each in (tmp_path / "far").iterdir()} == {
            "report": content,
            "export": content,
        }
    assert all((tmp_path / name).is_symlink() for name in ("report", "export"))
    assert names(tmp_path) == ["export", "far", "report"]


@POSIX
def test_links_that_lead_to_each_other_are_said_to_do_so(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    with pytest.raises(OSError, match="symbolic links"):
        deliver(tmp_path / "one", b"text")
    assert names(tmp_path) == ["one", "two"]


@POSIX
def test_a_pipe_is_written_into_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        deliver(pipe, b"report")
        assert os.read(reader, 100) == b"report"
        with (
            pytest.raises(AlreadyThere, match="pipe is no file; nothing was written"),
            staged_file(pipe, force=True),
        ):
            pytest.fail("nothing is to be written")
    finally:
        os.close(reader)
    assert pipe.is_fifo()


@POSIX
def test_what_standard_output_leads_to_is_added_to(tmp_path: Path) -> None:
    script = (
        "from pathlib import Path\nfrom relations.validators.atomic import deliver\n"
        "deliver(Path('/dev/stdout'), b'report')"
    )
    with (tmp_path / "log").open("wb") as log:
        log.write(b"before ")
        log.flush()
        subprocess.run([sys.executable, "-c", script], check=True, stdout=log)
    assert (tmp_path / "log").read_bytes() == b"before report"
    assert Path("/dev/stdout").is_symlink()


def test_a_folder_takes_its_place_and_replaces_the_old_one_with_force(tmp_path: Path) -> None:
    for content in ("old", "new"):
        with staged_folder(tmp_path / "out", force=True) as temporary:
            (temporary / "table").write_text(content)
    assert (tmp_path / "out" / "table").read_text() == "new"
    assert names(tmp_path) == ["out"]
    with pytest.raises(AlreadyThere, match="--force replaces it"), staged_folder(tmp_path / "out"):
        pytest.fail("nothing is to be written")


def test_a_folder_with_anything_else_in_it_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis").write_text("ten years")
    with (
        pytest.raises(AlreadyThere, match="holds thesis, which would be lost"),
        staged_folder(tmp_path / "home", force=True) as temporary,
    ):
        (temporary / "table").touch()
    assert (tmp_path / "home" / "thesis").read_text() == "ten years"
    assert names(tmp_path) == ["home"]


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    target = tmp_path / "none" / "out"
    for stage in (staged_file, staged_folder):
        with pytest.raises(FileNotFoundError) as refused, stage(target):
            pytest.fail("nothing is to be written")
        # What was asked for, and not the name of a part of it.
        assert refused.value.filename == str(target)


def test_the_folder_that_one_is_in_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "site" / "below").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "site" / "below")
    for path in (Path(), Path(".."), tmp_path / "site"):
        with pytest.raises(AlreadyThere) as refused, staged_folder(path, force=True):
            pytest.fail("nothing is to be written")
        assert str(refused.value) == f"{path} is the folder that you are in; name one below it"
    with staged_folder(Path("new"), force=True) as temporary:
        (temporary / "table").touch()
    assert names(Path()) == ["new"]


# --- what a killed command left ------------------------------------------------------------

# Replaces a file and a folder again and again, each with a number twice.
STAGER = """
import itertools, sys
from pathlib import Path
from relations.validators.atomic import staged_file, staged_folder
root = Path(sys.argv[1])
print("ready", flush=True)
for number in itertools.count(int(sys.argv[2])):
    with staged_file(root / "file", force=True) as temporary:
        temporary.write_text(f"{number} {number}")
    with staged_folder(root / "folder", force=True) as temporary:
        (temporary / "one").write_text(str(number))
        (temporary / "two").write_text(str(number))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_kill_at_any_moment_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    moments = random.Random(20260131)
    ended = 0
    for _ in range(15):
        before = ended
        process = subprocess.Popen(
            [sys.executable, "-c", STAGER, str(tmp_path), str(before + 1)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        time.sleep(moments.uniform(0.01, 0.1))
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        # As the next command that writes here would.
        sweep(tmp_path)
        assert set(names(tmp_path)) <= {"file", "folder"}
        if (tmp_path / "file").exists():
            first, second = (tmp_path / "file").read_text().split()
            assert first == second
            ended = int(first)
        if (tmp_path / "folder").exists():
            numbers = {each.name: each.read_text() for each in (tmp_path / "folder").iterdir()}
            assert numbers in ({"one": str(n), "two": str(n)} for n in (ended - 1, ended))
        else:
            assert ended <= before + 1, "a folder that was there is gone"
    assert ended > 15


NO_TELLING = pytest.mark.skipif(sys.platform == "win32", reason="only what is a day old goes")


@NO_TELLING
@pytest.mark.parametrize("name", ["out", "another"])
def test_what_a_killed_command_left_is_swept(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{prefix(tmp_path / name)}abcd1234{PART}").write_text("half")
    (tmp_path / f"{prefix(tmp_path / name)}efgh5678{PART}").mkdir()
    # Not ours.
    (tmp_path / ".out.abcd1234.part").write_text("a download")
    with staged_file(tmp_path / "out") as temporary:
        assert names(tmp_path) == sorted([".out.abcd1234.part", temporary.name])
    assert names(tmp_path) == [".out.abcd1234.part", "out"]


@NO_TELLING
def test_what_another_command_works_on_is_left_alone(tmp_path: Path) -> None:
    # A second handle is as another process.
    with staged_file(tmp_path / "file") as file, staged_folder(tmp_path / "folder") as folder:
        replace_file(tmp_path / "third", b"whole")
        assert names(tmp_path) == sorted([file.name, folder.name, "third"])
    assert names(tmp_path) == ["file", "folder", "third"]


@NO_TELLING
def test_a_folder_that_was_moved_aside_is_moved_back(tmp_path: Path) -> None:
    old = aside(tmp_path / f"{prefix(tmp_path / 'out')}abcd1234{PART}")
    old.mkdir()
    (old / "table").write_text("old")
    with pytest.raises(AlreadyThere), staged_folder(tmp_path / "out"):
        pytest.fail("nothing is to be written")
    assert (tmp_path / "out" / "table").read_text() == "old"
    (tmp_path / "out").rename(old)
    (tmp_path / "out").mkdir()
    sweep(tmp_path)
    assert names(tmp_path) == ["out"]
    assert names(tmp_path / "out") == []
