"""A passage ends where it begins, or before.

`char_start` counts the characters before the passage, `char_end` those up to its last one: a
passage of one character has an end greater by one than its start.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule
from relations.validators.searching.expressions import ROW, rows

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    start, end = nw.col("char_start").cast(nw.Int64), nw.col("char_end").cast(nw.Int64)
    reversed_ = package.table("evidence").filter(end <= start)
    for row in rows(reversed_.select(ROW, "char_start", "char_end")):
        yield Fault(
            f"the passage ends at character {row['char_end']} and begins at {row['char_start']}",
            "the end is greater than the start: are the two exchanged?",
            table="evidence",
            row=row[ROW],
            field="char_end",
            value=row["char_end"],
        )


RULE = Rule(
    code="reversed-span",
    family="evidence",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=("evidence.char_start", "evidence.char_end"),
    bad=(
        bad(
            Cell("evidence", "C0077", "char_end", "627"),
            expect=Expect("datapackage/evidence.csv", 78, "char_end", "627"),
        ),
        bad(
            Cell("evidence", "C0077", "char_start", "6270"),
            expect=Expect("datapackage/evidence.csv", 78, "char_end", "656"),
        ),
    ),
)
