"""A zip whose bytes depend on nothing but the names and bytes of what is in it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can name."""

UNIX = 3
REGULAR_FILE = 0o100644


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The bytes of the zip, its files in the order given.

    Times, permissions, system and level of compression are fixed, and there are no extra
    fields. What deflate makes of the same bytes may still differ from one version of zlib to
    another.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, EPOCH)
            info.create_system = UNIX
            info.external_attr = REGULAR_FILE << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data, compresslevel=9)
    return buffer.getvalue()
