"""Parts of files and folders that are not whole yet, and what a killed command left of them.

A part lies beside what it will become, `.visits.csv.relations-k3j2h1g4.part`, and is held by
the process that works on it: with the operating system's own lock, which ends with that process.
So a part that nobody holds was left by a command that was killed, and the next one that writes
to the folder takes it away. A folder that was moved aside to make room, and has no successor,
is moved back.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

PART = ".part"
"""How the name of everything ends that is not whole yet; git is told to ignore it."""
MARK = ".relations-"
"""What stands in the names of ours, between the name to be and what makes them unique."""
ASIDE = ".old"
"""What stands before `.part` in the name of a folder that was moved aside."""
_DAY = 24 * 60 * 60


def prefix(path: Path) -> str:
    """How the name of a part of ``path`` begins; something unique and PART follow."""
    return f".{path.name}{MARK}"


def aside(part: Path) -> Path:
    """Where the folder is moved to whose place ``part`` takes."""
    return part.with_name(part.name.removesuffix(PART) + ASIDE + PART)


def sweep(folder: Path) -> None:
    """Take away, or move back, the parts in ``folder`` that nobody works on any more.

    What cannot be taken away, because it is somebody else's for one, stays: it is in nobody's way.
    """
    for part in sorted(folder.glob(f".*{MARK}*{PART}")):
        with contextlib.suppress(OSError), _alone(part):
            if not part.is_dir():
                part.unlink()
                continue
            whole = folder / part.name[1:].partition(MARK)[0]
            if part.name.endswith(ASIDE + PART) and not whole.exists():
                part.replace(whole)
            else:
                shutil.rmtree(part)


if sys.platform == "win32":
    import time

    def held(path: Path) -> contextlib.AbstractContextManager[object]:
        """Work on a part. Here what is open cannot be moved: there is no holding it."""
        return contextlib.nullcontext(path)

    @contextlib.contextmanager
    def _alone(path: Path) -> Iterator[None]:
        """Take a part that nobody has touched for a day. Raises OSError for one that is newer."""
        if time.time() - path.stat().st_mtime < _DAY:
            raise OSError
        yield

else:
    import fcntl

    @contextlib.contextmanager
    def held(path: Path) -> Iterator[None]:
        """Hold a part, wherever it is moved to, until the end or until this process ends."""
        handle = os.open(path, os.O_RDONLY)
        try:
            # Where there are no locks, nobody sweeps either.
            with contextlib.suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        finally:
            os.close(handle)

    @contextlib.contextmanager
    def _alone(path: Path) -> Iterator[None]:
        """Hold a part that nobody else holds. Raises OSError for one that somebody does."""
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        finally:
            os.close(handle)
