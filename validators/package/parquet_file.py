"""A table in a Parquet file: the cells that a CSV file of it would have, and no lines."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from relations.schemas.lists import LIST_SEPARATOR
from relations.validators.package.files import Unreadable
from relations.validators.package.limits import MAX_FILE, MAX_RATIO, MIB
from relations.validators.package.table_file import TableFile
from relations.validators.searching.expressions import ROW

RATIO_MATTERS = 16 * MIB
"""Below this size a file may be packed as tightly as it likes."""
READ_AS_TEXT = "text, whole numbers, days and lists of text are read"


@dataclass
class ParquetFile(TableFile):
    """What a Parquet file holds, as text: a whole number in digits, a day as YYYY-MM-DD.

    A list of texts becomes the list that a cell has, and an empty text an empty cell.
    """

    def __post_init__(self) -> None:
        self._body = b""
        self.header = tuple(self._cells.columns)
        known = set(self.header).intersection(self.declared)
        self.absent = self.declared
        if self.declared[0] in known or 2 * len(known) >= len(self.header):
            self.absent = tuple(each for each in self.declared if each not in known)
        self.frame = self._as_declared() if self.readable else self._without_rows()

    @cached_property
    def _cells(self) -> pl.DataFrame:
        return _cells(self.name, self.data)

    @property
    def frame(self) -> pl.DataFrame:
        if self._frame is None:
            self.frame = self._as_declared()
        assert self._frame is not None
        return self._frame

    @frame.setter
    def frame(self, rows: pl.DataFrame) -> None:
        self._frame, self._height = rows, rows.height

    def let_go(self) -> None:
        if self.plain:
            # What the rules ask of the cells as a whole is told before they go.
            _ = self.unusual, self.has_long_cells
            self._frame = None
            del self._cells

    def _as_declared(self) -> pl.DataFrame:
        height = self._cells.height
        empty = pl.repeat(None, height, dtype=pl.String, eager=True)
        numbers = pl.int_range(height, dtype=pl.Int64, eager=True)
        return pl.DataFrame(
            {ROW: numbers}
            | {each: self._cells[each] if each in self.header else empty for each in self.declared}
        )

    @property
    def empty(self) -> bool:
        return not self.header

    @property
    def ends_its_last_line(self) -> bool:
        return True

    @cached_property
    def unusual(self) -> frozenset[str]:
        found: set[str] = set()
        for column in self._cells.iter_columns():
            # Texts of ASCII alone are left out: their bytes are as many as their characters.
            beyond = column.filter(
                (column.str.len_bytes() != column.str.len_chars())
                | column.str.contains(r"[\x00-\x1F\x7F]")
            )
            found.update(*beyond.unique())
        return frozenset(each for each in found if not " " <= each <= "~" and each != "\n")

    def may_have_line(self, pattern: str) -> bool:  # noqa: ARG002
        return True

    @cached_property
    def has_long_cells(self) -> bool:
        return any(column.str.contains("\n").any() for column in self._cells.iter_columns())

    @property
    def plain(self) -> bool:
        """Whether its columns are text as they stand."""
        return self.readable and all(kind == pl.String for kind in _schema(self.data).values())

    @property
    def first_line(self) -> int | None:
        return None

    def where(self, *rows: int) -> str:
        numbers = [str(row + 1) for row in rows]
        return f"in row{'s' if len(numbers) > 1 else ''} {' and '.join(numbers)}"

    def row_texts(self) -> list[str]:
        raise NotImplementedError("a Parquet file is not rewritten")

    def row_at(self, line: int) -> int | None:  # noqa: ARG002
        return None

    def line_of(self, row: int) -> int | None:  # noqa: ARG002
        return None

    def cell_at(
        self,
        row: int,  # noqa: ARG002
        field_name: str | None,  # noqa: ARG002
    ) -> tuple[int | None, int | None, int | None]:
        return None, None, None

    def header_at(self, index: int) -> tuple[int | None, int | None, int | None]:  # noqa: ARG002
        return None, None, None

    def excerpt(self, line: int) -> str | None:  # noqa: ARG002
        return None

    @property
    def why_sealed(self) -> str | None:
        return "it is a Parquet file: correct what it was made from"


def columns_of(data: bytes) -> tuple[str, ...]:
    """The columns that a Parquet file says that it has. Raises Unreadable."""
    return tuple(_schema(data))


def _schema(data: bytes) -> pl.Schema:
    return _scanned(data)[0].collect_schema()


def height_of(data: bytes) -> int:
    """How many rows a Parquet file says that it has. Raises Unreadable."""
    return _scanned(data)[1]


def _cells(name: str, data: bytes) -> pl.DataFrame:
    scanned, height = _scanned(data)
    schema = scanned.collect_schema()
    # A comma or the end of a line for each cell is what a CSV file would have at least.
    _weigh(name, data, height * len(schema))
    texts = scanned.select(_text(column, kind) for column, kind in schema.items())
    try:
        cells = texts.collect()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise _unreadable(error) from error
    size = sum(int(column.str.len_bytes().sum()) for column in cells.iter_columns())
    _weigh(name, data, size + height * len(schema))
    return cells


def _scanned(data: bytes) -> tuple[pl.LazyFrame, int]:
    try:
        scanned = pl.scan_parquet(io.BytesIO(data))
        return scanned, int(scanned.select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise _unreadable(error) from error


def _unreadable(error: BaseException) -> Unreadable:
    return Unreadable(f"is no Parquet file that can be read: {str(error).partition(chr(10))[0]}")


def _weigh(name: str, data: bytes, size: int) -> None:
    if size > MAX_FILE.value:
        raise MAX_FILE.refusal(f"{name} would unpack to more than")
    if size > max(RATIO_MATTERS, MAX_RATIO.value * len(data)):
        raise MAX_RATIO.refusal(f"{name} would unpack to more times its size than")


def _text(column: str, kind: pl.DataType) -> pl.Expr:
    """A column as text. Raises Unreadable where that could be done in several ways."""
    cell = pl.col(column)
    if kind.is_integer() or kind in (pl.String, pl.Categorical, pl.Enum, pl.Null):
        text = cell.cast(pl.String)
    elif kind == pl.Date:
        text = cell.dt.to_string("%Y-%m-%d")
    elif kind == pl.List(pl.String):
        text = cell.list.join(LIST_SEPARATOR)
    else:
        raise Unreadable(f"has in its column `{column}` values of the type {kind}: {READ_AS_TEXT}")
    return pl.when(text != "").then(text).alias(column)
