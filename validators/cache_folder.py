"""The folder in a package for what may be thrown away at any time."""

from __future__ import annotations

import contextlib
import errno
from pathlib import Path

FOLDER = ".relations-cache"

_CONTENT = {
    # Git, and programs that make backups, are told to leave all of it out.
    ".gitignore": "*\n",
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This folder may be deleted at any time; see https://bford.info/cachedir/.\n",
}


def cache_folder(root: Path) -> Path:
    """The folder, made where it is not there.

    Raises OSError where it cannot be made, or is a link: what is behind it is somebody else's.
    """
    folder = root / FOLDER
    folder.mkdir(exist_ok=True)
    if folder.is_symlink():
        raise OSError(errno.ELOOP, f"{folder} is a link: what is behind it is not written to")
    for name, text in _CONTENT.items():
        with contextlib.suppress(FileExistsError), (folder / name).open("x") as file:
            file.write(text)
    return folder
