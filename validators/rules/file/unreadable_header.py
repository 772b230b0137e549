"""The first line is not the header of this table.

It may be missing, so that the first row stands in its place, or the file may be that of
another table. Without it nobody knows what the cells are, so the file is not judged further.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Replace, bad
from relations.validators.finding import Severity
from relations.validators.package.file_form import LONGEST_NAME, MOST_COLUMNS
from relations.validators.rule import Fault, Rule, in_file

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.table_file import TableFile


def find(package: Package, file: TableFile) -> Iterator[Fault]:
    if file.header and not file.readable:
        yield Fault(
            _what(package, file.table, file),
            f"it should be: {','.join(file.declared)}",
            table=file.table,
            file=file.name,
            line=file.first_line,
        )


def _what(package: Package, table: str, file: TableFile) -> str:
    if len(file.header) > MOST_COLUMNS:
        return f"the first line names {len(file.header):,} columns"
    if any(len(name) > LONGEST_NAME for name in file.header):
        return f"a name in the first line has {max(map(len, file.header)):,} characters"
    return f"the first line is not the header of {table}{_whose(package, file)}"


def _whose(package: Package, file: TableFile) -> str:
    for other, columns in package.declared.items():
        if set(file.header) == set(columns):
            return f" but of {other}"
    return ""


RULE = Rule(
    code="unreadable-header",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find_in=in_file(find),
    in_descriptor=True,
    bad=(
        bad(
            Replace(
                "datapackage/statements.csv",
                b"statement_id,official_id,organization_id,engagement_id,date,topic,subjects,"
                b"summary,note\n",
                b"",
            ),
            expect=Expect("datapackage/statements.csv", 1),
        ),
    ),
)
