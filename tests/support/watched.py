"""Run the command and see what it opened, asked for, and how much memory it took.

Python's audit hooks tell of every file that is opened by it, every folder listed, every program
started and every connection. What a library opens by itself they do not see: for that the
kernel is asked (inotify, on Linux) about the files that must not be touched.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import json
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from relations.cli.app import app
from relations.validators.package.memory import CGROUPS

REPOSITORY = Path(__file__).parents[2]

PROGRAM = """
import atexit, json, os, sys
told = int(sys.argv.pop(1))
from support.watched import Record, peak
record = Record()
def tell():
    said = {"opened": sorted(record.opened), "asked": record.asked, "peak": peak()}
    os.write(told, json.dumps(said).encode())
from relations.cli.app import main
atexit.register(tell)
sys.addaudithook(record)
main()
"""


def peak() -> int:
    """The most memory that this process ever had, in bytes; 0 where nobody says."""
    with contextlib.suppress(OSError):
        # What `getrusage` says on Linux may be of the process that started this one.
        for line in Path("/proc/self/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    with contextlib.suppress(ImportError):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return 0


class Record:
    """An audit hook, which can never be taken out again, and so can be told to look away."""

    def __init__(self) -> None:
        self.looking = True
        self.opened: set[str] = set()
        self.asked: list[str] = []

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self.looking:
            return
        if event in ("open", "os.listdir", "os.scandir"):
            if isinstance(arguments[0], str | bytes):
                # Where it lies at this moment, links followed; this opens nothing.
                self.opened.add(os.path.realpath(os.fsdecode(arguments[0])))
        elif event == "subprocess.Popen" or event.startswith("socket."):
            self.asked.append(event)


@functools.cache
def _record() -> Record:
    record = Record()
    record.looking = False
    sys.addaudithook(record)
    return record


_OURS = (
    REPOSITORY,
    Path(sys.prefix),
    Path(sys.base_prefix),
    *(Path(each) for each in sysconfig.get_paths().values()),
    # Where Python and its libraries look for what belongs to the system.
    Path("/dev/null"),
    Path("/etc/localtime"),
    Path("/usr/share/zoneinfo"),
)


@dataclass(frozen=True, slots=True)
class Watched:
    """What a command gave back and did. ``peak`` is in bytes, 0 where it cannot be had."""

    code: int
    out: str
    err: str
    opened: tuple[Path, ...]
    """Files opened and folders listed, links followed."""
    asked: tuple[str, ...]
    """Programs started, and whatever was done with the network."""
    peak: int

    def opened_outside(self, *inside: Path) -> list[Path]:
        """What it opened that is neither ``inside`` nor of Python and its libraries.

        Nor where the system says how much memory there is: two names that no package chooses.
        """
        allowed = [each.resolve() for each in (*inside, *_OURS, *map(Path, CGROUPS))]
        return [
            path for path in self.opened if not any(path.is_relative_to(each) for each in allowed)
        ]


def watched(folder: Path, *arguments: str) -> Watched:
    """``relations ARGUMENTS`` in a folder, in this process."""
    record = _record()
    record.opened, record.asked = set(), []
    with contextlib.chdir(folder):
        record.looking = True
        try:
            done = CliRunner().invoke(app, list(arguments))
        finally:
            record.looking = False
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    opened = tuple(map(Path, sorted(record.opened)))
    return Watched(done.exit_code, done.stdout, done.stderr, opened, tuple(record.asked), 0)


def watched_apart(folder: Path, *arguments: str, **surroundings: str) -> Watched:
    """The same in a process of its own, with its peak of memory; it has two minutes to end."""
    with tempfile.TemporaryFile() as told:
        os.set_inheritable(told.fileno(), True)
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(told.fileno()), *arguments],
            cwd=folder,
            env={
                **os.environ,
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONPATH": str(REPOSITORY / "tests"),
                **surroundings,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=120,
            pass_fds=[told.fileno()],
        )
        told.seek(0)
        said = json.loads(told.read())
    return Watched(
        done.returncode,
        done.stdout,
        done.stderr,
        tuple(map(Path, said["opened"])),
        tuple(said["asked"]),
        said["peak"],
    )


@contextlib.contextmanager
def untouched(*paths: Path) -> Iterator[None]:
    """Nobody opens these files, or what lies in these folders, meanwhile; by the kernel's word."""
    if sys.platform != "linux":
        yield
        return
    library = ctypes.CDLL(None, use_errno=True)
    opening = 0x20
    handle = library.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    assert handle >= 0, os.strerror(ctypes.get_errno())
    try:
        for path in paths:
            watch = library.inotify_add_watch(handle, os.fsencode(path), opening)
            assert watch >= 0, os.strerror(ctypes.get_errno())
        yield
        try:
            events = os.read(handle, 65536)
        except BlockingIOError:
            events = b""
        assert events == b"", f"one of {[str(each) for each in paths]} was opened"
    finally:
        os.close(handle)
