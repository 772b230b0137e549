"""What a passage is cited for: `visits/V0003`, or a column of it, `visits/V0003/start_date`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from relations.validators.curating.refusal import CannotChange
from relations.validators.nearest import did_you_mean
from relations.validators.package.package import declared
from relations.validators.searching.coverage import HELD

if TYPE_CHECKING:
    from relations.validators.curating.bench import Bench

FACTS = "facts"
"""Stands for the row as a whole and every fact of it that nothing cites yet."""


@dataclass(frozen=True, slots=True)
class Target:
    """A row, or with ``column`` one of its cells."""

    table: str
    row_id: str
    column: str = ""

    def __str__(self) -> str:
        return "/".join(part for part in (self.table, self.row_id, self.column) if part)


def table_of(key: str) -> str | None:
    """The table whose ids begin with the letter of ``key``."""
    for table, columns in declared().items():
        letter = next(iter(columns.values())).letter
        if letter and key[:1] == letter and key[1:].isdigit():
            return table
    return None


def targets(change: Bench, text: str) -> list[Target]:
    """What is meant by `TABLE/ROW`, `TABLE/ROW/COLUMN,COLUMN`, or `…/facts`.

    The table may be left out: an id says by its letter where it belongs. Whether the row and
    the column are there is for the rules to say.
    """
    parts = text.split("/")
    if parts[0] not in declared():
        table = table_of(parts[0])
        if table is None:
            hint = did_you_mean(parts[0], declared(), "write TABLE/ROW or TABLE/ROW/COLUMN")
            raise CannotChange(f"{text!r} names no table; {hint}")
        parts.insert(0, table)
    if len(parts) not in (2, 3) or not all(parts):
        raise CannotChange(f"{text!r} is not of the form TABLE/ROW or TABLE/ROW/COLUMN")
    table, row_id = parts[:2]
    if len(parts) == 2:
        return [Target(table, row_id)]
    if parts[2] == FACTS:
        found = uncited(change, table, row_id)
        if not found:
            raise CannotChange(f"every fact of {table}/{row_id} is cited already")
        return found
    return [Target(table, row_id, column) for column in parts[2].split(",")]


def uncited(change: Bench, table: str, row_id: str) -> list[Target]:
    """The row as a whole and each of its facts, those that evidence speaks of left out."""
    row = change.row(table, row_id)
    if row is None:
        raise CannotChange(f"{table} has no row {row_id}")
    cited = {
        each["column"] for each in change.matching("evidence", {"table": table, "row_id": row_id})
    }
    return [
        Target(table, row_id, column) for column in ("", *facts(table, row)) if column not in cited
    ]


def facts(table: str, row: dict[str, str]) -> list[str]:
    """The columns of a row that must be cited by evidence of their own."""
    return [
        name
        for name, column in declared()[table].items()
        if column.fact and row[name] and (table, name, row[name]) != HELD
    ]
