"""Ways to narrow a search to the few rows that may matter, before what takes its time.

None of them changes what is found: each lets through every row that the search is for.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw

from relations.validators.expressions import in_order

_ALL = 2**32 - 2
"""More rows than a frame of polars can have."""


def so_far(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The rows found so far: what is asked next is asked of them alone.

    Polars asks every row all that it is to be filtered by at once, unless a bound on the number
    of rows stands between.
    """
    return frame.head(_ALL) if frame.implementation.is_polars() else frame


def kept(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The same rows, found once however often a search goes on from them."""
    if not frame.implementation.is_polars():
        return frame
    found: nw.LazyFrame[Any] = nw.from_native(frame.to_native().collect().lazy())
    return found


def none_in(frame: nw.LazyFrame[Any]) -> bool:
    """Whether a search finds nothing: where it may, what is asked next is not even said."""
    return in_order(frame.head(1)).is_empty()


def may_be_after(first: str, second: str) -> nw.Expr:
    """Whether one date may be certainly after another: as texts, which takes no time.

    Dates of the EDTF subset have their digits in the same places. So the first digit in which a
    later date differs is greater, whatever is left out or doubtful after it.
    """
    return nw.col(first) > nw.col(second)


def may_be_later_than(column: str, day: int) -> nw.Expr:
    """Whether a date may be certainly later than ``day``, a whole number YYYYMMDD: as text."""
    digits = f"{day:08}"
    return nw.col(column) > nw.lit(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}")


def alike(frame: nw.LazyFrame[Any], *columns: str) -> nw.LazyFrame[Any]:
    """The rows that may agree with another one in these columns, and every one that does."""
    if not frame.implementation.is_polars():
        return frame
    import polars as pl

    # Two rows of one digest need not be equal: the search that follows is exact.
    digest = pl.struct(*columns).hash()
    found: nw.LazyFrame[Any] = nw.from_native(frame.to_native().filter(digest.is_duplicated()))
    return found
