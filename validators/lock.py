"""One writer at a time: a lock on a package, which ends with the process that holds it.

The lock is the operating system's own (`flock`; on Windows `msvcrt.locking`), on a file that
stays where it is. Whoever is killed lets go of it at that moment, so no lock is ever stale,
and there is no process id to misread. It keeps the commands of this tool apart; what other
programs change meanwhile is noticed when a file is replaced (see `atomic`).
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from relations.validators.cache_folder import cache_folder
from relations.validators.stop import CannotDo

NAME = "lock"
PATIENCE = 10.0
"""Seconds to wait for another command to end."""
_PAUSE = 0.02
_BUSY = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


class Locked(CannotDo):
    """The package cannot be locked; the message is one plain line."""


@contextlib.contextmanager
def locked(root: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock of the package in ``root``; wait up to ``patience`` seconds for it.

    Raises Locked where another command keeps it longer, or where the folder takes no lock.
    Not reentrant.
    """
    handle = _opened(root)
    try:
        deadline = time.monotonic() + patience
        while not _try(handle, root):
            if time.monotonic() >= deadline:
                raise Locked(f"another command is writing to {root}; try again when it has ended")
            time.sleep(_PAUSE)
        yield
    finally:
        os.close(handle)


def _opened(root: Path) -> int:
    try:
        folder = cache_folder(root)
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
        return os.open(folder / NAME, flags, 0o666)
    except OSError as error:
        raise Locked(f"{root} cannot be written to: {error.strerror}") from error


if sys.platform == "win32":
    import msvcrt

    def _try(handle: int, root: Path) -> bool:
        # A byte that nobody writes: a locked region cannot be read either.
        os.lseek(handle, 1 << 30, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            return _busy(error, root)
        return True

else:
    import fcntl

    def _try(handle: int, root: Path) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            return _busy(error, root)
        return True


def _busy(error: OSError, root: Path) -> bool:
    """False where another holds the lock; Locked where there are no locks here."""
    if error.errno in _BUSY:
        return False
    raise Locked(f"{root} cannot be locked: {error.strerror}") from error
