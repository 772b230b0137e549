"""The file of a table in each form that a package may have it in: CSV, that packed, Parquet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO

from relations.validators.package.file_form import CSV, GZIP, PARQUET
from relations.validators.package.files import OnDisk
from relations.validators.package.memory import may_hold
from relations.validators.package.table_file import TableFile

if TYPE_CHECKING:
    from relations.validators.package.files import Files
    from relations.validators.package.long_file import LongFile


def table_in_parts(
    source: Files,
    table: str,
    name: str,
    declared: tuple[str, ...],
    held: int,
    progress: Callable[[int, int], None],
) -> LongFile | None:
    """A table in a long CSV file, of which no more than a part is held; None: read it whole.

    What is long depends on the memory, and on how many bytes are ``held`` of other tables.
    ``progress`` is told how many rows and bytes have been read. Raises as `source.read` does.
    """
    if not isinstance(source, OnDisk) or not name.lower().endswith(CSV):
        return None

    def take(file: BinaryIO) -> LongFile:
        # Only who has such a file pays for the import.
        from relations.validators.package.long_file import LongFile

        return LongFile(table, name, declared, file, progress)

    return source.in_parts(name, may_hold(held), take)


def read_table(table: str, name: str, data: bytes, declared: tuple[str, ...]) -> TableFile:
    """The table in a file; ``data`` are the bytes of the file, ``declared`` the model's columns.

    Raises Unreadable where they are not what the name says, and BeyondLimit where too much is
    packed into them.
    """
    # Only who has such a file pays for the import.
    if name.lower().endswith(GZIP):
        from relations.validators.package.packed_file import PackedFile, unpacked

        return PackedFile(table, name, unpacked(name, data), declared, packed=data)
    if name.lower().endswith(PARQUET):
        from relations.validators.package.parquet_file import ParquetFile

        return ParquetFile(table, name, data, declared)
    return TableFile(table, name, data, declared)
