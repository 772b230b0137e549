"""The same fact stands under two ids.

Two rows that agree in every column but the id and the note say one thing twice, and whoever
counts visits counts one too many. Keep the older id, and let what refers to the other refer to
it. A row is judged only where it is tied down: an event by a date or by the visit or sitting
it belongs to, an office by its organization or a date, an agreement by a date, an event or its
registration. Two visits of which the countries alone are known may well be two. Persons and
countries are compared by other rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Row, bad, good
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.same_fact import TIES, repeated, why_not

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "duplicate-fact"


def find(package: Package) -> Iterator[Fault | Skip]:
    for table in TIES:
        reason = why_not(package, table)
        if reason:
            yield Skip(CODE, table, reason)
            continue
        key = next(iter(package.columns(table)))
        file = package.files[table]
        for row, first in repeated(package, table).items():
            yield Fault(
                f"the row says the same as `{file.key_of(first)}` {file.where(first)}",
                f"keep one of them, and let what refers to `{file.key_of(row)}` refer to it",
                table=table,
                row=row,
                field=key,
                value=file.key_of(row),
                related=(Place(table, first, key),),
            )


MEETING = {
    "engagement_id": "E0004",
    "title": "Talks in Tallinn",
    "classification": "talks",
    "location": "Tallinn",
    "visit_id": "V0001",
}

RULE = Rule(
    code=CODE,
    family="key",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    good=(
        # Less is said than of the talks on 2022-05-11: they need not be the same.
        good(Row("engagements", MEETING)),
        # Nothing ties them down: there may be two.
        good(
            Row("engagements", {"engagement_id": "E0004", "title": "Reception"}),
            Row("engagements", {"engagement_id": "E0005", "title": "Reception"}),
        ),
    ),
    bad=(
        bad(
            Row("engagements", {**MEETING, "date": "2022-05-11", "note": "Found again."}),
            expect=Expect("datapackage/engagements.csv", 5, "engagement_id", "E0004"),
        ),
        bad(
            Row(
                "participants",
                {"participant_id": "N0015", "engagement_id": "E0001", "official_id": "P0001",
                 "role": "guest"},
            ),
            expect=Expect("datapackage/participants.csv", 16, "participant_id", "N0015"),
        ),
    ),
)  # fmt: skip
