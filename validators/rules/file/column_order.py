"""The columns stand in another order than in the model.

Readers that go by position, and people who compare two versions line by line, need them in one
order. The rows are judged all the same, each cell by the name of its column.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Columns, Expect, bad
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule, in_file
from relations.validators.searching.header_faults import of_name

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.table_file import TableFile


def find(_: Package, file: TableFile) -> Iterator[Fault]:
    if not file.readable or len(set(file.header)) < len(file.header):
        return
    here = [name for name in file.header if name in file.declared]
    there = [name for name in file.declared if name in file.header]
    wrong = next((pair for pair in zip(here, there, strict=True) if pair[0] != pair[1]), None)
    if wrong:
        yield of_name(
            file,
            file.header.index(wrong[0]),
            f"the column `{wrong[0]}` stands where `{wrong[1]}` should",
            f"put the columns in the order of the model: {','.join(there)}",
        )


RULE = Rule(
    code="column-order",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find_in=in_file(find),
    in_descriptor=True,
    bad=(
        bad(
            Columns(
                "memberships",
                (
                    "membership_id",
                    "organization_id",
                    "country",
                    "kind",
                    "step",
                    "date",
                    "session_id",
                    "note",
                ),
            ),
            expect=Expect("datapackage/memberships.csv", 1, "kind"),
        ),
    ),
)
