"""A table's CSV file packed with gzip, unpacked in memory and with limits."""

from __future__ import annotations

import gzip
import io
import zlib
from dataclasses import dataclass

from relations.validators.package.files import Unreadable
from relations.validators.package.limits import MAX_FILE, MAX_RATIO, MIB
from relations.validators.package.table_file import TableFile

RATIO_MATTERS = 16 * MIB
"""Below this size a file may be packed as tightly as it likes; tables of digests reach ten."""


@dataclass
class PackedFile(TableFile):
    """What the packed file holds; its lines are those of what is unpacked."""

    packed: bytes = b""

    @property
    def stored(self) -> bytes:
        return self.packed

    @property
    def why_sealed(self) -> str | None:
        return "it is packed: unpack it, and change the descriptor's path"


def unpacked(name: str, data: bytes) -> bytes:
    """What a gzip file holds. Raises Unreadable where it is none, and BeyondLimit."""
    largest, by_ratio = MAX_FILE.value, max(RATIO_MATTERS, MAX_RATIO.value * len(data))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            found = file.read(min(largest, by_ratio) + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Unreadable(f"cannot be unpacked: {error}") from error
    if len(found) > largest:
        raise MAX_FILE.refusal(f"{name} would unpack to more than")
    if len(found) > by_ratio:
        raise MAX_RATIO.refusal(f"{name} would unpack to more times its size than")
    return found
