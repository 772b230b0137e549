"""Whether the rows of a table stand in the order of their keys, as nearly every table's do."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

from relations.validators.searching.expressions import ROW, in_order
from relations.validators.searching.narrowing import stretches

if TYPE_CHECKING:
    from relations.validators.package.package import Package


class KeyOrder(enum.Enum):
    """How the sound keys of a table follow one another: ids by their number, codes as text."""

    UNKNOWN = 0
    ASCENDING = 1
    """None that has a place in the order stands before one that it belongs after."""
    DISTINCT = 2
    """Each stands after the one before it, so that no two are the same."""


def key_order(package: Package, table: str) -> KeyOrder:
    """The order of a table's rows, looked at as many at a time as can be held.

    Malformed keys are asked for their numbers too, where they have one: where all stand in
    order, so do those that have a rank.
    """
    key, column = next(iter(package.columns(table).items()))
    unsound = package.spoilt.get(table, {}).get(key)
    # Keys become unsound, and never sound again.
    asked = ("order of the keys", table, len(unsound.column()) if unsound else 0)
    if asked not in package.known:
        package.known[asked] = _found(package, table, key, numbered=column.letter is not None)
    found: KeyOrder = package.known[asked]
    return found


def _found(package: Package, table: str, key: str, *, numbered: bool) -> KeyOrder:
    import polars as pl

    found, last = KeyOrder.DISTINCT, None
    for some in stretches(package, table):
        keys = in_order(some.select(ROW, key))[key].drop_nulls()
        ranks: pl.Series = keys.str.slice(1).cast(pl.Int64, strict=False) if numbered else keys
        if ranks.null_count():
            ranks, found = ranks.drop_nulls(), KeyOrder.ASCENDING
        if not len(ranks):
            continue
        if not ranks.is_sorted() or (last is not None and ranks[0] < last):
            return KeyOrder.UNKNOWN
        if last == ranks[0] or not _distinct(ranks):
            found = KeyOrder.ASCENDING
        last = ranks[-1]
    return found


def _distinct(ascending: Any) -> bool:
    """Whether of values in ascending order no two that are neighbours are the same."""
    return not (ascending == ascending.shift(1)).any()
