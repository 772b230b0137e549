"""Very many events as one picture: how many there were in each year, lane by lane.

A picture with a row for each event is for some dozens. Here each is counted in the year in
which it certainly was, or, pale, in every year in which it may have been; the events of each
year are drawn one by one on a page of their own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from relations.validators.browsing.timeline import LANES, Event, Panel

MOST_LINES = 60
"""So many events are drawn in one picture, one below the other."""
MOST_BARS = 60
MOST_OF_A_YEAR = 400
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)


@dataclass(frozen=True, slots=True)
class Bar:
    """The events of one lane in one stretch of years; all numbers but the counts are percent.

    ``certain`` were certainly within it, ``possible`` more may have been. ``x`` and ``width``
    are of the picture's width; ``height`` and ``pale`` of the lane's height, ``pale`` above
    ``height``.
    """

    period: Period
    certain: int
    possible: int
    x: float
    width: float
    height: float
    pale: float


@dataclass(frozen=True, slots=True)
class Row:
    """One lane. ``most`` is what the highest bar counts, ``total`` what the lane has."""

    title: str
    total: int
    most: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """A year or a few. ``page`` shows its events; ``events`` are those that began in it."""

    title: str
    page: str
    first: int
    last: int
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Density:
    """The whole picture; ``labels`` are the years below it, each with its place in percent."""

    rows: tuple[Row, ...]
    periods: tuple[Period, ...]
    labels: tuple[tuple[str, float], ...]
    total: int


def density(events: Iterable[Event]) -> Density:
    """The picture of very many events, at least one."""
    found = sorted(events, key=lambda event: (event.first, event.last, event.ref.key))
    first, last = found[0].first.year, max(event.spans[0].last.year for event in found)
    step = next((each for each in _STEPS if (last - first + 1) / each <= MOST_BARS), 1000)
    periods = tuple(_periods(found, first - first % step, last, step))
    rows = tuple(
        _row(title, [event for event in found if event.lane == lane], periods)
        for lane, title in LANES.items()
        if any(event.lane == lane for event in found)
    )
    every = -(-len(periods) // 8)
    labels = tuple(
        (str(period.first), round(100 * number / len(periods), 3))
        for number, period in enumerate(periods)
        if number % every == 0 and number <= len(periods) * 0.94
    )
    return Density(rows, periods, labels, len(found))


def _periods(events: list[Event], first: int, last: int, step: int) -> Iterator[Period]:
    begun: dict[int, list[Event]] = {}
    for event in events:
        begun.setdefault((event.first.year - first) // step, []).append(event)
    for number, year in enumerate(range(first, last + 1, step)):
        title = str(year) if step == 1 else f"{year}–{year + step - 1}"
        page = f"timeline-{year}.html"
        yield Period(title, page, year, year + step - 1, tuple(begun.get(number, ())))


def _row(title: str, events: list[Event], periods: tuple[Period, ...]) -> Row:
    first, step = periods[0].first, periods[0].last - periods[0].first + 1
    certain, possible = [0] * len(periods), [0] * len(periods)
    for event in events:
        # An agreement is counted where it was signed; in what came of it nothing happened.
        span = event.spans[0]
        start, end = (span.first.year - first) // step, (span.last.year - first) // step
        for number in range(start, end + 1):
            if start == end or (span.sure and _covers(span.sure, periods[number])):
                certain[number] += 1
            else:
                possible[number] += 1
    most = max(a + b for a, b in zip(certain, possible, strict=True))
    width = 100 / len(periods)
    bars = tuple(
        Bar(
            period=period,
            certain=certain[number],
            possible=possible[number],
            x=round(width * (number + 0.1), 3),
            width=round(width * 0.8, 3),
            height=round(100 * certain[number] / most, 2),
            pale=round(100 * possible[number] / most, 2),
        )
        for number, period in enumerate(periods)
        if certain[number] or possible[number]
    )
    return Row(title, len(events), most, bars)


def _covers(sure: tuple[dt.date, dt.date], period: Period) -> bool:
    return sure[0].year <= period.last and sure[1].year >= period.first


def panel(period: Period) -> Panel:
    """The picture of one period, its events one by one."""
    first = dt.date(max(1, period.first), 1, 1)
    return Panel(period.title, first, dt.date(period.last, 12, 31), period.events[:MOST_OF_A_YEAR])
