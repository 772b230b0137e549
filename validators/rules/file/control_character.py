"""A cell has a control character.

Characters that once steered printers and terminals: a tab, a bell, a carriage return, what is
left of a damaged file. They are invisible and break what reads the cell next. Only the line
feed may stand in a cell, in quotation marks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Many, Rule, in_file
from relations.validators.searching.cell_search import columns_where, in_class, matching
from relations.validators.searching.expressions import ROW

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.table_file import TableFile


def find(package: Package, file: TableFile) -> Iterator[Many]:
    controls = {each for each in file.unusual if unicodedata.category(each) == "Cc"}
    if not controls:
        return
    pattern = f"[{in_class(controls)}]"
    for column, found in columns_where(package, file.table, matching(pattern)):
        yield Many(file.table, column, found, partial(_fault, file.table, column, controls))


def _fault(table: str, column: str, controls: set[str], cell: dict[str, Any]) -> Fault:
    value = cell["value"]
    at = next(index for index, each in enumerate(value) if each in controls)
    return Fault(
        f"character {at + 1} is the control character U+{ord(value[at]):04X}",
        "remove it, or put a space in its place",
        table=table,
        row=cell[ROW],
        field=column,
        value=value,
    )


RULE = Rule(
    code="control-character",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find_in=in_file(find),
    spoils=True,
    good=(good(Cell("statements", "X0002", "note", "one line\nand another")),),
    bad=(
        bad(
            Cell("statements", "X0002", "note", "one\ttwo"),
            expect=Expect("datapackage/statements.csv", 3, "note", "one\ttwo"),
        ),
        bad(
            Cell("statements", "X0002", "note", "one\x85two\x00"),
            expect=Expect("datapackage/statements.csv", 3, "note", "one\x85two\x00"),
        ),
    ),
)
