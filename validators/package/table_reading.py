"""The file of a table in each form that a package may have it in: CSV, that packed, Parquet."""

from __future__ import annotations

from relations.validators.package.file_form import GZIP, PARQUET
from relations.validators.package.table_file import TableFile


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
