"""Rows put into the text of a table, each at its place; the other rows keep their bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import polars as pl

from relations.validators.curating.refusal import CannotChange
from relations.validators.package.table_file import quoted

if TYPE_CHECKING:
    from relations.validators.package.table_file import TableFile


def with_rows(file: TableFile, rows: Sequence[Mapping[str, str]]) -> bytes:
    """The bytes of a table with ``rows`` added, in the order of their keys.

    Columns that a row does not name are empty. Raises CannotChange where the file has faults
    that a row cannot simply be put between.
    """
    file = file.whole
    _refuse_faults(file)
    lines = file.text.split("\n")
    if lines[-1] == "":
        lines.pop()
    key, end = file.declared[0], len(lines)
    there = file.frame[key]
    place = len(there)
    for row in sorted(rows, key=lambda row: order(row[key]), reverse=True):
        # From the end: a new id is nearly always the highest.
        while place and order(there[place - 1] or "") > order(row[key]):
            place -= 1
        line = file.line_of(place) if place < len(there) else None
        line = end if line is None else line - 1
        lines.insert(line, _as_line(file.header, row))
    return "".join(line + "\n" for line in lines).encode("utf-8")


def order(key: str) -> tuple[int, str]:
    """What rows are sorted by: ids by their number, codes by their letters."""
    return len(key), key


def next_id(letter: str, columns: Sequence[pl.Series]) -> str:
    """The id after the highest one in ``columns``; gaps stay, for an id is not used again."""
    numbers = (
        column.str.extract(f"^{letter}([0-9]{{4,18}})$").cast(pl.Int64).max() for column in columns
    )
    highest = max((number for number in numbers if isinstance(number, int)), default=0)
    return f"{letter}{highest + 1:04}"


def as_csv(header: Sequence[str], rows: Sequence[Mapping[str, str]]) -> bytes:
    """A whole table: its header and its rows, in this order."""
    lines = [dict(zip(header, header, strict=True)), *rows]
    return "".join(f"{_as_line(header, row)}\n" for row in lines).encode("utf-8")


def _as_line(header: Sequence[str], row: Mapping[str, str]) -> str:
    return ",".join(quoted(row.get(name, "")) for name in header)


def _refuse_faults(file: TableFile) -> None:
    if file.why_sealed:
        raise CannotChange(f"{file.name} is not changed: {file.why_sealed}")
    if file.undecodable or file.broken or file.absent or "\r" in file.text:
        fault = "has faults"
    elif file.text.encode("utf-8") != file.data:
        fault = "has a byte-order mark or line ends that are not line feeds"
    else:
        return
    raise CannotChange(f"{file.name} {fault}: mend first what `relations check` says of it")
