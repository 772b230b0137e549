"""What several rules say of the names in a table's header."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relations.validators.package.header import HeaderReading, StrangeName, read_header
from relations.validators.rule import Fault

if TYPE_CHECKING:
    from relations.validators.package.table_file import TableFile

NOTHING = HeaderReading((), (), ())


def reading_of(file: TableFile) -> HeaderReading:
    """A file's header compared with its model; nothing where it has no header of its table."""
    return read_header(file.header, file.declared) if file.readable else NOTHING


def strange_name(file: TableFile, strange: StrangeName, message: str, otherwise: str) -> Fault:
    """The fault of a name that should not be there: what is meant, or what to do ``otherwise``."""
    hint = f"did you mean `{strange.meant}`?" if strange.meant else otherwise
    return of_name(file, strange.index, message, hint)


def of_name(file: TableFile, index: int, message: str, hint: str) -> Fault:
    """The fault of a name of the header, which are counted from 0."""
    line, column, _ = file.header_at(index)
    return Fault(
        message,
        hint,
        table=file.table,
        file=file.name,
        line=line,
        column=column,
        field=file.header[index],
    )
