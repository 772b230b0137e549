"""The header has a name twice.

Nobody can say which of the two columns is meant. The first is taken for it, the other is not
judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Replace, bad
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule, in_file
from relations.validators.searching.header_faults import reading_of, strange_name

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.table_file import TableFile


def find(_: Package, file: TableFile) -> Iterator[Fault]:
    for strange in reading_of(file).repeated:
        message = f"the column `{strange.name}` is there already"
        yield strange_name(file, strange, message, "remove one of the two")


RULE = Rule(
    code="duplicate-column",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find_in=in_file(find),
    in_descriptor=True,
    bad=(
        bad(
            Replace("datapackage/statements.csv", b",summary,note\n", b",summary,summary\n"),
            expect=Expect("datapackage/statements.csv", 1, "summary"),
        ),
    ),
)
