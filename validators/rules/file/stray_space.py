"""A cell begins or ends with white space.

Nobody sees it, and `AZE ` is not `AZE`: references, counts and joins fail on it. No-break
spaces, which come along when text is copied from a page, count as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Many, Rule, in_file
from relations.validators.searching.cell_search import columns_where, in_class
from relations.validators.searching.expressions import ROW
from relations.validators.searching.short_tables import no_cell

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.table_file import TableFile

# What Unicode calls white space, less the line feed; listed since engines disagree on \s.
SPACES = (
    "\t\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u2028\u2029\u202f\u205f\u3000"
)

SPACES_AND_LINES = frozenset(SPACES + "\n")


def find(package: Package, file: TableFile) -> Iterator[Many]:
    if no_cell(package, file.table, _has_space_at_an_end):
        return
    present = [each for each in SPACES if each == " " or each in file.unusual]
    spaces = in_class(present)
    # Asked of the lines first: in most files no cell can begin or end so.
    if not file.may_have_line(f'(?:^|[,"])[{spaces}]|[{spaces}](?:[,"]|$)'):
        present = []
    if file.has_long_cells:
        present.append("\n")
    if not present:
        return

    def at_an_end(cell: nw.Expr, present: list[str] = present) -> nw.Expr:
        tests = [cell.str.starts_with(each) | cell.str.ends_with(each) for each in present]
        return nw.any_horizontal(*tests, ignore_nulls=True)

    for column, found in columns_where(package, file.table, at_an_end):
        yield Many(file.table, column, found, partial(_fault, file.table, column))


def _has_space_at_an_end(cell: str) -> bool:
    return cell[:1] in SPACES_AND_LINES or cell[-1:] in SPACES_AND_LINES


def _fault(table: str, column: str, cell: dict[str, Any]) -> Fault:
    return Fault(
        "there is white space at an end of the cell",
        "remove it",
        table=table,
        row=cell[ROW],
        field=column,
        value=cell["value"],
    )


RULE = Rule(
    code="stray-space",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find_in=in_file(find),
    fixable=True,
    mend=lambda cell: cell.strip(SPACES + "\n"),
    spoils=True,
    good=(good(Cell("statements", "X0002", "note", "one\u00a0two  three")),),
    bad=(
        bad(
            Cell("visits", "V0001", "host_country", "EST "),
            expect=Expect("datapackage/visits.csv", 2, "host_country", "EST "),
        ),
        bad(
            Cell("statements", "X0002", "note", "\u00a0told twice"),
            expect=Expect("datapackage/statements.csv", 3, "note", "\u00a0told twice"),
        ),
    ),
)
