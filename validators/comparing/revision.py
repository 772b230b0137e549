"""A package as a git revision has it, read from git's objects; nothing is checked out."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from relations.validators.package.files import NotAPackage, Unreadable, safe_name

MAX_BYTES = 2 * 1024**3
"""Of one file."""
_REGULAR = ("100644", "100755")
_PATIENCE = 120
"""Seconds for one call of git."""


@dataclass(frozen=True, slots=True)
class _Entry:
    mode: str
    size: int
    name: str


class Revision:
    """The files of the package in ``root``, at a revision of the repository that it lies in.

    ``label`` is the revision as it was asked for, ``commit`` its full name.
    """

    def __init__(self, root: Path, label: str) -> None:
        """Raises NotAPackage where git, the repository or the revision is not there."""
        self.root = root
        self.label = label
        if label.startswith("-"):
            raise NotAPackage(f"{label!r} is no revision")
        wanted = f"{label}^{{commit}}"
        self.commit = self._line(
            f"neither a folder, a file nor a revision: {label}",
            *("rev-parse", "--verify", "--quiet", "--end-of-options", wanted),
        )
        prefix = self._line(f"no repository in {root}", "rev-parse", "--show-prefix")
        listed = self._git("ls-tree", "-r", "-z", "-l", "--full-tree", self.commit)
        self._entries = dict(_parsed(listed, PurePosixPath(prefix)))

    def _line(self, otherwise: str, *arguments: str) -> str:
        try:
            return self._git(*arguments).decode("utf-8", "surrogateescape").strip("\n")
        except subprocess.CalledProcessError as error:
            # git's own words where it has some: a repository of somebody else, for one.
            said = error.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
            raise NotAPackage(f"{otherwise} ({said})" if said else otherwise) from error

    def _git(self, *arguments: str) -> bytes:
        # No network, no lock on the index, messages in one language.
        quiet = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
        try:
            done = subprocess.run(
                ["git", "-C", str(self.root), *arguments],
                capture_output=True,
                check=True,
                stdin=subprocess.DEVNULL,
                timeout=_PATIENCE,
                env={**os.environ, **quiet},
            )
        except FileNotFoundError:
            raise NotAPackage("git is not installed: give folders or zips to compare") from None
        except subprocess.TimeoutExpired:
            raise NotAPackage(f"git did not answer for {self.label}") from None
        return done.stdout

    def exists(self, name: str) -> bool:
        path = safe_name(name)
        return path in self._entries or any(path in each.parents for each in self._entries)

    def read(self, name: str) -> bytes:
        entry = self._entries.get(safe_name(name))
        if entry is None:
            if self.exists(name):
                raise Unreadable("is a folder, not a file")
            raise FileNotFoundError(name)
        if entry.mode not in _REGULAR:
            raise Unreadable("is no regular file")
        if entry.size > MAX_BYTES:
            raise Unreadable(f"is larger than {MAX_BYTES} bytes, the limit")
        try:
            return self._git("cat-file", "blob", entry.name)
        except subprocess.CalledProcessError as error:
            raise Unreadable(f"is not among git's objects here: {entry.name}") from error

    def names_in(self, folder: str) -> list[str]:
        path = safe_name(folder)
        return sorted(f"{folder}/{each.name}" for each in self._entries if each.parent == path)


def _parsed(listed: bytes, prefix: PurePosixPath) -> list[tuple[PurePosixPath, _Entry]]:
    """The entries below ``prefix``, by their path from there."""
    entries = []
    for record in listed.decode("utf-8", "surrogateescape").split("\0"):
        about, tab, name = record.partition("\t")
        path = PurePosixPath(name)
        if not tab or not path.is_relative_to(prefix):
            continue
        mode, _, blob, size = about.split()
        entry = _Entry(mode, int(size) if size.isdecimal() else 0, blob)
        entries.append((path.relative_to(prefix), entry))
    return entries
