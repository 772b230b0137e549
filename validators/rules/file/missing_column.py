"""The header lacks a column of this table.

A column without a single value is there all the same, empty. Rules that need the column are
skipped. Where another name stands in its place, that name is reported instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Columns, Expect, bad
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule, in_file
from relations.validators.searching.header_faults import reading_of

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.table_file import TableFile


def find(_: Package, file: TableFile) -> Iterator[Fault]:
    for name in reading_of(file).missing:
        place = file.declared.index(name)
        after = f"after `{file.declared[place - 1]}`" if place else "first"
        yield Fault(
            f"the column `{name}` is missing",
            f"add it {after}, if need be without values",
            table=file.table,
            file=file.name,
            line=file.first_line,
            field=name,
        )


RULE = Rule(
    code="missing-column",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find_in=in_file(find),
    in_descriptor=True,
    bad=(
        bad(
            Columns(
                "memberships",
                ("membership_id", "organization_id", "country", "step", "kind", "date", "note"),
            ),
            expect=Expect("datapackage/memberships.csv", 1, "session_id"),
        ),
    ),
)
