"""The last line of a file does not end.

A row that is added to such a file by a program is glued to the last one, and a comparison of
two versions shows a change in a row that nobody touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Replace, bad
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule, in_file

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.table_file import TableFile


def find(_: Package, file: TableFile) -> Iterator[Fault]:
    if file.undecodable is None and not file.empty and not file.ends_its_last_line:
        yield Fault(
            "the last line does not end with a line feed",
            "end it with one",
            table=file.table,
            file=file.name,
            line=file.line_count,
        )


RULE = Rule(
    code="no-final-newline",
    family="file",
    severity=Severity.WARNING,
    manual=__doc__,
    find_in=in_file(find),
    fixable=True,
    bad=(
        bad(
            Replace("datapackage/statements.csv", b"warm.,\n", b"warm.,"),
            expect=Expect("datapackage/statements.csv", 3),
        ),
    ),
)
