"""Ways to narrow a search to the few rows that may matter, before what takes its time.

None of them changes what is found: each lets through every row that the search is for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.searching.expressions import ROW, in_order

if TYPE_CHECKING:
    import polars as pl

    from relations.validators.package.package import Package

SHARE, STRETCH = 1_500_000, 250_000
"""Rows of long tables of which a search holds what it compares, and those held as they are."""
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
    from relations.validators.engines.collecting import ran

    found: nw.LazyFrame[Any] = nw.from_native(ran(frame.to_native()).lazy())
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
    return nw.col(column) > nw.lit(text_of(day))


def text_of(day: int) -> str:
    """A day, a whole number YYYYMMDD, as a date."""
    digits = f"{day:08}"
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"


def alike(frame: nw.LazyFrame[Any], *columns: str) -> nw.LazyFrame[Any]:
    """The rows that may agree with another one in these columns, and every one that does."""
    if not frame.implementation.is_polars():
        return frame
    from relations.validators.engines import digests

    cells: pl.LazyFrame = frame.to_native()
    found: nw.LazyFrame[Any] = nw.from_native(digests.alike(cells, columns))
    return found


def divided(frame: nw.LazyFrame[Any], by: Sequence[str], column: str) -> nw.LazyFrame[Any]:
    """The rows that may agree in ``by`` with another that says something else in ``column``.

    And every one that does, of those where it says something.
    """
    if not frame.implementation.is_polars():
        return frame
    from relations.validators.engines import digests

    cells: pl.LazyFrame = frame.to_native()
    found: nw.LazyFrame[Any] = nw.from_native(digests.divided(cells, by, column))
    return found


def touching(
    stays: nw.LazyFrame[Any], by: Sequence[str], first: str, last: str
) -> nw.LazyFrame[Any]:
    """The rows that may share a day with another of the same ``by``, and every one that does.

    ``first`` and ``last`` are whole days as text; where one is neither, anything may be.
    """
    if not stays.implementation.is_polars():
        return stays
    from relations.validators.engines import digests

    cells: pl.LazyFrame = stays.to_native()
    found: nw.LazyFrame[Any] = nw.from_native(digests.touching(cells, by, first, last))
    return found


def only(frame: nw.LazyFrame[Any], those: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The rows whose number is among ``those``; elsewhere than in polars, all of them."""
    if not frame.implementation.is_polars():
        return frame
    import polars as pl

    from relations.validators.engines.collecting import ran

    wanted = ran(those.to_native().select(ROW).unique())[ROW]
    found: nw.LazyFrame[Any] = nw.from_native(
        frame.to_native().filter(pl.col(ROW).is_in(wanted.implode()))
    )
    return found


def stretches(package: Package, table: str) -> Iterator[nw.LazyFrame[Any]]:
    """A table's sound cells, some rows after the others: all, or as many as can be held."""
    file, frame = package.files[table], package.table(table)
    if not file.is_long:
        yield frame
        return
    for first in range(0, file.height, STRETCH):
        if frame.implementation.is_polars():
            yield nw.from_native(frame.to_native().slice(first, STRETCH))
        else:
            yield frame.filter(nw.col(ROW) >= first, nw.col(ROW) < first + STRETCH)


def named(
    package: Package, table: str, rows: nw.LazyFrame[Any], by: nw.LazyFrame[Any], column: str
) -> nw.LazyFrame[Any]:
    """Of the ``rows`` of a table those that ``by`` names in a column of both.

    Where the table is not long, all of them: to find those few takes longer than it saves.
    """
    if not package.files[table].is_long:
        return rows
    if not rows.implementation.is_polars():
        return rows.join(by.select(column).unique(), on=column, how="semi")
    import polars as pl

    from relations.validators.engines.collecting import collected

    # A join would hold all rows until it knows the names.
    names = collected(by.select(column).unique())[column]
    found: nw.LazyFrame[Any] = nw.from_native(
        rows.to_native().filter(pl.col(column).is_in(names.implode()))
    )
    return found


def found_in_shares(
    package: Package,
    held: Iterable[str],
    search: Callable[..., nw.LazyFrame[Any]],
    *frames: tuple[nw.LazyFrame[Any], str],
) -> pl.DataFrame:
    """What a search for equal values finds in frames, in order.

    Each frame comes with the column of its values. ``held`` are the tables of which the search
    has to hold the values. Where they are long, it is given the frames in so many shares that it
    can: rows of equal values are in the same one, so that nothing is missed.
    """
    rows = sum(package.files[table].height for table in held if package.files[table].is_long)
    shares = -(-rows // SHARE)
    if shares < 2 or not all(frame.implementation.is_polars() for frame, _ in frames):
        return in_order(search(*(frame for frame, _ in frames)))
    import polars as pl

    found = []
    for share in range(shares):
        some = (
            frame.to_native().filter(pl.col(column).hash() % shares == share)
            for frame, column in frames
        )
        found.append(in_order(search(*map(nw.from_native, some))))
    return in_order(nw.from_native(pl.concat(found).lazy()))
