"""A checked package as the exports see it: metadata, and tables with real types.

A date leaves as three columns: the text as written, and the first and the last day that it
may mean (``start_date``, ``start_date_earliest``, ``start_date_latest``). An end that is still
open, ``..``, has neither day. The two columns of a list of dates span all its items.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from relations.schemas import dates
from relations.schemas.columns import LIST_SEPARATOR, Column
from relations.schemas.tables import TABLES
from relations.validators.browsing.citation import Citation, citation
from relations.validators.building.codebook import Codebook, describe
from relations.validators.package.files import Folder
from relations.validators.package.package import Package, declared
from relations.validators.stop import CannotDo


class CannotExport(CannotDo):
    """The package does not fit into the format; the message is one plain line."""


class Part(enum.Enum):
    """What an output column has of a declared one."""

    WHOLE = ""
    EARLIEST = "_earliest"
    LATEST = "_latest"


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """One column of a typed table."""

    name: str
    origin: str
    column: Column
    part: Part = Part.WHOLE

    @property
    def description(self) -> str:
        """What it holds, in a sentence."""
        if self.part is Part.WHOLE:
            return self.column.description
        which = "First" if self.part is Part.EARLIEST else "Last"
        of = "a date of " if self.column.is_list else ""
        return f"{which} day that {of}{self.origin} may mean; empty where that is empty or open."

    @property
    def is_date(self) -> bool:
        """Whether it holds real dates."""
        return self.part is not Part.WHOLE


def layout(table: str) -> tuple[OutputColumn, ...]:
    """The output columns of a table, each date followed by its two days."""
    made: list[OutputColumn] = []
    for name, column in declared()[table].items():
        made.append(OutputColumn(name, name, column))
        if column.kind in ("date", "dates"):
            for part in (Part.EARLIEST, Part.LATEST):
                made.append(OutputColumn(name + part.value, name, column, part))
    return tuple(made)


def first_day(cell: pl.Expr) -> pl.Expr:
    """The first day that a date may mean; null where it is empty, open or no date."""
    return (
        pl.when(_length(cell) == 4)
        .then(_bare(cell) + "-01-01")
        .when(_length(cell) == 7)
        .then(_bare(cell) + "-01")
        .otherwise(_bare(cell))
        .str.to_date("%Y-%m-%d")
    )


def last_day(cell: pl.Expr) -> pl.Expr:
    """The last day that a date may mean; null where it is empty, open or no date."""
    return (
        pl.when(_length(cell) == 7)
        .then(first_day(cell).dt.month_end())
        .when(_length(cell) == 4)
        .then((_bare(cell) + "-12-31").str.to_date("%Y-%m-%d", strict=False))
        .otherwise(first_day(cell))
    )


def _bare(cell: pl.Expr) -> pl.Expr:
    known = pl.when(cell.str.contains(dates.CALENDAR)).then(cell)
    return known.otherwise(None).str.strip_chars_end("".join(dates.QUALIFIERS))


def _length(cell: pl.Expr) -> pl.Expr:
    return _bare(cell).str.len_chars()


def items(cell: pl.Expr) -> pl.Expr:
    """The items of a list cell, as a list."""
    return cell.str.split(LIST_SEPARATOR)


def _typed(output: OutputColumn, frame: pl.DataFrame) -> pl.Expr:
    cell = pl.col(output.origin)
    if output.part is Part.WHOLE:
        if output.column.is_list:
            return items(cell).alias(output.name)
        if output.column.kind == "integer":
            # One that cannot be read keeps the column as text: nothing of it may be lost.
            counted = frame[output.origin].cast(pl.Int64, strict=False)
            if counted.null_count() == frame[output.origin].null_count():
                return cell.cast(pl.Int64).alias(output.name)
        return cell.alias(output.name)
    bound = first_day if output.part is Part.EARLIEST else last_day
    if output.column.is_list:
        days = items(cell).list.eval(bound(pl.element()))
        made = days.list.min() if output.part is Part.EARLIEST else days.list.max()
    else:
        made = bound(cell)
    return made.alias(output.name)


@dataclass(frozen=True)
class Contents:
    """What an export writes.

    ``header`` is the descriptor as found; ``paths``, ``data`` and ``frames`` are each table's
    file, its bytes and its cells as strings, in the order of the file. ``citation`` is how to
    cite it. ``errors`` counts the findings that are errors: where there are any, keys and
    references may be broken and cells unreadable.
    ``root`` is the package's folder, None where it lies in a zip. ``base_url`` is where that
    folder is published, ending with a slash, or empty.
    """

    header: Mapping[str, Any]
    paths: Mapping[str, str]
    data: Mapping[str, bytes]
    frames: Mapping[str, pl.DataFrame]
    citation: Citation
    errors: int = 0
    root: Path | None = None
    base_url: str = ""
    _typed: dict[str, pl.DataFrame] = field(default_factory=dict)

    @classmethod
    def of(cls, package: Package, errors: int = 0, base_url: str = "") -> Contents:
        """The contents of a package; a table that cannot be read has no rows."""
        frames = {}
        for table, columns in declared().items():
            file = package.files.get(table)
            empty = pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
            frames[table] = file.frame.select(list(columns)) if file and file.readable else empty
        content = package.descriptor.content
        paths = {table: package.descriptor.path_of(table) for table in TABLES}
        data = {table: file.stored for table, file in package.files.items()}
        root = package.source.root if isinstance(package.source, Folder) else None
        cited = citation(package.source, content)
        return cls(content, paths, data, frames, cited, errors, root, base_url)

    @property
    def sound(self) -> bool:
        """Whether every key, reference, date and term is as the models have it."""
        return self.errors == 0

    @property
    def name(self) -> str:
        """The package's name."""
        return self.text("name") or "package"

    def text(self, key: str) -> str:
        """A text of the descriptor; empty where it is not there."""
        value = self.header.get(key)
        return value if isinstance(value, str) else ""

    def objects(self, key: str) -> list[dict[str, Any]]:
        """The objects of a list of the descriptor."""
        value = self.header.get(key)
        return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []

    def typed(self, table: str) -> pl.DataFrame:
        """A table in the columns of ``layout``: text, whole numbers, lists and dates.

        A column of whole numbers with one that is none is text.
        """
        if table not in self._typed:
            frame = self.frames[table]
            columns = [_typed(output, frame) for output in layout(table)]
            self._typed[table] = frame.select(columns)
        return self._typed[table]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table as dictionaries, cells as strings."""
        return self.frames[table].to_dicts()

    def by_key(self, table: str) -> dict[str, dict[str, Any]]:
        """The rows of a table by their key."""
        key = next(iter(declared()[table]))
        return {row[key]: row for row in self.rows(table) if row[key]}

    @cached_property
    def codebook(self) -> Codebook:
        """The codebook of these contents."""
        return describe(self.header, self.paths, self.frames)
