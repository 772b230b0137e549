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
from relations.validators.rule import Fault, Rule, in_file

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.table_file import TableFile

QUOTED = r'"(?:[^"]|"")*"'
NEEDLESS = r'^"[^",\r\n]*"$'
# Such a cell with what is on either side of it; within the text of a cell this may be as well.
LIKELY = r'(?:^|,)"[^",\r\n]*"(?:,|$)'
UNPAIRED = ("unclosed-quote", "stray-quote")


def find(_: Package, file: TableFile) -> Iterator[Fault]:
    # With a mark too many nobody knows which of them belong together.
    if not file.readable or any(record.kind in UNPAIRED for record in file.broken):
        return
    count, line, column = 0, 1, 1
    for lines, above in file.quoted_lines():
        if not lines.str.contains(LIKELY).any():
            continue
        text = "\n".join(lines)
        found = _count(text)
        if found and not count:
            every = re.finditer(QUOTED, text)
            first = next(each for each in every if re.search(NEEDLESS, each[0]))
            line, column = line_and_column(text, first.start())
            line += above
        count += found
    if count:
        yield Fault(
            f"{count} {'cell stands' if count == 1 else 'cells stand'} in quotation marks "
            "without need",
            "leave them out where a cell has no comma, quotation mark or line end",
            table=file.table,
            file=file.name,
            line=line,
            column=column,
        )


def _count(text: str) -> int:
    """How many cells of a text whose quotation marks pair have them without need."""
    import polars as pl

    quoted = pl.Series([text]).str.extract_all(QUOTED).explode()
    return int(quoted.str.contains(NEEDLESS).sum())


RULE = Rule(
    code="needless-quotes",
    family="file",
    severity=Severity.INFO,
    manual=__doc__,
    find_in=in_file(find),
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
