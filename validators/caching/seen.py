"""What a check has seen of the outside: every question it asked of files, and the answer.

A check depends on nothing else, so where the same questions have the same answers, it says the
same. That is found out by asking again, with the same code: no dependency is listed by hand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from relations.validators.package.files import D, Files, OnDisk, Unreadable, UnsafePath
from relations.validators.package.hashing import Hashing
from relations.validators.package.limits import MIB
from relations.validators.package.sources import SourceText, SourceTexts

if TYPE_CHECKING:
    from relations.validators.package.descriptor import Descriptor

AT_ONCE = 8 * MIB
"""Bytes up to which a file is read at once to compare it."""
READ, EXISTS, NAMES, TEXT = FILES = "read", "exists", "names", "text"

Question = tuple[str, ...]
"""Its kind, and the names that it is about."""
Answer = bool | str | list[str] | list[str | None]
"""What is JSON, and equal where a check could not tell the difference."""

_T = TypeVar("_T")


class Seen:
    """Questions and their answers."""

    def __init__(self) -> None:
        self._answers: dict[Question, Answer] = {}
        self._steady = True
        self._hashed: list[tuple[Question, Hashing]] = []
        """What was read, and its digest, which is being found."""
        self.told: list[dict[Question, Any]] = []
        """Who else notes what is asked: the last of them does."""

    def note(self, question: Question, answer: Answer) -> None:
        """Keep an answer; what changed while the check ran is not to be relied on."""
        self._steady = self._steady and self._answers.setdefault(question, answer) == answer
        if self.told:
            self.told[-1].setdefault(question, answer)

    def note_read(self, question: Question, data: bytes) -> None:
        """Keep what was read as an answer, by its digest."""
        self._hashed.append((question, Hashing(data)))

    def settle(self) -> None:
        """Wait for the digests. Before who is told of answers changes, or looks at them."""
        hashed, self._hashed = self._hashed, []
        for question, hashing in hashed:
            self.note(question, hashing.hexdigest())

    @property
    def answers(self) -> dict[Question, Answer]:
        """The answers so far, in the order of asking."""
        self.settle()
        return self._answers

    @property
    def steady(self) -> bool:
        """Whether no question was answered in two ways."""
        self.settle()
        return self._steady

    def files(self, source: Files, descriptor: Descriptor | None = None) -> SeenFiles:
        """The same files, looked at through this; ``descriptor`` is what was read already."""
        if descriptor:
            self.note((READ, descriptor.name), digest(descriptor.data))
        return SeenFiles(source, self)

    def texts(self, texts: SourceTexts) -> SeenTexts:
        """The same texts, looked at through this."""
        return SeenTexts(texts, self)


class SeenFiles:
    """The files of a package; what is asked of them is noted."""

    def __init__(self, source: Files, seen: Seen) -> None:
        self._source = source
        self._seen = seen

    def exists(self, name: str) -> bool:
        return self._asked((EXISTS, name), lambda: self._source.exists(name), bool)

    def read(self, name: str) -> bytes:
        def later(found: bytes) -> None:
            self._seen.note_read((READ, name), found)

        return self._asked((READ, name), lambda: self._source.read(name), later)

    def in_parts(self, name: str, beyond: int, take: Callable[[BinaryIO], D]) -> D | None:
        source = self._source
        if not isinstance(source, OnDisk):
            return None

        def digest_of(found: D | None) -> str | None:
            return found.digest if found else None

        return self._asked((READ, name), lambda: source.in_parts(name, beyond, take), digest_of)

    def names_in(self, folder: str) -> list[str]:
        return self._asked((NAMES, folder), lambda: self._source.names_in(folder), list)

    def _asked(
        self, question: Question, ask: Callable[[], _T], answer: Callable[[_T], Answer | None]
    ) -> _T:
        try:
            found = ask()
        except (FileNotFoundError, UnsafePath, Unreadable) as error:
            # The path in the message of a missing file is not what a check looks at.
            said = "" if isinstance(error, FileNotFoundError) else str(error)
            self._seen.note(question, [type(error).__name__, said])
            raise
        said_now = answer(found)
        # None: it was not answered, and will be asked in another way, or is answered later.
        if said_now is not None:
            self._seen.note(question, said_now)
        return found


class SeenTexts(SourceTexts):
    """The texts of the sources; what is asked of them is noted."""

    def __init__(self, texts: SourceTexts, seen: Seen) -> None:
        super().__init__(texts.seeds)
        self._texts = texts
        self._seen = seen
        self.leads_out = texts.leads_out
        self.unsafe, self.unreadable = texts.unsafe, texts.unreadable

    def get(self, source_id: str, file: str | None) -> SourceText | None:
        found = self._texts.get(source_id, file)
        if file:
            self._seen.note(
                (TEXT, source_id, file),
                [
                    found.sha256 if found else None,
                    self.unsafe.get(source_id),
                    self.unreadable.get(source_id),
                ],
            )
        return found


def still_so(answers: Iterable[tuple[Question, Answer]], files: Files, texts: SourceTexts) -> bool:
    """Whether each question has the same answer today; asks until one has not."""
    seen = Seen()
    files, texts = seen.files(files), seen.texts(texts)
    for question, answer in answers:
        _ask(question, files, texts)
        if seen.answers.get(question) != answer:
            return False
    return seen.steady


def answered(question: Question, files: Files, texts: SourceTexts) -> Answer:
    """The answer to a question today."""
    seen = Seen()
    _ask(question, seen.files(files), seen.texts(texts.unread()))
    return seen.answers[question]


def _ask(question: Question, files: SeenFiles, texts: SeenTexts) -> None:
    kind, *names = question
    try:
        if kind == READ:
            (name,) = names
            if files.in_parts(name, AT_ONCE, _Digested) is None:
                files.read(name)
        elif kind == EXISTS:
            files.exists(*names)
        elif kind == NAMES:
            files.names_in(*names)
        elif kind == TEXT:
            texts.get(*names)
    except (FileNotFoundError, UnsafePath, Unreadable):
        # That is an answer too, and noted.
        pass


class _Digested:
    """A file of which nothing is wanted but its digest."""

    def __init__(self, file: BinaryIO) -> None:
        sha256 = hashlib.sha256()
        with file:
            while block := file.read(AT_ONCE):
                sha256.update(block)
        self.digest = sha256.hexdigest()


def digest(data: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
