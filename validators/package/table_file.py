"""One CSV file, read as text: its records, their physical lines, and a frame of strings.

Follows RFC 4180 and recovers after a fault, so that one bad record costs that record and no
other. The usual file (no quotes, or quotes that open and close on one line) is read without a
Python loop; records of several lines, and broken ones, are scanned one by one.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from relations.validators.expressions import ROW

BOM = b"\xef\xbb\xbf"

_QUOTED = r'"(?:[^"]|"")*"'
_RECORD = f'^(?:{_QUOTED}|[^",]*)(?:,(?:{_QUOTED}|[^",]*))*$'


@dataclass(frozen=True, slots=True)
class BrokenRecord:
    """A record that cannot be read: ``kind`` is ragged, blank, unclosed-quote or stray-quote.

    ``line`` and ``column`` are physical and 1-based; ``cells`` counts the cells of a ragged one.
    """

    kind: str
    line: int
    column: int = 1
    cells: int = 0


@dataclass
class TableFile:
    """The file of one table.

    ``table`` is its name, ``name`` its path in the package, ``data`` its bytes, ``declared``
    the model's columns in order. ``frame`` has the declared columns as strings (null where
    empty) and ``_row``; a column that the file lacks is null throughout and in ``absent``.
    """

    table: str
    name: str
    data: bytes
    declared: tuple[str, ...]
    undecodable: tuple[int, int, int] | None = None
    """Line, column and value of the first byte that is no UTF-8."""
    header: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    broken: list[BrokenRecord] = field(default_factory=list)
    frame: pl.DataFrame = field(default_factory=pl.DataFrame)

    def __post_init__(self) -> None:
        body = self.data.removeprefix(BOM)
        try:
            self.text = body.decode("utf-8")
        except UnicodeDecodeError as error:
            line = body.count(b"\n", 0, error.start) + 1
            before = body[body.rfind(b"\n", 0, error.start) + 1 : error.start]
            self.undecodable = (line, len(before.decode("utf-8")) + 1, body[error.start])
            self.text = ""
            self.absent = self.declared
            return
        if "\r\n" in self.text:
            self.text = self.text.replace("\r\n", "\n")
        self._read()

    @property
    def readable(self) -> bool:
        """Whether there is a frame to judge."""
        return self.undecodable is None and bool(self.header)

    @property
    def rows_lost(self) -> bool:
        """Whether some record could not be read, so that the frame lacks rows."""
        return bool(self.broken)

    @cached_property
    def lines(self) -> pl.Series:
        """The physical lines, without their ends."""
        body = self.text.removesuffix("\n")
        return pl.Series([body]).str.split("\n").explode(empty_as_null=True, keep_nulls=True)

    def _read(self) -> None:
        records = self._records()
        if records.is_empty():
            self.absent = self.declared
            return
        start, end, _ = records.row(0)
        if start == 0:
            self.header = tuple(next(csv.reader([self._span(0, end)]), []))
        self.absent = tuple(name for name in self.declared if name not in self.header)
        if self.header:
            self._keep(records)

    def _records(self) -> pl.DataFrame:
        """Where each sound record starts (0-based line) and ends, and how many cells it has."""
        if not self.text.strip("\n"):
            return pl.DataFrame({"start": [], "end": [], "cells": []})
        lines = pl.DataFrame({"line": self.lines}).with_row_index("start")
        span = [pl.col("start"), (pl.col("start") + 1).alias("end")]
        if '"' not in self.text:
            cells = pl.col("line").str.count_matches(",", literal=True) + 1
            return lines.select(*span, cells.alias("cells"))
        plain = pl.col("line").str.replace_all(_QUOTED, "")
        cells = plain.str.count_matches(",", literal=True) + 1
        sound = lines["line"].str.contains(_RECORD)
        records = lines.select(*span, cells.alias("cells"))
        return records if sound.all() else self._walk(sound.to_list(), records["cells"].to_list())

    def _walk(self, sound: list[bool], counts: list[int]) -> pl.DataFrame:
        lines = self.lines.to_list()
        records: list[tuple[int, int, int]] = []
        here = 0
        while here < len(lines):
            if sound[here]:
                records.append((here, here + 1, counts[here]))
                here += 1
                continue
            record = _scan(lines, here)
            if record.fault:
                self.broken.append(record.fault)
                here += 1
            else:
                records.append((here, record.end, len(record.cells)))
                here = record.end
        schema = {"start": pl.UInt32, "end": pl.UInt32, "cells": pl.UInt32}
        return pl.DataFrame(records, schema=schema, orient="row")

    def _keep(self, records: pl.DataFrame) -> None:
        """Drop ragged and blank records, note them, and parse the rest."""
        width = len(self.header)
        records = records.slice(1)
        blank = self.lines.gather(records["start"]) == ""
        for start in records.filter(blank)["start"]:
            self.broken.append(BrokenRecord("blank", start + 1))
        records = records.filter(~blank)
        for start, _, count in records.filter(pl.col("cells") != width).iter_rows():
            self.broken.append(BrokenRecord("ragged", start + 1, 1, count))
        records = records.filter(pl.col("cells") == width)
        self.broken.sort(key=lambda record: record.line)
        self._starts = records["start"]
        self.frame = self._parse(records)

    def _parse(self, records: pl.DataFrame) -> pl.DataFrame:
        width = len(self.header)
        names = [f"{index}" for index in range(width)]
        if records.is_empty():
            frame = pl.DataFrame({name: pl.Series([], dtype=pl.String) for name in names})
        else:
            if self.broken:
                spans = records.select("start", "end").iter_rows()
                body = "\n".join(self._span(start, end) for start, end in spans)
            else:
                body = self.text[len(self._span(0, records["start"][0])) + 1 :]
            frame = pl.read_csv(
                io.BytesIO(body.encode("utf-8")),
                has_header=False,
                infer_schema=False,
                new_columns=names,
            )
            if frame.shape != (records.height, width):
                raise AssertionError(
                    f"{self.name}: {records.height} records of {width} cells were counted and "
                    f"{frame.height} of {frame.width} read"
                )
        first = {name: index for index, name in reversed(list(enumerate(self.header)))}
        empty = pl.lit(None, dtype=pl.String)
        return frame.select(
            pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW),
            *(
                pl.col(names[first[name]]).replace("", None).alias(name)
                if name in first
                else empty.alias(name)
                for name in self.declared
            ),
        )

    def _span(self, start: int, end: int) -> str:
        """The text of the lines from ``start`` to before ``end``, 0-based."""
        return "\n".join(self.lines.slice(start, end - start).to_list())

    def key_of(self, row: int) -> str | None:
        """The key in a row of the frame, as the file has it."""
        key = self.declared[0]
        value: str | None = self.frame[key][row]
        return value

    def value_of(self, row: int, field_name: str) -> str | None:
        """One cell, as the file has it; None where it is empty or the column absent."""
        if field_name not in self.frame.columns:
            return None
        value: str | None = self.frame[field_name][row]
        return value

    def line_of(self, row: int) -> int:
        """The physical line on which a row of the frame starts, 1-based."""
        return int(self._starts[row]) + 1

    def cell_at(self, row: int, field_name: str | None) -> tuple[int, int | None, int | None]:
        """Line, first column and end column (exclusive) of a cell; the row's line for None.

        The end is None for a cell that goes on over several lines.
        """
        line = self.line_of(row)
        if field_name is None or field_name not in self.header:
            return line, None, None
        lines = self.lines
        record = _scan(lines.slice(line - 1, 2_000).to_list(), 0)
        start_line, start, end_line, end = record.cells[self.header.index(field_name)]
        return line + start_line, start + 1, (end + 1 if end_line == start_line else None)

    def excerpt(self, line: int) -> str | None:
        """A physical line, 1-based; None where there is no such line."""
        if self.undecodable is not None or not 0 < line <= len(self.lines):
            return None
        text: str = self.lines[line - 1]
        return text


@dataclass
class _Record:
    """One scanned record: per cell its start and end as (line, character), and where it ends."""

    cells: list[tuple[int, int, int, int]]
    end: int
    fault: BrokenRecord | None = None


def _scan(lines: list[str], first: int) -> _Record:
    """Read the record that starts on line ``first``; positions are relative to that line."""
    cells: list[tuple[int, int, int, int]] = []
    number, position = first, 0
    while True:
        line = lines[number]
        start_line, start = number, position
        if position < len(line) and line[position] == '"':
            closing = _closing_quote(lines, number, position + 1)
            if closing is None:
                return _Record(
                    cells, number + 1, BrokenRecord("unclosed-quote", number + 1, start + 1)
                )
            number, position = closing
            line = lines[number]
            if position < len(line) and line[position] != ",":
                if number > start_line:
                    # The quote that closed it belongs to a later record.
                    fault = BrokenRecord("unclosed-quote", start_line + 1, start + 1)
                else:
                    fault = BrokenRecord("stray-quote", number + 1, position)
                return _Record(cells, number + 1, fault)
        else:
            comma = line.find(",", position)
            stop = len(line) if comma < 0 else comma
            quote = line.find('"', position, stop)
            if quote >= 0:
                return _Record(
                    cells, number + 1, BrokenRecord("stray-quote", number + 1, quote + 1)
                )
            position = stop
        cells.append((start_line - first, start, number - first, position))
        if position >= len(line):
            return _Record(cells, number + 1)
        position += 1


def _closing_quote(lines: list[str], number: int, position: int) -> tuple[int, int] | None:
    """Line and position just after the quote that closes a cell; None where none does."""
    while number < len(lines):
        line = lines[number]
        while (quote := line.find('"', position)) >= 0:
            if line.startswith('""', quote):
                position = quote + 2
                continue
            return number, quote + 1
        number, position = number + 1, 0
    return None
