"""An agreement ends before it begins.

The day of its termination is after that of its entry into force and, where that is not known,
after that of its signature.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.expressions import ROW, certainly_after, rows
from relations.validators.searching.short_tables import none_filled

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    if none_filled(package, "agreements.terminated_date"):
        return
    agreements = package.table("agreements").with_columns(
        before_in_force=certainly_after("in_force_date", "terminated_date").fill_null(False),
        before_signed=certainly_after("signed_date", "terminated_date").fill_null(False),
    )
    early = agreements.filter(nw.col("before_in_force") | nw.col("before_signed"))
    columns = ("signed_date", "in_force_date", "terminated_date", "before_in_force")
    for row in rows(early.select(ROW, *columns)):
        begins = "in_force_date" if row["before_in_force"] else "signed_date"
        what = "in force" if row["before_in_force"] else "signed"
        place = Place("agreements", row[ROW], begins)
        yield Fault(
            f"it was terminated on {row['terminated_date']}, before it was {what}, {row[begins]}",
            "correct one of the two",
            table="agreements",
            row=row[ROW],
            field="terminated_date",
            value=row["terminated_date"],
            related=(place,),
            doubted=(place,),
        )


STATUS = Cell("agreements", "A0003", "status", "terminated")

RULE = Rule(
    code="terminated-before-in-force",
    family="date",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=("agreements.signed_date", "agreements.in_force_date", "agreements.terminated_date"),
    spoils=True,
    good=(
        good(STATUS, Cell("agreements", "A0003", "terminated_date", "2023-07-01")),
        good(STATUS, Cell("agreements", "A0003", "terminated_date", "2023")),
    ),
    bad=(
        bad(
            STATUS,
            Cell("agreements", "A0003", "terminated_date", "2023-06-30"),
            expect=Expect("datapackage/agreements.csv", 4, "terminated_date", "2023-06-30"),
        ),
        bad(
            Cell("agreements", "A0001", "status", "terminated"),
            Cell("agreements", "A0001", "terminated_date", "2022-05-10"),
            expect=Expect("datapackage/agreements.csv", 2, "terminated_date", "2022-05-10"),
        ),
    ),
)
