"""Write files whole or not at all."""

from __future__ import annotations

import contextlib
import glob
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PART = ".part"
"""How the name of a file ends that is not whole yet."""


class ChangedMeanwhile(Exception):
    """The file is no longer what was read; the message is one plain line."""


_ANYTHING = object()


def replace_file(path: Path, data: bytes, *, expected: bytes | object | None = _ANYTHING) -> None:
    """Put ``data`` in place of the file at ``path``, in one step.

    With ``expected``, the bytes that the file must still have (None: it must not be there),
    another program's change is refused with ChangedMeanwhile and not overwritten. A kill at
    any moment leaves the old file or the new one. Raises OSError where the folder cannot be
    written to.
    """
    try:
        mode = path.stat().st_mode & 0o7777
    except FileNotFoundError:
        mode = None
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=PART)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes a private file; a new one gets what the umask leaves, as open() would.
        Path(temporary).chmod(mode if mode is not None else 0o666 & ~_umask())
        if expected is not _ANYTHING and _bytes_of(path) != expected:
            raise ChangedMeanwhile(_changed(path))
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise
    _sync_folder(path.parent)


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file to replace: ``old`` bytes (None: it must not be there yet) and ``new`` ones."""

    path: Path
    old: bytes | None
    new: bytes


def replace_files(changes: Sequence[FileChange]) -> None:
    """Replace several files, in this order, each in one step. Hold the package's lock.

    What depends on another file comes after it: a kill between two of them leaves the later
    ones as they were. Nothing is written where any of the files is no longer what was read
    (ChangedMeanwhile), and a file that already has its new bytes is left alone.
    """
    changes = [change for change in changes if change.old != change.new]
    for change in changes:
        if _bytes_of(change.path) != change.old:
            raise ChangedMeanwhile(_changed(change.path))
    for change in changes:
        change.path.parent.mkdir(parents=True, exist_ok=True)
        # Left by a command that was killed: with the lock held, nobody else writes here.
        for part in change.path.parent.glob(f".{glob.escape(change.path.name)}.*{PART}"):
            part.unlink(missing_ok=True)
        replace_file(change.path, change.new, expected=change.old)


def _changed(path: Path) -> str:
    return f"{path} was changed by another program; nothing was written to it"


def _bytes_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    # Windows cannot open a folder; there the rename alone has to do.
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
