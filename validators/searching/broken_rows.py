"""The findings of records that cannot be read: counted at once, worded for those that are shown.

Each line of a file made to be tiresome may be such a record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from relations.validators.rule import Fault, Many

if TYPE_CHECKING:
    from relations.validators.package.table_file import BrokenRecord, TableFile


def broken_rows(
    file: TableFile, kind: str, word: Callable[[BrokenRecord], tuple[str, str]]
) -> Iterator[Many]:
    """The records of a file that are broken in one way.

    ``word`` gives message and hint for one of them.
    """
    found = [record for record in file.broken if record.kind == kind]
    if found:
        yield _of_file(file, found, word)


def _of_file(
    file: TableFile, found: list[BrokenRecord], word: Callable[[BrokenRecord], tuple[str, str]]
) -> Many:
    import polars as pl

    def fault(row: dict[str, Any]) -> Fault:
        record = found[row["nth"]]
        message, hint = word(record)
        return Fault(
            message,
            hint,
            table=file.table,
            file=file.name,
            line=record.line,
            column=record.column if record.kind.endswith("quote") else None,
        )

    rows = pl.DataFrame({"nth": pl.int_range(len(found), eager=True)})
    return Many(file.table, None, rows, fault)
