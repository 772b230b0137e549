"""Expressions over columns of sound cells, shared by the rules.

A date becomes two whole numbers of the form YYYYMMDD, its first and its last possible day.
Whole numbers so that every engine compares them alike: taking away or adding 10000 is one
year.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import narwhals as nw

ROW = "_row"
"""The column of a frame that numbers its rows from 0, in the order of the file."""

ONE_YEAR = 10_000
_NEVER_ENDS = "99991231"


def _digits(column: str) -> nw.Expr:
    return nw.col(column).str.replace_all("[?~%-]", "")


def earliest(column: str) -> nw.Expr:
    """The first day that a date may mean, as YYYYMMDD; null where empty or ``..``."""
    digits = _digits(column)
    filled = (
        nw.when(nw.col(column) == "..")
        .then(nw.lit(None, dtype=nw.String))
        .otherwise(nw.concat_str(digits, nw.lit("0101")))
    )
    # A year takes 0101, a month the first half of it too many: eight digits are the date.
    return _first_eight(filled, "01")


def latest(column: str) -> nw.Expr:
    """The last day that a date may mean, as YYYYMMDD, a month counted to its 31st.

    ``..`` gives 99991231. Null where empty.
    """
    filled = (
        nw.when(nw.col(column) == "..")
        .then(nw.lit(_NEVER_ENDS))
        .otherwise(nw.concat_str(_digits(column), nw.lit("1231")))
    )
    return _first_eight(filled, "31")


def _first_eight(filled: nw.Expr, last_day: str) -> nw.Expr:
    """From digits with four added: YYYY+MMDD, YYYYMM+MMDD (its day is ``last_day``) or a day."""
    length = filled.str.len_chars()
    return (
        nw.when(length == 10)
        .then(nw.concat_str(filled.str.slice(0, 6), nw.lit(last_day)))
        .otherwise(filled.str.slice(0, 8))
        .cast(nw.Int64)
    )


def is_doubtful(column: str) -> nw.Expr:
    """Whether a date carries ``?``, ``~`` or ``%``."""
    return nw.col(column).str.contains("[?~%]$")


def certainly_after(first: str, second: str) -> nw.Expr:
    """Whether every day of ``first`` is after every day of ``second``.

    By more than a year where either is doubtful. Null, so no finding, where either is empty.
    """
    slack = nw.when(is_doubtful(first) | is_doubtful(second)).then(ONE_YEAR).otherwise(0)
    return earliest(first) - slack > latest(second)


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
    slack = nw.when(is_doubtful(column)).then(ONE_YEAR).otherwise(0)
    return earliest(column) - slack > nw.lit(day)


def certainly_earlier_than(column: str, day: int) -> nw.Expr:
    """Whether every day of a date is earlier than ``day``, a whole number YYYYMMDD."""
    slack = nw.when(is_doubtful(column)).then(ONE_YEAR).otherwise(0)
    return latest(column) + slack < nw.lit(day)


def rows(frame: nw.LazyFrame[Any]) -> Iterator[dict[str, Any]]:
    """The rows of a search, one dictionary each, in the order of ``_row`` where it has one."""
    collected = frame.collect()
    if ROW in collected.columns:
        collected = collected.sort(ROW)
    yield from collected.iter_rows(named=True)
