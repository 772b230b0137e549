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
from relations.validators.rule import Fault, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    for file in package.files.values():
        for record in file.broken:
            if record.kind == "stray-quote":
                yield Fault(
                    "a quotation mark stands within the cell",
                    'put the whole cell in quotation marks and double those within it: `""`',
                    table=file.table,
                    file=file.name,
                    line=record.line,
                    column=record.column,
                )


RULE = Rule(
    code="stray-quote",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
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
