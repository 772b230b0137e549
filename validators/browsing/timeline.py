"""What happened when, with every date as what it is: a span of days.

A date of a month may be any day of it; an empty end is not known; `~` has no sharp ends. What
has no date of its own is not drawn but listed, with the event that bounds it; only a visit or
a sitting during which something happened on a known day is drawn there, its ends unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from relations.schemas.dates import OPEN
from relations.validators.browsing.labels import words
from relations.validators.browsing.records import Record, Ref
from relations.validators.browsing.spoken_dates import (
    interval,
    qualifier,
    spoken,
    spoken_range,
)
from relations.validators.browsing.tables import Library

LANES = {
    "visits": "Visits",
    "assembly_sessions": "Sessions",
    "agreements": "Agreements",
    "memberships": "Membership steps",
    "engagements": "Engagements",
}
"""The tables that are drawn, and how their lane is called; engagements in close-ups alone."""

ROLES = {"visits": "visit", "assembly_sessions": "session"}
HAPPENED_DURING = {"visits": "visit_id", "assembly_sessions": "session_id"}
"""How an engagement names the visit or the sitting during which it took place."""

CLOSE_UP_EVENTS = 4
CLOSE_UP_DAYS = 31
CLOSE_UP_GAP = 10
"""So many events, within so many days, none later than so many days after the one before."""


@dataclass(frozen=True, slots=True)
class Span:
    """One date or stretch of time, as days.

    It lies within ``first`` and ``last``, and certainly covers ``sure`` where that is not None.
    ``role`` says what it is (``visit``, ``signed``, ``in force``). ``doubt`` is ``?``, ``~``,
    ``%`` or nothing. ``end`` is closed, unknown or open; ``begins`` is false where the start is
    not known.
    """

    role: str
    first: dt.date
    last: dt.date
    sure: tuple[dt.date, dt.date] | None
    doubt: str = ""
    end: str = "closed"
    begins: bool = True
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """A row of a lane. ``aside`` are short facts (the countries, the place, how many)."""

    ref: Ref
    lane: str
    when: str
    aside: tuple[str, ...]
    spans: tuple[Span, ...]
    status: str = ""
    inferred: bool = False

    @property
    def first(self) -> dt.date:
        """The first day that it may have had."""
        return min(span.first for span in self.spans)

    @property
    def last(self) -> dt.date:
        """The last day that it may have had, as far as that is known."""
        return max(span.last for span in self.spans)

    @property
    def precise(self) -> bool:
        """Whether all its dates are known within a fortnight, its end included."""
        return all(
            span.sure and (span.last - span.first).days < 14 and span.doubt == ""
            for span in self.spans
        )


@dataclass(frozen=True, slots=True)
class Undated:
    """A row without a date of its own, and the event that says when (none: nothing does)."""

    ref: Ref
    lane: str
    aside: tuple[str, ...]
    during: Ref | None
    when: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture: the events between two days, lane by lane."""

    title: str
    first: dt.date
    last: dt.date
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole story, the days at which much happened, and what has no date."""

    overview: Panel | None
    close_ups: tuple[Panel, ...]
    undated: tuple[Undated, ...]
    everything: tuple[Event, ...] = ()
    """All that has a date: what the overview draws, and the engagements."""

    @property
    def events(self) -> tuple[Event, ...]:
        """All that is drawn in the overview."""
        return self.overview.events if self.overview else ()


def timeline(library: Library, as_of: dt.date) -> Timeline:
    """The timeline of a package as on a day."""
    drawn: dict[str, list[Event]] = {}
    left: list[Record] = []
    for lane in LANES:
        for record in library.records(lane):
            event = _event(record, lane, library, as_of) or _attested(record, lane, library)
            if event:
                drawn.setdefault(lane, []).append(event)
            else:
                left.append(record)
    said = {event.ref: event.when for events in drawn.values() for event in events}
    undated = tuple(_undated(record, library, said) for record in left)
    for events in drawn.values():
        events.sort(key=lambda event: (event.first, event.last, event.ref.key))
    main = [event for lane in LANES if lane != "engagements" for event in drawn.get(lane, ())]
    if not main:
        main = drawn.get("engagements", [])
    if not main:
        return Timeline(None, (), undated)
    overview = _panel("Overview", main)
    everything = [event for lane in LANES for event in drawn.get(lane, ())]
    close_ups = tuple(_close_ups(everything, overview))
    return Timeline(overview, close_ups, undated, tuple(everything))


def _panel(title: str, events: list[Event]) -> Panel:
    first = min(event.first for event in events)
    last = max(event.last for event in events)
    return Panel(title, first, last, tuple(events))


def _close_ups(events: list[Event], overview: Panel) -> Iterator[Panel]:
    """A picture of its own for days that lie so close together that the overview blurs them."""
    # An agreement is drawn where it was signed: what came of it later is for the overview.
    near = [
        replace(event, spans=spans)
        for event in events
        if (spans := event.spans[:1]) and replace(event, spans=spans).precise
    ]
    near.sort(key=lambda event: (event.first, event.last))
    group: list[Event] = []
    order = list(LANES)
    whole = (overview.last - overview.first).days + 1

    def close(group: list[Event]) -> Iterator[Panel]:
        if len(group) < CLOSE_UP_EVENTS:
            return
        panel = _panel("", sorted(group, key=lambda each: (order.index(each.lane), each.first)))
        days = (panel.last - panel.first).days + 1
        if days <= CLOSE_UP_DAYS and days * 4 <= whole:
            yield replace(panel, title=_capital(spoken_range(str(panel.first), str(panel.last))))

    end: dt.date | None = None
    for event in near:
        if end and (event.first - end).days > CLOSE_UP_GAP:
            yield from close(group)
            group, end = [], None
        group.append(event)
        end = max(end or event.last, event.last)
    yield from close(group)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _event(record: Record, lane: str, library: Library, as_of: dt.date) -> Event | None:
    """A row with a date of its own; None where it has none."""
    spans, when = _READ[lane](record, as_of)
    return _drawn(record, lane, library, spans, when) if spans else None


def _attested(record: Record, lane: str, library: Library) -> Event | None:
    """A visit or sitting without a date, drawn on the days of what happened during it.

    It certainly covers those days; when it began and ended is not known.
    """
    if lane not in HAPPENED_DURING:
        return None
    days = [
        span
        for each in library.records("engagements")
        if each.value(HAPPENED_DURING[lane]) == record.ref.key
        and (span := point(each, "date", ""))
        and span.sure
        and not span.doubt
    ]
    if not days:
        return None
    first, last = min(span.first for span in days), max(span.last for span in days)
    span = Span(
        role=ROLES[lane],
        first=first,
        last=last,
        sure=(first, last),
        end="unknown",
        begins=False,
        inferred=any(span.inferred for span in days),
    )
    when = f"at least {spoken_range(first.isoformat(), last.isoformat())}"
    return _drawn(record, lane, library, [span], when)


def _drawn(record: Record, lane: str, library: Library, spans: list[Span], when: str) -> Event:
    status = record.value("status")
    return Event(
        ref=record.ref,
        lane=lane,
        when=when,
        aside=aside(record, library),
        spans=tuple(spans),
        status="" if status in ("held", "") or lane != "visits" else words(status),
        inferred=any(span.inferred for span in spans),
    )


Read = Callable[[Record, dt.date], tuple[list[Span], str]]


def stretch(
    record: Record, role: str, as_of: dt.date, columns: tuple[str, str] = ("start_date", "end_date")
) -> Span | None:
    """The span between a row's start and its end; None where neither says a day."""
    start_text, end_text = (record.value(column) for column in columns)
    start, end = interval(start_text), interval(end_text)
    if not start and not end:
        return None
    first = start.earliest if start else end.earliest if end else as_of
    last = end.latest if end else start.latest if start else as_of
    # A month in which it ended, or sooner, has no day on which it certainly was.
    ended_on_a_day = end is not None and end.earliest == end.latest
    sure_first = start.latest if start else end.earliest if end else first
    sure_last = end.earliest if end else sure_first
    ends = "closed" if end else "unknown"
    if end_text == OPEN:
        ends = "open"
        sure_last = last = max(as_of, last)
    certain = (sure_first, sure_last)
    known = sure_first <= sure_last and (bool(end) or ends == "open" or first == last)
    known = known and (start is not None or ended_on_a_day)
    return Span(
        role=role,
        first=min(first, last),
        last=max(first, last),
        sure=certain if known else None,
        doubt=qualifier(start_text) or qualifier(end_text),
        end=ends,
        begins=bool(start),
        inferred=record.inferred(*columns),
    )


def point(record: Record, column: str, role: str) -> Span | None:
    """Something that happened on one day, which may be known by its month or year alone."""
    text = record.value(column)
    days = interval(text)
    if not days:
        return None
    exact = days.earliest == days.latest
    return Span(
        role=role,
        first=days.earliest,
        last=days.latest,
        sure=(days.earliest, days.latest) if exact else None,
        doubt=qualifier(text),
        inferred=record.inferred(column),
    )


def _stay(record: Record, as_of: dt.date) -> tuple[list[Span], str]:
    span = stretch(record, ROLES[record.ref.table], as_of)
    when = spoken_range(record.value("start_date"), record.value("end_date"))
    return ([span] if span else []), when


def _day(record: Record, _: dt.date) -> tuple[list[Span], str]:
    span = point(record, "date", "")
    return ([span] if span else []), spoken(record.value("date"))


def _agreement(record: Record, as_of: dt.date) -> tuple[list[Span], str]:
    done = "adopted" if record.value("status") == "adopted" else "signed"
    parts = [
        (point(record, "signed_date", done), f"{done} {spoken(record.value('signed_date'))}"),
        (
            stretch(record, "in force", as_of, ("in_force_date", "terminated_date")),
            _force(record),
        ),
    ]
    spans = [span for span, _ in parts if span]
    return spans, ", ".join(said for span, said in parts if span)


def _force(record: Record) -> str:
    start, end = record.value("in_force_date"), record.value("terminated_date")
    said = [f"in force {spoken(start)}"] if start else []
    return ", ".join([*said, *([f"terminated {spoken(end)}"] if end else [])])


_READ: dict[str, Read] = {
    "visits": _stay,
    "assembly_sessions": _stay,
    "agreements": _agreement,
    "memberships": _day,
    "engagements": _day,
}


def aside(record: Record, library: Library) -> tuple[str, ...]:
    """What is said beside the title of an event: who, what kind, where."""
    table = record.ref.table
    value = record.value
    said: list[str] = []
    if table == "visits":
        route = [_country(library, value(column)) for column in ROUTE]
        said.append(" → ".join(filter(None, route)))
        said.append(", ".join(value("locations").split(";")))
    elif table == "agreements":
        many = value("number_of_instruments")
        kind = words(value("instrument"))
        said.append(f"{many} instruments" if many not in ("", "1") else kind)
        said.append(words(value("scope")))
    elif table == "engagements":
        said += [words(value("classification")), value("location")]
    elif table == "assembly_sessions":
        said.append(value("location"))
    return tuple(filter(None, said))


ROUTE = ("visiting_country", "host_country")


def _country(library: Library, code: str) -> str:
    ref = library.ref("countries", code)
    return ref.label if ref else code


def _undated(record: Record, library: Library, said: Mapping[Ref, str]) -> Undated:
    """``said`` has the date, in words, of every event that is drawn."""
    lane, beside = record.ref.table, aside(record, library)
    for column in ("session_id", "visit_id", "parent_id"):
        cell = record.cell(column)
        if cell and cell.ref:
            return Undated(record.ref, lane, beside, cell.ref, said.get(cell.ref, ""))
    return Undated(record.ref, lane, beside, None, "")
