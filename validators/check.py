"""One way through: open a package, run the rules over it, make the report.

from relations.validators.check import check
report = check("datapackage.json")
print(report.findings)
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from relations.schemas.columns import Column
from relations.validators.cells import FailedCells, failed_cells
from relations.validators.engines.engine import Engine
from relations.validators.expressions import ROW
from relations.validators.finding import (
    Failure,
    Finding,
    Location,
    Report,
    Skip,
    Spans,
    Unlisted,
    fingerprint,
    sort_key,
)
from relations.validators.package.files import DESCRIPTOR
from relations.validators.package.limits import MAX_LISTED
from relations.validators.package.package import Package, declared, named, open_package
from relations.validators.package.sources import source_texts
from relations.validators.registry import RULES
from relations.validators.rule import BadCell, Fault, Many, Outcome, Place, Rule
from relations.validators.stop import CannotDo, UnknownRule
from relations.validators.suppressions import NEVER_SUPPRESSED, settle

if TYPE_CHECKING:
    from relations.validators.caching.seen import Seen

BEFORE_CELLS = ("file", "descriptor")
"""Families whose rules look at files as they are; the others see sound cells alone."""

MOST_SINGLE = MAX_LISTED.usual
"""Of the faults that a rule finds one by one in a table, that are listed where not all are."""

LONGEST_EXPLAINED = 2_000
"""Characters of a cell that are looked at to say what is wrong with it."""

Progress = Callable[[str], None]


def check(
    path: str | Path | None = None,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    seeds: str | Path | None = None,
    as_of: dt.date | None = None,
    engine: Engine | None = None,
    listed: int | None = None,
    progress: Progress | None = None,
    cache: bool = False,
) -> Report:
    """Check a package: a folder, a ``datapackage.json``, a zip, or the address of one of them.

    None: the nearest one here or above.

    ``select`` runs only these rules, ``ignore`` all but these. ``seeds`` is the folder with
    the texts of the sources (default: the environment variable RELATIONS_SEEDS, then
    ``seeds/`` in the package). ``as_of`` is the day to check for (default: today).
    ``engine`` is where the rules run (default: polars).
    ``listed`` bounds what a table full of faults costs: of what a rule finds in so many rows
    of one column or more, only the first are listed, and the others counted (None: all listed);
    of what it finds one by one in a table, those beyond 20,000.
    ``progress`` is called with a short phrase as the work goes on. ``cache``: a package in a
    folder that is as it was when it was checked last is answered from its ``.relations-cache``.

    Raises NotAPackage where there is none, and UnknownRule for a code that no rule has. What
    is wrong with the package is never raised: it is in the report.
    """
    if cache and engine is None:
        from relations.validators.caching import remembered

        return remembered.check(
            path,
            select=select,
            ignore=ignore,
            seeds=seeds,
            as_of=as_of,
            listed=listed,
            progress=progress,
        )
    return examine(
        path,
        select=select,
        ignore=ignore,
        seeds=seeds,
        as_of=as_of,
        engine=engine,
        listed=listed,
        progress=progress,
    )[0]


def examine(
    path: str | Path | None = None,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    seeds: str | Path | None = None,
    as_of: dt.date | None = None,
    engine: Engine | None = None,
    listed: int | None = None,
    progress: Progress | None = None,
    seen: Seen | None = None,
) -> tuple[Report, Package]:
    """What ``check`` says of a package, and the package itself: read once, for what shows it.

    All that is asked of files is noted in ``seen``.
    """
    began = time.perf_counter()
    chosen = choose(select, ignore)
    name = named(path)
    source, descriptor, root = open_package(path)
    texts = source_texts(root, seeds)
    if seen:
        source, texts = seen.files(source, descriptor), seen.texts(texts)
    package = Package.open(
        source, descriptor, texts, as_of or dt.date.today(), engine, progress=progress
    )
    report = report_on(package, name, chosen, progress=progress, began=began, listed=listed)
    return report, package


def report_on(
    package: Package,
    path: str,
    chosen: Iterable[Rule],
    *,
    progress: Progress | None = None,
    began: float | None = None,
    listed: int | None = None,
) -> Report:
    """Run the ``chosen`` rules over a package that is open, wherever its files come from.

    ``path`` is what the report calls it; ``began`` a ``time.perf_counter()`` to count from;
    ``listed`` as in ``check``.
    """
    began = time.perf_counter() if began is None else began
    with package.engine.searching(package.files.values()):
        return _report_on(package, path, tuple(chosen), progress, began, listed)


def _report_on(
    package: Package,
    path: str,
    wanted: Sequence[Rule],
    progress: Progress | None,
    began: float,
    listed: int | None,
) -> Report:
    run = _Run(package, progress or (lambda _: None), listed)
    asked = {rule.code for rule in wanted}
    running = with_spoilers(wanted)
    for number, rule in enumerate(running):
        run.progress(_where(package, rule, number, len(running), began))
        run.rule(rule, heard=rule.code in asked)
    spans = run.spans()
    settled = settle(
        run.findings(),
        package.suppressions.entries,
        package.as_of,
        never=(rule.code for rule in RULES if rule.family == NEVER_SUPPRESSED),
    )
    content = package.descriptor.content
    codes = frozenset(run.codes)
    return Report(
        name=_text(content.get("name")),
        version=_text(content.get("version")),
        path=path,
        spans=spans,
        findings=settled.kept,
        skipped=tuple(run.skipped),
        failures=tuple(run.failures),
        row_counts=tuple((table, file.height) for table, file in package.files.items()),
        ran=tuple(rule.described for rule in wanted if rule.code in codes),
        suppressed=settled.suppressed,
        unlisted=tuple(run.unlisted.items()),
        seconds=time.perf_counter() - began,
    )


def choose(select: Iterable[str], ignore: Iterable[str]) -> tuple[Rule, ...]:
    """The rules that a selection means, in the registry's order. Raises UnknownRule."""
    wanted, unwanted = set(select), set(ignore)
    known = {rule.code for rule in RULES}
    for code in sorted((wanted | unwanted) - known):
        raise UnknownRule(code)
    return tuple(
        rule for rule in RULES if (not wanted or rule.code in wanted) and rule.code not in unwanted
    )


def with_spoilers(chosen: Sequence[Rule]) -> tuple[Rule, ...]:
    """The chosen rules and those before them that make a cell unknown to them.

    A cell is no better for not asking about it: what would be silent beside the finding of
    another rule must be silent without it too.
    """
    # By code: comparing rules whole compares their examples.
    asked = {rule.code for rule in chosen}
    last = max((place for place, rule in enumerate(RULES) if rule.code in asked), default=-1)
    return tuple(rule for rule in RULES[: last + 1] if rule.code in asked or rule.spoils)


def _fixable(rule: Rule, rows: pl.DataFrame) -> Iterator[tuple[bool, int]]:
    """How many of these faults can be fixed, and how many cannot."""
    if rule.mend is None:
        yield rule.fixable, rows.height
        return
    counts: Counter[bool] = Counter()
    for value, count in rows["value"].value_counts().iter_rows():
        counts[rule.mends(value)] += count
    yield from counts.items()


def _where(package: Package, rule: Rule, number: int, rules: int, began: float) -> str:
    """How far a check has come: the rule, the rows, how many a second so far, the time left."""
    rows = sum(file.height for file in package.files.values())
    spent = max(time.perf_counter() - began, 0.001)
    done = number / rules
    left = f", about {spent / done - spent:,.0f} s left" if done > 0.1 else ""
    rate = f" ({rows * done / spent:,.0f} a second)" if number else ""
    return f"{rows:,} rows{rate}, rule {number + 1} of {rules}{left}: {rule.code}"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


@dataclass
class _Run:
    """The state of one check while the rules run."""

    package: Package
    progress: Progress
    listed: int | None = None
    """How many of each Many are listed; the others are counted."""
    faults: list[tuple[Rule, Fault | Many]] = field(default_factory=list)
    located: list[Finding] = field(default_factory=list)
    """The findings of the first faults; the others are located when somebody asks."""
    reached: int = 0
    """How many faults are located so far."""
    unlisted: Counter[Unlisted] = field(default_factory=Counter)
    singles: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many faults came one by one: by the rule and the table."""
    codes: list[str] = field(default_factory=list)
    """The rules that ran so far."""
    skipped: list[Skip] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    failed: dict[str, list[FailedCells]] | None = None

    def rule(self, rule: Rule, heard: bool = True) -> None:
        """Run one rule; a crash of it is a failure, and the others go on.

        One that is not heard spoils cells and says nothing.
        """
        if not heard:
            said = len(self.faults), len(self.skipped), len(self.failures)
            self._run(replace(rule, find=rule.spoil) if rule.spoil else rule)
            del self.faults[said[0] :], self.skipped[said[1] :], self.failures[said[2] :]
            return
        self.codes.append(rule.code)
        self._run(rule)

    def _run(self, rule: Rule) -> None:
        try:
            if rule.explain:
                self._explain(rule)
            elif rule.review:
                self._collect(rule, rule.review(self.package, self._outcome()))
            else:
                self._find(rule)
        except CannotDo:
            # What an engine cannot read is no rule's fault.
            raise
        except Exception as error:
            self.failures.append(Failure(rule.code, f"{type(error).__name__}: {error}"))

    def _find(self, rule: Rule) -> None:
        for need in rule.needs:
            reason = self.package.why_not(need)
            if reason:
                table = None if need == DESCRIPTOR else need.partition(".")[0]
                self.skipped.append(Skip(rule.code, table, reason))
                return
        if rule.family not in BEFORE_CELLS:
            self._judge_cells()
        if rule.find:
            self._collect(rule, rule.find(self.package))
            return
        assert rule.find_in
        for table in declared():
            self._collect(rule, rule.find_in(self.package, table))

    def _collect(self, rule: Rule, found: Iterable[Fault | Many | Skip]) -> None:
        for each in found:
            if isinstance(each, Skip):
                self.skipped.append(each)
            elif isinstance(each, Many):
                self._add_many(rule, each)
            else:
                self._add(rule, each)

    def _outcome(self) -> Outcome:
        return Outcome(
            tuple(self._located()),
            tuple(self.skipped),
            tuple(self.failures),
            frozenset(self.codes),
        )

    def _explain(self, rule: Rule) -> None:
        explain = rule.explain
        assert explain
        for failed in self._judge_cells().get(rule.code, []):
            table, name = failed.table, failed.field
            column = self.package.columns(table)[name]

            def word(
                cell: dict[str, Any],
                table: str = table,
                name: str = name,
                column: Column = column,
            ) -> Fault:
                value = cell["value"] or ""
                # What is longer is no slip of anything, and some would search it for minutes.
                shown = value if column.is_list else value[:LONGEST_EXPLAINED]
                message, hint = explain(BadCell(table, name, shown, column))
                return Fault(message, hint, table=table, row=cell[ROW], field=name, value=value)

            self.faults.append((rule, Many(table, name, failed.rows, word)))

    def _judge_cells(self) -> dict[str, list[FailedCells]]:
        if self.failed is None:
            self.failed = self._all_failed_cells()
        return self.failed

    def _all_failed_cells(self) -> dict[str, list[FailedCells]]:
        failed: dict[str, list[FailedCells]] = {}
        for table in declared():
            if not self.package.why_not(table):
                for cells in failed_cells(self.package, table):
                    failed.setdefault(cells.code, []).append(cells)
        # Known to be wrong whether or not the rule that says so was selected.
        for each in chain.from_iterable(failed.values()):
            self.package.spoil(each.table, each.field, each.rows[ROW])
        return failed

    def _add_many(self, rule: Rule, many: Many) -> None:
        if rule.spoils and many.field:
            spoilt = self.package.spoilt.get(many.table, {}).get(many.field)
            rows = many.rows
            if spoilt:
                rows = rows.filter(~rows[ROW].is_in(spoilt.column().implode()))
            self.package.spoil(many.table, many.field, rows[ROW])
            many = replace(many, rows=rows)
        if many.rows.height:
            self.faults.append((rule, many))

    def _add(self, rule: Rule, fault: Fault) -> None:
        if rule.spoils and fault.table and fault.row is not None and fault.field:
            if self.package.is_spoilt(fault.table, fault.field, fault.row):
                return
            self.package.spoil(fault.table, fault.field, [fault.row])
            for place in fault.doubted:
                assert place.field
                self.package.spoil(place.table, place.field, [place.row])
        self.faults.append((rule, fault))

    def spans(self) -> Spans:
        """The counts of cited spans; none where they cannot be counted."""
        try:
            self._judge_cells()
            return self.package.span_checks[0]
        except CannotDo:
            raise
        except Exception as error:
            self.failures.append(Failure("spans", f"{type(error).__name__}: {error}"))
            return Spans()

    def findings(self) -> tuple[Finding, ...]:
        """The findings in their order, located and with fingerprints."""
        made = sorted(self._located(), key=sort_key)
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

    def _located(self) -> list[Finding]:
        for rule, fault in self.faults[self.reached :]:
            if isinstance(fault, Many):
                self.located.extend(self._locate(rule, each) for each in self._worded(rule, fault))
            elif fault.table and self._is_beyond(rule, fault.table):
                sealed = fault.table in self.package.files and self._sealed(fault.table)
                fixable = rule.mends(fault.value) and not sealed
                self.unlisted[Unlisted(rule.code, rule.severity, fault.table, fixable)] += 1
            else:
                self.located.append(self._locate(rule, fault))
        self.reached = len(self.faults)
        return self.located

    def _is_beyond(self, rule: Rule, table: str) -> bool:
        """Whether a fault is not listed, of those that a rule finds one by one in a table.

        They do not come in order, so that more of them are listed than people are shown.
        """
        self.singles[rule.code, table] += 1
        listed = self._listed(rule)
        return listed is not None and self.singles[rule.code, table] > max(listed, MOST_SINGLE)

    def _listed(self, rule: Rule) -> int | None:
        # Whether one of the others is suppressed could not be told.
        return None if rule.code in self._settled else self.listed

    @cached_property
    def _settled(self) -> frozenset[str]:
        return frozenset(entry.rule for entry in self.package.suppressions.entries)

    def _sealed(self, table: str) -> bool:
        return self.package.files[table].why_sealed is not None

    def _worded(self, rule: Rule, many: Many) -> Iterator[Fault]:
        """The faults of a Many that are listed; the others are counted."""
        listed = self._listed(rule)
        if listed is not None and many.rows.height > listed:
            left = many.rows.slice(listed)
            sealed = self._sealed(many.table)
            for fixable, count in _fixable(rule, left):
                kind = Unlisted(rule.code, rule.severity, many.table, fixable and not sealed)
                self.unlisted[kind] += count
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
