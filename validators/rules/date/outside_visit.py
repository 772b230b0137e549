"""An event lies outside the visit it belongs to.

A meeting, a signature or a leg that names a visit took place during it, so its date lies
between the visit's first and last day. The usual causes are a wrong year and an event tied to
the visit of another year. Where two or more events of one visit, and at least half of them, are
outside at the same end, the visit's own date is the likelier mistake and the finding stands
there, once. A bound that is not known decides nothing, and `2022` or `2022-05` may mean any day
of the year or month.
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

CODE = "outside-visit"
EVENTS = (
    Event("engagements", "date", "date", "visit_id", "the engagement"),
    Event("agreements", "signed_date", "signed_date", "visit_id", "the signature"),
    Event("visits", "start_date", "end_date", "parent_id", "the leg"),
)


def find(package: Package) -> Iterator[Fault | Skip]:
    yield from outside(package, CODE, "visits", EVENTS)


RULE = Rule(
    code=CODE,
    family="date",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=("visits.visit_id", "visits.start_date", "visits.end_date"),
    spoils=True,
    good=(
        good(Cell("engagements", "E0001", "date", "2022-05")),
        good(Cell("engagements", "E0001", "date", "2023-05-11?")),
        good(Cell("visits", "V0001", "end_date", "..")),
    ),
    bad=(
        bad(
            Cell("engagements", "E0001", "date", "2023-05-11"),
            expect=Expect("datapackage/engagements.csv", 2, "date", "2023-05-11"),
        ),
        bad(
            Cell("agreements", "A0001", "signed_date", "2022-04"),
            expect=Expect("datapackage/agreements.csv", 2, "signed_date", "2022-04"),
        ),
        bad(
            Cell("visits", "V0004", "end_date", "2022-05-14"),
            expect=Expect("datapackage/visits.csv", 5, "end_date", "2022-05-14"),
        ),
        bad(
            Cell("visits", "V0001", "start_date", "2022-05-12"),
            expect=Expect("datapackage/visits.csv", 2, "start_date", "2022-05-12"),
        ),
    ),
)
