"""One CSV file, read as text: its records, their physical lines, and a frame of strings.

Follows RFC 4180 and recovers after a fault, so that one bad record costs that record and no
other. A file in which each line is a record, and the bytes add up, is parsed as it stands. In
others a line that is a record by itself, which nearly all are, is read without a Python loop;
records of several lines, and broken ones, are scanned one by one.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import polars as pl

from relations.validators.package.file_form import LONGEST_NAME, MOST_COLUMNS
from relations.validators.package.limits import MIB
from relations.validators.package.line_texts import LineTexts
from relations.validators.package.record_count import records
from relations.validators.package.text_places import byte_at_fault
from relations.validators.searching.expressions import ROW

BOM = b"\xef\xbb\xbf"
COMMA = ","
OTHER_SEPARATORS = (";", "\t", "|")
SHORT = 2**18
"""Bytes up to which a file is searched as one text."""
LOOKS, LOOK = 256, 2**16
"""At how many places of a long file, and how many bytes there, are looked at before it is read."""
LONGEST_HEADER = 100
"""Lines among which a header ends; quotation marks may spread it over several."""

_QUOTED = r'"(?:[^"]|"")*"'
RECORD = f'^(?:{_QUOTED}|[^",]*)(?:,(?:{_QUOTED}|[^",]*))*$'
# The same, and each cell that stands in quotation marks has something in it that needs them.
_NEEDING = r'"[^",\r]*(?:[,\r]|"")(?:[^"]|"")*"'
_NEEDING_RECORD = f'^(?:{_NEEDING}|[^",]*)(?:,(?:{_NEEDING}|[^",]*))*$'
# Each cell empty or white space, in quotation marks or not; `","` is a cell with a comma in it.
_BLANK = r'^\s*(?:"\s*")?\s*(?:,\s*(?:"\s*")?\s*)*$'
# How a row of our tables begins: with an id, or with the code of a country.
ROW_START = re.compile("[A-Z](?:[0-9]{4,}|[A-Z]{2}),")
_PRINTABLE = bytes(range(32, 127)) + b"\n"


@dataclass(frozen=True, slots=True)
class BrokenRecord:
    """A record that cannot be read: ``kind`` is ragged, blank, unclosed-quote or stray-quote.

    ``line`` and ``column`` are physical and 1-based; ``cells`` counts the cells of a ragged one,
    ``lines`` the blank ones that follow one another: a file may be nothing else.
    """

    kind: str
    line: int
    column: int = 1
    cells: int = 0
    lines: int = 1


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
    carriage_returns: tuple[int, int] | None = None
    """How many lines end with a carriage return, and the first that does."""
    separator: str = COMMA
    """What stands between the names of the header; where it is no comma, nothing is read."""
    header: tuple[str, ...] = ()
    header_end: int = field(init=False, default=1)
    """How many lines the header has."""
    header_cells: list[_Cell] = field(init=False, default_factory=list)
    """Where its names stand."""
    absent: tuple[str, ...] = ()
    broken: list[BrokenRecord] = field(default_factory=list)
    _frame: pl.DataFrame | None = field(init=False, default=None)
    _height: int = field(init=False, default=0)
    _first_line: int | None = field(init=False, default=None)
    """The line of the first row, 0-based, where each row is one line and none is left out."""
    _quotes_needed: bool = field(init=False, default=False)
    """Whether it is known of each cell in quotation marks that it needs them."""

    def __post_init__(self) -> None:
        self.absent = self.declared
        self._body, self.carriage_returns = with_line_feeds(self.data.removeprefix(BOM))
        try:
            if not self._read():
                _must_be_text(self._body)
        except UnicodeDecodeError:
            self._refuse_all()
        if not self.readable:
            self.frame = self._without_rows()

    def _refuse_all(self) -> None:
        """None of a file that is no UTF-8 is judged."""
        try:
            self.data.removeprefix(BOM).decode("utf-8")
        except UnicodeDecodeError as error:
            self.undecodable = byte_at_fault(error)
        self._body, self.carriage_returns, self.separator = b"", None, COMMA
        self.header, self.header_cells, self.header_end = (), [], 1
        self.absent, self.broken = self.declared, []

    @property
    def frame(self) -> pl.DataFrame:
        """The rows that can be read; parsed anew where they were let go."""
        if self._frame is None:
            cells = self._plain(self.header_end)
            assert cells is not None
            self.frame = self._named(cells)
        assert self._frame is not None
        return self._frame

    @frame.setter
    def frame(self, rows: pl.DataFrame) -> None:
        self._frame, self._height = rows, rows.height

    def let_go(self) -> None:
        """Hold the rows no longer, where each is one line that says it: an engine has them."""
        if self._first_line is not None:
            self._frame = None

    def _without_rows(self) -> pl.DataFrame:
        return pl.DataFrame(schema={ROW: pl.Int64(), **dict.fromkeys(self.declared, pl.String())})

    @property
    def readable(self) -> bool:
        """Whether there is a frame to judge.

        There is none without a header of this table: one that names the key, or at least as
        many columns of the model as others.
        """
        return len(self.absent) < len(self.declared)

    @cached_property
    def text(self) -> str:
        """The file as text, each line ended by a line feed alone; none where it is no UTF-8."""
        return self._body.decode("utf-8")

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it but ends of lines."""
        return self.undecodable is None and not re.search(b"[^\n]", self._body)

    @property
    def ends_its_last_line(self) -> bool:
        """Whether the last line ends with a line feed."""
        return self._body.endswith(b"\n")

    @property
    def has_short_lines(self) -> bool:
        """Whether no line is longer than 2 MiB; some of those between 1 and 2 count as longer."""
        body = self._body
        return all(body.find(b"\n", at, at + MIB) >= 0 for at in range(0, len(body) - MIB, MIB))

    @property
    def has_quotes(self) -> bool:
        """Whether there is a quotation mark anywhere in it."""
        return b'"' in self._body

    @property
    def stored(self) -> bytes:
        """The bytes of the file as it lies in the package, packed or not."""
        return self.data

    @property
    def size(self) -> int:
        """How many these are."""
        return len(self.stored)

    @property
    def digest(self) -> str:
        """Their SHA-256, in hexadecimal digits."""
        return hashlib.sha256(self.stored).hexdigest()

    @property
    def whole(self) -> TableFile:
        """The same with all of its bytes at hand, for who writes it anew."""
        return self

    @property
    def sample(self) -> bytes:
        """Bytes with the first that is no UTF-8 among them, to guess what they are."""
        return self.data

    @property
    def has_bom(self) -> bool:
        """Whether a byte order mark stands before the header."""
        return self.data.startswith(BOM)

    @property
    def records(self) -> int:
        """How many rows there would be if each record could be read."""
        return records((self.data,))

    def scan(self) -> pl.LazyFrame:
        """The rows that can be read, to search them."""
        return self.frame.lazy()

    @property
    def is_long(self) -> bool:
        """Whether its rows are not held, but read from disk by each search."""
        return False

    def batches(self) -> Iterator[pl.DataFrame]:
        """The same, some rows after the others; once none, where there are none."""
        yield self.frame

    def quoted_lines(self) -> Iterator[tuple[pl.Series, int]]:
        """The lines in pieces of whole records, each with the number of its first, from 0.

        Pieces without a quotation mark that a cell does not need may be left out.
        """
        if self.has_quotes and not self._quotes_needed:
            # Not kept: they are as long as the file, and seldom asked for.
            yield as_lines(self._body), 0

    @property
    def why_sealed(self) -> str | None:
        """Why the file cannot be rewritten as the text that it is; None where it can."""
        return None

    @property
    def first_line(self) -> int | None:
        """The line of the header; None for a file that has no lines."""
        return 1

    @property
    def height(self) -> int:
        """How many rows can be read."""
        return self._height

    @property
    def is_sound(self) -> bool:
        """Whether each of its records is a row, and ends as it should."""
        return self.readable and not self.broken and not self.carriage_returns

    @property
    def rows_lost(self) -> bool:
        """Whether some record could not be read, so that the frame lacks rows."""
        return any(record.kind != "blank" for record in self.broken)

    @cached_property
    def lines(self) -> pl.Series:
        """The physical lines, without their ends."""
        return as_lines(self._body)

    @cached_property
    def _line_texts(self) -> LineTexts:
        return LineTexts(self._body)

    @property
    def line_count(self) -> int:
        """How many physical lines there are."""
        return self._body.count(b"\n") + (not self.ends_its_last_line)

    @property
    def one_line_each(self) -> bool:
        """Whether each row is one line, and no line after the header is anything else."""
        return self._first_line is not None

    def spans(self) -> tuple[pl.Series, pl.Series]:
        """The lines, from 0, on which the rows start, and those after their last."""
        return self._starts, self._ends

    @cached_property
    def unusual(self) -> frozenset[str]:
        """Every character of the file beyond printable ASCII and the line feed.

        Asked first by the rules that look for single characters: in most tables there are none.
        """
        return frozenset(self._body.translate(None, _PRINTABLE).decode("utf-8"))

    @property
    def composing(self) -> frozenset[str]:
        """The characters of the file that may be part of a text with a composed form (NFC).

        In nearly every file there are none: its letters are composed.
        """
        return frozenset(filter(_may_compose, self.unusual))

    def may_have_line(self, pattern: str) -> bool:
        """Whether a physical line may have something in it that matches a regular expression.

        A cell begins after a comma, a quotation mark or the start of a line, and ends before
        one or the end of a line; so this can say cheaply that no cell begins or ends in some
        way. Of a long file it says nothing: it takes less time to look at the cells there.
        """
        if len(self._body) > SHORT:
            return True
        return bool(pl.Series([self.text]).str.contains(f"(?m:{pattern})")[0])

    @property
    def has_long_cells(self) -> bool:
        """Whether a cell of the frame goes on over several lines."""
        if self._first_line is not None or not self.height:
            return False
        return bool((self._ends - self._starts > 1).any())

    @property
    def plain(self) -> bool:
        """Whether every reader of CSV finds the same records in it, also one that splits it.

        Each record is one line, none is broken, and no character steers anything.
        """
        return (
            self.readable
            and self.header_end == 1
            and not self.broken
            and not self.has_long_cells
            and self._body == self.data
            and not any(unicodedata.category(each) == "Cc" for each in self.unusual)
        )

    def _read(self) -> bool:
        """Read what can be read; whether that has shown that all of it is text."""
        if self.empty:
            return False
        top = self._top()
        self.separator = _separator(top[0], self.declared)
        if self.separator != COMMA:
            return False
        header = _scan(top, 0)
        if header.fault:
            self.broken.append(header.fault)
            return False
        self.header = tuple(_unquoted(top, cell) for cell in header.cells)
        self.header_cells, self.header_end = header.cells, header.end
        if len(self.header) > MOST_COLUMNS or max(map(len, self.header)) > LONGEST_NAME:
            return False
        known = set(self.header).intersection(self.declared)
        if self.declared[0] not in known and 2 * len(known) < len(self.header):
            return False
        self.absent = tuple(name for name in self.declared if name not in known)
        plain = self._plain(header.end)
        if plain is None:
            _must_be_text(self._body)
            self._keep(self._records(header.end))
        else:
            self._first_line = header.end
            self.frame = self._named(plain)
        return True

    def _top(self) -> list[str]:
        """The first lines, without their ends: as many as a header may have."""
        body = io.BytesIO(self._body)
        lines = [body.readline().decode("utf-8") for _ in range(LONGEST_HEADER)]
        return [line.removesuffix("\n") for line in lines if line]

    def _plain(self, header_end: int) -> pl.DataFrame | None:
        """The cells of a file in which every line is a record of all columns; None if unsure.

        Lines with quotation marks are looked at one by one. Of the others polars refuses one
        with too many cells and fills one with too few, with a comma that is not there: so where
        all cells have as many bytes as the file, its separators left out, each line is full.
        What is no text polars refuses too.
        """
        if header_end != 1:
            return None
        # In a last line without an end polars takes a comma too many for nothing.
        body = self._body if self.ends_its_last_line else self._body + b"\n"
        width, marks, quoted = len(self.header), 0, None
        if _has_too_short_lines(body, width):
            return None
        try:
            if self.has_quotes:
                quoted = _quoted(body, width - 1)
                if quoted is None:
                    return None
                marks, self._quotes_needed = body.count(b'"'), quoted.needed
            doubled = quoted is not None and quoted.doubled
            cells = _cells(body, [f"{index}" for index in range(width)], doubled=doubled)
        except pl.exceptions.PolarsError:
            return None
        if doubled or len(body) <= SHORT:
            # Two marks side by side may be an empty cell or a mark; and to count is little work.
            inside = quoted.commas if quoted is not None else 0
            lines, commas = body.count(b"\n"), body.count(b",") - inside
            full = cells.height == lines and commas == lines * (width - 1)
        else:
            separators = cells.height * width + marks + len(BOM) * body.startswith(BOM)
            full = _size(cells) + separators == len(body)
        first = cells["0"].slice(1)
        # A line of commas and white space is blank, which is for the slow way to say.
        if not full or first.null_count() or _any_starts_with_space(first):
            return None
        return cells.slice(1)

    def _records(self, first: int) -> pl.DataFrame:
        """Where each record from line ``first`` on starts (0-based) and ends, and its cells."""
        lines = self.lines
        cells = _commas(lines) + 1
        unsound: list[int] = []
        if self.has_quotes:
            quoted = lines.str.contains('"', literal=True).arg_true()
            some = lines.gather(quoted)
            plain = _commas(some.str.replace_all(_QUOTED, "")) + 1
            cells = cells.scatter(quoted, plain)
            unsound = quoted.filter(~some.str.contains(RECORD)).to_list()
        start = pl.int_range(len(lines), dtype=pl.Int64, eager=True)
        records = pl.DataFrame({"start": start, "end": start + 1, "cells": cells.cast(pl.Int64)})
        records = records.slice(first)
        return self._walk(records, unsound, first) if unsound else records

    def _walk(self, records: pl.DataFrame, unsound: list[int], first: int) -> pl.DataFrame:
        """Scan from each line that is no record by itself, and put in what is found there."""
        lines, counts = self.lines.to_list(), records["cells"]
        doubtful = set(unsound)
        width = len(self.header)

        def is_whole(line: int) -> bool:
            return line not in doubtful and counts[line - first] == width

        def has_key(line: int) -> bool:
            return bool(ROW_START.match(lines[line]))

        def begins_row(line: int) -> bool:
            return has_key(line) or is_whole(line)

        scanned: list[tuple[int, int, int]] = []
        found: list[tuple[int, int, int]] = []
        here, row = first, first
        for line in unsound:
            if line < here:
                continue
            if row <= line:
                row = next(filter(begins_row, range(line + 1, len(lines))), len(lines))
            record = _scan(lines, line, row)
            fault, here = record.fault, record.end
            inside = range(line + 1, record.end)
            if fault or len(record.cells) != width:
                inner = row if row < record.end or record.unclosed else None
            else:
                # Right as it stands, unless it swallows what is a row in every respect.
                inner = row if any(has_key(each) and is_whole(each) for each in inside) else None
            if inner is not None and record.opened:
                at, column = record.opened
                fault, here = BrokenRecord("unclosed-quote", at + 1, column + 1), inner
            elif fault and sum(each.count('"') for each in lines[line : record.end]) % 2:
                # One mark too many: what follows may belong to it, until a row begins.
                here = next(filter(begins_row, range(record.end, len(lines))), len(lines))
            scanned.append((line, here, 0))
            if fault:
                self.broken.append(fault)
            else:
                found.append((line, here, len(record.cells)))
        schema = {"start": pl.Int64, "end": pl.Int64, "cells": pl.Int64}
        ranges = pl.DataFrame(scanned, schema=schema, orient="row")
        covered = ranges.select(pl.int_ranges("start", "end").alias("start").explode())
        return pl.concat(
            [
                records.join(covered, on="start", how="anti"),
                pl.DataFrame(found, schema=schema, orient="row"),
            ]
        ).sort("start")

    def _keep(self, records: pl.DataFrame) -> None:
        """Drop ragged and blank records, note them, and parse the rest."""
        width = len(self.header)
        alone = records["end"] - records["start"] == 1
        blank = self.lines.gather(records["start"]).str.contains(_BLANK) & alone
        if blank.any():
            self.broken.extend(
                BrokenRecord("blank", start + 1, lines=lines)
                for start, lines in _runs(records.filter(blank)["start"]).iter_rows()
            )
            records = records.filter(~blank)
        ragged = records["cells"] != width
        if ragged.any():
            self.broken.extend(
                BrokenRecord("ragged", start + 1, 1, count)
                for start, _, count in records.filter(ragged).iter_rows()
            )
            records = records.filter(~ragged)
        self.broken.sort(key=lambda record: record.line)
        self._starts, self._ends = records["start"], records["end"]
        self.frame = self._parse(records)

    def _parse(self, records: pl.DataFrame) -> pl.DataFrame:
        names = [f"{index}" for index in range(len(self.header))]
        body = self._body
        if self.broken:
            kept = records.select(pl.int_ranges("start", "end").explode()).to_series()
            top = pl.int_range(self.header_end, dtype=pl.Int64, eager=True)
            body = "\n".join(self.lines.gather(top.append(kept.drop_nulls()))).encode("utf-8")
        frame = _cells(body, names).slice(1)
        if frame.shape != (records.height, len(names)):
            raise AssertionError(
                f"{self.name}: {records.height} records of {len(names)} cells were counted and "
                f"{frame.height} of {frame.width} read"
            )
        return self._named(frame)

    def _named(self, cells: pl.DataFrame) -> pl.DataFrame:
        """The declared columns and the numbers of the rows, of cells as they stand in the file."""
        read = {
            name: cells[f"{self.header.index(name)}"]
            if name in self.header
            else pl.repeat(None, cells.height, dtype=pl.String, eager=True)
            for name in self.declared
        }
        numbers = pl.int_range(cells.height, dtype=pl.Int64, eager=True)
        return pl.DataFrame({ROW: numbers, **read})

    def key_of(self, row: int) -> str | None:
        """The key in a row of the frame, as the file has it."""
        return self.value_of(row, self.declared[0])

    def value_of(self, row: int, field_name: str) -> str | None:
        """One cell, as the file has it; None where it is empty or the column absent."""
        if field_name not in self.declared or field_name in self.absent:
            return None
        if self._frame is None:
            cells = raw_cells("\n".join(self._lines_of(row)))
            return unquoted(cells[self.header.index(field_name)]) or None
        value: str | None = self.frame[field_name][row]
        return value

    @property
    def header_text(self) -> str:
        """The header exactly as the file has it, without its line end."""
        return "\n".join(self._line_texts.between(0, self.header_end))

    def row_texts(self) -> list[str]:
        """Each row of the frame exactly as the file has it, without its line end."""
        lines = self.lines.to_list()
        if self._first_line is not None:
            return lines[self._first_line :]
        starts = self._starts.to_list()
        return [
            lines[start] if end == start + 1 else "\n".join(lines[start:end])
            for start, end in zip(starts, self._ends.to_list(), strict=True)
        ]

    def row_at(self, line: int) -> int | None:
        """The row of the frame that a physical line, 1-based, belongs to; None for no row."""
        if self._first_line is not None:
            row = line - 1 - self._first_line
            return row if 0 <= row < self.height else None
        row = int(self._starts.search_sorted(line - 1, side="right")) - 1
        return row if row >= 0 and line <= self._ends[row] else None

    def where(self, *rows: int) -> str:
        """Where rows of the frame stand, as messages say it: "on line 3", "on lines 3 and 5"."""
        lines = [str(self.line_of(row)) for row in rows]
        return f"on line{'s' if len(lines) > 1 else ''} {' and '.join(lines)}"

    def line_of(self, row: int) -> int | None:
        """The physical line on which a row of the frame starts, 1-based.

        None in a file that has no lines.
        """
        if self._first_line is not None:
            return self._first_line + row + 1
        return int(self._starts[row]) + 1

    def cell_at(
        self, row: int, field_name: str | None
    ) -> tuple[int | None, int | None, int | None]:
        """Line, first column and end column (exclusive) of a cell; the row's line for None.

        The end is None for a cell that goes on over several lines.
        """
        line = self.line_of(row)
        if line is None or field_name is None or field_name not in self.header:
            return line, None, None
        record = _scan(self._lines_of(row), 0)
        return _place(line, record.cells[self.header.index(field_name)])

    def _lines_of(self, row: int) -> list[str]:
        if self._first_line is not None:
            start, end = self._first_line + row, self._first_line + row + 1
        else:
            start, end = int(self._starts[row]), int(self._ends[row])
        return self._line_texts.between(start, end)

    def header_at(self, index: int) -> tuple[int | None, int | None, int | None]:
        """The same for a name of the header, counted from 0."""
        return _place(1, self.header_cells[index])

    def excerpt(self, line: int) -> str | None:
        """A physical line, 1-based; None where there is no such line."""
        found = self._line_texts.between(line - 1, line) if line > 0 else []
        return found[0] if found else None


def _may_compose(character: str) -> bool:
    """Whether a character may be part of a text that has a composed form.

    Those that compose with what stands before them are marks, and vowels and finals of Hangul.
    """
    return (
        unicodedata.category(character).startswith("M")
        or "\u1160" <= character <= "\u11ff"
        or not unicodedata.is_normalized("NFC", character)
    )


def _must_be_text(body: bytes) -> None:
    """Raise UnicodeDecodeError where it is no UTF-8."""
    if body.isascii():
        return
    try:
        # Many times as fast as to decode it.
        pl.Series([body], dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.PolarsError:
        body.decode("utf-8")


def _has_too_short_lines(body: bytes, width: int) -> bool:
    """Whether some of the lines, looked at here and there, are too short for so many cells.

    Millions of blank lines would be as many rows, each of them a hundred times as long.
    """
    most = LOOK // width + 1
    places = range(0, len(body), max(LOOK, len(body) // LOOKS))
    return any(body.count(b"\n", at, at + LOOK) > most for at in places)


def _size(cells: pl.DataFrame) -> int:
    """How many bytes all cells have together."""
    # The sum of 32 bits has 32 bits.
    each = pl.all().str.len_bytes().cast(pl.Int64).sum()
    said = cells.lazy().select(pl.sum_horizontal(each))
    return int(said.collect(engine="streaming").item())


_PACKED = (b"x\x01", b"x^")
"""How a stream of zlib begins that UTF-8 allows: polars unpacks what begins so, text or not."""


def as_lines(body: bytes) -> pl.Series:
    """The lines of a text, without their ends."""
    return _scanned_lines(body).collect().to_series()


def _scanned_lines(body: bytes) -> pl.LazyFrame:
    """The same, as a column ``line`` to be searched."""
    if body.startswith(_PACKED):
        return pl.scan_lines(io.BytesIO(b"\n" + body), name="line").slice(1)
    return pl.scan_lines(io.BytesIO(body), name="line")


def _commas(lines: pl.Series) -> pl.Series:
    return lines.str.count_matches(COMMA, literal=True)


class _Quoted(NamedTuple):
    """What the lines with quotation marks say, where each of them is a full record.

    ``commas`` is how many stand in the marks; ``doubled`` whether two marks ever stand side by
    side, as in an empty cell; ``needed`` whether each cell in marks needs them.
    """

    commas: int
    doubled: bool
    needed: bool


def _quoted(body: bytes, separators: int) -> _Quoted | None:
    """The same; None where a line that has marks is not full."""
    if len(body) <= SHORT:
        # To ask an engine takes longer than to look.
        inside, doubled, needed = 0, False, True
        for line in body.decode("utf-8").split("\n"):
            if '"' in line:
                outside = re.sub(_QUOTED, "", line).count(COMMA)
                needs = needed and re.match(_NEEDING_RECORD, line) is not None
                if outside != separators or not (needs or re.match(RECORD, line)):
                    return None
                inside += line.count(COMMA) - outside
                doubled, needed = doubled or '""' in line, needs
        return _Quoted(inside, doubled, needed)
    each = pl.col("line")
    # Streaming: the lines are as long as the file, and not needed all at once.
    quoted = _scanned_lines(body).filter(each.str.contains('"', literal=True))
    said = quoted.select(
        pl.len().alias("lines"),
        each.str.count_matches(COMMA, literal=True).sum().alias("commas"),
        each.str.contains('""', literal=True).any().alias("doubled"),
        each.str.contains(_NEEDING_RECORD).all().alias("needed"),
        (each.str.replace_all(_QUOTED, "").str.count_matches(COMMA, literal=True) == separators)
        .all()
        .alias("full"),
    )
    found = said.collect(engine="streaming").row(0, named=True)
    is_record = each.str.contains(RECORD).all()
    if not found["full"] or not (
        found["needed"] or quoted.select(is_record).collect(engine="streaming").item()
    ):
        return None
    commas = int(found["commas"]) - separators * found["lines"]
    return _Quoted(commas, found["doubled"], found["needed"])


def _any_starts_with_space(cells: pl.Series) -> bool:
    if len(cells) <= SHORT // 256:
        return any(cell[:1].isspace() for cell in cells)
    # To compare is faster than to match: white space stands before or beyond all keys.
    if not ((cells < "!") | (cells > "\x7f")).any():
        return False
    return bool(cells.str.contains(r"^\s").any())


def _cells(body: bytes, names: list[str], *, doubled: bool = True) -> pl.DataFrame:
    """All records of sound CSV as strings, null where empty.

    The header is among them: polars takes U+FEFF off the first cell, and refuses a file of none.
    ``doubled``: whether two quotation marks may stand side by side, as in an empty cell.
    """
    carrier = None
    if b"\r" in body:
        # Polars drops a carriage return at the end of a cell, so another character carries it.
        private_use = map(chr, range(0xE000, 0xF900))
        carrier = next(each for each in private_use if each.encode("utf-8") not in body)
        body = body.replace(b"\r", carrier.encode("utf-8"))
    packed = body.startswith(_PACKED)
    if packed:
        body = b",".join([b'""'] * len(names)) + b"\n" + body
    # A cell that is empty without them is null anyway; to compare each takes a while.
    empty = [""] if doubled or packed else None
    frame = pl.read_csv(
        body, has_header=False, infer_schema=False, new_columns=names, null_values=empty
    ).slice(int(packed))
    if carrier:
        frame = frame.with_columns(pl.all().str.replace_all(carrier, "\r", literal=True))
    return frame


def _runs(numbers: pl.Series) -> pl.DataFrame:
    """Of ascending numbers each that does not follow the one before, and how many follow it."""
    frame = pl.DataFrame({"first": numbers})
    # Numbers that follow one another are as far from their place in the list.
    far = (pl.col("first") - pl.int_range(pl.len())).rle_id()
    return (
        frame.group_by(far.alias("run"), maintain_order=True)
        .agg(pl.col("first").first(), pl.len().alias("count"))
        .drop("run")
    )


_Cell = tuple[int, int, int, int]
"""Where a cell starts and ends, as line and character, 0-based, the end exclusive."""


@dataclass
class _Record:
    """One scanned record: its cells, and the line before which it ends.

    ``opened`` is where the first cell of several lines, or the last that was begun, opens its
    quotation mark. ``unclosed``: nothing closes it before the next row, or the end of the file.
    """

    cells: list[_Cell]
    end: int
    fault: BrokenRecord | None = None
    opened: tuple[int, int] | None = None
    unclosed: bool = False


def _scan(lines: list[str], first: int, row: int | None = None) -> _Record:
    """Read the record that starts on line ``first``; its cells are relative to that line.

    After a stray quotation mark it goes on at the next comma, to see where the record ends; but
    not beyond line ``row``, where the next one begins. For in a file made to be slow each broken
    record, which opens a mark again on every line, would be followed to the end.
    """
    cells: list[_Cell] = []
    opened: tuple[int, int] | None = None
    fault: BrokenRecord | None = None
    number, position = first, 0
    while True:
        stop = len(lines) if row is None or not fault else max(row, number + 1)
        line = lines[number]
        start_line, start = number, position
        comma = line.find(COMMA, position)
        if line.startswith('"', position):
            closing = _closing_quote(lines, number, position + 1, stop)
            if closing is None:
                opened = opened or (number, start)
                fault = fault or BrokenRecord("unclosed-quote", number + 1, start + 1)
                return _Record(cells, stop, fault, opened, unclosed=True)
            number, position = closing
            line = lines[number]
            if number > start_line:
                opened = opened or (start_line, start)
            stray = position - 1 if position < len(line) and line[position] != COMMA else -1
            comma = line.find(COMMA, position)
        else:
            # No further than the cell goes: a line may have a million of them.
            stray = line.find('"', position, len(line) if comma < 0 else comma)
        position = len(line) if comma < 0 else comma
        if 0 <= stray < position:
            fault = fault or BrokenRecord("stray-quote", number + 1, stray + 1)
        cells.append((start_line - first, start, number - first, position))
        if position == len(line):
            return _Record(cells, number + 1, fault, opened)
        position += 1


def _closing_quote(
    lines: list[str], number: int, position: int, stop: int
) -> tuple[int, int] | None:
    """Line and position just after the quote that closes a cell; None where none before line
    ``stop`` does."""
    while number < stop:
        line = lines[number]
        while (quote := line.find('"', position)) >= 0:
            if line.startswith('""', quote):
                position = quote + 2
                continue
            return number, quote + 1
        number, position = number + 1, 0
    return None


def _place(line: int, cell: _Cell) -> tuple[int, int, int | None]:
    """Physical line, first column and end column of a cell of the record that starts there."""
    start_line, start, end_line, end = cell
    return line + start_line, start + 1, (end + 1 if end_line == start_line else None)


def _unquoted(lines: list[str], cell: _Cell) -> str:
    """What a cell of the record at the top of ``lines`` says."""
    return unquoted(_raw(lines, cell))


def _raw(lines: list[str], cell: _Cell) -> str:
    start_line, start, end_line, end = cell
    if start_line == end_line:
        return lines[start_line][start:end]
    between = lines[start_line + 1 : end_line]
    return "\n".join([lines[start_line][start:], *between, lines[end_line][:end]])


def raw_cells(record: str) -> list[str]:
    """The cells of one sound record exactly as the file has them, quotation marks included."""
    if '"' not in record:
        return record.split(COMMA)
    lines = record.split("\n")
    return [_raw(lines, cell) for cell in _scan(lines, 0).cells]


def unquoted(cell: str) -> str:
    """What a cell says, from what the file has."""
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell


def quoted(value: str) -> str:
    """A value as a file has it: in quotation marks only where it needs them."""
    if not any(character in value for character in ',"\r\n'):
        return value
    return '"' + value.replace('"', '""') + '"'


def _separator(first: str, declared: tuple[str, ...]) -> str:
    """What separates the names in the first line: a comma unless something else plainly does."""
    hint = re.fullmatch("sep=(.)", first)
    if hint:
        return hint[1]
    known = {name.casefold() for name in declared}

    def names(separator: str) -> int:
        return sum(part.strip(' "').casefold() in known for part in first.split(separator))

    if names(COMMA):
        return COMMA
    best = max(OTHER_SEPARATORS, key=names)
    return best if names(best) > 1 else COMMA


def with_line_feeds(body: bytes) -> tuple[bytes, tuple[int, int] | None]:
    """The file with each line ended by a line feed alone; how many were not, and the first.

    A carriage return ends a line where a line feed follows, at the end of the file, and
    anywhere in a file that has no line feed. Elsewhere it is a character of a cell.
    """
    if b"\r" not in body:
        return body, None
    if b"\n" not in body:
        return body.replace(b"\r", b"\n"), (body.count(b"\r"), 1)
    found = re.search(rb"\r+(?:\n|\Z)", body)
    if not found:
        return body, None
    changed, count = re.subn(rb"\r+(?:\n|\Z)", b"\n", body)
    return changed, (count, body.count(b"\n", 0, found.start()) + 1)
