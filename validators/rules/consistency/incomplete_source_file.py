"""The text of a source is described in part.

`file`, `sha256` and `char_length` belong together: the name of the text, the digest of its bytes
and its length. With all three a passage can be verified by whoever has the text; with one or two
nobody can be sure to have the right one. Fill all of them, or none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.short_tables import no_row_even_empty

if TYPE_CHECKING:
    from relations.validators.package.package import Package

TOGETHER = ("file", "sha256", "char_length")


def find(package: Package) -> Iterator[Fault]:
    if no_row_even_empty(package, "sources", _is_in_part, *TOGETHER, raw=True):
        return
    # As the file has them: a malformed digest has its own finding, and is there.
    filled = nw.sum_horizontal(*((~nw.col(name).is_null()).cast(nw.Int64) for name in TOGETHER))
    partly = package.raw("sources").filter(filled > 0, filled < len(TOGETHER))
    for row in rows(partly.select(ROW, *TOGETHER)):
        empty = [name for name in TOGETHER if not row[name]]
        there = [name for name in TOGETHER if row[name]]
        yield Fault(
            f"{' and '.join(empty)} {'is' if len(empty) == 1 else 'are'} empty beside "
            f"{' and '.join(there)}",
            "fill all three of file, sha256 and char_length, or none",
            table="sources",
            row=row[ROW],
            field=empty[0],
            value="",
        )


def _is_in_part(*cells: str | None) -> bool:
    return 0 < sum(cell is not None for cell in cells) < len(TOGETHER)


RULE = Rule(
    code="incomplete-source-file",
    family="consistency",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=tuple(f"sources.{name}" for name in TOGETHER),
    bad=(
        bad(
            Cell("sources", "R0001", "char_length", ""),
            expect=Expect("datapackage/sources.csv", 2, "char_length", ""),
        ),
    ),
)
