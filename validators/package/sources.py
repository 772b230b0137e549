"""The texts of the sources, where they are present, beside what the rows of sources say."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from relations.validators.package.files import Unreadable, read_regular
from relations.validators.stop import CannotDo

SEEDS = "seeds"
"""Where a package has the texts of its sources, and the notes on them."""
SEEDS_VARIABLE = "RELATIONS_SEEDS"


@dataclass(frozen=True, slots=True)
class SourceText:
    """A source's file as found: its digest, and its text where it is UTF-8."""

    source_id: str
    file: str
    data: bytes
    sha256: str
    text: str | None


LEADS_OUT = "lies behind a seeds folder that is a link out of the package"


class SourceTexts:
    """Reads each source's text once, from the seeds folder; None: there is none.

    ``within`` is the package's folder, where the seeds folder is the package's own and not one
    that somebody named. ``unsafe`` and ``unreadable`` say of a source why its file was not
    opened, or could not be.
    """

    def __init__(self, seeds: Path | None, within: Path | None = None) -> None:
        self.seeds = seeds
        self.leads_out = bool(seeds and within and not _lies_in(seeds, within))
        self._read: dict[str, SourceText | None] = {}
        self.unsafe: dict[str, str] = {}
        self.unreadable: dict[str, str] = {}

    def unread(self) -> SourceTexts:
        """The same folder, of which nothing was read yet."""
        texts = SourceTexts(self.seeds)
        texts.leads_out = self.leads_out
        return texts

    def get(self, source_id: str, file: str | None) -> SourceText | None:
        """The text of a source; None where its file is not present or not to be read."""
        if not file:
            return None
        if source_id not in self._read:
            self._read[source_id] = self._load(source_id, file)
        return self._read[source_id]

    def _load(self, source_id: str, file: str) -> SourceText | None:
        if not _is_plain(file):
            self.unsafe[source_id] = "is no plain file name"
            return None
        if self.seeds is None:
            return None
        if self.leads_out:
            self.unsafe[source_id] = LEADS_OUT
            return None
        path = self.seeds / file
        try:
            # A link may lie anywhere; what it leads to may not.
            if path.is_symlink() and not _lies_in(path, self.seeds):
                self.unsafe[source_id] = "is a link that leads out of the seeds folder"
                return None
            data = read_regular(path)
        except FileNotFoundError:
            return None
        except Unreadable as error:
            self.unreadable[source_id] = str(error)
            return None
        except (OSError, RuntimeError):
            # A name too long for the disk, or links that lead in a circle.
            self.unreadable[source_id] = "cannot be read"
            return None
        try:
            text: str | None = data.decode("utf-8")
        except UnicodeDecodeError as error:
            text = None
            self.unreadable[source_id] = f"is not UTF-8 (byte {error.start})"
        return SourceText(source_id, file, data, hashlib.sha256(data).hexdigest(), text)


def _lies_in(path: Path, folder: Path) -> bool:
    """Whether what is at a path, links followed, is below a folder."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        # What leads round in a circle leads nowhere; reading it says so.
        return True


def _is_plain(file: str) -> bool:
    """Whether a name is that of a file directly in a folder, wherever it is unpacked."""
    return (
        PurePosixPath(file).name == file
        and file not in (".", "..")
        and not any(character in file for character in "\\:\0")
    )


def source_texts(root: Path | None, seeds: str | Path | None = None) -> SourceTexts:
    """The texts of the sources, from the folder given, RELATIONS_SEEDS, or the package's seeds/.

    A package that lies in no folder has no texts of its own. Raises CannotDo where the folder
    given is none: with a slip in its name nothing would be verified, and all would pass.
    """
    given = seeds or os.environ.get(SEEDS_VARIABLE)
    if given:
        if not Path(given).is_dir():
            said = "--seeds" if seeds else SEEDS_VARIABLE
            raise CannotDo(f"{said} names no folder: {given}")
        return SourceTexts(Path(given))
    return SourceTexts(root / SEEDS if root else None, within=root)


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A row of sources, and the file that lies in the seeds folder under the name it gives.

    ``sha256`` and ``length`` are what the row states, None where it states nothing sound.
    """

    row: int
    source_id: str
    file: str | None
    sha256: str | None
    length: int | None
    found: SourceText | None

    @property
    def digest_differs(self) -> bool:
        """Whether the file is not the one that the row describes."""
        return (
            self.found is not None and self.sha256 is not None and self.found.sha256 != self.sha256
        )

    @property
    def length_differs(self) -> bool:
        """Whether the text is not as long as the row says."""
        return (
            self.found is not None
            and self.found.text is not None
            and self.length is not None
            and len(self.found.text) != self.length
        )

    @property
    def differs(self) -> bool:
        """Whether the text may be another than the one cited, so that no span can be judged.

        Where the digest agrees, a wrong length is the row's fault and the text the right one.
        """
        return self.digest_differs or (self.sha256 is None and self.length_differs)

    @property
    def text(self) -> str | None:
        """The text that the spans were taken from; None where it is not at hand."""
        return self.found.text if self.found and not self.differs else None

    @property
    def characters(self) -> int | None:
        """How long the cited text is, from the text itself or else as stated."""
        if self.text is not None:
            return len(self.text)
        return None if self.differs else self.length


def span_digest(text: str, start: int, end: int) -> str:
    """SHA-256, in hexadecimal, of the UTF-8 bytes of ``text[start:end]``."""
    return hashlib.sha256(text[start:end].encode("utf-8", "surrogatepass")).hexdigest()
