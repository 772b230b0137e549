"""The folder in a package for what may be thrown away at any time."""

from __future__ import annotations

import errno
import stat
from pathlib import Path

from relations.validators.atomic import replace_file

FOLDER = ".relations-cache"

_CONTENT = {
    # Git, and programs that make backups, are told to leave all of it out.
    ".gitignore": b"*\n",
    "CACHEDIR.TAG": b"Signature: 8a477f597d28d172789f06886806bc55\n"
    b"# This folder may be deleted at any time; see https://bford.info/cachedir/.\n",
}


def cache_folder(root: Path) -> Path:
    """The folder, made where it is not there.

    Raises OSError where it cannot be made, or is a link: what is behind it is somebody else's.
    """
    folder = root / FOLDER
    folder.mkdir(exist_ok=True)
    if folder.is_symlink():
        raise OSError(errno.ELOOP, f"{folder} is a link: what is behind it is not written to")
    for name, content in _CONTENT.items():
        if _lacks(folder / name, content):
            replace_file(folder / name, content)
    return folder


def _lacks(path: Path, content: bytes) -> bool:
    """Whether it is not there, or was cut short: somebody else's folder or link may stay."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return True
    return stat.S_ISREG(found.st_mode) and found.st_size != len(content)
