"""People: the offices they held, whom they met, what they took part in and said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from relations.validators.browsing.labels import EVENT_COLUMNS, words
from relations.validators.browsing.meetings import Actor, Meeting, others
from relations.validators.browsing.records import Record, Ref
from relations.validators.browsing.spoken_dates import interval, qualifier, spoken, spoken_range
from relations.validators.browsing.tables import Library
from relations.validators.browsing.timeline import Span, stretch


@dataclass(frozen=True, slots=True)
class Office:
    """A term of office. ``spans`` are its stretch and the days on which it is attested."""

    ref: Ref
    post: str
    organization: Ref | None
    capacity: str
    when: str
    spans: tuple[Span, ...]
    days_inferred: bool
    inferred: bool


@dataclass(frozen=True, slots=True)
class Part:
    """What a person was in an event, and the rows that say so besides the event's own."""

    event: Ref
    roles: tuple[str, ...]
    participations: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """An official."""

    ref: Ref
    country: Ref | None
    country_code: str
    names: tuple[str, ...]
    offices: tuple[Office, ...]
    met: tuple[tuple[Meeting, tuple[Actor, ...]], ...]
    """Each meeting, and whom the person faced there."""
    parts: tuple[Part, ...]
    statements: tuple[Ref, ...]
    inferred: bool


def people(library: Library, meetings: tuple[Meeting, ...], as_of: dt.date) -> tuple[Person, ...]:
    """Every official, in the order of the table."""
    return tuple(
        _person(record, library, meetings, as_of) for record in library.records("officials")
    )


def _person(
    record: Record, library: Library, meetings: tuple[Meeting, ...], as_of: dt.date
) -> Person:
    key = record.ref.key
    country = record.cell("country")
    spellings = (record.value("native_name"), *record.value("other_names").split(";"))
    return Person(
        ref=record.ref,
        country=country.ref if country else None,
        country_code=record.value("country"),
        names=tuple(
            dict.fromkeys(name for name in spellings if name and name != record.value("name"))
        ),
        offices=tuple(
            _office(term, as_of)
            for term in library.records("terms")
            if term.value("official_id") == key
        ),
        met=tuple(
            (each, others(each, record.ref))
            for each in meetings
            if any(actor.ref == record.ref for actor in each.actors)
        ),
        parts=tuple(_parts(key, library)),
        statements=tuple(
            each.ref for each in library.records("statements") if each.value("official_id") == key
        ),
        inferred=record.inferred(),
    )


def _office(term: Record, as_of: dt.date) -> Office:
    organization = term.cell("organization_id")
    held = stretch(term, "office", as_of)
    spans = []
    attested = term.cell("attested_dates")
    for text in attested.items if attested else ():
        if days := interval(text):
            exact = days.earliest == days.latest
            spans.append(
                Span(
                    role="attested",
                    first=days.earliest,
                    last=days.latest,
                    sure=(days.earliest, days.latest) if exact else None,
                    doubt=qualifier(text),
                    inferred=term.inferred("attested_dates"),
                )
            )
    if held:
        spans.insert(0, _until_attested(held, spans))
    capacity = term.value("capacity")
    return Office(
        ref=term.ref,
        post=term.value("post") or term.ref.key,
        organization=organization.ref if organization else None,
        capacity="" if capacity == "incumbent" else words(capacity),
        when=_when(term),
        spans=tuple(spans),
        days_inferred=term.inferred("start_date", "end_date", "attested_dates"),
        inferred=term.inferred("role", "capacity", "post", "organization_id"),
    )


def _until_attested(held: Span, attested: list[Span]) -> Span:
    """A term whose end is not known was held at least until the last day that shows it."""
    seen = [span.last for span in attested if span.sure and not span.doubt]
    last = max(seen, default=held.last)
    if held.end != "unknown" or last <= held.last:
        return held
    return replace(held, last=last, sure=(held.sure[1] if held.sure else held.last, last))


def _when(term: Record) -> str:
    said = spoken_range(term.value("start_date"), term.value("end_date"))
    if term.value("start_date") and not term.value("end_date"):
        said = f"from {said}, end not known"
    attested = term.cell("attested_dates")
    if attested:
        shown = "shown to be held " + ", ".join(spoken(item) for item in attested.items)
        said = f"{said}; {shown}" if said else shown
    return said


def _parts(key: str, library: Library) -> Iterator[Part]:
    roles: dict[Ref, dict[str, Ref | None]] = {}
    for visit in library.records("visits"):
        if visit.value("lead_official_id") == key:
            roles.setdefault(visit.ref, {})[words("head_of_delegation")] = None
    for record in library.records("participants"):
        if record.value("official_id") != key:
            continue
        for column in EVENT_COLUMNS:
            cell = record.cell(column)
            if cell and cell.ref:
                roles.setdefault(cell.ref, {})[words(record.value("role"))] = record.ref
    for event, found in roles.items():
        said = tuple(role for role in found if role)
        yield Part(event, said, tuple(ref for ref in found.values() if ref))
