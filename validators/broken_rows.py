"""The findings of records that cannot be read: counted at once, worded for those that are shown.

Each line of a file made to be tiresome may be such a record.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from relations.validators.rule import Fault, Many

if TYPE_CHECKING:
    from relations.validators.package.table_file import BrokenRecord, TableFile


def broken_rows(
    file: TableFile, kind: str, word: Callable[[BrokenRecord], tuple[str, str]]
) -> Many | None:
    """The records of a file that are broken in one way; None where there are none.

    ``word`` gives message and hint for one of them.
    """
    found = [record for record in file.broken if record.kind == kind]
    if not found:
        return None
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
            column=record.column if kind.endswith("quote") else None,
        )

    rows = pl.DataFrame({"nth": pl.int_range(len(found), eager=True)})
    return Many(file.table, None, rows, fault)
