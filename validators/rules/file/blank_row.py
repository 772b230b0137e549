"""A row is blank.

An empty line, or one of nothing but commas, which spreadsheets leave where rows were emptied
instead of deleted. It says nothing, and is left out of everything else. Blank rows that follow
one another give one finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Replace, bad
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    for file in package.files.values():
        blank = [record.line for record in file.broken if record.kind == "blank"]
        # Lines that follow one another are as far from their place in the list.
        for _, run in groupby(enumerate(blank), key=lambda pair: pair[1] - pair[0]):
            lines = [line for _, line in run]
            more = f" and {len(lines) - 1} more after it" if len(lines) > 1 else ""
            yield Fault(
                f"the row is blank{more}",
                "delete it" if len(lines) == 1 else "delete them",
                table=file.table,
                file=file.name,
                line=lines[0],
            )


RULE = Rule(
    code="blank-row",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    in_descriptor=True,
    bad=(
        bad(
            Replace("datapackage/visits.csv", b",note\nV0001,", b",note\n\nV0001,"),
            expect=Expect("datapackage/visits.csv", 2),
        ),
        bad(
            Replace("datapackage/statements.csv", b"warm.,\n", b"warm.,\n,,,,,,,,\n,,,,,,,,\n"),
            expect=Expect("datapackage/statements.csv", 4),
        ),
    ),
)
