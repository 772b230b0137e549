"""A package as the rules see it: its descriptor, its files, and its tables as frames."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from relations.schemas.columns import Column
from relations.schemas.table import columns
from relations.schemas.tables import TABLES
from relations.validators.expressions import ROW, rows
from relations.validators.finding import Spans
from relations.validators.package.descriptor import Descriptor
from relations.validators.package.files import (
    ARCHIVE,
    DESCRIPTOR,
    Files,
    Folder,
    NotAPackage,
    Unreadable,
    UnsafePath,
    locate,
)
from relations.validators.package.sources import SourceTexts, SpanCheck, span_digest
from relations.validators.package.table_file import TableFile


@dataclass
class Package:
    """One package under check.

    ``files`` are the table files that could be opened; ``unopened`` says for each of the
    others why not (``missing``, ``unsafe``, ``unreadable``, with a phrase). ``as_of`` is the
    day on which the check is made.
    """

    source: Files
    descriptor: Descriptor
    texts: SourceTexts
    as_of: dt.date
    files: dict[str, TableFile] = field(default_factory=dict)
    unopened: dict[str, tuple[str, str]] = field(default_factory=dict)
    spoilt: dict[str, dict[str, set[int]]] = field(default_factory=dict)
    """Cells with a finding of their own, which later rules take as unknown: table, column, rows."""
    _clean: dict[str, pl.DataFrame] = field(default_factory=dict)

    @classmethod
    def open(
        cls, source: Files, descriptor: Descriptor, texts: SourceTexts, as_of: dt.date
    ) -> Package:
        """Read every table of the model."""
        package = cls(source, descriptor, texts, as_of)
        for table in TABLES:
            package._open_table(table)
        return package

    def _open_table(self, table: str) -> None:
        name = self.descriptor.path_of(table)
        try:
            data = self.source.read(name)
        except UnsafePath as error:
            self.unopened[table] = ("unsafe", str(error))
        except FileNotFoundError:
            self.unopened[table] = ("missing", "is not there")
        except Unreadable as error:
            self.unopened[table] = ("unreadable", str(error))
        else:
            self.files[table] = TableFile(table, name, data, tuple(self.columns(table)))

    @property
    def declared(self) -> dict[str, dict[str, Column]]:
        """The declared columns of every table, in the model's order."""
        return declared()

    @staticmethod
    def columns(table: str) -> dict[str, Column]:
        """The declared columns of a table."""
        return declared()[table]

    def why_not(self, need: str) -> str | None:
        """Why a table, or a column given as ``table.column``, cannot be judged; None if it can."""
        table, _, column = need.partition(".")
        if table in self.unopened:
            return f"the file of {table} {self.unopened[table][1]}"
        file = self.files[table]
        if not file.readable:
            return f"{file.name} cannot be read"
        if column in file.absent:
            return f"{file.name} has no column {column}"
        return None

    def why_keys_unsound(self, table: str) -> str | None:
        """Why a key that is not among a table's keys may be there all the same."""
        key = next(iter(self.columns(table)))
        reason = self.why_not(f"{table}.{key}")
        if reason:
            return reason
        file = self.files[table]
        if file.rows_lost:
            return f"a row of {file.name} cannot be read"
        if self.spoilt.get(table, {}).get(key):
            return f"a key in {file.name} is not sound"
        return None

    def spoil(self, table: str, column: str, rows: Iterable[int]) -> None:
        """Note that these cells have a finding: what depends on them is not judged."""
        self.spoilt.setdefault(table, {}).setdefault(column, set()).update(rows)
        self._clean.pop(table, None)

    def is_spoilt(self, table: str, column: str, row: int) -> bool:
        """Whether this cell has a finding already."""
        return row in self.spoilt.get(table, {}).get(column, ())

    def frame(self, table: str) -> pl.DataFrame:
        """A table's sound cells as strings, with ``_row``; cells with findings are null."""
        if table not in self._clean:
            frame = self.files[table].frame
            for column, rows in self.spoilt.get(table, {}).items():
                hit = pl.col(ROW).is_in(pl.Series(sorted(rows), dtype=pl.Int64).implode())
                frame = frame.with_columns(
                    pl.when(hit).then(None).otherwise(pl.col(column)).alias(column)
                )
            self._clean[table] = frame
        return self._clean[table]

    def table(self, table: str) -> nw.LazyFrame[Any]:
        """The same, as a narwhals frame to build a search on."""
        return nw.from_native(self.frame(table).lazy())

    def raw(self, table: str) -> nw.LazyFrame[Any]:
        """A table as the file has it, the cells with findings included."""
        return nw.from_native(self.files[table].frame.lazy())

    @cached_property
    def span_checks(self) -> tuple[Spans, list[SpanCheck]]:
        """Every cited span compared with its text, where that is present; those that differ.

        A span that does not lie inside its text is another rule's finding and counts as
        unverified.
        """
        if self.why_not("evidence") or self.why_not("sources"):
            return Spans(), []
        texts = {
            row["source_id"]: self.texts.get(row["source_id"], row["file"])
            for row in rows(self.table("sources").select("source_id", "file"))
            if row["source_id"]
        }
        cited = verified = unverified = 0
        differ: list[SpanCheck] = []
        digests: dict[tuple[str, str, str], str | None] = {}
        for row, source_id, start, end, stated in (
            self.frame("evidence")
            .select(ROW, "source_id", "char_start", "char_end", "span_sha256")
            .iter_rows()
        ):
            if not (source_id and start and end and stated):
                continue
            cited += 1
            found_key = (source_id, start, end)
            if found_key not in digests:
                source = texts.get(source_id)
                text = source.text if source else None
                inside = text is not None and int(start) < int(end) <= len(text)
                digests[found_key] = (
                    span_digest(text, int(start), int(end)) if text is not None and inside else None
                )
            found = digests[found_key]
            if found is None:
                unverified += 1
            elif found == stated:
                verified += 1
            else:
                differ.append(SpanCheck(row, source_id, int(start), int(end), stated, found))
        return Spans(cited, verified, unverified), differ


_DECLARED: dict[str, dict[str, Column]] = {}


def declared() -> dict[str, dict[str, Column]]:
    """The declared columns of every table, read from the models once."""
    if not _DECLARED:
        _DECLARED.update({table: columns(model) for table, model in TABLES.items()})
    return _DECLARED


def open_package(path: Path | None = None) -> tuple[Files, Descriptor, Path]:
    """The files of a package, its descriptor, and the folder that it lies in.

    ``path`` is a folder, its ``datapackage.json``, or a ``.zip``; None: the nearest descriptor
    here or above. Raises NotAPackage with one line that says what is missing.
    """
    found = locate(path)
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
