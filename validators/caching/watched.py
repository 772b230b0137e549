"""A package that notes what a check asks of it, step by step, and opens its tables when asked.

A step depends on nothing but the answers to its questions. Where all of them are as they were,
it comes to what it came to before, and need not be made: no dependency is listed by hand.

Questions are about files (as in `seen`), tables and the descriptor as they are, and about two
things that change as a check goes on: which cells of a table are unsound so far, and what the
package has been asked already (`Package.answer`), since such an answer is as the package stood
then. What is asked within a step is told as it was when the step began.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

import narwhals as nw
import polars as pl

from relations.validators.caching.seen import FILES, READ, Answer, Question, Seen, answered, digest
from relations.validators.package.descriptor import Descriptor
from relations.validators.package.files import Files
from relations.validators.package.package import Outline, Package, declared
from relations.validators.package.row_set import RowSet
from relations.validators.package.sources import SourceTexts
from relations.validators.package.table_file import TableFile
from relations.validators.stop import CannotDo

if TYPE_CHECKING:
    from relations.validators.run import Done

T = TypeVar("T")
V = TypeVar("V")
Unsound = dict[str, dict[str, RowSet]]
"""By table and column the rows of cells with a finding."""

DESCRIPTOR, DAY, OPENED, TABLE, UNSOUND, ANSWER = (
    "descriptor",
    "day",
    "opened",
    "table",
    "unsound",
    "answer",
)
"""Kinds of questions, besides those about files."""


@dataclass(frozen=True, slots=True)
class KeptTable:
    """What is remembered of a table: enough for who does not look into it.

    ``read`` is the answer of its file; ``unopened`` why it could not be opened, if so.
    """

    path: str
    read: Answer
    unopened: tuple[str, str] | None
    outline: Outline | None
    counts: dict[str, Any] | None = None
    """What `Package.counts` says of it, if somebody asked."""


@dataclass
class Noted:
    """The questions of a step, or of an answer, in the order of asking."""

    questions: dict[Question, Answer | None] = field(default_factory=dict)
    done: Done | None = None
    sound: bool = True
    """Whether they are all that it depends on."""


class Moved(CannotDo):
    """A table is no more what it was when the check began: what was recalled may not hold."""


class WatchedPackage(Package):
    """A package of which every part is reached through a question that is noted."""

    def __init__(
        self,
        source: Files,
        descriptor: Descriptor,
        texts: SourceTexts,
        as_of: dt.date,
        seen: Seen,
        kept: Mapping[str, KeptTable],
        known: Mapping[str, Mapping[Question, Answer | None]],
    ) -> None:
        self._noting: list[Noted] = []
        self._aside = source, texts.unread()
        self._seen = seen
        self.kept = dict(kept)
        """The tables that are as they were, and others until they are opened."""
        self._asked_before = known
        """Of each answer that was given last time, what it depended on."""
        self.answered: dict[str, Noted] = {}
        """The answers that were given this time."""
        self._due: dict[str, tuple[str, Unsound]] = {}
        """Those that nobody has needed yet, with what was unsound when they were asked."""
        self._prints: dict[str, str] = {}
        self._closed: set[str] = set()
        super().__init__(seen.files(source, descriptor), descriptor, seen.texts(texts), as_of)

    # -- What is asked -----------------------------------------------------------------------

    def note(self, *question: str) -> None:
        """Note a question, with its answer when it was first asked."""
        if self._noting and question not in self._noting[-1].questions:
            self._noting[-1].questions[question] = self.reply(question)

    @contextmanager
    def noting(self, noted: Noted) -> Iterator[None]:
        """Let what is asked be noted there."""
        self._seen.settle()
        self._noting.append(noted)
        self._seen.told.append(noted.questions)
        try:
            yield
        finally:
            self._seen.settle()
            self._noting.pop()
            self._seen.told.pop()

    @contextmanager
    def _unnoted(self) -> Iterator[None]:
        with self.noting(Noted()):
            yield

    def reply(self, question: Question) -> Answer | None:
        """The answer to a question, as things stand."""
        kind, *names = question
        if kind == DESCRIPTOR:
            return digest(self._descriptor.data)
        if kind == DAY:
            return self._as_of.isoformat()
        if kind == OPENED:
            why = self._why_unopened(*names)
            return list(why) if why else True
        if kind == TABLE:
            path = self._paths[names[0]]
            return [path, json.dumps(self._reply_of_files((READ, path)))]
        if kind == UNSOUND:
            return self._print_of(*names)
        if kind == ANSWER:
            return self._print_of_answer(*names)
        return self._reply_of_files(question)

    def _reply_of_files(self, question: Question) -> Answer:
        known = self._seen.answers.get(question)
        # Asked aside: a step that turns out to be another one now has not asked it.
        return answered(question, *self._aside) if known is None else known

    def holds(self, questions: Mapping[Question, Answer | None]) -> bool:
        """Whether each question has the same answer as things stand; asks until one has not."""
        return all(self.reply(question) == answer for question, answer in questions.items())

    def take(self, questions: Mapping[Question, Answer | None]) -> None:
        """Note that what was asked before counts as asked."""
        for question, answer in questions.items():
            if question[0] in FILES and answer is not None:
                self._seen.note(question, answer)

    # -- Answers -----------------------------------------------------------------------------

    def answer(self, question: str, make: Callable[[], T]) -> T:
        if question not in self._answers:
            noted = Noted()
            due = self._due.pop(question, None)
            with self._as_it_was(due[1] if due else None), self.noting(noted):
                self._answers[question] = make()
            self.answered[question] = noted
            if self._noting and due is None:
                noted.sound = self._is_as_it_began(noted)
                self._noting[-1].sound &= noted.sound
        self.note(ANSWER, question)
        answer: T = self._answers[question]
        return answer

    def _is_as_it_began(self, noted: Noted) -> bool:
        """Whether the step now made has made nothing unsound that an answer depends on."""
        outer = self._noting[0].done
        spoilt = {table for table, *_ in outer.spoilt} if outer else set()
        return not any(kind == UNSOUND and names[0] in spoilt for kind, *names in noted.questions)

    def _print_of_answer(self, question: str) -> str | None:
        if question in self.answered:
            return _print(self.answered[question].questions)
        if question not in self._due:
            before = self._asked_before.get(question)
            if before is None or not self.holds(before):
                return None
            # Who is told that all is as it was asks no further; it is made when it is needed.
            self._due[question] = _print(before), _copied(self._spoilt)
            self.take(before)
        return self._due[question][0]

    @contextmanager
    def _as_it_was(self, unsound: Unsound | None) -> Iterator[None]:
        if unsound is None:
            yield
            return
        now = self._spoilt, self._clean, self._prints
        self._spoilt, self._clean, self._prints = unsound, {}, {}
        try:
            yield
        finally:
            self._spoilt, self._clean, self._prints = now

    @property
    def answers_kept(self) -> dict[str, Mapping[Question, Answer | None]]:
        """On what each answer depends, those included that nobody has needed this time."""
        kept = {name: self._asked_before[name] for name in self._due}
        return kept | {name: each.questions for name, each in self.answered.items() if each.sound}

    # -- Tables ------------------------------------------------------------------------------

    def _open_table(self, table: str, say: Callable[[str], None]) -> None:
        kept = self.kept.get(table)
        path = self._paths[table]
        if kept and kept.path == path:
            answer = answered((READ, path), *self._aside)
            self._seen.note((READ, path), answer)
            if answer == kept.read:
                self._closed.add(table)
                return
        self._open_now(table, say)

    def _open_now(self, table: str, say: Callable[[str], None] = lambda _: None) -> None:
        was_known = table in self._closed
        counts = self.kept[table].counts if was_known else None
        self._closed.discard(table)
        with self._unnoted():
            super()._open_table(table, say)
            if was_known and not self._seen.steady:
                raise Moved(f"{self._paths[table]} was changed while it was checked")
            self.kept[table] = KeptTable(
                self._paths[table],
                self._seen.answers.get((READ, self._paths[table]), False),
                self._unopened.get(table),
                super().outline(table) if table in self._files else None,
                counts,
            )

    def table(self, table: str) -> nw.LazyFrame[Any]:
        self.note(TABLE, table)
        self.note(UNSOUND, table)
        return super().table(table)

    def raw(self, table: str) -> nw.LazyFrame[Any]:
        self.note(TABLE, table)
        return super().raw(table)

    # -- Unsound cells -----------------------------------------------------------------------

    def spoil(self, table: str, column: str, rows: Iterable[int] | pl.Series) -> None:
        # Before it changes.
        self.note(UNSOUND, table)
        super().spoil(table, column, rows)
        self._prints.pop(table, None)

    def _print_of(self, table: str) -> str:
        if table not in self._prints:
            sha256 = hashlib.sha256()
            for column, rows in sorted(self._spoilt.get(table, {}).items()):
                if rows:
                    sha256.update(column.encode() + b"\0")
                    sha256.update(array("q", rows.column()).tobytes() + b"\0")
            self._prints[table] = sha256.hexdigest()
        return self._prints[table]

    # -- The parts of a package, reached through a question ------------------------------------

    @property
    def descriptor(self) -> Descriptor:
        """The descriptor."""
        self.note(DESCRIPTOR)
        return self._descriptor

    @descriptor.setter
    def descriptor(self, descriptor: Descriptor) -> None:
        self._descriptor = descriptor

    @property
    def as_of(self) -> dt.date:
        """The day on which the check is made."""
        self.note(DAY)
        return self._as_of

    @as_of.setter
    def as_of(self, day: dt.date) -> None:
        self._as_of = day

    @property
    def files(self) -> Mapping[str, TableFile]:
        return _Opened(self)

    @property
    def unopened(self) -> Mapping[str, tuple[str, str]]:
        return _ByTable(self.why_unopened)

    @property
    def spoilt(self) -> Mapping[str, dict[str, RowSet]]:
        return _ByTable(self.spoilt_in)

    def _count(self, table: str) -> dict[str, Any]:
        kept = self.kept[table]
        if table in self._closed and kept.counts is not None:
            self.note(OPENED, table)
            self.note(TABLE, table)
            return kept.counts
        counts = super()._count(table)
        self.kept[table] = replace(self.kept[table], counts=counts)
        return counts

    def _note_read(self, table: str, data: bytes) -> None:
        """It is noted where the file is asked for."""

    def _digest(self, table: str) -> str:
        read = self._seen.answers.get((READ, self._paths[table]))
        return read if isinstance(read, str) else super()._digest(table)

    def outline(self, table: str) -> Outline:
        self.note(TABLE, table)
        kept = self.kept.get(table)
        return (kept.outline if kept else None) or super().outline(table)

    def why_unopened(self, table: str) -> tuple[str, str] | None:
        """Why the file of a table could not be opened; None where it could."""
        self.note(OPENED, table)
        return self._why_unopened(table)

    def _why_unopened(self, table: str) -> tuple[str, str] | None:
        return self.kept[table].unopened if table in self._closed else self._unopened.get(table)

    def file(self, table: str) -> TableFile | None:
        """The file of a table, read now if it was not yet; None where it could not be opened."""
        if self.why_unopened(table):
            return None
        self.note(TABLE, table)
        if table in self._closed:
            self._open_now(table)
        return self._files[table]

    def spoilt_in(self, table: str) -> dict[str, RowSet] | None:
        """The cells of a table that are unsound so far, by column; None where there are none."""
        self.note(UNSOUND, table)
        return self._spoilt.get(table)


class _ByTable(Mapping[str, V]):
    """Something that tables have, or have not, each asked for by itself."""

    def __init__(self, of: Callable[[str], V | None]) -> None:
        self._of = of

    def __getitem__(self, table: str) -> V:
        found = self._of(table)
        if found is None:
            raise KeyError(table)
        return found

    def __iter__(self) -> Iterator[str]:
        return (table for table in declared() if table in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Opened(_ByTable[TableFile]):
    """The files that could be opened; to ask whether one could does not read it."""

    def __init__(self, package: WatchedPackage) -> None:
        super().__init__(package.file)
        self._package = package

    def __contains__(self, table: object) -> bool:
        return isinstance(table, str) and self._package.why_unopened(table) is None


def _copied(unsound: Unsound) -> Unsound:
    return {
        table: {column: rows.copy() for column, rows in columns.items()}
        for table, columns in unsound.items()
    }


def _print(questions: Mapping[Question, Answer | None]) -> str:
    """A digest of questions and answers."""
    said = [[*question, answer] for question, answer in questions.items()]
    return digest(json.dumps(said).encode("ascii"))
