"""Where a package's files come from. Reads inside the package's root and nowhere else."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol, TypeVar, runtime_checkable

from relations.validators.package.memory import memory
from relations.validators.stop import CannotDo

DESCRIPTOR = "datapackage.json"
ARCHIVE = ".zip"

Given = str | Path | None
"""How a package is named: by a path, by an address, or not at all."""

LONGEST_NAME = 32_767
"""Characters of a path; more than Windows has, which has the longest."""

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


class NotAPackage(CannotDo):
    """There is nothing here that could be a package; the message is one plain line."""


class UnsafePath(Exception):
    """A name that leads, or may lead, out of the package; the message says how."""


class Unreadable(Exception):
    """A file that is there and cannot be read; the message says why."""


def safe_name(name: str) -> PurePosixPath:
    """The name as a relative POSIX path without ``..``.

    Raises UnsafePath where it is absolute, has a scheme or a backslash, climbs, or has no end.
    """
    if len(name) > LONGEST_NAME:
        # To follow one of a megabyte takes minutes.
        raise UnsafePath("is longer than any system has names")
    path = PurePosixPath(name)
    if "://" in name or _SCHEME.match(name):
        raise UnsafePath("is an address, not a file of the package")
    if "\\" in name or "\0" in name:
        raise UnsafePath("has a character that no path here may have")
    if path.is_absolute() or name.startswith("~") or (len(name) > 1 and name[1] == ":"):
        raise UnsafePath("is absolute")
    if ".." in path.parts:
        raise UnsafePath("climbs out of the folder")
    if not path.parts:
        raise UnsafePath("is empty")
    return path


class Digested(Protocol):
    """What was read from a file, and the SHA-256 of its bytes in hexadecimal digits."""

    @property
    def digest(self) -> str: ...


D = TypeVar("D", bound=Digested)


class Files(Protocol):
    """The files of a package, named by paths relative to its root."""

    def exists(self, name: str) -> bool:
        """Whether there is a file, or anything else, of this name."""

    def read(self, name: str) -> bytes:
        """The bytes of a file. Raises FileNotFoundError, UnsafePath or Unreadable."""

    def names_in(self, folder: str) -> list[str]:
        """The names of the files directly in a folder, sorted; none where it is not there."""


@runtime_checkable
class OnDisk(Files, Protocol):
    """Files that need not be read whole."""

    def in_parts(self, name: str, beyond: int, take: Callable[[BinaryIO], D]) -> D | None:
        """What ``take`` makes of a file that is open, and from then on its own to close.

        None for a file of no more than ``beyond`` bytes. Raises as `read` does.
        """


class Folder:
    """A package in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._real_root = root.resolve()

    def path(self, name: str) -> Path:
        """Where the file lies. Raises UnsafePath where that is outside the root."""
        path = self.root / safe_name(name)
        try:
            inside = path.resolve().is_relative_to(self._real_root)
        except (OSError, RuntimeError):
            # What leads round in a circle leads nowhere; reading it says so.
            inside = True
        if not inside:
            raise UnsafePath("is a link that leads out of the package")
        return path

    def exists(self, name: str) -> bool:
        try:
            self.path(name).lstat()
        except OSError:
            # A name too long for the disk, or below a folder that may not be entered: not there.
            return False
        return True

    def read(self, name: str) -> bytes:
        return read_regular(self.path(name))

    def in_parts(self, name: str, beyond: int, take: Callable[[BinaryIO], D]) -> D | None:
        path = self.path(name)
        try:
            if path.stat().st_size <= beyond:
                return None
            file = open_regular(path)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise Unreadable(f"cannot be read: {error.strerror or error}") from error
        return take(file)

    def names_in(self, folder: str) -> list[str]:
        try:
            path = self.path(folder)
            if not path.is_dir():
                return []
            return sorted(f"{folder}/{entry.name}" for entry in path.iterdir())
        except (PermissionError, UnsafePath):
            # The files that are named elsewhere are reported one by one.
            return []


def read_regular(path: Path) -> bytes:
    """The bytes of a regular file; never waits on a pipe or a device.

    Raises FileNotFoundError, or Unreadable with the reason.
    """
    try:
        with open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size > memory():
                raise Unreadable(f"has {size:,} bytes, more than this machine has memory for")
            return file.read()
    except FileNotFoundError:
        raise
    except MemoryError:
        raise Unreadable("is larger than the memory that is free") from None
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror or error}") from error


def open_regular(path: Path) -> BinaryIO:
    """A regular file, open to be read. Raises OSError, or Unreadable where it is none."""
    _must_be_regular(path.stat().st_mode)
    # It may have become a pipe meanwhile: opening one waits for somebody to write.
    file = os.fdopen(os.open(path, os.O_RDONLY | _AT_ONCE), "rb")
    try:
        _must_be_regular(os.fstat(file.fileno()).st_mode)
    except BaseException:
        file.close()
        raise
    return file


_AT_ONCE = (
    getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def _must_be_regular(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise Unreadable("is a folder, not a file")
    if not stat.S_ISREG(mode):
        raise Unreadable("is no regular file")


def is_address(given: Given) -> bool:
    """Whether a package is named by an address on the network and not by a path."""
    return isinstance(given, str) and _ADDRESS.match(given) is not None


def locate(given: Given) -> Path:
    """The descriptor that is meant: itself, in that folder, or the nearest above here.

    A ``.zip`` stands for the descriptor inside it and is given back as it is.

    Raises NotAPackage with one line that says what is missing, or that it is not on this disk.
    """
    if isinstance(given, str) and is_address(given):
        from relations.validators.package.address import Address

        raise NotAPackage(f"{Address.parse(given)} is an address: download it, and name the folder")
    try:
        return _located(Path(given) if given is not None else None)
    except OSError as error:
        said = error.strerror or str(error)
        raise NotAPackage(f"{given or 'this folder'} cannot be read: {said}") from error


def _located(path: Path | None) -> Path:
    """Raises OSError too: for a name that is too long, or a folder that may not be entered."""
    if path is None:
        for folder in (Path.cwd(), *Path.cwd().parents):
            if (folder / DESCRIPTOR).exists():
                return folder / DESCRIPTOR
        raise NotAPackage(f"no {DESCRIPTOR} here or in a folder above")
    if path.is_dir():
        if not (path / DESCRIPTOR).exists():
            raise NotAPackage(f"no {DESCRIPTOR} in {path}")
        return path / DESCRIPTOR
    if not path.exists():
        raise NotAPackage(f"no such file or folder: {path}")
    if path.suffix.lower() not in (".json", ARCHIVE):
        raise NotAPackage(f"neither a folder, a {DESCRIPTOR} nor a {ARCHIVE}: {path}")
    return path
