"""What must hold of the reader of dates for any text, and for any two."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

import edtf
import polars as pl

from relations.schemas.dates import CALENDAR, OPEN, SHAPE, Answer, Interval, not_after, parse
from relations.validators.searching.date_readings import readings

OPPOSITE = {
    Answer.HOLDS: {Answer.FAILS, Answer.CANNOT_TELL, Answer.HOLDS},
    Answer.FAILS: {Answer.HOLDS},
    Answer.CANNOT_TELL: {Answer.HOLDS, Answer.CANNOT_TELL},
}
"""What the second may be to the first, by what the first is to the second."""


def holds(data: bytes) -> None:
    """The bytes are one text, or two of them with a line feed between."""
    texts = data.decode("utf-8", "replace").split("\n")[:2]
    found = [interval for text in texts if (interval := one(text))]
    if len(found) == 2:
        two(*found)


def one(text: str) -> Interval | None:
    expected = by_calendar(text)
    the_engine_agrees(text, expected is not None)
    a_reading_is_a_date(text)
    read, refusal = attempt(text)
    assert read == expected
    if read is None:
        assert refusal.startswith("not a date of the subset")
        return None
    assert read.earliest <= read.latest
    if text != OPEN:
        assert written(read, text[-1]) == text
        assert edtf_reads(text) == (read.earliest, read.latest)
    return read


def attempt(text: str) -> tuple[Interval | None, str]:
    try:
        return parse(text), ""
    except ValueError as error:
        return None, str(error)


def by_calendar(text: str) -> Interval | None:
    """The same from Python's own calendar alone; None for what is no date of the subset."""
    if text == OPEN:
        return Interval(dt.date.min, dt.date.max)
    doubtful = text.endswith(("?", "~", "%"))
    plain = text[:-1] if doubtful else text
    # Each form filled up to a day, so that Python reads all three; it takes other forms too.
    filling = {4: "-01-01", 7: "-01", 10: ""}.get(len(plain))
    if filling is None or not plain.isascii():
        return None
    try:
        first = dt.date.fromisoformat(plain + filling)
    except ValueError:
        return None
    if first.isoformat() != plain + filling or first.year < 1000:
        return None
    last = first
    while last < dt.date.max:
        after = last + dt.timedelta(days=1)
        if not after.isoformat().startswith(plain):
            break
        last = after
    return Interval(first, last, doubtful)


def the_engine_agrees(text: str, is_date: bool) -> None:
    """The pattern as polars reads it says the same as Python, also before a line end."""
    frame = pl.Series([text]).to_frame("text")
    calendar, shape = frame.select(
        pl.col("text").str.contains(CALENDAR).alias("calendar"),
        pl.col("text").str.contains(SHAPE).alias("shape"),
    ).row(0)
    assert (calendar or text == OPEN) == is_date
    assert shape == bool(re.fullmatch(SHAPE[1:-1], text))
    assert shape or not calendar


def a_reading_is_a_date(text: str) -> None:
    """What is proposed in place of another notation is of the subset, and each thing once."""
    found = [each.date for each in readings(text)]
    assert len(set(found)) == len(found)
    for date in found:
        assert by_calendar(date) is not None
        parse(date)


def written(interval: Interval, mark: str) -> str:
    """The one way to write an interval."""
    first, last = interval.earliest, interval.latest
    text = first.isoformat()
    if first != last:
        text = text[:7] if first.month == last.month else text[:4]
    return text + (mark if interval.doubtful else "")


@cache
def edtf_reads(text: str) -> tuple[dt.date, dt.date]:
    theirs = edtf.parse_edtf(text)
    return dt.date(*theirs.lower_strict()[:3]), dt.date(*theirs.upper_strict()[:3])


def two(first: Interval, second: Interval) -> None:
    there, back = not_after(first, second), not_after(second, first)
    assert back in OPPOSITE[there]
    if there is Answer.HOLDS:
        assert first.latest <= second.earliest
    if there is Answer.FAILS:
        assert first.earliest > second.latest
    if there is back is Answer.HOLDS:
        assert first.earliest == first.latest == second.earliest == second.latest
