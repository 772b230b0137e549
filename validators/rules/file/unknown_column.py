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
from relations.validators.rule import Fault, Rule, in_file
from relations.validators.searching.header_faults import reading_of, strange_name

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.table_file import TableFile


def find(_: Package, file: TableFile) -> Iterator[Fault]:
    for strange in reading_of(file).unknown:
        nameless = f"column {strange.index + 1} has no name"
        message = f"`{strange.name}` is no column of {file.table}" if strange.name else nameless
        yield strange_name(file, strange, message, "remove the column")


RULE = Rule(
    code="unknown-column",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find_in=in_file(find),
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
