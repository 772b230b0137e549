"""A quotation mark opens a cell and is never closed.

A reader takes everything up to the next quotation mark, perhaps many rows later, for the text
of this one cell. The row in which the mark stands cannot be read; the rows after it are, as
far as they begin like rows.
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
    return broken_rows(file, "unclosed-quote", _worded)


def _worded(_: BrokenRecord) -> tuple[str, str]:
    return (
        "the quotation mark that opens this cell is never closed",
        'close it; a quotation mark within a cell in quotes is doubled: `""`',
    )


RULE = Rule(
    code="unclosed-quote",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find_in=in_file(find),
    in_descriptor=True,
    good=(
        good(
            Replace("datapackage/visits.csv", b",State visit to Estonia,", b',"A ""state"" visit",')
        ),
        good(Replace("datapackage/visits.csv", b",State visit to Estonia,", b',"State\nvisit",')),
    ),
    bad=(
        bad(
            Replace("datapackage/visits.csv", b",State visit to Estonia,", b',"State visit,'),
            expect=Expect("datapackage/visits.csv", 2),
        ),
    ),
)
