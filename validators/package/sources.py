"""The texts of the sources, where they are present, and what became of each cited span."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from relations.validators.package.files import Unreadable, read_regular


@dataclass(frozen=True, slots=True)
class SourceText:
    """A source's file as found: its digest, and its text where it is UTF-8."""

    source_id: str
    file: str
    sha256: str
    text: str | None


@dataclass(frozen=True, slots=True)
class SpanCheck:
    """One evidence row's span compared with the text: ``found`` is the digest of the passage."""

    row: int
    source_id: str
    start: int
    end: int
    stated: str
    found: str


class SourceTexts:
    """Reads each source's text once, from the seeds folder."""

    def __init__(self, seeds: Path) -> None:
        self.seeds = seeds
        self._read: dict[str, SourceText | None] = {}
        self.unreadable: dict[str, str] = {}

    def get(self, source_id: str, file: str | None) -> SourceText | None:
        """The text of a source; None where its file is not present or not to be read."""
        if not file:
            return None
        if source_id not in self._read:
            self._read[source_id] = self._load(source_id, file)
        return self._read[source_id]

    def _load(self, source_id: str, file: str) -> SourceText | None:
        if PurePosixPath(file).name != file or file in (".", "..") or "\\" in file:
            self.unreadable[source_id] = "is no plain file name"
            return None
        path = self.seeds / file
        if path.is_symlink() and not path.resolve().is_relative_to(self.seeds.resolve()):
            self.unreadable[source_id] = "is a link that leads out of the seeds folder"
            return None
        try:
            data = read_regular(path)
        except FileNotFoundError:
            return None
        except Unreadable as error:
            self.unreadable[source_id] = str(error)
            return None
        try:
            text: str | None = data.decode("utf-8")
        except UnicodeDecodeError:
            text = None
        return SourceText(source_id, file, hashlib.sha256(data).hexdigest(), text)


def span_digest(text: str, start: int, end: int) -> str:
    """SHA-256, in hexadecimal, of the UTF-8 bytes of ``text[start:end]``."""
    return hashlib.sha256(text[start:end].encode("utf-8", "surrogatepass")).hexdigest()
