"""Expressions over columns of sound cells, shared by the rules.

A date becomes two whole numbers of the form YYYYMMDD, its first and its last possible day.
Whole numbers so that every engine compares them alike: taking away or adding 10000 is one
year.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import narwhals as nw

if TYPE_CHECKING:
    import polars as pl

ROW = "_row"
"""The column of a frame that numbers its rows from 0, in the order of the file."""

ONE_YEAR = 10_000


def earliest(column: str) -> nw.Expr:
    """The first day that a date may mean, as YYYYMMDD; before all days for ``..``.

    Null where empty.
    """
    return _eight_digits(column, "0101")


def latest(column: str) -> nw.Expr:
    """The last day that a date may mean, as YYYYMMDD, after all days for ``..``.

    A month ends on its 99th day and a year on the 99th of its 99th month. No day lies between
    the true end and that, so that "later than" comes out the same; "not later than" is false on
    the very last day, where it holds. Null where empty.
    """
    return _eight_digits(column, "99999999")


def _eight_digits(column: str, filling: str) -> nw.Expr:
    # One chain without branches: narwhals takes its time over a branch, and so do engines.
    digits = nw.col(column).str.replace_all("[?~%.-]", "")
    return nw.concat_str(digits, nw.lit(filling)).str.slice(0, 8).cast(nw.Int64)


def is_doubtful(column: str) -> nw.Expr:
    """Whether a date carries ``?``, ``~`` or ``%``."""
    return nw.col(column).str.contains("[?~%]$")


def _slack(*columns: str) -> nw.Expr:
    """How much a comparison must hold or fail by: a year where one of the dates is doubtful."""
    doubtful = nw.any_horizontal(*map(is_doubtful, columns), ignore_nulls=False)
    return doubtful.cast(nw.Int64) * ONE_YEAR


def certainly_after(first: str, second: str) -> nw.Expr:
    """Whether every day of ``first`` is after every day of ``second``.

    By more than a year where either is doubtful. Null, so no finding, where either is empty.
    """
    slack = _slack(first, second)
    return earliest(first) - slack > latest(second)


def certainly_by(first: str, second: str) -> nw.Expr:
    """Whether every day of ``first`` is on or before every day of ``second``.

    By a year or more where either is doubtful. True where ``second`` is ``..``: an end that is
    known to be still open. Not told where ``first`` is a month or year and ``second`` its very
    last day. Null where either is empty.
    """
    slack = _slack(first, second)
    return (latest(first) + slack <= earliest(second)) | (nw.col(second) == "..")


def certainly_outside(first: str, last: str, start: str, end: str) -> nw.Expr:
    """Whether the days from ``first`` to ``last`` share none with those from ``start`` to ``end``.

    A bound that is empty is not known, and decides nothing.
    """
    return certainly_after(start, last) | certainly_after(first, end)


def number_of(day: dt.date) -> int:
    """A day as the whole number YYYYMMDD."""
    return day.year * ONE_YEAR + day.month * 100 + day.day


def certainly_later_than(column: str, day: int) -> nw.Expr:
    """Whether every day of a date is later than ``day``, a whole number YYYYMMDD."""
    slack = _slack(column)
    return earliest(column) - slack > nw.lit(day)


def certainly_earlier_than(column: str, day: int) -> nw.Expr:
    """Whether every day of a date is earlier than ``day``, a whole number YYYYMMDD."""
    slack = _slack(column)
    return latest(column) + slack < nw.lit(day)


def by_column(frame: nw.LazyFrame[Any], columns: Sequence[str], *index: str) -> nw.LazyFrame[Any]:
    """A frame made long: for each row and each of ``columns`` one row, with ``index`` beside it.

    It has ``column``, a name, and ``value``.
    """
    if not frame.implementation.is_duckdb():
        # By names that no table has: `evidence` has a `column` of its own.
        return frame.unpivot(
            on=list(columns), index=list(index), variable_name="_column", value_name="_value"
        ).rename({"_column": "column", "_value": "value"})
    # There narwhals asks another connection than the one that has the table.
    return nw.concat(
        [
            frame.select(*index, nw.lit(name).alias("column"), nw.col(name).alias("value"))
            for name in columns
        ]
    )


def in_order(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    """What a search finds, in the order of ``_row`` where it has one.

    Rows of one number are in the order of their other cells: an engine has none of its own.
    """
    # Polars is imported here alone: who lists the rules has no need of it.
    from relations.validators.engines.collecting import collected

    found = collected(frame)
    if ROW in found.columns and (found[ROW].diff() <= 0).any():
        found = found.sort(ROW, *(name for name in found.columns if name != ROW))
    return found


def rows(frame: nw.LazyFrame[Any]) -> Iterator[dict[str, Any]]:
    """The rows of a search, one dictionary each, in the same order."""
    yield from in_order(frame).iter_rows(named=True)
