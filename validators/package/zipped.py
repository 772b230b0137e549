"""A package in a zip, read in memory and with limits; nothing of it is ever unpacked to disk."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from relations.validators.package.files import (
    ARCHIVE,
    DESCRIPTOR,
    NotAPackage,
    Unreadable,
    UnsafePath,
    read_regular,
    safe_name,
)

MAX_MEMBERS = 20_000
MAX_BYTES = 2 * 1024**3
"""All members together, unpacked."""
MAX_RATIO = 200
"""How many times its packed size a member may be; tables of digests reach ten."""
RATIO_MATTERS = 16 * 1024**2
"""Below this size a member may be packed as tightly as it likes."""

_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)
"""What zipfile raises over one that is broken."""


class Zip:
    """A package in a zip: its descriptor at the top or, alone, in one of the top folders."""

    def __init__(self, data: bytes, name: str) -> None:
        """Look over the zip's list of members; ``name`` is what messages call it.

        Raises NotAPackage where it is no zip, is beyond a limit, has a member whose name leads
        out of it, or does not have exactly one descriptor.
        """
        self.name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise NotAPackage(f"{name} is no zip that can be read: {error}") from error
        members = self._zip.infolist()
        if len(members) > MAX_MEMBERS:
            raise NotAPackage(f"{name} has {len(members)} members; {MAX_MEMBERS} are the limit")
        total = sum(member.file_size for member in members)
        if total > MAX_BYTES:
            raise NotAPackage(f"{name} would unpack to {total} bytes; {MAX_BYTES} are the limit")
        self._members: dict[PurePosixPath, zipfile.ZipInfo] = {}
        for member in members:
            self._list(member)
        self._top = self._find_top()

    @classmethod
    def open(cls, path: Path) -> Zip:
        """The zip at ``path``. Raises NotAPackage, as above."""
        try:
            if path.stat().st_size > MAX_BYTES:
                raise NotAPackage(f"{path} is larger than {MAX_BYTES} bytes, the limit")
            data = read_regular(path)
        except FileNotFoundError:
            raise NotAPackage(f"no such file or folder: {path}") from None
        except Unreadable as error:
            raise NotAPackage(f"{path} {error}") from error
        return cls(data, str(path))

    def _list(self, member: zipfile.ZipInfo) -> None:
        try:
            # The name as the zip has it: zipfile cuts it at a NUL.
            path = safe_name(member.orig_filename)
        except UnsafePath as error:
            shown = ascii(member.orig_filename)
            raise NotAPackage(f"{self.name}: the member {shown} {error}") from error
        if member.is_dir():
            return
        if path in self._members:
            raise NotAPackage(f"{self.name} has two members named {str(path)!a}")
        self._members[path] = member

    def _find_top(self) -> PurePosixPath:
        here = PurePosixPath(DESCRIPTOR)
        if here in self._members:
            return PurePosixPath()
        tops = sorted(
            path.parent
            for path in self._members
            if path.name == DESCRIPTOR and len(path.parts) == 2
        )
        if len(tops) == 1:
            return tops[0]
        if not tops:
            raise NotAPackage(f"no {DESCRIPTOR} at the top of {self.name} or in a folder there")
        folders = ", ".join(ascii(str(top)) for top in tops[:5])
        raise NotAPackage(f"{self.name} has more than one {DESCRIPTOR}: in {folders}")

    def _path(self, name: str) -> PurePosixPath:
        return self._top / safe_name(name)

    def exists(self, name: str) -> bool:
        path = self._path(name)
        return path in self._members or any(path in each.parents for each in self._members)

    def read(self, name: str) -> bytes:
        path = self._path(name)
        member = self._members.get(path)
        if member is None:
            if self.exists(name):
                raise Unreadable("is a folder, not a file")
            raise FileNotFoundError(name)
        self._refuse(member)
        try:
            with self._zip.open(member) as file:
                data = file.read(member.file_size + 1)
        except _BROKEN as error:
            raise Unreadable(f"cannot be unpacked: {error}") from error
        if len(data) != member.file_size:
            raise Unreadable("is not as long as the zip says")
        return data

    @staticmethod
    def _refuse(member: zipfile.ZipInfo) -> None:
        mode = member.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            raise Unreadable("is no regular file")
        if member.flag_bits & _ENCRYPTED:
            raise Unreadable("is encrypted")
        if member.compress_type not in _PACKINGS:
            raise Unreadable("is packed in a way that is not read here (stored or deflated is)")
        if member.filename.lower().endswith(ARCHIVE):
            raise Unreadable("is a zip inside the zip")
        packed = max(1, member.compress_size)
        if member.file_size > RATIO_MATTERS and member.file_size > MAX_RATIO * packed:
            raise Unreadable(f"would unpack to more than {MAX_RATIO} times its size")

    def names_in(self, folder: str) -> list[str]:
        path = self._path(folder)
        return sorted(f"{folder}/{each.name}" for each in self._members if each.parent == path)
