"""What a glance at short tables tells of their evidence: that nothing is wrong with it.

As in ``short_tables``, every answer is given only where it is certain.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from relations.validators.searching.short_tables import Key, short_table

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def citations(package: Package, table: str) -> set[Key] | None:
    """The rows and columns of a table that evidence is about; None where that is not known.

    Null stands for the column where it is about the row as a whole.
    """
    evidence = short_table(package, "evidence")
    if evidence is None:
        return None
    about = evidence.grouped("table", "row_id", "column").get(table, set())
    return {cell for cell in about if cell[0] is not None}


def cites_known_rows(package: Package, table: str, key: str) -> bool:
    """Whether certainly all evidence about a table is about rows that it has."""
    cited, cells = citations(package, table), short_table(package, table)
    if cited is None or cells is None:
        return False
    return {row_id for row_id, _ in cited} <= cells.filled(key)


def cites_filled_cells(package: Package, table: str, key: str, columns: Iterable[str]) -> bool:
    """Whether certainly no evidence is about a cell of these columns that is empty in the file."""
    cited, cells = citations(package, table), short_table(package, table, raw=True)
    if cited is None or cells is None:
        return False
    return not any(
        value is None and (row_id, column) in cited
        for column in columns
        for row_id, value in cells.rows(key, column)
    )


def all_rows_cited(package: Package, table: str, key: str) -> bool:
    """Whether certainly every row of a table has evidence."""
    cited, cells = citations(package, table), short_table(package, table)
    if cited is None or cells is None:
        return False
    return cells.filled(key) <= {row_id for row_id, _ in cited}


def all_cells_cited(
    package: Package, table: str, key: str, columns: Iterable[str], free: Key
) -> bool:
    """Whether certainly every filled cell of these columns has evidence, if its row has any.

    ``free`` is a table, a column of it and a value that needs none.
    """
    cited, cells = citations(package, table), short_table(package, table)
    if cited is None or cells is None:
        return False
    rows = {row_id for row_id, _ in cited}
    return all(
        value is None or row_id not in rows or (row_id, column) in cited
        for column in columns
        for row_id, value in cells.rows(key, column)
        if (table, column, value) != free
    )
