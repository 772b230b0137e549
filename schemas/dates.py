"""Dates as the tables write them: a subset of EDTF (ISO 8601-2), each an interval of days.

``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, a real calendar date from the year 1000 on,
optionally followed by ``?`` (uncertain), ``~`` (approximate) or ``%`` (both). An end may be
``..``: known to be still open. Comparing two intervals has three answers, and only a
certain failure is an error.

The regular expressions are written in what Rust, RE2, Java, Python and JavaScript share, so
the same text serves polars, DuckDB, Spark and the ``pattern`` of the Data Package descriptor.
"""

from __future__ import annotations

import calendar
import datetime as dt
import enum
import re
from dataclasses import dataclass

_YEAR = "[1-9][0-9]{3}"
_LEAP = (
    "(?:[1-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:[2468][048]|[13579][26])00)"  # from 1000 on
)
_MONTH = "(?:0[1-9]|1[0-2])"
_DAY = (
    f"(?:{_YEAR}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    f"|{_LEAP}-02-29)"
)

SHAPE = "^[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?[?~%]?$"
"""What is written like a date here, whether or not the calendar has it."""

CALENDAR = f"^(?:{_DAY}|{_YEAR}-{_MONTH}|{_YEAR})[?~%]?$"
"""What is written like a date and exists."""

OPEN = ".."
"""An end that is known to be still open."""

QUALIFIERS = {"?": "uncertain", "~": "approximate", "%": "uncertain and approximate"}


class Answer(enum.Enum):
    """The outcome of a comparison of two intervals of days."""

    HOLDS = "holds"
    FAILS = "fails"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Interval:
    """The days that a date may mean, both ends included.

    ``latest`` is ``datetime.date.max`` for an open end. ``doubtful`` is true where the date
    carries ``?``, ``~`` or ``%``.
    """

    earliest: dt.date
    latest: dt.date
    doubtful: bool = False

    def __post_init__(self) -> None:
        if self.earliest > self.latest:
            raise ValueError(f"an interval cannot end before it begins: {self}")


def parse(text: str) -> Interval:
    """Read one date.

    Raises ValueError where ``text`` is not of the subset or no real calendar date.
    ``..`` gives the interval that never ends and may have begun on any day.
    """
    if text == OPEN:
        return Interval(dt.date.min, dt.date.max)
    if not re.fullmatch(CALENDAR[1:-1], text):
        raise ValueError(f"not a date of the subset: {text!r}")
    doubtful = text[-1] in QUALIFIERS
    numbers = [int(part) for part in text.rstrip("?~%").split("-")]
    year = numbers[0]
    if len(numbers) == 1:
        return Interval(dt.date(year, 1, 1), dt.date(year, 12, 31), doubtful)
    month = numbers[1]
    if len(numbers) == 2:
        last = calendar.monthrange(year, month)[1]
        return Interval(dt.date(year, month, 1), dt.date(year, month, last), doubtful)
    day = dt.date(year, month, numbers[2])
    return Interval(day, day, doubtful)


def _years_later(day: dt.date, years: int) -> dt.date:
    if day in (dt.date.min, dt.date.max):
        return day
    year = day.year + years
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return dt.date.max if years > 0 else dt.date.min
    last = calendar.monthrange(year, day.month)[1]
    return day.replace(year=year, day=min(day.day, last))


def not_after(first: Interval, second: Interval) -> Answer:
    """Whether ``first`` is on or before ``second``.

    It holds where every day of ``first`` is on or before every day of ``second``, fails where
    every day of ``first`` is after every day of ``second``, and cannot be told otherwise. Where
    either date is doubtful it must hold, or fail, by more than a year.
    """
    slack = 1 if first.doubtful or second.doubtful else 0
    if _years_later(first.latest, slack) <= second.earliest:
        return Answer.HOLDS
    if first.earliest > _years_later(second.latest, slack):
        return Answer.FAILS
    return Answer.CANNOT_TELL


def within(inner: Interval, start: Interval | None, end: Interval | None) -> Answer:
    """Whether ``inner`` lies between ``start`` and ``end``; None is an end that is not known."""
    answers = []
    answers.append(not_after(start, inner) if start else Answer.CANNOT_TELL)
    answers.append(not_after(inner, end) if end else Answer.CANNOT_TELL)
    if Answer.FAILS in answers:
        return Answer.FAILS
    return Answer.CANNOT_TELL if Answer.CANNOT_TELL in answers else Answer.HOLDS
