"""A file begins with a byte-order mark.

The tables are UTF-8 without one. A spreadsheet that saves "CSV UTF-8" puts three invisible
bytes before the first column's name, and many readers then look for a column of that name in
vain.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Replace, bad
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule, in_file

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.table_file import TableFile


BOM = b"\xef\xbb\xbf"


def find(_: Package, file: TableFile) -> Iterator[Fault]:
    if file.has_bom:
        yield Fault(
            "the file begins with a byte-order mark",
            "save it as UTF-8 without one",
            file=file.name,
            line=1,
            column=1,
        )


RULE = Rule(
    code="byte-order-mark",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find_in=in_file(find),
    fixable=True,
    bad=(
        bad(
            Replace("datapackage/visits.csv", b"visit_id,title", BOM + b"visit_id,title"),
            expect=Expect("datapackage/visits.csv", 1),
        ),
    ),
)
