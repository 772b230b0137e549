"""What changed in a table: rows matched by their keys, and keys that stand for other rows now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from relations.validators.comparing.likeness import Candidates, Cells, Rarity, likeness

if TYPE_CHECKING:
    from relations.validators.comparing.edition import TableEdition

Renaming = dict[str, dict[str, str]]
"""Per table, the old keys that have new ones."""

RENAMED = 0.75
"""From this likeness on a row that is new is taken for one that is gone."""
LEAD = 0.1
"""By which it must be more alike than any other."""
REUSED = 0.3
"""Up to this likeness a row has become another, where its old content stands elsewhere."""
GONE = 0.2
"""The same, where its old content stands nowhere any more."""
PASSES = 4
"""At most so many times keys are followed that rows of the same table refer to."""
LEAST_CELLS = 2
"""Filled cells without which nothing can be said about a row."""


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that changed; an empty text is an empty cell. ``follows`` says that it refers to
    a row whose key was renamed, and to the same row still."""

    column: str
    old: str
    new: str
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its key, with its filled cells."""

    key: str
    cells: Cells


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row that is still the same one, with other cells; its old key where that was renamed."""

    key: str
    cells: tuple[CellChange, ...]
    old_key: str = ""


@dataclass(frozen=True, slots=True)
class ReusedKey:
    """A key that stands for another row now. ``moved_to`` is the key that its old content has
    today, empty where it is gone."""

    key: str
    old: Cells
    new: Cells
    moved_to: str


@dataclass(frozen=True, slots=True)
class TableChanges:
    """What changed in the rows of one table. ``rows`` counts them before and after."""

    table: str
    rows: tuple[int, int]
    added: tuple[Row, ...]
    removed: tuple[Row, ...]
    changed: tuple[ChangedRow, ...]
    renamed: tuple[ChangedRow, ...]
    reused: tuple[ReusedKey, ...]

    @property
    def any(self) -> bool:
        """Whether anything changed."""
        return bool(self.added or self.removed or self.changed or self.renamed or self.reused)


def table_changes(old: TableEdition, new: TableEdition, renaming: Renaming) -> TableChanges:
    """Compare two editions of a table in the columns that both have.

    ``renaming`` has the keys of other tables that were renamed; those found here are added.
    """
    shared = [name for name in new.columns if name in old.columns and name != new.key]
    before, after = _differing(old, new, shared)
    old_rows, new_rows = _rows(before, shared), _rows(after, shared)
    rarity = Rarity.of(old_rows.values(), max(1, len(old_rows)))
    _count_all(rarity, old, shared, old_rows.values())
    there = Candidates(new_rows, rarity)
    fresh = {key: cells for key, cells in new_rows.items() if key not in old_rows}
    pairs: dict[str, str] = {}
    # Rows may refer to rows of their own table, whose new keys are known only then.
    for _ in range(PASSES):
        # As they would read if only the keys had changed that they refer to.
        followed = {key: _followed(cells, old, renaming) for key, cells in old_rows.items()}
        reused = _reused(followed, old_rows, new_rows, there, rarity)
        gone = {key: cells for key, cells in followed.items() if key not in new_rows}
        known, pairs = pairs, _renamed(gone, fresh, rarity)
        renaming[new.name] = pairs
        if pairs == known or new.name not in old.references.values():
            break
    taken = set(pairs.values())
    return TableChanges(
        new.name,
        (old.frame.height, new.frame.height),
        added=tuple(Row(key, new_rows[key]) for key in fresh if key not in taken),
        removed=tuple(
            Row(key, old_rows[key]) for key in old_rows if key not in new_rows and key not in pairs
        ),
        changed=tuple(
            ChangedRow(key, _cells(old_rows[key], followed[key], new_rows[key]))
            for key in old_rows
            if key in new_rows and key not in reused
        ),
        renamed=tuple(
            ChangedRow(now, _cells(old_rows[was], followed[was], new_rows[now]), was)
            for was, now in pairs.items()
        ),
        reused=tuple(
            ReusedKey(key, old_rows[key], new_rows[key], moved) for key, moved in reused.items()
        ),
    )


def _differing(
    old: TableEdition, new: TableEdition, shared: list[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of both that are not the same in the other, with ``_key``."""
    before = old.frame.select(pl.col(old.key).alias("_key"), *shared)
    after = new.frame.select(pl.col(new.key).alias("_key"), *shared)
    names = before.columns
    return (
        before.join(after, on=names, how="anti", nulls_equal=True, maintain_order="left"),
        after.join(before, on=names, how="anti", nulls_equal=True, maintain_order="left"),
    )


def _rows(frame: pl.DataFrame, shared: list[str]) -> dict[str, Cells]:
    return {
        row["_key"]: {name: row[name] for name in shared if row[name]}
        for row in frame.iter_rows(named=True)
    }


def _count_all(
    rarity: Rarity, table: TableEdition, shared: list[str], rows: Iterable[Cells]
) -> None:
    """Count the values of these rows in the whole table, not in these rows alone."""
    rarity.rows = table.frame.height
    for name in shared:
        values = list({cells[name] for cells in rows if name in cells})
        if not values:
            continue
        counted = (
            table.frame.select(name)
            .filter(pl.col(name).is_in(pl.Series(values, dtype=pl.String).implode()))
            .group_by(name)
            .len()
        )
        rarity.counts[name].update(
            {value: count - rarity.counts[name][value] for value, count in counted.iter_rows()}
        )


def _followed(cells: Cells, table: TableEdition, renaming: Renaming) -> Cells:
    """The cells with the references in them brought up to date."""
    now = dict(cells)
    for column, other in table.references.items():
        if column in now:
            now[column] = renaming.get(other, {}).get(now[column], now[column])
    if table.name == "evidence" and "row_id" in now:
        now["row_id"] = renaming.get(now.get("table", ""), {}).get(now["row_id"], now["row_id"])
    return now


def _reused(
    followed: Mapping[str, Cells],
    old_rows: Mapping[str, Cells],
    new_rows: Mapping[str, Cells],
    there: Candidates,
    rarity: Rarity,
) -> dict[str, str]:
    """The keys that stand for another row now, and where their old content is."""
    found = {}
    for key, cells in followed.items():
        if key not in new_rows or len(old_rows[key]) < LEAST_CELLS or cells == new_rows[key]:
            continue
        same = likeness(cells, new_rows[key], rarity)
        elsewhere = [other for other in there.same(cells) if other != key]
        if not elsewhere and same <= REUSED:
            elsewhere = [
                other
                for other in there.near(cells)
                if other != key and likeness(cells, new_rows[other], rarity) >= RENAMED
            ]
        if elsewhere or same <= GONE:
            found[key] = elsewhere[0] if elsewhere else ""
    return found


def _renamed(
    gone: Mapping[str, Cells], fresh: Mapping[str, Cells], rarity: Rarity
) -> dict[str, str]:
    """Old keys and the new ones that their rows have, where it is clear which is which."""
    there = Candidates(fresh, rarity)
    wanted: dict[str, list[str]] = {}
    for key, cells in gone.items():
        if len(cells) < LEAST_CELLS:
            continue
        ranked = sorted(
            ((likeness(cells, fresh[other], rarity), other) for other in there.near(cells)),
            reverse=True,
        )
        clear = len(ranked) < 2 or ranked[0][0] - ranked[1][0] >= LEAD
        if ranked and ranked[0][0] >= RENAMED and clear:
            wanted.setdefault(ranked[0][1], []).append(key)
    return {keys[0]: other for other, keys in wanted.items() if len(keys) == 1}


def _cells(old: Cells, followed: Cells, new: Cells) -> tuple[CellChange, ...]:
    names = [*new, *(name for name in old if name not in new)]
    return tuple(
        CellChange(
            name,
            old.get(name, ""),
            new.get(name, ""),
            follows=followed.get(name, "") == new.get(name, ""),
        )
        for name in names
        if old.get(name, "") != new.get(name, "")
    )
