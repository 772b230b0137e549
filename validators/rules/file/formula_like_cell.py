"""A spreadsheet would run this cell instead of showing it.

A text that begins with `=`, `+` or `@`, or with `-` and anything but a number and words after it,
is a formula to a spreadsheet. At best it shows an error in its place; at worst it does what
somebody wrote there for that purpose.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Many, Rule, in_file
from relations.validators.searching.cell_search import columns_where, matching
from relations.validators.searching.expressions import ROW
from relations.validators.searching.short_tables import no_cell

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.table_file import TableFile

FREE_TEXT = ("text", "texts")
"""Kinds of column that take any text; in the others such a cell is malformed already."""
NAMES = (("evidence", "row_id"), ("evidence", "column"))
"""Text that is the name of something: there is no such row or column, which is said already."""

FORMULA = "(?:[=+@].|-[^0-9.,]|-[-0-9.,+*/^ ]*[+*/^&=<>(|!])"
FIRST = frozenset("=+@-")


def find(package: Package, file: TableFile) -> Iterator[Many]:
    columns = [
        name
        for name, column in package.columns(file.table).items()
        if column.kind in FREE_TEXT and (file.table, name) not in NAMES
    ]
    # Asked of the lines first: in most files no cell can begin so.
    if not columns or no_cell(package, file.table, _may_be_formula):
        return
    if not file.may_have_line(f'(?:^|[,"]){FORMULA}'):
        return
    for column, found in columns_where(package, file.table, matching(f"^{FORMULA}"), columns):
        yield Many(file.table, column, found, partial(_fault, file.table, column))


def _may_be_formula(cell: str) -> bool:
    return cell[:1] in FIRST


def _fault(table: str, column: str, cell: dict[str, Any]) -> Fault:
    return Fault(
        f"a spreadsheet would take this for a formula: it begins with `{cell['value'][0]}`",
        "begin it with another character",
        table=table,
        row=cell[ROW],
        field=column,
        value=cell["value"],
    )


RULE = Rule(
    code="formula-like-cell",
    family="file",
    severity=Severity.WARNING,
    manual=__doc__,
    find_in=in_file(find),
    good=(
        good(Cell("statements", "X0002", "note", "-5 degrees")),
        good(Cell("statements", "X0002", "note", "-10-5 degrees")),
        good(Cell("statements", "X0002", "note", "-")),
        good(Cell("statements", "X0002", "note", "2+2=4 @home")),
    ),
    bad=(
        bad(
            Cell("statements", "X0002", "note", '=HYPERLINK("https://example.org")'),
            expect=Expect(
                "datapackage/statements.csv", 3, "note", '=HYPERLINK("https://example.org")'
            ),
        ),
        bad(
            Cell("statements", "X0002", "note", "-told twice"),
            expect=Expect("datapackage/statements.csv", 3, "note", "-told twice"),
        ),
        bad(
            Cell("statements", "X0002", "note", "-2-3+cmd|' /C calc'!A0"),
            expect=Expect("datapackage/statements.csv", 3, "note", "-2-3+cmd|' /C calc'!A0"),
        ),
    ),
)
