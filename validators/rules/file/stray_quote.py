"""A quotation mark stands where none may stand.

A cell that has quotation marks in its text is itself put in quotation marks, and those within
it are doubled. Readers disagree about a mark that stands anywhere else, so the row is not
judged further.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Replace, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Many, Rule, in_file
from relations.validators.searching.broken_rows import broken_rows

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.table_file import BrokenRecord, TableFile


def find(_: Package, file: TableFile) -> Iterator[Many]:
    return broken_rows(file, "stray-quote", _worded)


def _worded(_: BrokenRecord) -> tuple[str, str]:
    return (
        "a quotation mark stands within the cell",
        'put the whole cell in quotation marks and double those within it: `""`',
    )


RULE = Rule(
    code="stray-quote",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find_in=in_file(find),
    in_descriptor=True,
    good=(
        good(
            Replace("datapackage/visits.csv", b",State visit to Estonia,", b',"A ""state"" visit",')
        ),
    ),
    bad=(
        bad(
            Replace("datapackage/visits.csv", b",State visit to Estonia,", b',A "state" visit,'),
            expect=Expect("datapackage/visits.csv", 2),
        ),
        bad(
            Replace("datapackage/visits.csv", b",State visit to Estonia,", b',"A "state" visit",'),
            expect=Expect("datapackage/visits.csv", 2),
        ),
    ),
)
