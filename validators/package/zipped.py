"""A package in a zip, read in memory and with limits; nothing of it is ever unpacked to disk."""

from __future__ import annotations

import bisect
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
from relations.validators.package.limits import (
    MAX_FILE,
    MAX_FILES,
    MAX_RATIO,
    MAX_UNPACKED,
    MIB,
)

RATIO_MATTERS = 16 * MIB
"""Below this size a member may be packed as tightly as it likes; tables of digests reach ten."""
_ENTRY = b"PK\x01\x02"
"""What each entry of the list of members begins with."""
_LEAST_HEADER = 30
"""How many bytes stand at least before the data of a member."""

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

        Raises NotAPackage where it is no zip, has a member whose name leads out of it, or does
        not have exactly one descriptor, and BeyondLimit.
        """
        self.name = name
        most = MAX_FILES.value
        # Counted before they are read: each takes ten times its room then. Bytes that only look
        # like an entry are taken for one, which matters to nobody below the limit.
        if data.count(_ENTRY) > most:
            raise MAX_FILES.refusal(f"{name} has more members than")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise NotAPackage(f"{name} is no zip that can be read: {error}") from error
        members = self._zip.infolist()
        self._members: dict[PurePosixPath, zipfile.ZipInfo] = {}
        self._folders: set[PurePosixPath] = set()
        """Those that are members themselves."""
        for member in members:
            self._list(member)
        self._weigh(members)
        self._sorted = sorted(map(str, self._members))
        self._top = self._find_top()

    @classmethod
    def open(cls, path: Path) -> Zip:
        """The zip at ``path``. Raises NotAPackage, as above."""
        try:
            if path.stat().st_size > MAX_UNPACKED.value:
                raise MAX_UNPACKED.refusal(f"{path} is larger than")
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
            self._folders.add(path)
            return
        if path in self._members:
            raise NotAPackage(f"{self.name} has two members named {str(path)!a}")
        self._members[path] = member

    def _weigh(self, members: list[zipfile.ZipInfo]) -> None:
        """Refuse what would unpack to too much, by what the list of members says.

        What a member really unpacks to is cut off at the size that is stated here.
        """
        largest, ratio = MAX_FILE.value, MAX_RATIO.value
        for member in members:
            shown = f"{self.name}: the member {member.orig_filename!a} would unpack to"
            if member.file_size > largest:
                raise MAX_FILE.refusal(f"{shown} more than")
            packed = max(1, member.compress_size)
            if member.file_size > RATIO_MATTERS and member.file_size > ratio * packed:
                raise MAX_RATIO.refusal(f"{shown} more times its packed size than")
        if sum(member.file_size for member in members) > MAX_UNPACKED.value:
            raise MAX_UNPACKED.refusal(f"{self.name} would unpack to more than")
        end = 0
        for member in sorted(members, key=lambda each: each.header_offset):
            if member.header_offset < end:
                raise NotAPackage(f"{self.name} has members that lie over one another")
            end = member.header_offset + _LEAST_HEADER + member.compress_size

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
        if path in self._members or path in self._folders:
            return True
        # The first name that could lie in such a folder.
        place = bisect.bisect_left(self._sorted, f"{path}/")
        return any(each.startswith(f"{path}/") for each in self._sorted[place : place + 1])

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

    def names_in(self, folder: str) -> list[str]:
        path = self._path(folder)
        return sorted(f"{folder}/{each.name}" for each in self._members if each.parent == path)
