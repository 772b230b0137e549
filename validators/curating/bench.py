"""A package laid out for a change: what would be written is checked before anything is.

    with bench() as change:
        change.add("officials", {"official_id": change.next_id("officials"), …})
        verdict = change.judge()
        change.write()

The order of writes makes a kill harmless at every moment: new files beside the tables come
first, then the tables in the model's order (evidence last of all), then what is derived from
them. Each is replaced in one step, so the worst that is left behind is a descriptor that the
next `relations build` brings up to date, or a row that still lacks its evidence.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from relations.schemas.tables import TABLES
from relations.validators.atomic import FileChange, replace_files
from relations.validators.building.build import CannotBuild, derived_files
from relations.validators.check import report_on
from relations.validators.curating.overlay import Overlay
from relations.validators.curating.refusal import CannotChange, Refused
from relations.validators.curating.table_rows import next_id, with_rows
from relations.validators.finding import Finding, Severity
from relations.validators.lock import locked
from relations.validators.package.descriptor import Descriptor
from relations.validators.package.files import (
    ARCHIVE,
    Files,
    Folder,
    Given,
    Unreadable,
    UnsafePath,
    locate,
    read_regular,
)
from relations.validators.package.package import Package, open_package
from relations.validators.package.sources import SourceTexts, source_texts
from relations.validators.package.table_file import TableFile
from relations.validators.registry import RULES
from relations.validators.rule import Rule

Row = dict[str, str]

_OF_ROWS = tuple(
    rule
    for rule in RULES
    if rule.severity is Severity.ERROR
    and rule.family not in ("descriptor", "evidence", "suppression")
    and not rule.awaits
)
"""The rules that can refuse a row which nothing cites yet."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a change would bring that was not there before.

    ``awaited`` are findings that rows still to come will settle; ``warned`` other warnings.
    ``files`` are the names of the files that are written, in order, and ``made`` how many
    more are made from them.
    """

    awaited: tuple[Finding, ...]
    warned: tuple[Finding, ...]
    files: tuple[str, ...]
    made: int


@contextlib.contextmanager
def bench(
    path: Given = None,
    *,
    seeds: Path | None = None,
    as_of: dt.date | None = None,
) -> Iterator[Bench]:
    """Open a package to change it, and keep it locked meanwhile.

    Raises NotAPackage, Locked, and CannotChange for a zip.
    """
    found = locate(path)
    _refuse_zip(found)
    with locked(found.parent):
        yield open_bench(path, seeds=seeds, as_of=as_of)


def open_bench(
    path: Given = None, *, seeds: Path | None = None, as_of: dt.date | None = None
) -> Bench:
    """The same without the lock, for what only reads."""
    found = locate(path)
    _refuse_zip(found)
    source, descriptor, _ = open_package(found)
    assert isinstance(source, Folder)
    texts = source_texts(source.root, seeds)
    assert texts.seeds is not None
    if texts.leads_out:
        raise CannotChange(
            f"{texts.seeds} is a link out of the package: if it is yours, name it with --seeds"
        )
    return Bench(source, descriptor, source.root, texts.seeds, as_of or dt.date.today())


def _refuse_zip(path: Path) -> None:
    if path.suffix.lower() == ARCHIVE:
        raise CannotChange(f"{path} is a zip: unpack it, and change the folder")


class Bench:
    """A package and the changes that are to be made to it.

    ``texts`` reads the texts of the sources from the folder ``seeds``.
    """

    def __init__(
        self, source: Folder, descriptor: Descriptor, root: Path, seeds: Path, as_of: dt.date
    ) -> None:
        self.source = source
        self.root = root
        self.seeds = seeds
        self.as_of = as_of
        self.package = self._open(source, descriptor)
        self.texts = self.package.texts
        self._rows: dict[str, list[Row]] = {}
        self._beside: list[FileChange] = []
        self._header: dict[str, Any] | None = None
        self._changes: list[FileChange] | None = None

    def _open(self, source: Files, descriptor: Descriptor) -> Package:
        return Package.open(source, descriptor, SourceTexts(self.seeds), self.as_of)

    def file(self, table: str) -> TableFile:
        """The file of a table. Raises CannotChange where it cannot be read."""
        reason = self.package.why_not(table)
        if reason:
            raise CannotChange(reason)
        return self.package.files[table]

    def row(self, table: str, key: str) -> Row | None:
        """The first row with this key, as the file has it or as it is to be added."""
        return next(iter(self.matching(table, {self.file(table).declared[0]: key})), None)

    def matching(self, table: str, cells: Row) -> list[Row]:
        """The rows of a table that have these cells, those to be added at the end."""
        file = self.file(table)
        wanted = [pl.col(name).fill_null("") == value for name, value in cells.items()]
        there = file.frame.filter(*wanted).select(file.declared).iter_rows(named=True)
        added = [
            row
            for row in self._rows.get(table, ())
            if all(row.get(name, "") == value for name, value in cells.items())
        ]
        return [{name: value or "" for name, value in row.items()} for row in there] + added

    def rows(self, table: str) -> list[Row]:
        """Every row of a table, those to be added at the end."""
        return self.matching(table, {})

    def next_id(self, table: str) -> str:
        """The id after the highest; one that evidence still speaks of is taken too."""
        key = self.file(table).declared[0]
        letter = self.package.columns(table)[key].letter
        if letter is None:
            raise CannotChange(
                f"a row of {table} has a published code for its key: give --set {key}=CODE"
            )
        columns = [self.file(table).frame[key]]
        if not self.package.why_not("evidence.row_id"):
            columns.append(self.file("evidence").frame["row_id"])
        columns.append(pl.Series([row[key] for row in self._rows.get(table, ())], dtype=pl.String))
        return next_id(letter, columns)

    def add(self, table: str, row: Row) -> None:
        """Note a row to be added."""
        self._rows.setdefault(table, []).append(row)

    def put(self, path: Path, data: bytes) -> None:
        """Note a file beside the tables, which must not be there with other bytes yet."""
        if path.is_relative_to(self.root):
            path = self._inside(path.relative_to(self.root).as_posix())
        old = _bytes_or_none(path)
        if old is not None and old != data:
            raise CannotChange(f"{path} is there already, with another content")
        self._beside.append(FileChange(path, old, data))

    @property
    def header(self) -> dict[str, Any]:
        """The descriptor's object, to be changed in place."""
        if self._header is None:
            self._header = json.loads(json.dumps(self.package.descriptor.content))
        return self._header

    def judge(self) -> Verdict:
        """Check the package as it would be.

        Raises Refused where the change brings errors (those apart that rows to come will
        settle), and CannotChange where it cannot be made at all.
        """
        self._changes, brought = self._brought()
        awaited = tuple(each for each in brought if self._is_awaited(each))
        others = tuple(each for each in brought if each not in awaited)
        refused = tuple(each for each in others if each.severity is Severity.ERROR)
        if refused:
            raise Refused(refused)
        own = len(self._beside) + len(self._rows)
        names = [self._shown(each.path) for each in self._changes[:own] if each.old != each.new]
        return Verdict(
            awaited=awaited,
            warned=others,
            files=tuple(names),
            made=sum(each.old != each.new for each in self._changes[own:]),
        )

    def _is_awaited(self, finding: Finding) -> bool:
        """Whether rows to come will settle a finding: it is about one that is new here, or one
        that is cited here for the first time, and misses what may well come later."""
        if not any(rule.awaits for rule in RULES if rule.code == finding.code):
            return False
        about = {
            (table, row[self.file(table).declared[0]])
            for table, rows in self._rows.items()
            for row in rows
        }
        about |= {(row["table"], row["row_id"]) for row in self._rows.get("evidence", ())}
        return (finding.table, finding.key) in about

    def objections(self, table: str, row: Row) -> tuple[Finding, ...]:
        """What the rules would say of a row, finished or not, if it were added. Nothing changes.

        Only errors that the row brings, and none that rows to come will settle. A person waits
        for this after every answer, so what is derived is not made anew, and only those rules
        run that could refuse a row; `judge` has the last word.
        """
        self.add(table, row)
        try:
            would_be = Overlay(self.source, self._tables())
            package = self._open(would_be, self.package.descriptor)
            return tuple(self._new_among(_findings(package, _OF_ROWS)))
        finally:
            self._rows[table].remove(row)
            if not self._rows[table]:
                del self._rows[table]

    def _brought(self) -> tuple[list[FileChange], list[Finding]]:
        """The files to write, and the errors and warnings that they would bring."""
        changed = self._tables()
        descriptor = self.package.descriptor
        if self._header is not None:
            # As text again: who reads it later looks into the file.
            data = json.dumps(self._header, ensure_ascii=False).encode("utf-8")
            descriptor = Descriptor(descriptor.name, data)
        try:
            derived = derived_files(Overlay(self.source, changed), descriptor, self.root)
        except CannotBuild as error:
            raise CannotChange(str(error)) from error
        changed |= {each.name: each.new for each in derived}
        changes = [self._change(name, data) for name, data in changed.items()]
        would_be = Overlay(self.source, changed)
        name = descriptor.name
        after = _findings(self._open(would_be, Descriptor(name, would_be.read(name))), RULES)
        return [*self._beside, *changes], self._new_among(after)

    def _new_among(self, after: list[Finding]) -> list[Finding]:
        """Those findings that were not there before the change."""
        if not after:
            # Nobody needs to know what was before.
            return after
        before = Counter(each.fingerprint for each in self._findings_before)
        return [each for each in after if not before[each.fingerprint]]

    @functools.cached_property
    def _findings_before(self) -> list[Finding]:
        return _findings(self.package, RULES)

    def _tables(self) -> dict[str, bytes]:
        names = [table for table in TABLES if table in self._rows]
        return {
            self.file(table).name: with_rows(self.file(table), self._rows[table]) for table in names
        }

    def _change(self, name: str, new: bytes) -> FileChange:
        """A change of a file of the package; ``old`` is what was read when it was opened."""
        path = self._inside(name)
        for file in self.package.files.values():
            if file.name == name:
                return FileChange(path, file.data, new)
        if name == self.package.descriptor.name:
            return FileChange(path, self.package.descriptor.data, new)
        return FileChange(path, _bytes_or_none(path), new)

    def _inside(self, name: str) -> Path:
        """Where a file of the package lies. Raises CannotChange where that is outside of it."""
        try:
            return self.source.path(name)
        except UnsafePath as error:
            raise CannotChange(f"{name} {error}") from error

    def _shown(self, path: Path) -> str:
        if path.is_relative_to(self.root):
            return path.relative_to(self.root).as_posix()
        return str(path)

    def write(self) -> None:
        """Write what was judged. Raises ChangedMeanwhile, or OSError."""
        assert self._changes is not None, "judge first"
        replace_files(self._changes)


def _bytes_or_none(path: Path) -> bytes | None:
    try:
        return read_regular(path)
    except FileNotFoundError:
        return None
    except Unreadable as error:
        raise CannotChange(f"{path} {error}") from error


def _findings(package: Package, rules: Sequence[Rule]) -> list[Finding]:
    """The errors and warnings that these rules find."""
    report = report_on(package, "", rules)
    if report.failures:
        # A check that did not come to its end cannot vouch for a change.
        failed = report.failures[0]
        raise RuntimeError(f"the rule {failed.code} failed: {failed.error}")
    return [each for each in report.findings if each.severity is not Severity.INFO]
