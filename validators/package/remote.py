"""A package at an address: each file is fetched when it is read, and none is asked for otherwise.

Its files are those in the folder of its descriptor, as `address` and `fetching` have them; a
query is sent for the address that was given, and not for the files beside it. Where the server
redirects the descriptor, the files lie where it was found. There is no list of a folder's files,
so a file that the descriptor does not name goes unnoticed.
"""

from __future__ import annotations

import contextlib

from relations.validators.browsing.citation import CITATION_FILE
from relations.validators.package.address import Address
from relations.validators.package.descriptor import Descriptor
from relations.validators.package.fetching import CannotFetch, Fetcher
from relations.validators.package.files import DESCRIPTOR, Files, NotAPackage, Unreadable
from relations.validators.suppressions import FILE as SUPPRESSIONS

_MAY_BE_ABSENT = frozenset({SUPPRESSIONS, CITATION_FILE})
_FORBIDDEN = 403
"""What stores that may not be listed answer for a file that is not there."""


class Remote:
    """The files in the folder of a descriptor at ``base``, some of which were read already."""

    def __init__(self, base: Address, fetcher: Fetcher) -> None:
        self._base = base
        self._fetcher = fetcher
        self._read: dict[str, bytes | None] = {}

    def exists(self, name: str) -> bool:
        """Whether there was such a file when it was read; nothing is fetched to find out."""
        return self._read.get(str(self._base.beside(name))) is not None

    def read(self, name: str) -> bytes:
        address = self._base.beside(name)
        where = str(address)
        if where not in self._read:
            self._read[where] = self._fetched(name, address)
        data = self._read[where]
        if data is None:
            raise FileNotFoundError(name)
        return data

    def _fetched(self, name: str, address: Address) -> bytes | None:
        try:
            return self._fetcher.fetch(address)[1]
        except FileNotFoundError:
            return None
        except CannotFetch as error:
            if error.status == _FORBIDDEN and name in _MAY_BE_ABSENT:
                return None
            raise

    def names_in(self, folder: str) -> list[str]:
        """None: a server has no list of a folder's files."""
        self._base.beside(folder)
        return []


def open_remote(given: str) -> tuple[Files, Descriptor]:
    """The files and the descriptor at an address. Raises NotAPackage, CannotFetch, BeyondLimit."""
    asked = Address.parse(given)
    address = asked.of_package()
    fetcher = Fetcher(asked)
    try:
        found, data = fetcher.fetch(address)
    except FileNotFoundError:
        raise NotAPackage(f"no such file: {address}") from None
    if address.is_archive:
        from relations.validators.package.zipped import Zip

        archive = Zip(data, str(address))
        try:
            return archive, Descriptor(DESCRIPTOR, archive.read(DESCRIPTOR))
        except Unreadable as error:
            raise NotAPackage(f"{address}: {DESCRIPTOR} {error}") from error
    files = Remote(found, fetcher)
    # What goes wrong with it is known before any rule runs.
    with contextlib.suppress(FileNotFoundError):
        files.read(SUPPRESSIONS)
    return files, Descriptor(address.path.rpartition("/")[2], data)
