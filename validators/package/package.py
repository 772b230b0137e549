"""A package as the rules see it: its descriptor, its files, and its tables as frames."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import narwhals as nw
import polars as pl

from relations.schemas.columns import Column
from relations.schemas.declared import declared_tables
from relations.validators.building import resources
from relations.validators.engines.collecting import collected
from relations.validators.engines.engine import Engine
from relations.validators.engines.in_polars import InPolars
from relations.validators.finding import Spans
from relations.validators.package.descriptor import Descriptor
from relations.validators.package.files import (
    ARCHIVE,
    DESCRIPTOR,
    Files,
    Folder,
    Given,
    NotAPackage,
    Unreadable,
    UnsafePath,
    is_address,
    locate,
)
from relations.validators.package.hashing import Hashing
from relations.validators.package.json_places import Steps
from relations.validators.package.limits import MIB
from relations.validators.package.profile import Violation, violations, without_derived
from relations.validators.package.row_set import RowSet
from relations.validators.package.sources import CitedSource, SourceTexts
from relations.validators.package.spans import CITED, SpanCheck, check_spans
from relations.validators.package.table_file import TableFile
from relations.validators.package.table_reading import read_table, table_in_parts
from relations.validators.searching.expressions import ROW, in_order
from relations.validators.searching.narrowing import stretches
from relations.validators.suppressions import FILE as SUPPRESSIONS
from relations.validators.suppressions import Suppressions, load

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outline:
    """What is asked of a table by who does not look into it.

    ``rows`` can be read, and some more not where there are ``rows_lost``; where they are
    ``long`` they are not held. ``absent`` are the columns that it lacks.
    """

    rows: int
    long: bool
    readable: bool
    absent: tuple[str, ...]
    rows_lost: bool


@dataclass
class Package:
    """One package under check.

    ``as_of`` is the day on which the check is made, ``engine`` what searches the tables.
    """

    source: Files
    descriptor: Descriptor
    texts: SourceTexts
    as_of: dt.date
    engine: Engine = field(default_factory=InPolars)
    known: dict[tuple[object, ...], Any] = field(default_factory=dict)
    """What several rules ask, by the question; an answer holds as long as the package is open."""
    _files: dict[str, TableFile] = field(default_factory=dict)
    _unopened: dict[str, tuple[str, str]] = field(default_factory=dict)
    _spoilt: dict[str, dict[str, RowSet]] = field(default_factory=dict)
    _hashes: dict[str, Hashing] = field(default_factory=dict)
    _held: int = 0
    """Bytes of the files of which all rows are held."""
    _answers: dict[str, Any] = field(default_factory=dict)
    _raw: dict[str, nw.LazyFrame[Any]] = field(default_factory=dict)
    _clean: dict[str, nw.LazyFrame[Any]] = field(default_factory=dict)

    @classmethod
    def open(
        cls,
        source: Files,
        descriptor: Descriptor,
        texts: SourceTexts,
        as_of: dt.date,
        engine: Engine | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> Package:
        """Read every table of the model; ``progress`` is told which."""
        package = cls(source, descriptor, texts, as_of, engine=engine or InPolars())
        package.open_tables(progress or (lambda _: None))
        return package

    def open_tables(self, progress: Callable[[str], None]) -> None:
        """Read every table of the model."""
        rows = 0
        for table in declared():
            progress(f"{rows:,} rows, reading {table}")
            self._open_table(table, progress)
            rows += self.outline(table).rows if table in self.files else 0

    @cached_property
    def _paths(self) -> dict[str, str]:
        """Where the file of each table lies, or would."""
        return {table: self.descriptor.path_of(table) for table in declared()}

    def _open_table(self, table: str, say: Callable[[str], None]) -> None:
        name = self._paths[table]
        columns = tuple(self.columns(table))

        def progress(rows: int, size: int) -> None:
            say(f"{rows:,} rows and {size // MIB:,} MiB of {table}")

        try:
            long = table_in_parts(self.source, table, name, columns, self._held, progress)
            file = long or self._read(table, name, columns)
        except UnsafePath as error:
            self._unopened[table] = ("unsafe", str(error))
        except FileNotFoundError:
            self._unopened[table] = ("missing", "is not there")
        except Unreadable as error:
            self._unopened[table] = ("unreadable", str(error))
        else:
            self._files[table] = file
            self._held += 0 if file.is_long else file.size
            # Now, and not at the first search: what an engine has read need not be held beside it.
            self.raw(table)

    def _read(self, table: str, name: str, columns: tuple[str, ...]) -> TableFile:
        data = self.source.read(name)
        self._note_read(table, data)
        return read_table(table, name, data, columns)

    def _note_read(self, table: str, data: bytes) -> None:
        self._hashes[table] = Hashing(data)

    @property
    def files(self) -> Mapping[str, TableFile]:
        """The files of the tables that could be opened."""
        return self._files

    @property
    def unopened(self) -> Mapping[str, tuple[str, str]]:
        """Why the others could not: ``missing``, ``unsafe``, ``unreadable``, with a phrase."""
        return self._unopened

    @property
    def spoilt(self) -> Mapping[str, dict[str, RowSet]]:
        """Cells with a finding of their own, unknown to later rules: table, column, rows."""
        return self._spoilt

    @property
    def row_counts(self) -> dict[str, int]:
        """How many rows could be read of each table that could be found."""
        return {table: self.outline(table).rows for table in self.files}

    @property
    def has_long_tables(self) -> bool:
        """Whether there is a table of which the rows are not held."""
        return any(self.outline(table).long for table in self.files)

    @property
    def declared(self) -> dict[str, dict[str, Column]]:
        """The declared columns of every table, in the model's order."""
        return declared()

    @staticmethod
    def columns(table: str) -> dict[str, Column]:
        """The declared columns of a table."""
        return declared_tables()[table].columns

    def why_not(self, need: str) -> str | None:
        """Why a table, or a column given as ``table.column``, cannot be judged; None if it can.

        The descriptor is named as its file is.
        """
        if need == DESCRIPTOR:
            return None if self.descriptor.readable else f"{DESCRIPTOR} cannot be read"
        table, _, column = need.partition(".")
        if table in self.unopened:
            return f"the file of {table} {self.unopened[table][1]}"
        outline = self.outline(table)
        if not outline.readable:
            return f"{self._paths[table]} cannot be read"
        if column in outline.absent:
            return f"{self._paths[table]} has no column {column}"
        return None

    def outline(self, table: str) -> Outline:
        """What there is of a table whose file could be opened."""
        file = self.files[table]
        return Outline(file.height, file.is_long, file.readable, file.absent, file.rows_lost)

    def why_none_of(self, *needs: str) -> str | None:
        """The first reason why one of several needs cannot be met; None where all can."""
        return next((reason for need in needs if (reason := self.why_not(need))), None)

    def why_keys_unsound(self, table: str) -> str | None:
        """Why a key that is not among a table's keys may be there all the same."""
        return self.why_unsound(table, next(iter(self.columns(table))))

    def why_unsound(self, table: str, column: str) -> str | None:
        """Why a value that is nowhere in a column may be there all the same.

        Where something is wrong because no row says otherwise, the row that does may be one
        that cannot be read.
        """
        reason = self.why_not(f"{table}.{column}")
        if reason:
            return reason
        name = self._paths[table]
        if self.outline(table).rows_lost:
            return f"a row of {name} cannot be read"
        if self.spoilt.get(table, {}).get(column):
            return f"{'an' if column[0] in 'aeiou' else 'a'} {column} in {name} is not sound"
        return None

    def spoil(self, table: str, column: str, rows: Iterable[int] | pl.Series) -> None:
        """Note that these cells have a finding: what depends on them is not judged."""
        noted = self._spoilt.setdefault(table, {}).setdefault(column, RowSet())
        if isinstance(rows, pl.Series):
            noted.update_column(rows)
        else:
            noted.update(rows)
        self._clean.pop(table, None)

    def is_spoilt(self, table: str, column: str, row: int) -> bool:
        """Whether this cell has a finding already."""
        return row in self.spoilt.get(table, {}).get(column, ())

    def table(self, table: str) -> nw.LazyFrame[Any]:
        """A table's sound cells as strings, with ``_row``: a frame to build a search on.

        Cells with findings are null.
        """
        if table not in self._clean:
            hidden = {
                column: rows.column() for column, rows in self.spoilt.get(table, {}).items() if rows
            }
            frame = self.raw(table)
            self._clean[table] = self.engine.without(frame, hidden) if hidden else frame
        return self._clean[table]

    def raw(self, table: str) -> nw.LazyFrame[Any]:
        """A table as the file has it, the cells with findings included."""
        if table not in self._raw:
            self._raw[table] = self.engine.read(self.files[table], self._path(table))
        return self._raw[table]

    def _path(self, table: str) -> Path | None:
        """Where a table's file lies, if every reader of CSV finds the same records in it."""
        file = self.files[table]
        return (
            self.source.path(file.name) if isinstance(self.source, Folder) and file.plain else None
        )

    def frame(self, table: str, *columns: str) -> pl.DataFrame:
        """The sound cells of a table held in memory, in the order of the file, and ``_row``.

        Only these columns, where any are named.
        """
        frame = self.table(table)
        found = collected(frame.select(ROW, *columns) if columns else frame)
        return found if found[ROW].is_sorted() else found.sort(ROW)

    def excerpt(self, name: str, line: int) -> str | None:
        """A physical line, 1-based, of a file that was read; None where there is none."""
        for table, path in self._paths.items():
            if path == name and table in self.files:
                return self.files[table].excerpt(line)
        of: Descriptor | Suppressions
        if name == self.descriptor.name:
            of = self.descriptor
        elif name == SUPPRESSIONS:
            of = self.suppressions
        else:
            return None
        lines = of.lines.lines
        return lines[line - 1] if 0 < line <= len(lines) else None

    def answer(self, question: str, make: Callable[[], T]) -> T:
        """What ``make`` makes of the package as it stands when this is first asked."""
        if question not in self._answers:
            self._answers[question] = make()
        answer: T = self._answers[question]
        return answer

    def counts(self, table: str) -> dict[str, Any]:
        """Size, digest and number of rows of a table's file as it is now; empty if not opened."""
        return self.answer(f"counts of {table}", lambda: self._count(table))

    def _count(self, table: str) -> dict[str, Any]:
        file = self.files.get(table)
        if file is None:
            return {}
        rows = file.height if file.is_sound else file.records
        return resources.counts(file.size, self._digest(table), rows)

    def _digest(self, table: str) -> str:
        hashed = self._hashes.get(table)
        return hashed.hexdigest() if hashed else self.files[table].digest

    @property
    def structures(self) -> dict[str, dict[str, Any]]:
        """The resource of each table as the models give it, less what `counts` has."""

        def derive() -> dict[str, dict[str, Any]]:
            path_of = self.descriptor.path_of
            return {table: resources.structure(table, path_of(table)) for table in declared()}

        return self.answer("structures", derive)

    @property
    def unsafe_paths(self) -> dict[Steps, tuple[str, str]]:
        """The paths in the descriptor that lead out of the package, and how."""
        return self.answer(
            "unsafe paths", lambda: dict(_unsafe_paths(self.descriptor, self.source))
        )

    @property
    def violations(self) -> tuple[Violation, ...]:
        """What in the descriptor is against the standard; none where it cannot be read."""

        def judge() -> tuple[Violation, ...]:
            if not self.descriptor.readable:
                return ()
            made = {table: each | self.counts(table) for table, each in self.structures.items()}
            owned = without_derived(self.descriptor.content, made, self.unsafe_paths)
            return tuple(violations(owned))

        return self.answer("violations", judge)

    @property
    def suppressions(self) -> Suppressions:
        """The findings that the package's owner has settled."""
        return self.answer("suppressions", lambda: load(self.source))

    @property
    def cited_sources(self) -> dict[str, CitedSource]:
        """The rows of sources by their id, each with its text where that is present.

        Of rows with one id, the first. As the cells stand when somebody first asks.
        """
        return self.answer("cited sources", self._cited_sources)

    def _cited_sources(self) -> dict[str, CitedSource]:
        if self.why_not("sources.source_id"):
            return {}
        made: dict[str, CitedSource] = {}
        # Row by row: for each, a file is looked for.
        for row, source_id, file, sha256, length in (
            self.frame("sources")
            .select(
                ROW,
                "source_id",
                "file",
                "sha256",
                pl.col("char_length").cast(pl.Int64, strict=False),
            )
            .filter(pl.col("source_id").is_not_null())
            .iter_rows()
        ):
            if source_id not in made:
                found = self.texts.get(source_id, file)
                made[source_id] = CitedSource(row, source_id, file, sha256, length, found)
        return made

    @property
    def span_checks(self) -> tuple[Spans, list[SpanCheck], int]:
        """Every cited span compared with its text, where that is present; those that differ.

        Last, how many were left because they are together too long.

        A span that does not lie inside its text is another rule's finding and counts as
        unverified.
        """

        def compare() -> tuple[Spans, list[SpanCheck], int]:
            if self.why_not("evidence"):
                return Spans(), [], 0
            rows = (in_order(some.select(ROW, *CITED)) for some in stretches(self, "evidence"))
            return check_spans(rows, self.cited_sources)

        return self.answer("span checks", compare)


def declared() -> dict[str, dict[str, Column]]:
    """The declared columns of every table, as the models state them."""
    return {table: stated.columns for table, stated in declared_tables().items()}


def _unsafe_paths(descriptor: Descriptor, source: Files) -> Iterator[tuple[Steps, tuple[str, str]]]:
    listed = descriptor.content.get("resources")
    for index, resource in enumerate(listed if isinstance(listed, list) else []):
        path = resource.get("path") if isinstance(resource, dict) else None
        steps: Steps = ("resources", index, "path")
        named: dict[Steps, object] = {steps: path}
        if isinstance(path, list):
            named = {(*steps, number): each for number, each in enumerate(path)}
        for place, name in named.items():
            try:
                if isinstance(name, str):
                    source.exists(name)
            except UnsafePath as error:
                yield place, (str(name), str(error))


def named(given: Given) -> str:
    """What reports call a package: its descriptor or zip. Raises NotAPackage."""
    if isinstance(given, str) and is_address(given):
        from relations.validators.package.address import Address

        return str(Address.parse(given).of_package())
    return str(locate(given))


def open_package(given: Given = None) -> tuple[Files, Descriptor, Path | None]:
    """The files of a package, its descriptor, and the folder that it lies in.

    It is given as a folder, its ``datapackage.json``, a ``.zip``, or the address of one of them,
    which lies in no folder; None: the nearest descriptor here or above. Raises NotAPackage with
    one line that says what is missing; for an address and for a zip also CannotDo.
    """
    if isinstance(given, str) and is_address(given):
        # Only who reads from the network pays for the import.
        from relations.validators.package.remote import open_remote

        return *open_remote(given), None
    found = locate(given)
    name = found.name
    source: Files = Folder(found.parent)
    if found.suffix.lower() == ARCHIVE:
        # Only who reads a zip pays for the import.
        from relations.validators.package.zipped import Zip

        name, source = DESCRIPTOR, Zip.open(found)
    try:
        return source, Descriptor(name, source.read(name)), found.parent
    except FileNotFoundError:
        raise NotAPackage(f"no such file or folder: {found}") from None
    except (Unreadable, UnsafePath) as error:
        raise NotAPackage(f"{found}: {name} {error}") from error
