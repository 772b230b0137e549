"""A party belongs to an event that is no agreement.

Parties are bound by an instrument: the role `party` goes with `agreement_id`. Who was present at a
meeting, a visit or a sitting is `attendee`, `delegate` or `guest`; who signed there is `signatory`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.short_tables import no_row_even_empty

if TYPE_CHECKING:
    from relations.validators.package.package import Package

OTHERS = ("visit_id", "engagement_id", "session_id")


def find(package: Package) -> Iterator[Fault]:
    if no_row_even_empty(package, "participants", _is_astray, "role", "agreement_id"):
        return
    event = nw.coalesce(*(nw.col(other) for other in OTHERS))
    # A row without any event, or with two, has a finding of its own.
    astray = package.table("participants").filter(
        nw.col("role") == "party", nw.col("agreement_id").is_null(), ~event.is_null()
    )
    for row in rows(astray.select(ROW, "role", event.alias("event"))):
        yield Fault(
            f"{row['event']} is no agreement that could have a party",
            "correct the role (perhaps attendee), or name the agreement instead",
            table="participants",
            row=row[ROW],
            field="role",
            value=row["role"],
        )


def _is_astray(role: str | None, agreement: str | None) -> bool:
    return role == "party" and agreement is None


RULE = Rule(
    code="party-of-no-agreement",
    family="consistency",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=(
        "participants.role",
        "participants.agreement_id",
        *(f"participants.{other}" for other in OTHERS),
    ),
    good=(good(Cell("participants", "N0004", "role", "signatory")),),
    bad=(
        bad(
            Cell("participants", "N0014", "role", "party"),
            expect=Expect("datapackage/participants.csv", 15, "role", "party"),
        ),
    ),
)
