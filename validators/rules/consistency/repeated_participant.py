"""A person is entered twice for one event in one role.

The two rows differ in the country, the organization or the label alone; whoever counts those
present counts one too many. A person who acts there for two organizations has two rows by right.
Rows that agree in everything are another rule's finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, Row, bad, good
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.participant_events import EVENTS
from relations.validators.searching.same_fact import repeated, why_not
from relations.validators.searching.short_tables import short_table

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "repeated-participant"


def find(package: Package) -> Iterator[Fault | Skip]:
    reason = why_not(package, "participants")
    if reason:
        yield Skip(CODE, "participants", reason)
        return
    if _nobody_twice(package):
        return
    same = ["official_id", "event", "role"]
    people = package.table("participants").with_columns(
        event=nw.coalesce(*(nw.col(event) for event in EVENTS))
    )
    people = people.filter(*(~nw.col(name).is_null() for name in same))
    people = people.with_columns(times=nw.len().over(*same)).filter(nw.col("times") > 1)
    first_of: dict[tuple[str, ...], list[tuple[int, str | None]]] = {}
    doubles: dict[int, int] | None = None
    for row in rows(people.select(ROW, *same, "organization_id")):
        doubles = repeated(package, "participants") if doubles is None else doubles
        if row[ROW] in doubles:
            continue
        before = first_of.setdefault(tuple(row[name] for name in same), [])
        body = row["organization_id"]
        other = next((each for each, of in before if None in (body, of) or body == of), None)
        before.append((row[ROW], body))
        if other is None:
            continue
        where = package.files["participants"].where(other)
        yield Fault(
            f"{row['official_id']} is entered for {row['event']} as {row['role']} {where} already",
            "make one row of the two",
            table="participants",
            row=row[ROW],
            field="official_id",
            value=row["official_id"],
            related=(Place("participants", other, "official_id"),),
        )


def _nobody_twice(package: Package) -> bool:
    """Whether certainly nobody is entered for one event in one role twice."""
    seen = short_table(package, "participants")
    if seen is None:
        return False
    entered = [
        (person, next(filter(None, events), None), role)
        for person, role, *events in seen.rows("official_id", "role", *EVENTS)
        if person is not None and role is not None
    ]
    return len(set(entered)) == len(entered)


def _again(**cells: str) -> Row:
    again = {"participant_id": "N0015", "engagement_id": "E0002", "official_id": "P0004"}
    return Row("participants", {**again, "role": "speaker", **cells})


RULE = Rule(
    code=CODE,
    family="consistency",
    severity=Severity.WARNING,
    manual=__doc__,
    find=find,
    good=(
        good(_again(role="attendee")),
        good(
            Cell("participants", "N0007", "organization_id", "G0001"),
            _again(organization_id="G0005"),
        ),
    ),
    bad=(
        bad(
            _again(country="ISL"),
            expect=Expect("datapackage/participants.csv", 16, "official_id", "P0004"),
        ),
    ),
)
