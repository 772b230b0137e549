"""A cell has letters that are put together in another way than usual.

Unicode can write `é` as one character or as `e` and an accent after it. They look alike and
are not equal, so a search for the one misses the other. The tables have the composed form
(NFC) alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule, in_file
from relations.validators.searching.cell_search import cells_where, in_class, matching
from relations.validators.searching.normal_form import normal_form

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.table_file import TableFile


def find(package: Package, file: TableFile) -> Iterator[Fault]:
    if not file.composing:
        return
    # Where there are some, in the cells that have one.
    pattern = f"[{in_class(file.composing)}]"
    for row, column, value in cells_where(package, file.table, matching(pattern)):
        usual = normal_form("NFC", value)
        if value == usual:
            continue
        first = next(
            index
            for index, pair in enumerate(zip(value, usual, strict=False))
            if len(set(pair)) > 1
        )
        yield Fault(
            f"character {first + 1} is not in the composed form (NFC)",
            f"write `{usual}`, which looks the same",
            table=file.table,
            row=row,
            field=column,
            value=value,
        )


RULE = Rule(
    code="not-nfc",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find_in=in_file(find),
    fixable=True,
    mend=lambda cell: normal_form("NFC", cell),
    spoils=True,
    good=(good(Cell("statements", "X0002", "note", "Reykjav\u00edk")),),
    bad=(
        bad(
            Cell("statements", "X0002", "note", "Reykjavi\u0301k"),
            expect=Expect("datapackage/statements.csv", 3, "note", "Reykjavi\u0301k"),
        ),
    ),
)
