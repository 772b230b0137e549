"""Somebody is host and guest of one event.

A host receives the others, a guest is received: one person is not both at one event. One of the
rows names the wrong person, or has the wrong role.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.participant_events import EVENTS
from relations.validators.searching.short_tables import short_table

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    if _none_is_both(package):
        return
    people = package.table("participants").filter(
        ~nw.col("official_id").is_null(), nw.col("role").is_in(["host", "guest"])
    )
    people = people.with_columns(event=nw.coalesce(*(nw.col(event) for event in EVENTS)))
    hosts = people.filter(nw.col("role") == "host")
    hosts = hosts.select("official_id", "event", nw.col(ROW).alias("host"))
    hosts = hosts.filter(~nw.col("event").is_null())
    # Of several rows the first: an engine has no order of its own.
    hosts = hosts.group_by("official_id", "event").agg(nw.col("host").min())
    guests = people.filter(nw.col("role") == "guest").select(ROW, "official_id", "event", "role")
    for row in rows(guests.join(hosts, on=["official_id", "event"], how="inner")):
        yield Fault(
            f"{row['official_id']} is a guest of {row['event']} and its host as well",
            "correct the person or the role in one of the two rows",
            table="participants",
            row=row[ROW],
            field="role",
            value=row["role"],
            related=(Place("participants", row["host"], "role"),),
        )


def _none_is_both(package: Package) -> bool:
    """Whether certainly nobody is host and guest of one event."""
    seen = short_table(package, "participants")
    if seen is None:
        return False
    people: dict[str | None, set[tuple[str | None, str | None]]] = {"host": set(), "guest": set()}
    for role, person, *events in seen.rows("role", "official_id", *EVENTS):
        if role in people and person:
            people[role].add((person, next((event for event in events if event), None)))
    return not people["host"] & people["guest"]


RULE = Rule(
    code="host-and-guest",
    family="consistency",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=(
        "participants.official_id",
        "participants.role",
        *(f"participants.{event}" for event in EVENTS),
    ),
    good=(good(Cell("participants", "N0013", "role", "host")),),
    bad=(
        bad(
            Cell("participants", "N0004", "official_id", "P0001"),
            expect=Expect("datapackage/participants.csv", 4, "role", "guest"),
        ),
    ),
)
