"""Two editions of a package compared: rows, cells, keys, schema, and the version they ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relations.schemas.tables import TABLES
from relations.validators.comparing.counting import count as _count
from relations.validators.comparing.counting import rows as _rows
from relations.validators.comparing.schema_changes import SchemaChange, schema_changes
from relations.validators.comparing.table_changes import Renaming, TableChanges, table_changes
from relations.validators.comparing.version_step import Reason, Step, VersionVerdict, verdict

if TYPE_CHECKING:
    import polars as pl

    from relations.validators.comparing.edition import Edition, TableEdition


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that changed between two editions. ``tables`` are those in which anything did.

    ``reasons`` say why the version has to take its step, the gravest first; ``notes`` what
    could not be compared, so that the step may have to be further than it is.
    """

    old: str
    new: str
    tables: tuple[TableChanges, ...]
    schema: tuple[SchemaChange, ...]
    reasons: tuple[Reason, ...]
    version: VersionVerdict
    notes: tuple[str, ...]

    @property
    def errors(self) -> int:
        """How many keys stand for something else now; an id is never used again."""
        return sum(len(each.reused) for each in self.tables)


def compare(old: Edition, new: Edition) -> Comparison:
    """Compare two editions, table by table as the newer one has them."""
    schema = tuple(schema_changes(old.descriptor, new.descriptor))
    renaming: Renaming = {}
    # Who is referred to comes first, so that a renamed key is known where it is used.
    names = [name for name in TABLES if name in new.tables]
    names += [name for name in new.tables if name not in TABLES]
    compared = [
        table_changes(old.tables[name], new.tables[name], renaming)
        for name in names
        if name in old.tables
    ]
    tables = tuple(each for each in compared if each.any)
    reasons = sorted(_reasons(old, tables, schema), key=lambda each: -each.step)
    step = max((each.step for each in reasons), default=Step.NONE)
    notes = (*old.notes, *new.notes)
    return Comparison(
        old.label,
        new.label,
        tables,
        schema,
        tuple(reasons),
        verdict(old.version, new.version, step, whole=not notes),
        notes,
    )


def _reasons(
    old: Edition, tables: tuple[TableChanges, ...], schema: tuple[SchemaChange, ...]
) -> Iterator[Reason]:
    for change in schema:
        where = f"{change.table}: " if change.table else ""
        yield Reason(change.step, f"{where}{change.text}")
    for table in tables:
        yield from _of_table(old, table)


def _of_table(old: Edition, table: TableChanges) -> Iterator[Reason]:
    name = table.table
    if table.reused:
        yield Reason(Step.MAJOR, f"{name}: {_rows(len(table.reused))} under the id of another")
    moved = [row.old_key for row in table.renamed]
    gone = [row.key for row in table.removed]
    used = _referred_to(old, name, {*moved, *gone})
    for keys, what, otherwise in (
        (moved, "renamed", Step.MINOR),
        (gone, "removed", Step.PATCH),
    ):
        if missed := len(used.intersection(keys)):
            yield Reason(Step.MAJOR, f"{name}: {_rows(missed)} {what} that others refer to")
        if rest := len(keys) - missed:
            yield Reason(otherwise, f"{name}: {_rows(rest)} {what}")
    if table.added:
        yield Reason(Step.MINOR, f"{name}: {_rows(len(table.added))} added")
    cells = [cell for row in (*table.changed, *table.renamed) for cell in row.cells]
    filled = sum(not cell.old for cell in cells)
    followed = sum(bool(cell.old) and cell.follows for cell in cells)
    corrected = len(cells) - filled - followed
    if filled:
        yield Reason(Step.MINOR, f"{name}: {_count(filled, 'cell')} filled in")
    if followed:
        yield Reason(Step.MINOR, f"{name}: {_count(followed, 'reference')} brought up to date")
    if corrected:
        yield Reason(Step.PATCH, f"{name}: {_count(corrected, 'cell')} corrected")


def _referred_to(old: Edition, table: str, keys: set[str]) -> set[str]:
    """Those of ``keys`` that another row of the old edition refers to, evidence included."""
    found: set[str] = set()
    if not keys:
        return found
    for other in old.tables.values():
        for column, referred in other.references.items():
            if referred == table and column in other.columns:
                found |= keys.intersection(other.frame[column].drop_nulls().to_list())
        if other.name == "evidence" and {"table", "row_id"} <= set(other.columns):
            found |= keys.intersection(_cited(other, table).to_list())
    return found


def _cited(evidence: TableEdition, table: str) -> pl.Series:
    frame = evidence.frame
    return frame.filter(frame["table"] == table)["row_id"].drop_nulls()
