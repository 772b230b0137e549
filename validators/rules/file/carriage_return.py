"""Lines end with a carriage return.

Windows ends a line with two characters, old Macs with another one; the tables use the line
feed alone. The files then have the same bytes, and the same digest, wherever they are edited.
One finding for a file, at its first such line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Replace, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule, in_file

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.table_file import TableFile


def find(_: Package, file: TableFile) -> Iterator[Fault]:
    if file.carriage_returns:
        count, line = file.carriage_returns
        ends = "line of the file ends" if count == 1 else "lines of the file end"
        yield Fault(
            f"{count} {ends} with a carriage return",
            "end each line with a line feed alone (LF, as Unix does)",
            table=file.table,
            file=file.name,
            line=line,
        )


RULE = Rule(
    code="carriage-return",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find_in=in_file(find),
    fixable=True,
    good=(
        good(
            Replace(
                "datapackage/statements.csv",
                b"The source calls the relations warm.",
                b'"The source calls the relations\nwarm."',
            ),
        ),
    ),
    bad=(
        bad(
            Replace("datapackage/visits.csv", b",note\nV0001,", b",note\r\nV0001,"),
            expect=Expect("datapackage/visits.csv", 1),
        ),
    ),
)
