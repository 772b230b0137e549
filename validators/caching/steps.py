"""What the steps of the last check came to, and which of it holds today.

A step whose questions have the answers that they had then is not made again.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from typing import TYPE_CHECKING, Any

from relations.validators.caching.report_record import (
    Lines,
    finding_of,
    finding_record,
    unlisted_of,
    unlisted_record,
)
from relations.validators.caching.seen import READ, Answer, Question, Seen
from relations.validators.caching.watched import KeptTable, Noted, WatchedPackage
from relations.validators.finding import Skip, Spans
from relations.validators.package.package import Outline
from relations.validators.run import Done

if TYPE_CHECKING:
    from relations.validators.package.descriptor import Descriptor
    from relations.validators.package.files import Files
    from relations.validators.package.sources import SourceTexts

Questions = Mapping[Question, Answer | None]

MOST_KEPT = 5_000
"""Findings, or cells that became unsound, of a step that is remembered: others take as long to
read as to make anew."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a step asked, and what it came to."""

    questions: Questions
    done: Done


@dataclass(frozen=True, slots=True)
class Past:
    """What is remembered of a check: its tables, the answers it was given, and its steps."""

    tables: Mapping[str, KeptTable] = field(default_factory=dict)
    answers: Mapping[str, Questions] = field(default_factory=dict)
    steps: Mapping[str, Step] = field(default_factory=dict)


class Remembering:
    """Watches a check, and answers for the steps that would come to what they came to before."""

    def __init__(self, past: Past, seen: Seen) -> None:
        self._past = past
        self.seen = seen
        self._package: WatchedPackage | None = None
        self._steps: dict[str, Step] = {}
        self.made: list[str] = []
        """The steps that were made this time."""

    def open(
        self,
        source: Files,
        descriptor: Descriptor,
        texts: SourceTexts,
        as_of: dt.date,
        progress: Callable[[str], None] | None,
    ) -> tuple[WatchedPackage, Remembering]:
        """The package with its tables, and this."""
        known = self._past
        package = WatchedPackage(
            source, descriptor, texts, as_of, self.seen, known.tables, known.answers
        )
        package.open_tables(progress or (lambda _: None))
        self._package = package
        return package, self

    def recall(self, step: str) -> Done | None:
        """What a step would come to; None where it has to be made."""
        package, known = self._package, self._past.steps.get(step)
        if not package or not known or not package.holds(known.questions):
            return None
        package.take(known.questions)
        self._steps[step] = known
        return known.done

    @contextmanager
    def making(self, step: str, done: Done) -> Iterator[None]:
        """While a step is made, which becomes ``done``."""
        assert self._package
        self.made.append(step)
        self._steps.pop(step, None)
        noted = Noted(done=done)
        with self._package.noting(noted):
            yield
        if noted.sound and _size(done) <= MOST_KEPT:
            self._steps[step] = Step(noted.questions, done)

    @property
    def saw_all(self) -> bool:
        """Whether the file of every table was read as one of the package."""
        kept = self._package.kept.values() if self._package else ()
        return all((READ, each.path) in self.seen.answers for each in kept)

    @property
    def present(self) -> Past:
        """What there is to be remembered of this check."""
        if self._package is None:
            return Past()
        return Past(self._package.kept, self._package.answers_kept, self._steps)


def _size(done: Done) -> int:
    return len(done.findings) + sum(len(rows) for _, _, rows in done.spoilt)


def record(past: Past) -> dict[str, Any]:
    """All of it as plain JSON; what stands there often stands there once."""
    lines, asked = Lines(), _Asked()
    return {
        "tables": {
            table: [each.path, each.read, each.unopened, _outline_record(each), each.counts]
            for table, each in past.tables.items()
        },
        "answers": {name: asked.numbers(each) for name, each in past.answers.items()},
        "steps": {
            name: [asked.numbers(step.questions), _done_record(step.done, lines)]
            for name, step in past.steps.items()
        },
        "asked": list(asked.pairs),
        "lines": list(lines.numbers),
    }


def past(record: dict[str, Any]) -> Past:
    """That of which this is the record. Raises where it is none."""
    asked = [(tuple(question), answer) for question, answer in record["asked"]]
    lines = record["lines"]

    def questions(numbers: list[int]) -> Questions:
        return dict(asked[number] for number in numbers)

    return Past(
        {
            table: KeptTable(
                path, read, tuple(unopened) if unopened else None, _outline(outline), counts
            )
            for table, (path, read, unopened, outline, counts) in record["tables"].items()
        },
        {name: questions(numbers) for name, numbers in record["answers"].items()},
        {
            name: Step(questions(numbers), _done(done, lines))
            for name, (numbers, done) in record["steps"].items()
        },
    )


def _outline_record(kept: KeptTable) -> list[Any] | None:
    return list(astuple(kept.outline)) if kept.outline else None


def _outline(record: list[Any] | None) -> Outline | None:
    if record is None:
        return None
    rows, long, readable, absent, rows_lost = record
    return Outline(rows, long, readable, tuple(absent), rows_lost)


class _Asked:
    """Questions with their answers, each kept once: most are asked by many steps."""

    def __init__(self) -> None:
        self.pairs: list[list[Any]] = []
        self._numbers: dict[tuple[Question, str], int] = {}

    def numbers(self, questions: Questions) -> list[int]:
        return [self._number(*each) for each in questions.items()]

    def _number(self, question: Question, answer: Answer | None) -> int:
        number = self._numbers.setdefault((question, repr(answer)), len(self.pairs))
        if number == len(self.pairs):
            self.pairs.append([list(question), answer])
        return number


def _done_record(done: Done, lines: Lines) -> list[Any]:
    if done == Done():
        return []
    return [
        [finding_record(each, lines) for each in done.findings],
        [astuple(each) for each in done.skipped],
        [unlisted_record(*each) for each in done.unlisted.items()],
        dict(done.singles),
        [[table, column, list(rows)] for table, column, rows in done.spoilt],
        astuple(done.spans) if done.spans else None,
    ]


def _done(record: list[Any], lines: list[str]) -> Done:
    if not record:
        return Done()
    findings, skipped, left, singles, spoilt, spans = record
    return Done(
        [finding_of(each, lines) for each in findings],
        [Skip(*each) for each in skipped],
        Counter(dict(map(unlisted_of, left))),
        Counter(singles),
        [(table, column, rows) for table, column, rows in spoilt],
        Spans(*spans) if spans else None,
    )
