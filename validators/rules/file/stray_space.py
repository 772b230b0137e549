"""A cell begins or ends with white space.

Nobody sees it, and `AZE ` is not `AZE`: references, counts and joins fail on it. No-break
spaces, which come along when text is copied from a page, count as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw
from relations.validators.example import Cell, Expect, bad
from relations.validators.expressions import ROW, rows
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package

# What Unicode calls white space, less the line ends; listed since engines disagree on \s.
SPACES = "[\t \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
OUTER = f"^{SPACES}|{SPACES}$"


def find(package: Package) -> Iterator[Fault]:
    for table, file in package.files.items():
        for column in file.frame.columns[1:]:
            hit = package.raw(table).filter(nw.col(column).str.contains(OUTER))
            for row in rows(hit.select(ROW, column)):
                yield Fault(
                    "there is white space at an end of the cell",
                    "remove it",
                    table=table,
                    row=row[ROW],
                    field=column,
                    value=row[column],
                )


RULE = Rule(
    code="stray-space",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    fixable=True,
    spoils=True,
    bad=(
        bad(
            Cell("visits", "V0001", "host_country", "EST "),
            expect=Expect("datapackage/visits.csv", 2, "host_country", "EST "),
        ),
    ),
)
