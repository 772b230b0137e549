"""A bilateral agreement has not exactly two parties.

The parties are the participants of the agreement with role `party` or `signatory`, counted by
country: a person or an organization counts for its own. One, none or three of them contradict the
scope: a party is missing or has the wrong country or role, or the agreement is multilateral. Where
a party's country is not known, too few is no contradiction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.example import Cell, Drop, Expect, Row, bad, good
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.agreement_parties import (
    NEEDS,
    ROLES,
    counted,
    parties,
    parties_at_a_glance,
)
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.participant_events import EVENTS
from relations.validators.searching.same_fact import repeated
from relations.validators.searching.same_fact import why_not as why_not_compared
from relations.validators.searching.short_tables import short_table

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "not-two-parties"


def find(package: Package) -> Iterator[Fault | Skip]:
    if _all_have_two(package):
        return
    bilateral = package.table("agreements").filter(
        nw.col("scope") == "bilateral", ~nw.col("agreement_id").is_null()
    )
    numbers = bilateral.select(ROW, "agreement_id", "scope").join(
        counted(package), on="agreement_id", how="left"
    )
    known, unknown = nw.col("known").fill_null(0), nw.col("unknown").fill_null(0)
    few = (known < 2) & (unknown == 0)
    wrong = list(rows(numbers.filter(few | (known > 2))))
    if not wrong:
        return
    listed = _listed(package, [row["agreement_id"] for row in wrong])
    why = _why_more(package)
    doubles = (
        set() if why_not_compared(package, "participants") else {*repeated(package, "participants")}
    )
    skipped = False
    for row in wrong:
        states = {state for _, state in listed[row["agreement_id"]] if state}
        if len(states) < 2:
            if why:
                if not skipped:
                    yield Skip(CODE, "agreements", why)
                skipped = True
                continue
            if doubles & {participant for participant, _ in listed[row["agreement_id"]]}:
                # A party entered twice has its own finding, and may be the one that is missing.
                continue
        yield Fault(
            f"it is bilateral, and {_names(states)}",
            "name both parties among the participants, or correct the scope",
            table="agreements",
            row=row[ROW],
            field="scope",
            value=row["scope"],
            related=tuple(
                Place("participants", participant, "agreement_id")
                for participant, _ in listed[row["agreement_id"]]
            ),
        )


def _all_have_two(package: Package) -> bool:
    """Whether certainly two parties of each bilateral agreement are known, and no more."""
    agreements, of_agreement = short_table(package, "agreements"), parties_at_a_glance(package)
    return (
        agreements is not None
        and of_agreement is not None
        and all(
            len(of_agreement.get(key, set()) - {None}) == 2
            for key, scope in agreements.rows("agreement_id", "scope")
            if key is not None and scope == "bilateral"
        )
    )


def _listed(package: Package, agreements: list[str]) -> dict[str, list[tuple[int, str | None]]]:
    found: dict[str, list[tuple[int, str | None]]] = defaultdict(list)
    of_these = parties(package).filter(nw.col("agreement_id").is_in(agreements))
    for row in rows(of_these.sort("participant")):
        found[row["agreement_id"]].append((row["participant"], row["state"]))
    return found


def _names(states: set[str]) -> str:
    if not states:
        return "no party is named"
    if len(states) == 1:
        return f"{next(iter(states))} is the only party named"
    return f"{len(states)} parties are named: {', '.join(sorted(states))}"


def _why_more(package: Package) -> str | None:
    """Why an agreement may have more parties than can be seen."""
    reason = package.why_unsound("participants", "agreement_id")
    if reason:
        return reason
    lost = package.raw("participants").filter(
        nw.col("role").is_in(ROLES) | nw.col("role").is_null(),
        *(nw.col(event).is_null() for event in EVENTS),
    )
    stray: list[dict[str, Any]] = list(rows(lost.select(ROW).head(1)))
    return "a party in participants names no agreement" if stray else None


RULE = Rule(
    code=CODE,
    family="consistency",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    awaits=True,
    needs=(
        "agreements.agreement_id",
        "agreements.scope",
        *NEEDS,
        *(f"participants.{event}" for event in EVENTS[:3]),
    ),
    good=(
        good(
            Cell("participants", "N0001", "country", ""),
            Cell("participants", "N0001", "official_id", "P0001"),
            Cell("participants", "N0001", "role", "signatory"),
        ),
        good(
            Cell("participants", "N0001", "country", ""),
            Cell("participants", "N0001", "organization_id", "G0005"),
        ),
        good(
            Row(
                "participants",
                {"participant_id": "N0015", "agreement_id": "A0001", "official_id": "P0003",
                 "role": "signatory"},
            ),
        ),
    ),
    bad=(
        bad(
            Cell("agreements", "A0002", "scope", "bilateral"),
            expect=Expect("datapackage/agreements.csv", 3, "scope", "bilateral"),
        ),
        bad(
            Cell("participants", "N0001", "role", "attendee"),
            expect=Expect("datapackage/agreements.csv", 2, "scope", "bilateral"),
        ),
        bad(
            Drop("participants", "N0011"),
            Drop("participants", "N0012"),
            expect=Expect("datapackage/agreements.csv", 4, "scope", "bilateral"),
        ),
    ),
)  # fmt: skip
