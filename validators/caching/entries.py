"""What checks came to, in the package's cache folder: written whole, and checked when read.

An entry is one line with the digest of the rest, and the rest as JSON. Whatever is wrong with
an entry, or with the folder, it is as if there were none.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path
from typing import Any

from relations.validators.cache_folder import FOLDER, cache_folder
from relations.validators.package.files import Unreadable, read_regular

REPORTS, STEPS = "reports", "steps"
"""Kinds of entries: what a check said, and what its steps came to."""
KEPT = 8
"""How many entries a package keeps: ways to ask for a check, on as many days."""
LARGEST = 16 * 1024**2
"""Bytes of an entry. A report that is longer takes as long to read as to make anew."""


def stored(root: Path, kind: str, key: str) -> dict[str, Any] | None:
    """What was stored under a key; None where nothing is, or not as it was written."""
    folder = root / FOLDER
    if folder.is_symlink():
        return None
    try:
        data = read_regular(_path(folder, kind, key))
    except (FileNotFoundError, Unreadable):
        return None
    digest, _, body = data.partition(b"\n")
    if digest != _digest(body):
        return None
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def store(root: Path, kind: str, key: str, content: dict[str, Any]) -> None:
    """Keep something under a key, where that can be done, and no more than ``KEPT`` entries."""
    body = json.dumps(content, separators=(",", ":")).encode("ascii")
    if len(body) > LARGEST:
        return
    from relations.validators.atomic import replace_file

    # A disk that is full or may not be written to, or a folder that is none.
    with contextlib.suppress(OSError):
        path = _path(cache_folder(root), kind, key)
        path.parent.mkdir(exist_ok=True)
        if not path.parent.is_symlink():
            replace_file(path, _digest(body) + b"\n" + body)
            _leave_newest(path.parent)


def _leave_newest(folder: Path) -> None:
    entries = sorted(folder.glob("*.json"), key=lambda path: path.lstat().st_mtime_ns)
    for path in entries[:-KEPT]:
        path.unlink(missing_ok=True)


def _path(folder: Path, kind: str, key: str) -> Path:
    return folder / kind / f"{key}.json"


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode("ascii")
