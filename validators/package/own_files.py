"""The files that a package consists of: what no report, export or release may be written over."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from relations.validators.package.descriptor import Descriptor
from relations.validators.package.files import Given, NotAPackage, is_address, locate
from relations.validators.package.sources import SEEDS
from relations.validators.stop import CannotDo
from relations.validators.suppressions import FILE as SUPPRESSIONS


class OwnFile(CannotDo):
    """What was to be written over belongs to the package; the message is one plain line."""


def refuse_own(target: Path, given: Given) -> None:
    """Raise OwnFile where ``target`` is, or holds, a file of the package that is meant.

    Its files are the descriptor, the tables, the suppressions and what lies in `seeds/`; of a
    zip, the zip. A package that cannot be found or read has none.
    """
    if not target.exists():
        return
    wanted = Path(os.path.realpath(target))
    for own in _files(given):
        if own == wanted or own.is_relative_to(wanted) or wanted.is_relative_to(own):
            raise OwnFile(f"{target} is or holds a part of the package; nothing was written")


def _files(given: Given) -> Iterator[Path]:
    if is_address(given):
        return
    try:
        found = locate(given)
        yield Path(os.path.realpath(found))
        descriptor = Descriptor(found.name, found.read_bytes())
    except (NotAPackage, OSError):
        return
    for resource in descriptor.resources():
        path = resource.get("path")
        if isinstance(path, str) and path:
            yield _real(found.parent, path)
    yield _real(found.parent, SUPPRESSIONS)
    yield _real(found.parent, SEEDS)


def _real(root: Path, name: str) -> Path:
    return Path(os.path.realpath(root / name))
