"""A cell stands in quotation marks that it does not need.

Only a cell with a comma, a quotation mark or a line end in it needs them. Others are read the
same without; but a program that saves the file writes it one way, and then every such row
seems changed. One finding for a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Replace, bad, good
from relations.validators.finding import Severity
from relations.validators.package.text_places import line_and_column
from relations.validators.rule import Fault, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.table_file import TableFile

QUOTED = r'"(?:[^"]|"")*"'
NEEDLESS = r'^"[^",\r\n]*"$'
# Such a cell with what is on either side of it; within the text of a cell this may be as well.
LIKELY = r'(?:^|,)"[^",\r\n]*"(?:,|$)'
UNPAIRED = ("unclosed-quote", "stray-quote")


def find(package: Package) -> Iterator[Fault]:
    for file in package.files.values():
        # With a mark too many nobody knows which of them belong together.
        if not file.readable or any(record.kind in UNPAIRED for record in file.broken):
            continue
        count = _count(file)
        if count:
            every = re.finditer(QUOTED, file.text)
            first = next(each for each in every if re.search(NEEDLESS, each[0]))
            line, column = line_and_column(file.text, first.start())
            yield Fault(
                f"{count} {'cell stands' if count == 1 else 'cells stand'} in quotation marks "
                "without need",
                "leave them out where a cell has no comma, quotation mark or line end",
                table=file.table,
                file=file.name,
                line=line,
                column=column,
            )


def _count(file: TableFile) -> int:
    """How many cells of a file whose quotation marks pair have them without need."""
    if not file.has_quotes or not file.count_lines(LIKELY):
        return 0
    import polars as pl

    quoted = pl.Series([file.text]).str.extract_all(QUOTED).explode()
    return int(quoted.str.contains(NEEDLESS).sum())


RULE = Rule(
    code="needless-quotes",
    family="file",
    severity=Severity.INFO,
    manual=__doc__,
    find=find,
    fixable=True,
    good=(
        good(
            Replace(
                "datapackage/statements.csv",
                b"The source calls the relations warm.",
                b'"It calls the relations ""warm"",\nand says ""x"", ""y""."',
            )
        ),
    ),
    bad=(
        bad(
            Replace("datapackage/visits.csv", b",Day in Tartu,ISL,", b',"Day in Tartu","ISL",'),
            expect=Expect("datapackage/visits.csv", 5),
        ),
    ),
)
