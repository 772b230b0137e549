"""Two sittings of one assembly and kind have the same number.

Numbers count the plenary sessions of an assembly, and apart from them those of its council and of
each kind of sitting. Either a number is wrong, or the kind, or one sitting stands here twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.same_fact import repeated, why_not
from relations.validators.searching.short_tables import all_differ

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "repeated-ordinal"
NUMBER = ("organization_id", "classification", "ordinal")


def find(package: Package) -> Iterator[Fault | Skip]:
    reason = why_not(package, "assembly_sessions")
    if reason:
        yield Skip(CODE, "assembly_sessions", reason)
        return
    if all_differ(package, "assembly_sessions", *NUMBER):
        return
    sessions = package.table("assembly_sessions")
    numbered = sessions.filter(*(~nw.col(name).is_null() for name in NUMBER))
    numbered = numbered.with_columns(first=nw.col(ROW).min().over(*NUMBER))
    doubles: dict[int, int] | None = None
    for row in rows(numbered.filter(nw.col(ROW) != nw.col("first")).select(ROW, "first", *NUMBER)):
        # Rows that agree in everything are another rule's finding.
        doubles = repeated(package, "assembly_sessions") if doubles is None else doubles
        if row[ROW] in doubles:
            continue
        file = package.files["assembly_sessions"]
        yield Fault(
            f"{file.key_of(row['first'])}, {file.where(row['first'])}, is number "
            f"{row['ordinal']} of {row['organization_id']} ({row['classification']}) already",
            "correct the number or the classification of one of them",
            table="assembly_sessions",
            row=row[ROW],
            field="ordinal",
            value=row["ordinal"],
            related=(Place("assembly_sessions", row["first"], "ordinal"),),
        )


RULE = Rule(
    code=CODE,
    family="consistency",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    good=(good(Cell("assembly_sessions", "S0002", "classification", "committee")),),
    bad=(
        bad(
            Cell("assembly_sessions", "S0002", "classification", "plenary"),
            expect=Expect("datapackage/assembly_sessions.csv", 3, "ordinal", "7"),
        ),
    ),
)
