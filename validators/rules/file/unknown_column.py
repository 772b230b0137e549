"""The header has a name that is no column of this table.

Misspelled, or a column of one's own: the tables have exactly the columns of the model, so that
every reader finds the same. What has no column of its own belongs in `note`. A name that
stands in the place of a missing column gives this one finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Columns, Expect, Replace, bad
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
    for strange in read_header(file.header, file.declared).unknown:
        line, column, _ = file.header_at(strange.index)
        yield Fault(
            f"`{strange.name}` is no column of {table}"
            if strange.name
            else f"column {strange.index + 1} has no name",
            f"did you mean `{strange.meant}`?" if strange.meant else "remove the column",
            table=table,
            file=file.name,
            line=line,
            column=column,
            field=strange.name,
        )


RULE = Rule(
    code="unknown-column",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find_in=find_in,
    in_descriptor=True,
    bad=(
        bad(
            Replace("datapackage/visits.csv", b",locations,", b",places,"),
            expect=Expect("datapackage/visits.csv", 1, "places"),
        ),
        bad(
            Columns(
                "memberships",
                (
                    "membership_id",
                    "organization_id",
                    "country",
                    "step",
                    "kind",
                    "date",
                    "session_id",
                    "note",
                    "remarks",
                ),
            ),
            expect=Expect("datapackage/memberships.csv", 1, "remarks"),
        ),
    ),
)
