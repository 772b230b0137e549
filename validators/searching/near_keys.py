"""Keys of a table that may have been meant by one that it does not have.

Of a large table not all keys are held to be looked through: they are searched, once, for those
that were asked for and for those one slip away.
"""

from __future__ import annotations

import string
from collections.abc import Iterable
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.nearest import Words, slips
from relations.validators.searching.expressions import in_order

if TYPE_CHECKING:
    import polars as pl

    from relations.validators.package.package import Package

NAMES = ("name", "native_name", "abbreviation", "title", "iso2", "iso_numeric")
"""The columns by which people call a row."""
LARGE = 10_000
"""Rows beyond which keys are searched and not held."""
MOST = 1_000
"""Of how many keys of a large table it is said which one may be meant."""


def keys_near(package: Package, table: str, asked: pl.Series) -> Words:
    """The keys of a table to look among for one like one of those ``asked``."""
    key, column = next(iter(package.columns(table).items()))
    if package.files[table].height <= LARGE:
        return Words([each for each in package.frame(table, key)[key] if each])
    letters = string.digits + (column.letter or string.ascii_letters).casefold()
    words = (each.casefold() for each in asked.drop_nulls().unique(maintain_order=True).head(MOST))
    wanted = {slip for word in words for slip in slips(word, sorted(set(letters)))}
    folded = nw.col(key).str.to_lowercase()
    found = in_order(package.table(table).filter(folded.is_in(sorted(wanted))).select(key))
    return Words(found[key].to_list(), slips_only=True)


def keys_called(package: Package, table: str, asked: pl.Series) -> dict[str, str]:
    """By what a row of a table is called, in small letters, its key; where it is only one's.

    Of those ``asked``, who may have written the name of a state or a person for its key.
    """
    key, *others = package.columns(table)
    names = [name for name in NAMES if name in others]
    wanted = asked.drop_nulls().unique(maintain_order=True).head(MOST).str.to_lowercase()
    found: dict[str, str] = {}
    twice: set[str] = set()
    for name in names:
        folded = nw.col(name).str.to_lowercase()
        rows = in_order(
            package.table(table)
            .filter(folded.is_in(wanted.to_list()) & ~nw.col(key).is_null())
            .select(key, folded.alias("called"))
        )
        for each, called in rows.iter_rows():
            twice.update({called} if found.setdefault(called, each) != each else ())
    return {called: each for called, each in found.items() if called not in twice}


def keys_among(package: Package, table: str, asked: pl.Series) -> frozenset[str]:
    """Which of those ``asked`` are keys of a table."""
    key = next(iter(package.columns(table)))
    if package.files[table].height <= LARGE or len(asked) > LARGE:
        keys = package.frame(table, key)[key]
        return frozenset(keys.filter(keys.is_in(asked.drop_nulls().unique().implode())))
    wanted: Iterable[str] = asked.drop_nulls().unique().to_list()
    found = in_order(package.table(table).filter(nw.col(key).is_in(list(wanted))).select(key))
    return frozenset(found[key])
