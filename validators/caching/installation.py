"""What a report depends on besides the package: the tool, and the libraries under it."""

from __future__ import annotations

import functools
import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

LAYERS = ("schemas", "validators")
"""Folders with all that decides what a report says; how it is shown is no part of it."""

_INSTALLED = Path(__file__).parents[2]
_DISTRIBUTIONS = (".dist-info", ".egg-info", ".egg-link")


@functools.cache
def fingerprint() -> str:
    """A digest of the tool's files, of the libraries that are installed, and of Python.

    Files are told by size and times, libraries by the names of the folders that say which are
    installed: nothing is imported, and little is read. A program that lives long keeps the
    fingerprint that it began with, as it keeps the modules that it imported.
    """
    digest = hashlib.sha256()
    for part in (sys.version, sys.platform, *_files(), *_distributions()):
        digest.update(part.encode("utf-8", "surrogateescape") + b"\0")
    return digest.hexdigest()


def _files() -> Iterator[str]:
    for layer in LAYERS:
        yield from sorted(_below(_INSTALLED / layer))


def _below(folder: Path) -> Iterator[str]:
    """Every file with its size and times; the time of its last change of any kind cannot be set,
    so that nobody who only sends a package can foresee it."""
    waiting = [str(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    if entry.name != "__pycache__":
                        waiting.append(entry.path)
                    continue
                state = entry.stat()
                yield f"{entry.path} {state.st_size} {state.st_mtime_ns} {state.st_ctime_ns}"


def _distributions() -> list[str]:
    found: set[str] = set()
    for folder in sys.path:
        try:
            names = [path.name for path in Path(folder or ".").iterdir()]
        except OSError:
            # A zip, or a folder that is not there.
            continue
        found.update(name for name in names if name.endswith(_DISTRIBUTIONS))
    return sorted(found)
