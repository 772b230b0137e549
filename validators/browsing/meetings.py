"""Who met whom: the participants of one engagement at which two sides faced each other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations

from relations.validators.browsing.labels import actor, words
from relations.validators.browsing.records import Record, Ref
from relations.validators.browsing.spoken_dates import spoken
from relations.validators.browsing.tables import Library

FACE_TO_FACE = ("reception", "talks", "bilateral_meeting")
"""The kinds of engagement that are meetings; at the others people were merely together."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody at a meeting: a person, a body, a country or an unnamed group.

    ``ref`` leads to the person, body or country; for a group, to its participation.
    """

    label: str
    ref: Ref
    country: str
    role: str
    inferred: bool


@dataclass(frozen=True, slots=True)
class Meeting:
    """One engagement and who was there."""

    ref: Ref
    kind: str
    when: str
    location: str
    actors: tuple[Actor, ...]
    day_inferred: bool
    kind_inferred: bool
    sort: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two that met, and where."""

    one: Actor
    other: Actor
    meetings: tuple[Meeting, ...]


def meetings(library: Library) -> tuple[Meeting, ...]:
    """Every engagement that is a meeting and of which at least one participant is known."""
    present: dict[str, list[Actor]] = {}
    for record in library.records("participants"):
        if record.value("engagement_id"):
            present.setdefault(record.value("engagement_id"), []).append(_actor(record, library))
    found = []
    for record in library.records("engagements"):
        actors = present.get(record.ref.key, ())
        if record.value("classification") in FACE_TO_FACE and actors:
            found.append(_meeting(record, tuple(actors)))
    return tuple(sorted(found, key=lambda each: (each.sort or "~", each.ref.key)))


def _meeting(record: Record, actors: tuple[Actor, ...]) -> Meeting:
    return Meeting(
        ref=record.ref,
        kind=words(record.value("classification")),
        when=spoken(record.value("date")),
        location=record.value("location"),
        actors=actors,
        day_inferred=record.inferred("date"),
        kind_inferred=record.inferred("classification"),
        sort=record.value("date"),
    )


def _actor(record: Record, library: Library) -> Actor:
    row = {cell.column: cell.value for cell in record.cells}

    def label(table: str, key: str | None) -> str:
        ref = library.ref(table, key or "")
        return ref.label if ref else key or ""

    ref = record.ref
    country = record.value("country")
    for column in ("official_id", "group_label", "organization_id", "country"):
        cell = record.cell(column)
        if cell:
            ref = cell.ref or record.ref
            break
    for column in ("official_id", "organization_id"):
        cell = record.cell(column)
        if not country and cell and cell.ref:
            whose = library.find(cell.ref.table, cell.ref.key)
            country = whose.value("country") if whose else ""
    return Actor(
        label=actor(row, label) or record.ref.key,
        ref=ref,
        country=country,
        role=words(record.value("role")),
        inferred=record.inferred(
            "role", "official_id", "organization_id", "country", "engagement_id"
        ),
    )


def others(meeting: Meeting, ref: Ref) -> tuple[Actor, ...]:
    """Whom somebody faced at a meeting; empty where the other side is not recorded."""
    own = next(actor for actor in meeting.actors if actor.ref == ref)
    return tuple(actor for actor in meeting.actors if actor.ref != ref and _two_sides(own, actor))


def pairs(meetings: tuple[Meeting, ...]) -> tuple[Pair, ...]:
    """Any two of different countries who were at one meeting, persons first.

    Two of one country are one side; where a country is not known, a host and a guest are two.
    The country that is there most often stands on the left throughout.
    """
    often = Counter(actor.country for meeting in meetings for actor in meeting.actors)

    def side(actor: Actor) -> tuple[int, int, str, str]:
        return _rank(actor), -often[actor.country], actor.country, actor.ref.key

    met: dict[tuple[Ref, Ref], tuple[Actor, Actor, list[Meeting]]] = {}
    for meeting in meetings:
        for one, other in combinations(meeting.actors, 2):
            if one.ref == other.ref or not _two_sides(one, other):
                continue
            first, second = sorted((one, other), key=side)
            known = met.setdefault((first.ref, second.ref), (first, second, []))
            if meeting not in known[2]:
                known[2].append(meeting)
    return tuple(
        sorted(
            (Pair(one, other, tuple(found)) for one, other, found in met.values()),
            key=lambda pair: (
                _rank(pair.one) + _rank(pair.other),
                -len(pair.meetings),
                pair.meetings[0].sort or "~",
                pair.one.ref.key,
                pair.other.ref.key,
            ),
        )
    )


def _rank(actor: Actor) -> int:
    """Persons first, then bodies and countries, then groups."""
    order = ("officials", "organizations", "countries", "participants")
    return order.index(actor.ref.table)


def _two_sides(one: Actor, other: Actor) -> bool:
    if one.country and other.country:
        return one.country != other.country
    return one.role != other.role
