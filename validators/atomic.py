"""Write files whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


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
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes a private file; a new one gets what the umask leaves, as open() would.
        Path(temporary).chmod(mode if mode is not None else 0o666 & ~_umask())
        if expected is not _ANYTHING and _bytes_of(path) != expected:
            raise ChangedMeanwhile(f"{path} was changed by another program; nothing was written")
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise
    _sync_folder(path.parent)


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
