"""A table's CSV file that is too long to be held: read in parts, which are laid aside on disk.

Each part is read as a file of its own, under the header of the whole. It ends before a line that
begins a record whatever stands above it, so that the parts together say what the file says. The
cells of each go into a Parquet file, in a folder that goes with the table: searches stream
through those, and lines are looked up in the file itself.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import weakref
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import polars as pl

from relations.validators.package.files import Unreadable
from relations.validators.package.limits import MIB
from relations.validators.package.record_count import records
from relations.validators.package.table_file import (
    BOM,
    COMMA,
    LONGEST_HEADER,
    RECORD,
    ROW_START,
    TableFile,
    as_lines,
    raw_cells,
    with_line_feeds,
)
from relations.validators.searching.expressions import ROW
from relations.validators.stop import CannotDo

PART = 8 * MIB
"""Bytes of a part: few enough to stay near the processor while it is read."""
LONGEST = 256 * MIB
"""Bytes in which a row begins: a file may say that it is one of a hundred gigabytes."""
REMEMBERED = 4
"""Parts whose lines are kept at hand."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some whole records, one after the other: where they lie, and which rows they are.

    ``start`` and ``end`` count bytes of the file, ``first_line`` its lines and ``first_row`` its
    rows, all from 0. ``cells`` is the Parquet file. ``starts`` and ``ends`` have for each row the
    lines where it starts and ends, counted from the first of the part; None: each is one line.
    """

    start: int
    end: int
    first_line: int
    first_row: int
    rows: int
    cells: Path
    quoted: bool
    starts: pl.Series | None = None
    ends: pl.Series | None = None

    def span(self, row: int) -> tuple[int, int]:
        """The line of the part on which a row of the file starts, and the one after its last."""
        place = row - self.first_row
        if self.starts is None or self.ends is None:
            return place, place + 1
        return int(self.starts[place]), int(self.ends[place])

    def row_at(self, line: int) -> int | None:
        """The row of the file that a line of the part belongs to."""
        if self.starts is None or self.ends is None:
            return self.first_row + line if line < self.rows else None
        place = int(self.starts.search_sorted(line, side="right")) - 1
        return self.first_row + place if place >= 0 and line < self.ends[place] else None


class LongFile(TableFile):
    """The file of one table, of which no more than a part is held.

    ``file`` is open to be read from its start, and stays so. ``progress`` is told how many rows
    and bytes have been read. What asks for the ``data``, ``text``, ``lines`` or ``frame`` gets
    the whole: only who rewrites a file or exports it needs that.

    Raises CannotDo where the parts cannot be laid aside, and Unreadable where no row begins in
    as many bytes as can be held.
    """

    def __init__(
        self,
        table: str,
        name: str,
        declared: tuple[str, ...],
        file: BinaryIO,
        progress: Callable[[int, int], None] | None = None,
        part: int | None = None,
    ) -> None:
        self.table, self.name, self.declared = table, name, declared
        self.undecodable = self.carriage_returns = None
        self.separator, self.header, self.absent, self.broken = COMMA, (), declared, []
        self.parts: list[Part] = []
        self._frame = None
        self._file, self._size, self._sha256 = file, 0, hashlib.sha256()
        self._height = self._lines = self.header_end = 0
        self._bom = self._empty = False
        self._short_lines = True
        self._header = b""
        self._unusual: set[str] = set()
        self._is_plain, self._long_cells, self._ended = True, False, False
        self._remembered: dict[int, pl.Series] = {}
        self._sample = b""
        self._folder = Path(tempfile.mkdtemp(prefix="relations-"))
        weakref.finalize(self, _clear, file, self._folder)
        try:
            self._read_parts(part or PART, progress or (lambda *_: None))
        except (OSError, pl.exceptions.ComputeError) as error:
            reason = (getattr(error, "strerror", None) or str(error)).partition("\n")[0]
            raise CannotDo(f"{name} cannot be laid aside in {self._folder}: {reason}") from error

    def _read_parts(self, size: int, progress: Callable[[int, int], None]) -> None:
        rest = self._read_header()
        start, wanted, more = self._size - len(rest or b""), size, True
        while rest is not None:
            if more and len(rest) < wanted:
                block = self._next(wanted - len(rest))
                more, rest = bool(block), rest + block
                continue
            if not rest:
                break
            last = len(rest) <= wanted and not more
            end = len(rest) if last else rest.rfind(b"\n", 0, wanted) + 1
            read = self._records_in(rest[:end]) if end else None
            if read and read.undecodable is None and not last and not read.one_line_each:
                # What the last record swallows, or should have, may lie in the next part.
                end = self._cut(rest[:end])
                read = self._records_in(rest[:end]) if end else None
            if read is None:
                if wanted >= LONGEST:
                    raise Unreadable(
                        f"has nothing that begins a row in {LONGEST:,} bytes after line "
                        f"{self._lines:,}"
                    )
                wanted *= 2
                continue
            if read.undecodable is not None:
                self._refuse(read, rest)
                break
            self._lay_aside(read, start, start + end)
            progress(self._height, self._size)
            rest, start, wanted = rest[end:], start + end, size
        while block := self._next(size):
            self._empty = self._empty and not block.strip(b"\r\n")

    def _next(self, size: int) -> bytes:
        block = self._file.read(size)
        self._size += len(block)
        self._sha256.update(block)
        return block

    def _read_header(self) -> bytes | None:
        """Take in the header; gives what was read after it, or None where no row can be read."""
        body = b"".join(self._file.readline(MIB) for _ in range(LONGEST_HEADER))
        self._size = len(body)
        self._sha256.update(body)
        head = TableFile(self.table, self.name, body, self.declared)
        self._bom, self._empty, self._ended = body.startswith(BOM), head.empty, True
        self.separator, self.header, self.absent = head.separator, head.header, head.absent
        if head.undecodable is not None:
            self._refuse(head, body)
            return None
        if not head.readable:
            self.broken, self._unusual, self._is_plain = head.broken, set(head.unusual), False
            self._header, _ = with_line_feeds(body.removeprefix(BOM))
            self.header_end = self._lines = head.line_count
            return None
        self.header_cells, self.header_end = head.header_cells, head.header_end
        end = 0
        for _ in range(self.header_end):
            end = body.find(b"\n", end) + 1 or len(body)
        text, self.carriage_returns = with_line_feeds(body[:end].removeprefix(BOM))
        self._header, self._lines, self._is_plain = text, self.header_end, not self._bom
        self._ended = text.endswith(b"\n")
        return body[end:]

    def _records_in(self, body: bytes) -> TableFile:
        return TableFile(self.table, self.name, self._header + body, self.declared)

    def _cut(self, body: bytes) -> int:
        """Where the last line begins that is a row whatever stands above it; 0 for none."""
        end = len(body)
        while end:
            start = body.rfind(b"\n", 0, end - 1) + 1
            if self._is_row(body[start:end]):
                return start
            end = start
        return 0

    def _is_row(self, line: bytes) -> bool:
        try:
            text = line.rstrip(b"\r\n").decode("utf-8")
        except UnicodeDecodeError:
            return False
        return (
            ROW_START.match(text) is not None
            and re.match(RECORD, text) is not None
            and len(raw_cells(text)) == len(self.header)
        )

    def _refuse(self, read: TableFile, body: bytes) -> None:
        """None of a file that is no UTF-8 is judged."""
        assert read.undecodable is not None
        line, column, value = read.undecodable
        self.undecodable = (line + self._lines - self.header_end, column, value)
        self.header, self.absent, self.broken, self.parts = (), self.declared, [], []
        self.carriage_returns, self._height, self._is_plain = None, 0, False
        self._unusual.clear()
        self._sample = body

    def _lay_aside(self, read: TableFile, start: int, end: int) -> None:
        above = self.header_end
        moved = self._lines - above
        self.broken.extend(replace(each, line=each.line + moved) for each in read.broken)
        if read.carriage_returns:
            count, first = self.carriage_returns or (0, read.carriage_returns[1] + moved)
            self.carriage_returns = (count + read.carriage_returns[0], first)
        cells = self._folder / f"{len(self.parts):06}.parquet"
        read.frame.with_columns(pl.col(ROW) + self._height).write_parquet(
            cells, compression="lz4", statistics=False
        )
        starts = ends = None
        if not read.one_line_each:
            starts, ends = (each.cast(pl.UInt32) - above for each in read.spans())
        self.parts.append(
            Part(
                start, end, self._lines, self._height, read.height, cells, read.has_quotes,
                starts, ends,
            )
        )  # fmt: skip
        self._height += read.height
        self._lines += read.line_count - above
        self._unusual |= read.unusual
        self._is_plain = self._is_plain and read.plain
        self._short_lines = self._short_lines and read.has_short_lines
        self._long_cells = self._long_cells or read.has_long_cells
        self._ended = read.ends_its_last_line

    def scan(self) -> pl.LazyFrame:
        """The rows that can be read, as the parts have them."""
        if not self.parts:
            return self._without_rows().lazy()
        return pl.scan_parquet([each.cells for each in self.parts])

    @property
    def is_long(self) -> bool:
        return True

    def batches(self) -> Iterator[pl.DataFrame]:
        for part in self.parts:
            yield pl.read_parquet(part.cells)
        if not self.parts:
            yield self._without_rows()

    @property  # type: ignore[misc]
    def frame(self) -> pl.DataFrame:
        """The rows that can be read, all at once."""
        return self.scan().collect()

    @property
    def data(self) -> bytes:  # type: ignore[override]
        return self._between(0, self._size)

    @property
    def whole(self) -> TableFile:
        return TableFile(self.table, self.name, self.data, self.declared)

    @property
    def size(self) -> int:
        return self._size

    @property
    def digest(self) -> str:
        return self._sha256.hexdigest()

    @property
    def sample(self) -> bytes:
        return self._sample

    @property
    def has_bom(self) -> bool:
        return self._bom

    @property
    def records(self) -> int:
        return records(self._chunks())

    @property
    def text(self) -> str:
        return self.whole.text

    @property
    def lines(self) -> pl.Series:
        return self.whole.lines

    @property
    def line_count(self) -> int:
        return self._lines

    @property
    def empty(self) -> bool:
        return self._empty

    @property
    def ends_its_last_line(self) -> bool:
        return self._ended

    @property
    def has_short_lines(self) -> bool:
        return self._short_lines

    @property
    def has_quotes(self) -> bool:
        return b'"' in self._header or any(part.quoted for part in self.parts)

    def quoted_lines(self) -> Iterator[tuple[pl.Series, int]]:
        yield as_lines(self._header), 0
        for number, part in enumerate(self.parts):
            if part.quoted:
                yield self._part_lines(number), part.first_line

    @property
    def unusual(self) -> frozenset[str]:
        return frozenset(self._unusual)

    def may_have_line(self, pattern: str) -> bool:  # noqa: ARG002
        return True

    @property
    def has_long_cells(self) -> bool:
        return self._long_cells

    @property
    def plain(self) -> bool:
        return self._is_plain

    def let_go(self) -> None:
        """Nothing is held."""

    @property
    def header_text(self) -> str:
        return self._header.decode("utf-8").removesuffix("\n")

    def row_texts(self) -> list[str]:
        return self.whole.row_texts()

    def row_at(self, line: int) -> int | None:
        number = self._part_of(line)
        if number < 0:
            return None
        part = self.parts[number]
        return part.row_at(line - 1 - part.first_line)

    def line_of(self, row: int) -> int | None:
        number, (start, _) = self._found(row)
        return self.parts[number].first_line + start + 1

    def _lines_of(self, row: int) -> list[str]:
        number, (start, end) = self._found(row)
        found: list[str] = self._part_lines(number)[start:end].to_list()
        return found

    def excerpt(self, line: int) -> str | None:
        if self.undecodable is not None or not 0 < line <= self._lines:
            return None
        if line <= self.header_end:
            return self.header_text.split("\n")[line - 1]
        number = self._part_of(line)
        text: str = self._part_lines(number)[line - 1 - self.parts[number].first_line]
        return text

    def _part_of(self, line: int) -> int:
        """The number of the part that has a line of the file; -1 for one before them."""
        return bisect_right(self.parts, line - 1, key=lambda part: part.first_line) - 1

    def _found(self, row: int) -> tuple[int, tuple[int, int]]:
        number = bisect_right(self.parts, row, key=lambda part: part.first_row) - 1
        return number, self.parts[number].span(row)

    def _part_lines(self, number: int) -> pl.Series:
        """The lines of a part, without their ends."""
        if number not in self._remembered:
            while len(self._remembered) >= REMEMBERED:
                del self._remembered[next(iter(self._remembered))]
            part = self.parts[number]
            body, _ = with_line_feeds(self._header + self._between(part.start, part.end))
            self._remembered[number] = as_lines(body).slice(self.header_end)
        return self._remembered[number]

    def _between(self, start: int, end: int) -> bytes:
        self._file.seek(start)
        return self._file.read(end - start)

    def _chunks(self) -> Iterator[bytes]:
        self._file.seek(0)
        while block := self._file.read(PART):
            yield block


def _clear(file: BinaryIO, folder: Path) -> None:
    file.close()
    shutil.rmtree(folder, ignore_errors=True)
