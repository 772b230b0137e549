"""A participant belongs to no event, or to more than one.

A row of participants is about one visit, one engagement, one sitting or one agreement: the
narrowest that the source names. Who took part in two has two rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.participant_events import EVENTS
from relations.validators.searching.short_tables import no_row_even_empty

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    if no_row_even_empty(package, "participants", _is_not_one, *EVENTS, raw=True):
        return
    # A reference that cannot be found is another rule's finding, and one event all the same.
    empty = [nw.col(event).is_null() for event in EVENTS]
    for row in rows(package.raw("participants").filter(*empty).select(ROW)):
        yield Fault(
            "no event is named",
            f"fill one of {', '.join(EVENTS)}",
            table="participants",
            row=row[ROW],
        )
    filled = nw.sum_horizontal(*((~nw.col(event).is_null()).cast(nw.Int64) for event in EVENTS))
    for row in rows(package.table("participants").filter(filled > 1).select(ROW, *EVENTS)):
        first, *others = (event for event in EVENTS if row[event])
        places = tuple(Place("participants", row[ROW], event) for event in (first, *others[1:]))
        yield Fault(
            f"{len(others) + 1} events are named: "
            + ", ".join(row[event] for event in (first, *others)),
            "keep the narrowest, and write a row of its own for each other",
            table="participants",
            row=row[ROW],
            field=others[0],
            value=row[others[0]],
            related=places,
            doubted=places,
        )


def _is_not_one(*events: str | None) -> bool:
    return sum(event is not None for event in events) != 1


RULE = Rule(
    code="not-one-event",
    family="consistency",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=tuple(f"participants.{event}" for event in EVENTS),
    spoils=True,
    bad=(
        bad(
            Cell("participants", "N0005", "visit_id", ""),
            expect=Expect("datapackage/participants.csv", 6),
        ),
        bad(
            Cell("participants", "N0007", "session_id", "S0001"),
            expect=Expect("datapackage/participants.csv", 8, "session_id", "S0001"),
        ),
        bad(
            Cell("participants", "N0001", "agreement_id", ""),
            expect=Expect("datapackage/participants.csv", 2),
        ),
    ),
)
