"""A row is, by way of its parents, its own parent.

A leg belongs to a longer visit, a protocol to an agreement, a committee to a parliament: going
from row to parent must come to an end. Where it comes back to where it began, one of the
parents on the way is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.short_tables import none_filled

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "parent-cycle"
PARENT = "parent_id"


def find_in(package: Package, table: str) -> Iterator[Fault | Skip]:
    columns = package.columns(table)
    if PARENT not in columns or package.why_not(f"{table}.{PARENT}"):
        return
    reason = package.why_keys_unsound(table)
    if reason:
        yield Skip(CODE, table, reason)
        return
    if none_filled(package, f"{table}.{PARENT}"):
        return
    key = next(iter(columns))
    children = package.table(table).filter(~nw.col(PARENT).is_null()).select(ROW, key, PARENT)
    for cycle in _cycles({row[key]: (row[PARENT], row[ROW]) for row in rows(children)}):
        (_, row, parent), *others = cycle
        path = " → ".join(f"`{name}`" for name, *_ in (*cycle, cycle[0]))
        yield Fault(
            "the row is its own parent" if not others else f"the parents go round: {path}",
            "correct the parent, or leave it empty",
            table=table,
            row=row,
            field=PARENT,
            value=parent,
            related=tuple(Place(table, other, PARENT) for _, other, _ in others),
        )


Step = tuple[str, int, str]
"""A key, its row, and the key of its parent."""


def _cycles(parents: dict[str, tuple[str, int]]) -> Iterator[list[Step]]:
    """Every cycle once, from its first row on, in the order of those rows.

    Walks each row once: only rows with a parent are here, and a walk stops where another went.
    """
    done: set[str] = set()
    for start in parents:
        path: list[str] = []
        here = start
        while here in parents and here not in done:
            done.add(here)
            path.append(here)
            here = parents[here][0]
        if here in path:
            cycle = path[path.index(here) :]
            begin = cycle.index(min(cycle, key=lambda each: parents[each][1]))
            yield [
                (each, parents[each][1], parents[each][0]) for each in cycle[begin:] + cycle[:begin]
            ]


RULE = Rule(
    code=CODE,
    family="key",
    severity=Severity.ERROR,
    manual=__doc__,
    find_in=find_in,
    spoils=True,
    good=(good(Cell("organizations", "G0005", "parent_id", "G0002")),),
    bad=(
        bad(
            Cell("visits", "V0001", "parent_id", "V0004"),
            expect=Expect("datapackage/visits.csv", 2, "parent_id", "V0004"),
        ),
        bad(
            Cell("agreements", "A0002", "parent_id", "A0002"),
            expect=Expect("datapackage/agreements.csv", 3, "parent_id", "A0002"),
        ),
    ),
)
