"""The header has a name twice.

Nobody can say which of the two columns is meant. The first is taken for it, the other is not
judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Replace, bad
from relations.validators.finding import Severity
from relations.validators.package.header import read_header
from relations.validators.rule import Fault, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find_in(package: Package, table: str) -> Iterator[Fault]:
    file = package.files.get(table)
    if file is None:
        return
    if not file.readable:
        return
    for strange in read_header(file.header, file.declared).repeated:
        line, column, _ = file.header_at(strange.index)
        yield Fault(
            f"the column `{strange.name}` is there already",
            f"did you mean `{strange.meant}`?" if strange.meant else "remove one of the two",
            table=table,
            file=file.name,
            line=line,
            column=column,
            field=strange.name,
        )


RULE = Rule(
    code="duplicate-column",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find_in=find_in,
    in_descriptor=True,
    bad=(
        bad(
            Replace("datapackage/statements.csv", b",summary,note\n", b",summary,summary\n"),
            expect=Expect("datapackage/statements.csv", 1, "summary"),
        ),
    ),
)
