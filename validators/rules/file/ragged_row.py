"""A row has more or fewer cells than the header.

Nearly always a comma that belongs to a text which nobody put in quotation marks, or a cell
that was deleted together with its comma. Every cell after that place is in the wrong column,
so the row is not judged further. Where all rows differ from the header alike, that is one
finding.
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
        width = len(file.header)
        ragged = [record for record in file.broken if record.kind == "ragged"]
        counts = {record.cells for record in ragged}
        all_alike = len(ragged) > 1 and len(counts) == 1 and not file.height
        for record in ragged[:1] if all_alike else ragged:
            rows = f"each of the {len(ragged)} rows" if all_alike else "the row"
            yield Fault(
                f"{rows} has {record.cells} cells where the header has {width}",
                "find the comma too many or too few; a text with a comma stands in quotation marks",
                table=file.table,
                file=file.name,
                line=record.line,
            )


RULE = Rule(
    code="ragged-row",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    in_descriptor=True,
    good=(
        good(
            Replace(
                "datapackage/visits.csv", b"State visit to Estonia", b'"State visit, to Estonia"'
            )
        ),
    ),
    bad=(
        bad(
            Replace(
                "datapackage/visits.csv", b"State visit to Estonia", b"State visit, to Estonia"
            ),
            expect=Expect("datapackage/visits.csv", 2),
        ),
    ),
)
