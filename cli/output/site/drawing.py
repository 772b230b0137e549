"""Where on a picture a date stands: from days to percent of the width. Knows no markup.

Percent, so that one picture fits a phone, a screen and a page without a script. Nothing is
drawn more exact than it is known: a span that lies somewhere within a month is as long as the
month, and pale; only what is certain is solid.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from relations.validators.browsing.people import Person
from relations.validators.browsing.timeline import LANES, Event, Panel, Span
from relations.validators.searching.date_readings import MONTHS

MOST_TICKS = 8
NARROW = 2.5
"""Percent of the width below which a bar needs a dot to be seen, on a phone too."""
_YEAR_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid at ``x`` percent, its label, and a second one below (a new year)."""

    x: float
    label: str
    below: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One shape. ``x`` and ``width`` are percent of the picture's width.

    ``kind`` is maybe (it lies somewhere in here), sure (it certainly covers this), dot (so
    short that it needs a point to be seen), unknown (from here on nobody knows), onward (it
    goes on), before (nobody knows since when), thin (in force).
    """

    kind: str
    x: float
    width: float = 0.0
    doubt: str = ""
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Track:
    """The shapes of one row of a picture, and the same in words."""

    marks: tuple[Mark, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """An event as a row of a picture: its shapes, and the same in words."""

    event: Event
    marks: tuple[Mark, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Lane:
    """The rows of one kind."""

    name: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of one panel."""

    title: str
    ticks: tuple[Tick, ...]
    lanes: tuple[Lane, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """The days that a picture shows, from ``start`` to before ``end``, as ordinals."""

    start: float
    end: float

    def x(self, day: float) -> float:
        """Percent of the width at which a day begins, kept inside the picture."""
        share = (day - self.start) / (self.end - self.start)
        return round(100 * min(1.0, max(0.0, share)), 3)


def chart(panel: Panel) -> Chart:
    """The picture of a panel."""
    scale = scale_of(panel)
    lanes = []
    for name, title in LANES.items():
        lines = tuple(_line(event, scale) for event in panel.events if event.lane == name)
        if lines:
            lanes.append(Lane(name, title, lines))
    return Chart(panel.title, tuple(map(_roomy, ticks(scale))), tuple(lanes))


def scale_of(panel: Panel) -> Scale:
    """The days of a panel, with air at both ends; from about a season on, whole months."""
    days = (panel.last - panel.first).days + 1
    unfinished = any(span.end != "closed" for event in panel.events for span in event.spans)
    left, right = days * 0.02, days * (0.06 if unfinished else 0.02)
    start, end = panel.first.toordinal() - left, panel.last.toordinal() + 1 + right
    if days > 90:
        return Scale(_month_start(start), _month_start(end + 30.5))
    air = 0.5 if days <= 31 else 1.0
    return Scale(panel.first.toordinal() - air, panel.last.toordinal() + 1 + air)


def _month_start(ordinal: float) -> float:
    day = dt.date.fromordinal(min(dt.date.max.toordinal(), max(1, int(ordinal))))
    return float(day.replace(day=1).toordinal())


def ticks(scale: Scale) -> Iterator[Tick]:
    """The grid: days, months or years, at most about eight."""
    days = scale.end - scale.start
    if days <= 45:
        return _day_ticks(scale)
    if days <= 31 * 30:
        return _month_ticks(scale)
    return _year_ticks(scale)


def _roomy(tick: Tick) -> Tick:
    """The tick, without its label where that would be cut at the right edge of a phone."""
    return tick if tick.x < 90 else Tick(tick.x, "")


def _day_ticks(scale: Scale) -> Iterator[Tick]:
    first = int(-(-scale.start // 1))
    last = int(scale.end // 1)
    step = max(1, -(-(last - first) // MOST_TICKS))
    month = 0
    for ordinal in range(first, last, step):
        day = dt.date.fromordinal(ordinal)
        below = "" if day.month == month else f"{MONTHS[day.month - 1][:3]} {day.year}"
        month = day.month
        yield Tick(scale.x(ordinal), str(day.day), below)


def _month_ticks(scale: Scale) -> Iterator[Tick]:
    months = [*_months(scale)]
    step = next(step for step in (1, 2, 3, 4, 6) if len(months) <= MOST_TICKS * step)
    year = 0
    for number, day in enumerate(months):
        # Counted from January, so that the beginning of a year has a line.
        if (day.month - 1) % step and number:
            continue
        if number == 0 and (day.month - 1) % step:
            continue
        below = "" if day.year == year else str(day.year)
        year = day.year
        yield Tick(scale.x(day.toordinal()), MONTHS[day.month - 1][:3], below)


def _months(scale: Scale) -> Iterator[dt.date]:
    day = dt.date.fromordinal(int(scale.start))
    while day.toordinal() < scale.end - 7:
        if day.day == 1:
            yield day
        day = (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def _year_ticks(scale: Scale) -> Iterator[Tick]:
    first = dt.date.fromordinal(int(scale.start)).year
    last = dt.date.fromordinal(int(scale.end)).year
    step = next((each for each in _YEAR_STEPS if (last - first) / each <= MOST_TICKS), 1000)
    for year in range(first, last + 1):
        day = dt.date(year, 1, 1).toordinal()
        if year % step == 0 and scale.start <= day < scale.end:
            yield Tick(scale.x(day), str(year))


def _line(event: Event, scale: Scale) -> Line:
    marks = tuple(mark for span in event.spans for mark in marks_of(span, scale))
    return Line(event, marks, "; ".join(filter(None, (words_of(span) for span in event.spans))))


def marks_of(span: Span, scale: Scale) -> Iterator[Mark]:
    """The shapes of one span, the pale ones first."""
    first, last = span.first.toordinal(), span.last.toordinal() + 1
    if last <= scale.start or first >= scale.end:
        return
    x, end = scale.x(first), scale.x(last)
    doubt, inferred = span.doubt, span.inferred
    thin = span.role in ("in force", "office")
    if not span.begins:
        yield Mark("before", x)
    if span.end == "unknown":
        yield Mark("unknown", end if not span.sure else scale.x(span.sure[1].toordinal() + 1))
    if span.end == "open":
        yield Mark("onward", end)
    whole = span.sure == (span.first, span.last)
    if not whole:
        yield Mark("maybe", x, round(end - x, 3), doubt, inferred)
    if span.sure and not (doubt and whole):
        start, stop = scale.x(span.sure[0].toordinal()), scale.x(span.sure[1].toordinal() + 1)
        yield Mark("thin" if thin else "sure", start, round(stop - start, 3), doubt, inferred)
        if stop - start < NARROW and (not thin or span.end == "unknown"):
            yield Mark("dot", round((start + stop) / 2, 3), 0.0, doubt, inferred)
    if doubt and whole:
        yield Mark("maybe", x, round(end - x, 3), doubt, inferred)
        if end - x < NARROW:
            yield Mark("dot", round((x + end) / 2, 3), 0.0, doubt, inferred)


def words_of(span: Span) -> str:
    """What a shape says, for who does not see it."""
    said = []
    days = (span.last - span.first).days + 1
    if span.sure is None:
        said.append(f"somewhere within {days} days" if days > 1 else "on one day")
    elif span.sure == (span.first, span.last):
        said.append("on one day" if days == 1 else f"{days} days")
    else:
        sure = max(1, (span.sure[1] - span.sure[0]).days + 1)
        said.append(f"between {sure} and {days} days")
    said += {"?": ["uncertain"], "~": ["approximate"], "%": ["uncertain and approximate"]}.get(
        span.doubt, []
    )
    if span.end == "unknown":
        said.append("end not known")
    if span.end == "open":
        said.append("still going on")
    if not span.begins:
        said.append("start not known")
    if span.inferred:
        said.append("date inferred")
    role = f"{span.role}: " if span.role in ("signed", "adopted", "in force") else ""
    return role + ", ".join(said)


def offices(people: Iterable[Person], panel: Panel) -> dict[str, Track]:
    """The offices of people on the scale of a panel, by the key of the term.

    What began before the picture or goes on after it is cut at its edge.
    """
    scale = scale_of(panel)
    made = {}
    for person in people:
        for office in person.offices:
            marks = tuple(mark for span in office.spans for mark in marks_of(span, scale))
            made[office.ref.key] = Track(marks, office.when)
    return made
