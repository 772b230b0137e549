"""The rules of a check, run one after the other: in steps, each of which may be remembered.

A step is what one rule finds, or one rule in one table. What it comes to depends on nothing but
what it asks of the package, so that who watches what it asks (`Steps`) may answer for it the
next time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from relations.schemas.columns import Column
from relations.validators.finding import (
    Failure,
    Finding,
    Location,
    Skip,
    Spans,
    Unlisted,
    fingerprint,
    sort_key,
)
from relations.validators.package.files import DESCRIPTOR
from relations.validators.package.limits import MAX_LISTED
from relations.validators.package.package import Package, declared
from relations.validators.registry import RULES
from relations.validators.rule import BadCell, Fault, Found, Many, Outcome, Place, Rule
from relations.validators.searching.cells import (
    FailedCells,
    SoundColumns,
    Wanted,
    counted,
    failed_cells,
    sound_columns,
)
from relations.validators.searching.expressions import ROW
from relations.validators.stop import CannotDo, was_interrupted

if TYPE_CHECKING:
    import polars as pl

BEFORE_CELLS = ("file", "descriptor")
"""Families whose rules look at files as they are; the others see sound cells alone."""

MOST_SINGLE = MAX_LISTED.usual
"""Of the faults that a rule finds one by one in a table, that are listed where not all are."""

LONGEST_EXPLAINED = 2_000
"""Characters of a cell that are looked at to say what is wrong with it."""


@dataclass
class Done:
    """What a step has come to: what it says, and what it makes unknown to the steps after it."""

    findings: list[Finding] = field(default_factory=list)
    """Located, in the order in which they were found, without fingerprints."""
    skipped: list[Skip] = field(default_factory=list)
    unlisted: Counter[Unlisted] = field(default_factory=Counter)
    singles: Counter[str] = field(default_factory=Counter)
    """How many faults came one by one, by table."""
    spoilt: list[tuple[str, str, list[int] | pl.Series]] = field(default_factory=list)
    """Tables, columns, and the rows whose cells there became unsound."""
    spans: Spans | None = None


class Steps(Protocol):
    """What watches the steps of a check, and may know what one of them would come to."""

    def recall(self, step: str) -> Done | None:
        """What a step would come to; None where it has to be made."""

    def making(self, step: str, done: Done) -> AbstractContextManager[object]:
        """While a step is made, which becomes ``done``."""


class Anew:
    """Nothing is known beforehand, and nothing is kept."""

    def recall(self, step: str) -> Done | None:  # noqa: ARG002
        return None

    def making(self, step: str, done: Done) -> AbstractContextManager[object]:  # noqa: ARG002
        return nullcontext()


@dataclass
class Run:
    """The state of one check while the rules run."""

    package: Package
    steps: Steps
    listed: int | None = None
    """How many of each Many are listed; the others are counted."""
    located: list[Finding] = field(default_factory=list)
    unlisted: Counter[Unlisted] = field(default_factory=Counter)
    singles: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many faults came one by one: by the rule and the table."""
    codes: list[str] = field(default_factory=list)
    """The rules that ran so far."""
    skipped: list[Skip] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    _judged: bool = False

    def rule(self, rule: Rule, heard: bool = True) -> None:
        """Run one rule; a crash of it is a failure, and the others go on.

        One that is not heard spoils cells and says nothing else.
        """
        if heard:
            self.codes.append(rule.code)
        elif rule.spoil:
            rule = replace(rule, find=rule.spoil)
        try:
            if rule.review:
                # Nothing but what the others have said: there is nothing to be remembered.
                done = Done()
                self._collect(rule, done, rule.review(self.package, self._outcome()), heard)
                self._take(rule, done)
                return
            for table, search in self._searches(rule):
                self._step(rule, table, search, heard)
        except CannotDo:
            # What an engine cannot read is no rule's fault.
            raise
        except Exception as error:
            if was_interrupted(error):
                raise KeyboardInterrupt from None
            self.failures.append(Failure(rule.code, f"{type(error).__name__}: {error}"))

    def _searches(self, rule: Rule) -> Iterator[tuple[str | None, Callable[[], Found]]]:
        """The searches of a rule, with the table that each is for; None: with all of them."""
        if rule.family not in BEFORE_CELLS:
            self._judge_cells()
        if rule.find:
            yield None, partial(self._find, rule, rule.find)
            return
        if rule.needs:
            # Once for all tables.
            yield None, partial(self._find, rule, lambda _: ())
        for table in declared():
            if rule.explain:
                yield table, partial(self._explain, rule, table)
            else:
                yield table, partial(self._find_in, rule, table)

    def _step(
        self, rule: Rule, table: str | None, search: Callable[[], Found], heard: bool
    ) -> None:
        name = f"{rule.code} {table}" if table else rule.code
        known = self.steps.recall(name)
        if known and self._lists(rule, known):
            self._again(known)
            self._take(rule, known)
            return
        done = Done()
        try:
            with self.steps.making(name, done):
                self._collect(rule, done, search(), heard)
        finally:
            # What it has found before it crashed is there.
            self._take(rule, done)

    def _again(self, known: Done) -> None:
        for table, column, rows in known.spoilt:
            self.package.spoil(table, column, rows)

    def _take(self, rule: Rule, done: Done) -> None:
        self.located += done.findings
        self.skipped += done.skipped
        self.unlisted += done.unlisted
        for table, count in done.singles.items():
            self.singles[rule.code, table] += count

    def _find(self, rule: Rule, find: Callable[[Package], Found]) -> Found:
        for need in rule.needs:
            reason = self.package.why_not(need)
            if reason:
                table = None if need == DESCRIPTOR else need.partition(".")[0]
                return [Skip(rule.code, table, reason)]
        return find(self.package)

    def _find_in(self, rule: Rule, table: str) -> Found:
        assert rule.find_in
        if any(map(self.package.why_not, rule.needs)):
            return ()
        return rule.find_in(self.package, table)

    def _collect(self, rule: Rule, done: Done, found: Found, heard: bool) -> None:
        for each in found:
            if isinstance(each, Skip):
                if heard:
                    done.skipped.append(each)
                continue
            left = (
                self._unspoilt(rule, done, each)
                if isinstance(each, Many)
                else self._sound(rule, done, each)
            )
            if left is None or not heard:
                continue
            if isinstance(left, Many):
                done.findings += map(partial(self._locate, rule), self._worded(rule, done, left))
            else:
                self._list(rule, done, left)

    def _outcome(self) -> Outcome:
        return Outcome(
            tuple(self.located),
            tuple(self.skipped),
            tuple(self.failures),
            frozenset(self.codes),
        )

    def _explain(self, rule: Rule, table: str) -> Iterator[Many]:
        explain = rule.explain
        assert explain
        for failed in self._failed_cells(table):
            if failed.code != rule.code:
                continue
            column = self.package.columns(table)[failed.field]

            def word(
                cell: dict[str, Any], name: str = failed.field, column: Column = column
            ) -> Fault:
                value = cell["value"] or ""
                # What is longer is no slip of anything, and some would search it for minutes.
                shown = value if column.is_list else value[:LONGEST_EXPLAINED]
                message, hint = explain(BadCell(table, name, shown, column))
                return Fault(message, hint, table=table, row=cell[ROW], field=name, value=value)

            yield Many(table, failed.field, failed.rows, word, failed.others)

    def _judge_cells(self) -> None:
        """Look at all cells: what fails a check is wrong whether or not somebody asks for it."""
        if self._judged:
            return
        anew = []
        for table in declared():
            known = self.steps.recall(_cells_of(table))
            if known:
                self._again(known)
            else:
                anew.append(table)
        sound = sound_columns(self.package, anew)
        for table in anew:
            done = Done()
            with self.steps.making(_cells_of(table), done):
                for cells in self._failed_cells(table, sound):
                    self._spoil(done, table, cells.field, cells.numbers)
        self._judged = True

    def _failed_cells(
        self, table: str, sound: SoundColumns = frozenset()
    ) -> tuple[FailedCells, ...]:
        """The cells of a table that fail a check, but for those that were unsound before."""

        def judge() -> tuple[FailedCells, ...]:
            if self.package.why_not(table):
                return ()
            wanted = Wanted(self._listed, MENDED)
            return tuple(failed_cells(self.package, table, sound, wanted))

        return self.package.answer(_cells_of(table), judge)

    def _unspoilt(self, rule: Rule, done: Done, many: Many) -> Many | None:
        """What is left of many faults where cells that are unsound have a finding already."""
        if rule.spoils and many.field and not rule.explain:
            spoilt = self.package.spoilt.get(many.table, {}).get(many.field)
            rows = many.rows
            if spoilt:
                rows = rows.filter(~rows[ROW].is_in(spoilt.column().implode()))
            self._spoil(done, many.table, many.field, rows[ROW])
            many = replace(many, rows=rows)
        return many if many.rows.height else None

    def _sound(self, rule: Rule, done: Done, fault: Fault) -> Fault | None:
        """A fault, unless its cell is unsound and has a finding already."""
        if rule.spoils and fault.table and fault.row is not None and fault.field:
            if self.package.is_spoilt(fault.table, fault.field, fault.row):
                return None
            self._spoil(done, fault.table, fault.field, [fault.row])
            for place in fault.doubted:
                assert place.field
                self._spoil(done, place.table, place.field, [place.row])
        return fault

    def _spoil(self, done: Done, table: str, column: str, rows: list[int] | pl.Series) -> None:
        self.package.spoil(table, column, rows)
        done.spoilt.append((table, column, rows))

    def spans(self) -> Spans:
        """The counts of cited spans; none where they cannot be counted."""
        try:
            self._judge_cells()
            known = self.steps.recall(SPANS)
            if known and known.spans:
                return known.spans
            done = Done()
            with self.steps.making(SPANS, done):
                done.spans = self.package.span_checks[0]
        except CannotDo:
            raise
        except Exception as error:
            if was_interrupted(error):
                raise KeyboardInterrupt from None
            self.failures.append(Failure(SPANS, f"{type(error).__name__}: {error}"))
            return Spans()
        return done.spans

    def findings(self) -> tuple[Finding, ...]:
        """The findings in their order, with fingerprints."""
        made = sorted(self.located, key=sort_key)
        times: Counter[tuple[str | None, ...]] = Counter()
        numbered = []
        for finding in made:
            about = (finding.code, finding.table, finding.key, finding.field, finding.value)
            if finding.table is None:
                about = (*about[:1], finding.location.file, *about[2:])
            print_ = fingerprint(*about, times[about])
            times[about] += 1
            numbered.append(replace(finding, fingerprint=print_))
        return tuple(numbered)

    def _list(self, rule: Rule, done: Done, fault: Fault) -> None:
        """List a fault that came by itself, or count it.

        They do not come in order, so that more of them are listed than people are shown.
        """
        if not fault.table:
            done.findings.append(self._locate(rule, fault))
            return
        done.singles[fault.table] += 1
        if self._lists(rule, done):
            done.findings.append(self._locate(rule, fault))
            return
        sealed = fault.table in self.package.files and self._sealed(fault.table)
        fixable = rule.mends(fault.value) and not sealed
        done.unlisted[Unlisted(rule.code, rule.severity, fault.table, fixable)] += 1

    def _lists(self, rule: Rule, done: Done) -> bool:
        """Whether of what a step has found one by one all can be listed."""
        if not done.singles:
            return True
        listed = self._listed(rule.code)
        return listed is None or all(
            self.singles[rule.code, table] + count <= max(listed, MOST_SINGLE)
            for table, count in done.singles.items()
        )

    def _listed(self, code: str) -> int | None:
        """How many faults of a rule in a column are listed; None: all."""
        # Whether one of the others is suppressed could not be told.
        return None if code in self.package.suppressions.rules else self.listed

    def _sealed(self, table: str) -> bool:
        return self.package.files[table].why_sealed is not None

    def _worded(self, rule: Rule, done: Done, many: Many) -> Iterator[Fault]:
        """The faults of a Many that are listed; the others are counted."""
        listed = self._listed(rule.code)
        others = many.others
        if listed is not None and many.rows.height > listed:
            others = counted(many.rows.slice(listed), told=rule.code in MENDED)
        if others is not None:
            sealed = self._sealed(many.table)
            for fixable, count in _fixable(rule, others).items():
                kind = Unlisted(rule.code, rule.severity, many.table, fixable and not sealed)
                done.unlisted[kind] += count
        for row in many.rows.head(listed or many.rows.height).iter_rows(named=True):
            yield many.word(row)

    def _locate(self, rule: Rule, fault: Fault) -> Finding:
        table = fault.table
        file = self.package.files.get(table) if table else None
        name = fault.file or (
            file.name if file else self.package.descriptor.path_of(table) if table else ""
        )
        line, column, end = fault.line, fault.column, None
        key, message = None, fault.message
        if file and fault.row is not None:
            line, column, end = file.cell_at(fault.row, fault.field)
            key = file.key_of(fault.row)
            if line is None:
                # In a file without lines its key is what a row is found by.
                message = f"{key or file.where(fault.row)}: {message}"
        return Finding(
            code=rule.code,
            severity=rule.severity,
            message=message,
            hint=fault.hint,
            location=Location(name, line, column, end),
            table=table,
            key=key,
            field=fault.field,
            value=fault.value,
            related=tuple(self._place(place) for place in fault.related),
            fixable=rule.mends(fault.value) and not (file and file.why_sealed),
            excerpt=self.package.excerpt(name, line) if line else None,
        )

    def _place(self, place: Place) -> Location:
        file = self.package.files[place.table]
        return Location(file.name, *file.cell_at(place.row, place.field))


SPANS = "spans"
MENDED = frozenset(rule.code for rule in RULES if rule.mend)
"""Rules that mend a cell by what it says."""


def _cells_of(table: str) -> str:
    return f"cells of {table}"


def _fixable(rule: Rule, counted: pl.DataFrame) -> dict[bool, int]:
    """How many of the faults that are counted so can be fixed, and how many cannot."""
    counts: Counter[bool] = Counter()
    for value, count in counted.iter_rows():
        counts[rule.mends(value)] += count
    return counts
