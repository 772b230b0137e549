"""The cells are not separated by commas.

Where the comma stands in numbers, a spreadsheet writes "CSV" with semicolons; others write
tabs. The whole header is then one name, so nothing else in the file is judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Write, bad
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule, in_file

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.table_file import TableFile

NAMES = {";": "the semicolon", "\t": "the tab", "|": "the vertical bar"}


def find(_: Package, file: TableFile) -> Iterator[Fault]:
    if file.separator != ",":
        separator = NAMES.get(file.separator, f"`{file.separator}`")
        yield Fault(
            f"the separator of the cells is {separator}",
            "save the file with the comma as separator",
            table=file.table,
            file=file.name,
            line=1,
            value=file.separator,
        )


RULE = Rule(
    code="spreadsheet-separator",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find_in=in_file(find),
    bad=(
        bad(
            Write(
                "datapackage/statements.csv",
                b"statement_id;official_id;organization_id;engagement_id;date;topic;subjects;"
                b"summary;note\n"
                b"X0001;P0004;;E0002;2023-10-05;interparliamentary_cooperation;observers;"
                b"She asked for closer work, and soon.;\n",
            ),
            expect=Expect("datapackage/statements.csv", 1, None, ";"),
        ),
    ),
)
