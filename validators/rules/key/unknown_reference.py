"""A cell refers to a row that does not exist.

Often an id that is off by one digit, or a row that was removed while others still point to
it. Where a key of the table referred to cannot be read, a missing row may be there all the
same; its references are then not judged and the report says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import narwhals as nw

from relations.validators.example import Cell, Expect, bad
from relations.validators.finding import Severity, Skip
from relations.validators.nearest import Words, did_you_mean
from relations.validators.rule import Fault, Many, Rule
from relations.validators.searching.different_cells import different_cells, listed
from relations.validators.searching.expressions import ROW
from relations.validators.searching.narrowing import found_in_shares
from relations.validators.searching.near_keys import keys_called, keys_near
from relations.validators.searching.short_tables import all_among

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "unknown-reference"


class Known(NamedTuple):
    """What may have been meant: keys like those that are not there, and keys by their names."""

    keys: Words
    called: dict[str, str]


def find(package: Package) -> Iterator[Many | Skip]:
    referring: dict[str, list[tuple[str, str]]] = {}
    for table, columns in package.declared.items():
        for column, declaration in columns.items():
            if declaration.references and not package.why_not(f"{table}.{column}"):
                referring.setdefault(declaration.references, []).append((table, column))
    for parent, cells in referring.items():
        reason = package.why_keys_unsound(parent)
        if reason:
            yield Skip(CODE, parent, f"references to {parent}: {reason}")
        else:
            yield from _dangling(package, parent, cells)


def _dangling(package: Package, parent: str, cells: list[tuple[str, str]]) -> Iterator[Many]:
    key = next(iter(package.columns(parent)))
    if all(all_among(package, f"{table}.{name}", f"{parent}.{key}") for table, name in cells):
        return
    keys = package.table(parent).select(nw.col(key).alias("value"))
    # All columns that refer to this parent in one search.
    refers = nw.concat(
        [
            package.table(table)
            .filter(_may_dangle(package, table, column, keys))
            .select(
                # Not their names: of millions of rows those would take more than all the rest.
                nw.lit(number).alias("cells"),
                nw.col(ROW),
                nw.col(column).alias("value"),
            )
            for number, (table, column) in enumerate(cells)
        ]
    )
    dangling = found_in_shares(
        package,
        (parent,),
        lambda refers, keys: refers.join(keys, on="value", how="anti"),
        (refers, "value"),
        (keys, "value"),
    )
    if dangling.is_empty():
        return
    known = Known(
        keys_near(package, parent, dangling["value"]),
        keys_called(package, parent, dangling["value"]),
    )
    for number, (table, column) in enumerate(cells):
        found = dangling.filter(dangling["cells"] == number).select(ROW, "value")
        if found.height:
            yield Many(table, column, found, partial(_fault, package, parent, table, column, known))


def _may_dangle(package: Package, table: str, column: str, keys: nw.LazyFrame[Any]) -> nw.Expr:
    """Which cells refer to something; where that is told cheaply, those that dangle alone."""
    different = different_cells(package, table, column)
    if different is None:
        return ~nw.col(column).is_null()
    dangling = different.join(keys, left_on="cell", right_on="value", how="anti")
    return nw.col(column).is_in(listed(dangling.filter(~nw.col("cell").is_null())))


def _fault(
    package: Package, parent: str, table: str, column: str, known: Known, row: dict[str, Any]
) -> Fault:
    value = row["value"]
    # A row is not its own parent: its own key is never the one that was meant.
    own = package.files[parent].key_of(row[ROW]) if table == parent else None
    otherwise = f"add it to {parent}, or correct the reference"
    called = known.called.get(value.lower())
    if called and called != own:
        hint = f"did you mean `{called}`?"
    else:
        hint = did_you_mean(value, known.keys, otherwise=otherwise, never=own or "")
    return Fault(
        f"there is no row `{value}` in {parent}",
        hint,
        table=table,
        row=row[ROW],
        field=column,
        value=value,
    )


RULE = Rule(
    code=CODE,
    family="key",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    in_descriptor=True,
    spoils=True,
    bad=(
        bad(
            Cell("visits", "V0001", "host_country", "ETS"),
            expect=Expect("datapackage/visits.csv", 2, "host_country", "ETS"),
        ),
        bad(
            Cell("engagements", "E0001", "visit_id", "V0010"),
            expect=Expect("datapackage/engagements.csv", 2, "visit_id", "V0010"),
        ),
    ),
)
