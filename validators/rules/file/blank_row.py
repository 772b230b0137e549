"""A row is blank.

An empty line, or one of nothing but commas, which spreadsheets leave where rows were emptied
instead of deleted. It says nothing, and is left out of everything else. Blank rows that follow
one another give one finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Replace, bad
from relations.validators.finding import Severity
from relations.validators.rule import Many, Rule, in_file
from relations.validators.searching.broken_rows import broken_rows

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.table_file import BrokenRecord, TableFile


def find(_: Package, file: TableFile) -> Iterator[Many]:
    return broken_rows(file, "blank", _worded)


def _worded(record: BrokenRecord) -> tuple[str, str]:
    if record.lines == 1:
        return "the row is blank", "delete it"
    return f"the row is blank and {record.lines - 1} more after it", "delete them"


RULE = Rule(
    code="blank-row",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find_in=in_file(find),
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
