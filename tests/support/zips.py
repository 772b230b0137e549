"""Zips as they come, good and bad, made in memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from support.editing import EXAMPLE_PACKAGE

Fill = Callable[[zipfile.ZipFile], None]


def made(fill: Fill, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The bytes of a zip that was filled."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", packing) as archive:
        fill(archive)
    return data.getvalue()


def package(archive: zipfile.ZipFile, top: str = "", leave_out: str = "") -> None:
    """Put the example package in, below ``top``."""
    for path in sorted(EXAMPLE_PACKAGE.rglob("*")):
        name = path.relative_to(EXAMPLE_PACKAGE).as_posix()
        if path.is_file() and "seeds" not in path.parts and name != leave_out:
            archive.write(path, top + name)


def member(name: str, data: bytes = b"x") -> Fill:
    """Put one member in."""
    return lambda archive: archive.writestr(name, data)


def both(*fills: Fill) -> Fill:
    """Do one after the other."""

    def fill(archive: zipfile.ZipFile) -> None:
        for each in fills:
            each(archive)

    return fill


def instead(name: str, *fills: Fill) -> Fill:
    """The example package, with something else in place of one of its files."""
    return both(lambda archive: package(archive, leave_out=name), *fills)
