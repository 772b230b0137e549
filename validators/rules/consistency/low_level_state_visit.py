"""A state visit is led by somebody below a head of state or of government.

A state visit is a head of state's, on the invitation of another; some hosts give one to a head of
government. For a speaker or a minister it is the wrong type, or the wrong level. A warning: where
protocol made an exception, settle it in `relations.toml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.short_tables import no_row

if TYPE_CHECKING:
    from relations.validators.package.package import Package

LOW = ["speaker", "minister", "other"]


def find(package: Package) -> Iterator[Fault]:
    if no_row(package, "visits", _is_low, "visit_type", "level"):
        return
    low = package.table("visits").filter(
        nw.col("visit_type") == "state", nw.col("level").is_in(LOW)
    )
    for row in rows(low.select(ROW, "visit_type", "level")):
        yield Fault(
            f"it is a state visit, and its level is {row['level']}",
            "correct the type (perhaps official) or the level",
            table="visits",
            row=row[ROW],
            field="visit_type",
            value=row["visit_type"],
            related=(Place("visits", row[ROW], "level"),),
        )


def _is_low(visit_type: str, level: str) -> bool:
    return visit_type == "state" and level in LOW


RULE = Rule(
    code="low-level-state-visit",
    family="consistency",
    severity=Severity.WARNING,
    manual=__doc__,
    find=find,
    needs=("visits.visit_type", "visits.level"),
    good=(good(Cell("visits", "V0003", "visit_type", "official_working")),),
    bad=(
        bad(
            Cell("visits", "V0003", "visit_type", "state"),
            expect=Expect("datapackage/visits.csv", 4, "visit_type", "state"),
        ),
    ),
)
