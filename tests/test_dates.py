"""Dates of the EDTF subset, one by one and in columns: both must give the same answers."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable
from itertools import product

import edtf
import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relations.schemas.dates import (
    CALENDAR,
    OPEN,
    SHAPE,
    Answer,
    Interval,
    not_after,
    parse,
    within,
)
from relations.validators.searching.expressions import (
    certainly_after,
    certainly_by,
    certainly_earlier_than,
    certainly_later_than,
    certainly_outside,
    number_of,
)

SETTINGS = settings(max_examples=100, deadline=None, derandomize=True, database=None)
QUALIFIER = st.sampled_from(["", "", "", "?", "~", "%"])


def written(days: st.SearchStrategy[dt.date]) -> st.SearchStrategy[str]:
    """Dates of the subset: a day as a year, a month or a day, with and without a qualifier."""
    length = st.sampled_from([4, 7, 10, 10])
    return st.builds(lambda day, end, mark: day.isoformat()[:end] + mark, days, length, QUALIFIER)


ANY = written(st.dates(dt.date(1000, 1, 1)))
# Four years with a leap year, so that dates meet, and the ends of February are among them.
CLOSE = written(
    st.one_of(
        st.dates(dt.date(2019, 1, 1), dt.date(2022, 12, 31)),
        st.sampled_from([dt.date(2019, 2, 28), dt.date(2020, 2, 28), dt.date(2020, 2, 29)]),
        st.sampled_from([dt.date(2020, 12, 31), dt.date(2021, 1, 1), dt.date(2021, 2, 28)]),
    )
)
END = st.one_of(CLOSE, CLOSE, st.just(OPEN))


def span(text: str) -> range:
    """Every day of a date, as ordinals, found in the calendar day by day."""
    plain = text.rstrip("?~%")
    year = int(plain[:4])
    days = [dt.date(year, 1, 1) + dt.timedelta(days=n) for n in range(366)]
    found = [day.toordinal() for day in days if day.isoformat().startswith(plain)]
    return range(found[0], found[-1] + 1)


# One by one ---------------------------------------------------------------------------------


@SETTINGS
@given(ANY)
def test_an_interval_is_the_days_that_the_calendar_has(text: str) -> None:
    interval = parse(text)
    days = span(text)
    assert interval.earliest.toordinal() == days[0]
    assert interval.latest.toordinal() == days[-1]
    assert interval.doubtful == (text[-1] in "?~%")


@settings(SETTINGS, max_examples=60)
@given(ANY)
def test_edtf_reads_the_same_interval(text: str) -> None:
    theirs = edtf.parse_edtf(text)
    ours = parse(text)
    assert tuple(theirs.lower_strict()[:3]) == ours.earliest.timetuple()[:3]
    assert tuple(theirs.upper_strict()[:3]) == ours.latest.timetuple()[:3]


@pytest.mark.parametrize(
    "text",
    ["", " ", "2025-2-18", "2025-02-30", "2025-13", "2025-00", "0999", "999", "10000", "2025-02-",
     "2025??", "?2025", "2025-02-18T00:00", "2025/2026", "2025-02-XX", "...", "2025-02-18\n",
     "\n2025", "٢٠٢٥", "-2025", "2025-2", "2100-02-29", "1900-02-29", "2025 "],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a date of the subset"):
        parse(text)


def test_an_open_end_is_every_day() -> None:
    assert parse("..") == Interval(dt.date.min, dt.date.max)


def test_an_interval_cannot_be_reversed() -> None:
    with pytest.raises(ValueError, match="cannot end before it begins"):
        Interval(dt.date(2025, 1, 2), dt.date(2025, 1, 1))


def a_year_later(day: int) -> int:
    date = dt.date.fromordinal(day)
    try:
        return date.replace(year=date.year + 1).toordinal()
    except ValueError:
        return dt.date(date.year + 1, 2, 28).toordinal()


@settings(SETTINGS, max_examples=60)
@given(CLOSE, CLOSE)
def test_the_three_answers_are_those_of_every_pair_of_days(first: str, second: str) -> None:
    doubtful = first[-1] in "?~%" or second[-1] in "?~%"
    shift: Callable[[int], int] = a_year_later if doubtful else int
    firsts = [(day, shift(day)) for day in span(first)]
    seconds = [(day, shift(day)) for day in span(second)]
    pairs = list(product(firsts, seconds))
    if all(later <= other for (_, later), (other, _) in pairs):
        expected = Answer.HOLDS
    elif all(day > later for (day, _), (_, later) in pairs):
        expected = Answer.FAILS
    else:
        expected = Answer.CANNOT_TELL
    assert not_after(parse(first), parse(second)) is expected


@pytest.mark.parametrize(
    ("first", "second", "answer"),
    [
        ("2025-02-18", "2025-02-18", Answer.HOLDS),
        ("2025-02-19", "2025-02-18", Answer.FAILS),
        ("2025-02", "2025-02-18", Answer.CANNOT_TELL),
        ("2025-02", "2025-02-28", Answer.HOLDS),
        ("2025", "2024", Answer.FAILS),
        ("2025?", "2024", Answer.CANNOT_TELL),
        ("2026?", "2024", Answer.FAILS),
        ("2025-12-31~", "2024", Answer.CANNOT_TELL),
        ("2024", "2025-12-31%", Answer.HOLDS),
        ("2024", "2025-12-30%", Answer.CANNOT_TELL),
        ("2025", "..", Answer.CANNOT_TELL),
        ("..", "2025", Answer.CANNOT_TELL),
    ],
)
def test_not_after(first: str, second: str, answer: Answer) -> None:
    assert not_after(parse(first), parse(second)) is answer


@pytest.mark.parametrize(
    ("inner", "start", "end", "answer"),
    [
        ("2025-02-18", "2025-02-17", "2025-02-19", Answer.HOLDS),
        ("2025-02-16", "2025-02-17", "2025-02-19", Answer.FAILS),
        ("2025-02-20", "2025-02-17", "2025-02-19", Answer.FAILS),
        ("2025-02", "2025-02-17", "2025-02-19", Answer.CANNOT_TELL),
        ("2025-02-18", None, "2025-02-19", Answer.CANNOT_TELL),
        ("2025-02-20", None, "2025-02-19", Answer.FAILS),
        ("2025-02-18", "2025-02-17", None, Answer.CANNOT_TELL),
        ("2025-02-18", "2025-02-17", "..", Answer.CANNOT_TELL),
        ("2025-02-18", None, None, Answer.CANNOT_TELL),
    ],
)
def test_within(inner: str, start: str | None, end: str | None, answer: Answer) -> None:
    bounds = [parse(each) if each else None for each in (start, end)]
    assert within(parse(inner), *bounds) is answer


# The patterns -------------------------------------------------------------------------------


def in_calendar(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def agree(texts: list[str], expected: list[bool]) -> None:
    """The pattern in Python and in polars says of each text what is expected of it."""
    python = re.compile(CALENDAR)
    assert [python.search(text) is not None for text in texts] == expected
    assert pl.Series(texts).str.contains(CALENDAR).to_list() == expected


def test_the_calendar_pattern_knows_every_day_of_two_centuries() -> None:
    days = list(product(range(1896, 2105), range(14), range(33)))
    agree(
        [f"{year:04}-{month:02}-{day:02}" for year, month, day in days],
        [in_calendar(*day) for day in days],
    )


def test_the_calendar_pattern_knows_the_ends_of_the_months_of_every_year() -> None:
    days = [
        (year, month, day)
        for year in range(1000, 10000)
        for month, day in ((2, 28), (2, 29), (2, 30), (year % 12 + 1, 30), (year % 12 + 1, 31))
    ]
    agree(
        [f"{year:04}-{month:02}-{day:02}" for year, month, day in days],
        [in_calendar(*day) for day in days],
    )


def test_the_calendar_pattern_knows_years_and_months() -> None:
    years = [*range(990, 1010), *range(9990, 10010)]
    agree([f"{year:04}" for year in years], [1000 <= year <= 9999 for year in years])
    months = list(product((1000, 2025, 9999), range(100)))
    agree(
        [f"{year:04}-{month:02}" for year, month in months],
        [1 <= month <= 12 for _, month in months],
    )


def test_the_calendar_pattern_takes_one_qualifier_at_the_end() -> None:
    marks = ["", "?", "~", "%", "??", "?~", "!", "."]
    texts = [f"{date}{mark}" for date in ("2025", "2025-02", "2025-02-18") for mark in marks]
    agree(texts, [True, True, True, True, False, False, False, False] * 3)


@SETTINGS
@given(st.one_of(ANY, st.text("0123456789-?~%.X/ \n", max_size=12)))
def test_patterns_and_parser_agree(text: str) -> None:
    try:
        parse(text)
    except ValueError:
        is_date = False
    else:
        is_date = text != OPEN
    # In Python `$` also stands before a last line end; no engine of ours takes it so.
    assert (re.fullmatch(CALENDAR[1:-1], text) is not None) == is_date
    assert pl.Series([text]).str.contains(CALENDAR).to_list() == [is_date]
    if is_date:
        assert re.fullmatch(SHAPE[1:-1], text)


# In columns ---------------------------------------------------------------------------------


def column(expression: nw.Expr, **cells: list[str | None]) -> list[bool | None]:
    frame = pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String))
    made = nw.from_native(frame.lazy()).select(answer=expression).collect()
    answers: list[bool | None] = made["answer"].to_list()
    return answers


def last_of_february(text: str) -> bool:
    """Whether a date is the month of February of a year without a leap day."""
    return text[5:7] == "02" and len(text.rstrip("?~%")) == 7 and not calendar.isleap(int(text[:4]))


def leaps_over_a_leap_day(first: str, second: str) -> bool:
    """The one case in which the columns stay silent where the dates have an answer.

    A month has 99 days there; moved by a year, a doubtful 29 February meets the 99 days of the
    February before, and its true 28.
    """
    return first.startswith("2020-02-29") and last_of_february(second)


@SETTINGS
@given(st.lists(st.tuples(END, END), min_size=1, max_size=50))
def test_certainly_after_is_the_answer_fails(pairs: list[tuple[str, str]]) -> None:
    found = column(
        certainly_after("first", "second"),
        first=[first for first, _ in pairs],
        second=[second for _, second in pairs],
    )
    for (first, second), after in zip(pairs, found, strict=True):
        fails = not_after(parse(first), parse(second)) is Answer.FAILS
        if leaps_over_a_leap_day(first, second):
            assert fails or not after
        else:
            assert after is fails, (first, second)


@SETTINGS
@given(st.lists(st.tuples(END, END), min_size=1, max_size=50))
def test_certainly_by_is_the_answer_holds(pairs: list[tuple[str, str]]) -> None:
    found = column(
        certainly_by("first", "second"),
        first=[first for first, _ in pairs],
        second=[second for _, second in pairs],
    )
    for (first, second), by in zip(pairs, found, strict=True):
        one, two = parse(first), parse(second)
        holds = second == OPEN or not_after(one, two) is Answer.HOLDS
        assert not by or holds, (first, second)
        # A month or year ends after its last day there: on that very day it stays silent.
        ends_early = len(first.rstrip("?~%")) < 10 or first.startswith("2020-02-29")
        if not ends_early:
            assert by is holds, (first, second)
        elif holds and second != OPEN:
            before = Interval(two.earliest - dt.timedelta(days=1), two.latest, two.doubtful)
            assert by or not_after(one, before) is not Answer.HOLDS, (first, second)


@SETTINGS
@given(st.lists(st.tuples(END, st.dates(dt.date(2019, 1, 1), dt.date(2022, 12, 31))), min_size=1))
def test_certainly_later_and_earlier_than_a_day(pairs: list[tuple[str, dt.date]]) -> None:
    for text, day in pairs:
        date, that_day = parse(text), Interval(day, day)
        later = column(certainly_later_than("date", number_of(day)), date=[text])
        assert later == [not_after(date, that_day) is Answer.FAILS], (text, day)
        earlier = column(certainly_earlier_than("date", number_of(day)), date=[text])
        # 28 February is more than a year before 29 February in days, and not on the calendar.
        if not (day == dt.date(2020, 2, 29) and last_of_february(text)):
            assert earlier == [not_after(that_day, date) is Answer.FAILS], (text, day)


@SETTINGS
@given(st.lists(st.tuples(CLOSE, CLOSE, CLOSE, END), min_size=1, max_size=30))
def test_certainly_outside_is_one_of_two_failures(spans: list[tuple[str, ...]]) -> None:
    first, last, start, end = (list(each) for each in zip(*spans, strict=True))
    found = column(
        certainly_outside("first", "last", "start", "end"),
        first=first, last=last, start=start, end=end,
    )  # fmt: skip
    for row, outside in zip(spans, found, strict=True):
        one, two, begin, stop = row
        if leaps_over_a_leap_day(begin, two) or leaps_over_a_leap_day(one, stop):
            continue
        fails = [not_after(parse(begin), parse(two)), not_after(parse(one), parse(stop))]
        assert outside is (Answer.FAILS in fails), row


def test_where_columns_stay_silent_though_the_dates_have_an_answer() -> None:
    last_day = {"first": ["2020-02", "2020", "2020-05-30"], "second": ["2020-02-29", "2020-12-31"]}
    last_day["second"].append("2020-05-31")
    assert column(certainly_by("first", "second"), **last_day) == [False, False, True]
    assert not_after(parse("2020-02"), parse("2020-02-29")) is Answer.HOLDS
    leap_day = {"first": ["2020-02-29?", "2020-03-01?"], "second": ["2019-02", "2019-02"]}
    assert column(certainly_after("first", "second"), **leap_day) == [False, True]
    assert not_after(parse("2020-02-29?"), parse("2019-02")) is Answer.FAILS


def test_an_empty_cell_decides_nothing() -> None:
    cells = {"first": [None, "2025", None], "second": ["2025", None, None]}
    assert column(certainly_after("first", "second"), **cells) == [None, None, None]
    assert column(certainly_by("first", "second"), **cells) == [None, None, None]
    assert column(certainly_later_than("first", 20240101), **cells) == [None, True, None]
    assert column(certainly_earlier_than("first", 20260101), **cells) == [None, True, None]


def test_a_bound_that_is_empty_leaves_the_other_to_decide() -> None:
    cells = {
        "first": ["2025-02-18", "2025-02-18"],
        "last": [None, "2025-02-20"],
        "start": [None, "2025-02-21"],
        "end": ["2025-02-17", None],
    }
    assert column(certainly_outside("first", "last", "start", "end"), **cells) == [True, True]
