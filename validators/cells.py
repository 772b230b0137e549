"""The checks of single columns, taken from the Pandera models and run in one pass per table.

The checks are those that ``Model.validate`` runs; here they are expressions of one query, so
that a sound table costs one look at its data. Tests compare the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import narwhals as nw

from relations.schemas.checks import ColumnCheck
from relations.validators.expressions import ROW, rows
from relations.validators.package.package import Package

MISSING = "missing-value"


@dataclass(frozen=True, slots=True)
class FailedCell:
    """A cell that fails a check: the first of its column's checks that it fails."""

    code: str
    table: str
    row: int
    field: str
    value: str


def failed_cells(package: Package, table: str) -> Iterator[FailedCell]:
    """Every failing cell of a table, column by column; cells already spoilt are left out."""
    declared = {
        name: column
        for name, column in package.columns(table).items()
        if name not in package.files[table].absent
    }
    failing: dict[tuple[str, str], nw.Expr] = {}
    for name, column in declared.items():
        if column.required:
            failing[name, MISSING] = nw.col(name).is_null()
        for check in column.checks:
            failing[name, check.code] = _fails(name, check)
    if not failing:
        return
    # One pass says which checks fail at all; only those are looked at row by row.
    raw = package.raw(table)
    names = {f"{index}": pair for index, pair in enumerate(failing)}
    totals = next(
        rows(raw.select(*(failing[pair].sum().alias(alias) for alias, pair in names.items())))
    )
    seen: set[tuple[str, int]] = set()
    for alias, (name, code) in names.items():
        if not totals[alias]:
            continue
        for row in rows(raw.filter(failing[name, code]).select(ROW, name)):
            cell = (name, row[ROW])
            if cell in seen or package.is_spoilt(table, *cell):
                continue
            seen.add(cell)
            yield FailedCell(code, table, row[ROW], name, row[name] or "")


def _fails(name: str, check: ColumnCheck) -> nw.Expr:
    return (~check.holds(nw.col(name))) & ~nw.col(name).is_null()
