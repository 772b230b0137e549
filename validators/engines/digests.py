"""Rows that may be alike, found in polars by digests of their cells.

Two rows of one digest need not be equal, and a search that must be right asks again. But nearly
all rows of a large table have a digest of their own, and four bytes say so.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from functools import reduce
from itertools import pairwise

import polars as pl

from relations.validators.engines.collecting import detached, ran
from relations.validators.searching.expressions import ROW

_BELOW = 2**32 - 5
"""What digests are cut down to: the largest prime of four bytes."""
_MONTH = 99
"""The seed of the digests of months."""
AT_ONCE = 2**22
"""Digests that are sorted at a time: to sort takes the memory of some more."""
_LONG = 24
"""Months beyond which a stay is compared with all others, whenever they are."""


def alike(cells: pl.LazyFrame, columns: Sequence[str]) -> pl.LazyFrame:
    """The rows that may agree with another one in these columns, and every one that does."""
    digest = _cut(_digest(columns))
    several = _several(_asked(cells, digest))
    if not len(several):
        return cells.head(0)
    return detached(cells.filter(digest.is_in(several.implode())))


def touching(cells: pl.LazyFrame, by: Sequence[str], first: str, last: str) -> pl.LazyFrame:
    """The rows that may share a day with another of the same ``by``, and every one that does.

    ``first`` and ``last`` are days as text, YYYY-MM-DD. Stays that share a day share a month.
    """
    who = _digest(by)
    begun, ended = (pl.col(day).str.slice(0, 7) for day in (first, last))
    beginning = _cut(who ^ begun.hash(_MONTH))
    going_on = cells.filter((begun != ended).fill_null(value=True)).select(
        ROW, who.alias("who"), _number(begun).alias("first"), _number(ended).alias("last")
    )
    further = ran(going_on)
    lasting = (pl.col("last") - pl.col("first")).is_between(1, _LONG).fill_null(value=False)
    months = pl.int_ranges(pl.col("first") + 1, pl.col("last") + 1)
    others = further.filter(lasting).select(ROW, "who", months.alias("month")).explode("month")
    others = others.select(ROW, _cut(pl.col("who") ^ _text("month").hash(_MONTH)).alias("digest"))
    # What has no days, and what lasts for years, may be whenever the others are.
    always = further.filter(~lasting)["who"].unique()
    several = _several(pl.concat([_asked(cells, beginning), others["digest"]]))
    if not len(several) and not len(always):
        return cells.head(0)
    rows = others.filter(pl.col("digest").is_in(several.implode()))[ROW].unique()
    return detached(
        cells.filter(
            beginning.is_in(several.implode())
            | pl.col(ROW).is_in(rows.implode())
            | who.is_in(always.implode())
        )
    )


def divided(cells: pl.LazyFrame, by: Sequence[str], column: str) -> pl.LazyFrame:
    """The rows that may agree in ``by`` with another that says something else in ``column``.

    And every one that does. What is null says nothing.
    """
    digest, said = _digest(by), pl.col(column)
    saying = cells.filter(said.is_not_null())
    # The least and the greatest differ where any two do, and take less than to count them.
    apart = saying.select(digest.alias("digest"), said).group_by("digest")
    groups = apart.agg(said.min().alias("least"), said.max().alias("most"))
    several = ran(groups.filter(pl.col("least") != pl.col("most")))["digest"]
    if not len(several):
        return cells.head(0)
    return detached(saying.filter(digest.is_in(several.implode())))


def _digest(columns: Sequence[str]) -> pl.Expr:
    return reduce(operator.xor, (pl.col(name).hash(seed) for seed, name in enumerate(columns)))


def _cut(digest: pl.Expr) -> pl.Expr:
    return (digest % _BELOW).cast(pl.UInt32)


def _asked(cells: pl.LazyFrame, digest: pl.Expr) -> pl.Series:
    return ran(cells.select(digest.alias("digest"))).to_series()


def _several(digests: pl.Series) -> pl.Series:
    """Those that are there more than once, in ascending order."""
    shares = len(digests) // AT_ONCE + 1
    bounds = [_BELOW * share // shares for share in range(shares)] + [_BELOW]
    found = []
    for low, high in pairwise(bounds):
        some = digests if shares == 1 else digests.filter((digests >= low) & (digests < high))
        some = some.sort()
        found.append(some.filter(some == some.shift(1)).unique(maintain_order=True))
    return pl.concat(found)


def _number(month: pl.Expr) -> pl.Expr:
    """A month as a number, of ``2024-05``."""
    parts = (month.str.slice(*part).cast(pl.Int32, strict=False) for part in ((0, 4), (5, 2)))
    return next(parts) * 12 + next(parts) - 1


def _text(month: str) -> pl.Expr:
    """The same back again."""
    year, of_year = pl.col(month) // 12, pl.col(month) % 12 + 1
    digits = (part.cast(pl.String).str.zfill(width) for part, width in ((year, 4), (of_year, 2)))
    return pl.concat_str(*digits, separator="-")
