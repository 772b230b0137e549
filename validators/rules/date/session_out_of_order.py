"""A sitting with a higher number took place before one with a lower number.

Sittings of one assembly and kind are numbered in the order in which they take place. A warning:
an assembly may have counted otherwise for once, and that can be settled in `relations.toml`.
Of sittings that disagree, the one that disagrees with most has the finding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, Row, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.expressions import ROW, certainly_after, rows
from relations.validators.searching.short_tables import all_differ

if TYPE_CHECKING:
    from relations.validators.package.package import Package

KIND = ("organization_id", "classification")


def find(package: Package) -> Iterator[Fault]:
    if all_differ(package, "assembly_sessions", *KIND):
        return
    sessions = package.table("assembly_sessions")
    known = [~nw.col(name).is_null() for name in (*KIND, "ordinal", "start_date")]
    numbered = sessions.filter(*known).with_columns(number=nw.col("ordinal").cast(nw.Int64))
    columns = (ROW, "session_id", "ordinal", "number", "start_date")
    # Sittings of one assembly and kind are few: all pairs of them are few as well.
    lower = numbered.select(*KIND, *(nw.col(name).alias(f"lower_{name}") for name in columns))
    pairs = numbered.select(*KIND, *columns).join(lower, on=list(KIND), how="inner")
    wrong = pairs.filter(
        nw.col("number") > nw.col("lower_number"), certainly_after("lower_start_date", "start_date")
    )
    of_row = {}
    against: list[tuple[int, int]] = []
    for row in rows(wrong):
        low, high = row[f"lower_{ROW}"], row[ROW]
        of_row[low] = {name: row[f"lower_{name}"] for name in columns}
        of_row[high] = {name: row[name] for name in columns}
        against.append((low, high))
    while against:
        times = Counter(row for pair in against for row in pair)
        culprit = max(times, key=lambda row: (times[row], of_row[row]["number"], row))
        others = sorted({row for pair in against if culprit in pair for row in pair} - {culprit})
        against = [pair for pair in against if culprit not in pair]
        this, other = of_row[culprit], of_row[others[0]]
        yield Fault(
            f"number {this['ordinal']} began on {this['start_date']}, and number "
            f"{other['ordinal']} ({other['session_id']}) on {other['start_date']}",
            "correct the number or the date of one of them",
            table="assembly_sessions",
            row=culprit,
            field="start_date",
            value=this["start_date"],
            related=tuple(Place("assembly_sessions", row, "start_date") for row in others),
        )


def _session(number: int, ordinal: str, start: str) -> Row:
    return Row(
        "assembly_sessions",
        {
            "session_id": f"S{number:04}",
            "organization_id": "G0005",
            "ordinal": ordinal,
            "classification": "plenary",
            "start_date": start,
        },
    )


RULE = Rule(
    code="session-out-of-order",
    family="date",
    severity=Severity.WARNING,
    manual=__doc__,
    find=find,
    needs=(
        "assembly_sessions.organization_id",
        "assembly_sessions.classification",
        "assembly_sessions.ordinal",
        "assembly_sessions.start_date",
    ),
    good=(
        good(_session(3, "8", "2023")),
        good(_session(3, "10", "2024-01")),
        good(
            _session(3, "6", "2024-01"),
            Cell("assembly_sessions", "S0003", "classification", "committee"),
        ),
    ),
    bad=(
        bad(
            _session(3, "8", "2022-10-04"),
            expect=Expect("datapackage/assembly_sessions.csv", 4, "start_date", "2022-10-04"),
        ),
        bad(
            _session(3, "5", "2024-06"),
            _session(4, "6", "2022-10"),
            expect=Expect("datapackage/assembly_sessions.csv", 4, "start_date", "2024-06"),
        ),
    ),
)
