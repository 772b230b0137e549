"""A table's file is empty.

A table without rows still has its header, which says what its columns would hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Write, bad
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule, in_file

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.table_file import TableFile


def find(_: Package, file: TableFile) -> Iterator[Fault]:
    if file.empty:
        yield Fault(
            "the file is empty",
            f"write at least the header: {','.join(file.declared)}",
            table=file.table,
            file=file.name,
        )


RULE = Rule(
    code="empty-file",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find_in=in_file(find),
    in_descriptor=True,
    bad=(
        bad(
            Write("datapackage/statements.csv", b""),
            expect=Expect("datapackage/statements.csv"),
        ),
    ),
)
