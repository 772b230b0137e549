"""A table's file is there and cannot be read.

Under its name lies a folder, or something that is no file, or a file that only somebody else
may open. Or it is packed (`.csv.gz`) or a Parquet file (`.parquet`) by its name, and not by what
it holds; a Parquet file may hold text, whole numbers, days and lists of text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Remove, Write, bad
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    for table, (kind, reason) in package.unopened.items():
        if kind == "unreadable":
            yield Fault(
                f"the file of {table} {reason}",
                "put a file there that everybody may read, and that is what its name says",
                table=table,
                file=package.descriptor.path_of(table),
            )


RULE = Rule(
    code="unreadable-file",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    in_descriptor=True,
    bad=(
        bad(
            Remove("datapackage/statements.csv"),
            Write("datapackage/statements.csv/statements.csv", b"a file within a folder"),
            built=False,
            expect=Expect("datapackage/statements.csv"),
        ),
    ),
)
