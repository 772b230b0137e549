"""Write files whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from relations.validators.leftovers import PART, aside, held, prefix, sweep
from relations.validators.stop import CannotDo


class ChangedMeanwhile(CannotDo):
    """The file is no longer what was read; the message is one plain line."""


class AlreadyThere(CannotDo):
    """Something is there already and is not to be replaced; the message is one plain line."""


_ANYTHING = object()
_DEVICES = Path("/dev")


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
    with _part_of(path) as temporary:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # A part is private; a new file gets what the umask leaves, as open() would.
        temporary.chmod(mode if mode is not None else 0o666 & ~_umask())
        if expected is not _ANYTHING and _bytes_of(path) != expected:
            raise ChangedMeanwhile(_changed(path))
        temporary.replace(path)
    _sync_folder(path.parent)


def deliver(path: Path, data: bytes) -> None:
    """Put ``data`` where a person said: a file in one step, behind a link if need be.

    A pipe or a device is written into, and what /dev/stdout leads to is added to: to put a
    file in its place would take it from others. Raises OSError.
    """
    if path.absolute().is_relative_to(_DEVICES) or _is_no_file(path):
        with path.open("ab") as stream:
            stream.write(data)
    else:
        replace_file(_behind(path), data)


def _is_no_file(path: Path) -> bool:
    return path.exists() and not path.is_file()


def _behind(path: Path) -> Path:
    """Where a file lies, links followed: what is replaced is the file and not a link to it."""
    return Path(os.path.realpath(path))


@contextlib.contextmanager
def _part_of(path: Path) -> Iterator[Path]:
    """A new, empty part of a file, held until it is in its place; gone where it is not."""
    sweep(path.parent)
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=prefix(path), suffix=PART)
    except OSError as error:
        _name(path, error)
        raise
    os.close(handle)
    temporary = Path(name)
    try:
        with held(temporary):
            yield temporary
    except BaseException as error:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
        _name(path, error)
        raise


def _name(path: Path, error: BaseException) -> None:
    """Say what was written: a full disk tells that it is full, not what it has no room for.

    Nor does anybody know the name of the part that was to become it.
    """
    if not isinstance(error, OSError):
        return
    named = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
    if not named or Path(named).name.startswith(prefix(path)):
        error.filename, error.strerror = str(path), error.strerror or str(error)


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file to replace: ``old`` bytes (None: it must not be there yet) and ``new`` ones."""

    path: Path
    old: bytes | None
    new: bytes


def replace_files(changes: Sequence[FileChange]) -> None:
    """Replace several files, in this order, each in one step, links followed. Hold the package's
    lock.

    What depends on another file comes after it: a kill between two of them leaves the later
    ones as they were. Nothing is written where any of the files is no longer what was read
    (ChangedMeanwhile), and a file that already has its new bytes is left alone.
    """
    changes = [change for change in changes if change.old != change.new]
    for change in changes:
        if _bytes_of(change.path) != change.old:
            raise ChangedMeanwhile(_changed(change.path))
    for change in changes:
        place = _behind(change.path)
        place.parent.mkdir(parents=True, exist_ok=True)
        replace_file(place, change.new, expected=change.old)


def _changed(path: Path) -> str:
    return f"{path} was changed by another program; nothing was written to it"


@contextlib.contextmanager
def staged_file(path: Path, *, force: bool = False) -> Iterator[Path]:
    """A temporary file to write, which takes the place of ``path`` when all went well.

    Raises AlreadyThere where there is something at ``path``, unless ``force``, and then too
    where it is no file. Of a link, what is behind it is replaced. Raises OSError where the
    folder cannot be written to.
    """
    _refuse_file(path, force)
    place = _behind(path)
    with _part_of(place) as temporary:
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        _refuse_file(path, force)
        temporary.replace(place)
    _sync_folder(place.parent)


def _refuse_file(path: Path, force: bool) -> None:
    if path.is_dir():
        raise AlreadyThere(f"{path} is a folder; nothing was written")
    if _is_no_file(path):
        raise AlreadyThere(f"{path} is no file; nothing was written")
    if path.exists() and not force:
        raise AlreadyThere(f"{path} is there already; --force replaces it")


@contextlib.contextmanager
def staged_folder(path: Path, *, force: bool = False) -> Iterator[Path]:
    """A temporary folder to fill, which takes the place of ``path`` when all went well.

    Raises AlreadyThere where there is something at ``path``, unless ``force``, and then too
    where it is no folder or holds something that the new one does not: a mistyped name
    shall not cost anybody a folder. Raises OSError where the folder cannot be written to.
    """
    sweep(path.parent)
    _refuse_folder(path, force, None)
    try:
        name = tempfile.mkdtemp(dir=path.parent, prefix=prefix(path), suffix=PART)
    except OSError as error:
        _name(path, error)
        raise
    temporary = Path(name)
    try:
        with held(temporary):
            yield temporary
            temporary.chmod(0o777 & ~_umask())
            _refuse_folder(path, force, temporary)
            with held(path) if path.exists() else contextlib.nullcontext():
                _swap(path, temporary)
    except BaseException as error:
        shutil.rmtree(temporary, ignore_errors=True)
        _name(path, error)
        raise
    _sync_folder(path.parent)


def _swap(path: Path, new: Path) -> None:
    """Put a folder in the place of another. A kill in between leaves the old one beside its
    place: no system moves two folders in one step; `sweep` moves it back."""
    old = aside(new)
    if path.exists():
        path.replace(old)
    try:
        new.replace(path)
    except BaseException:
        if old.exists():
            old.replace(path)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _refuse_folder(path: Path, force: bool, new: Path | None) -> None:
    if not path.exists():
        return
    if not path.is_dir() or path.is_symlink():
        raise AlreadyThere(f"{path} is no folder; nothing was written")
    if Path.cwd().is_relative_to(path.resolve()):
        # It would be put in the place of the one that somebody is in.
        raise AlreadyThere(f"{path} is the folder that you are in; name one below it")
    if not force:
        raise AlreadyThere(f"{path} is there already; --force replaces it")
    if new is not None:
        kept = {each.name for each in path.iterdir()} - {each.name for each in new.iterdir()}
        if kept:
            raise AlreadyThere(
                f"{path} holds {sorted(kept)[0]}, which would be lost; nothing was written"
            )


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
