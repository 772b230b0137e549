"""An event lies outside the session it belongs to.

An engagement, the adoption of an instrument or a step of a membership that names a sitting took
place during it, so its date lies between the sitting's first and last day. A visit that names a
sitting brought a delegation to it: one may come early and stay on, and shares at least one day
with it. Where two or more events of one sitting, and at least half of them, are outside at the
same end, the sitting's own date is the likelier mistake and the finding stands there, once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Rule
from relations.validators.searching.belonging import Event, outside

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "outside-session"
EVENTS = (
    Event("engagements", "date", "date", "session_id", "the engagement"),
    Event("agreements", "signed_date", "signed_date", "session_id", "the adoption"),
    Event("memberships", "date", "date", "session_id", "the step"),
    Event("visits", "start_date", "end_date", "session_id", "the visit", within=False),
)


def find(package: Package) -> Iterator[Fault | Skip]:
    yield from outside(package, CODE, "assembly_sessions", EVENTS)


RULE = Rule(
    code=CODE,
    family="date",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=(
        "assembly_sessions.session_id",
        "assembly_sessions.start_date",
        "assembly_sessions.end_date",
    ),
    spoils=True,
    good=(
        good(Cell("visits", "V0002", "start_date", "2023-10-05")),
        good(Cell("memberships", "M0002", "date", "2023-10")),
    ),
    bad=(
        bad(
            Cell("engagements", "E0003", "date", "2023-10-07"),
            expect=Expect("datapackage/engagements.csv", 4, "date", "2023-10-07"),
        ),
        bad(
            Cell("visits", "V0001", "session_id", "S0001"),
            expect=Expect("datapackage/visits.csv", 2, "end_date", "2022-05-12"),
        ),
        bad(
            Cell("assembly_sessions", "S0001", "end_date", "2023-10-04"),
            expect=Expect("datapackage/assembly_sessions.csv", 2, "end_date", "2023-10-04"),
        ),
    ),
)
