"""A row has more or fewer cells than the header.

Nearly always a comma that belongs to a text which nobody put in quotation marks, or a cell
that was deleted together with its comma. Every cell after that place is in the wrong column,
so the row is not judged further. Where all rows differ from the header alike, that is one
finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Replace, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Many, Rule, in_file
from relations.validators.searching.broken_rows import broken_rows

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.table_file import BrokenRecord, TableFile


def find(_: Package, file: TableFile) -> Iterator[Fault | Many]:
    width = len(file.header)
    ragged = [record for record in file.broken if record.kind == "ragged"]
    if len(ragged) > 1 and len({record.cells for record in ragged}) == 1 and not file.height:
        message, hint = _worded(ragged[0], width, f"each of the {len(ragged)} rows")
        yield Fault(message, hint, table=file.table, file=file.name, line=ragged[0].line)
        return
    yield from broken_rows(file, "ragged", partial(_worded, width=width))


def _worded(record: BrokenRecord, width: int, rows: str = "the row") -> tuple[str, str]:
    return (
        f"{rows} has {record.cells} cells where the header has {width}",
        "find the comma too many or too few; a text with a comma stands in quotation marks",
    )


RULE = Rule(
    code="ragged-row",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find_in=in_file(find),
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
