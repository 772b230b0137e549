"""A list has the same item twice.

A place or a subject that stands twice is counted twice. Capital and small letters make no
difference: `Tartu;tartu` is one place. Where the same place was visited on two occasions, the
stays are rows of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.schemas.lists import LIST_SEPARATOR
from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule
from relations.validators.searching.different_cells import different_cells
from relations.validators.searching.expressions import ROW
from relations.validators.searching.short_tables import no_row

if TYPE_CHECKING:
    import polars as pl

    from relations.validators.package.package import Package


def find_in(package: Package, table: str) -> Iterator[Fault]:
    if package.why_not(table):
        return
    for name, column in package.columns(table).items():
        if not column.is_list or package.why_not(f"{table}.{name}"):
            continue
        if no_row(package, table, _may_repeat, name):
            continue
        different = different_cells(package, table, name)
        if different is None:
            some = nw.col(name).str.contains(LIST_SEPARATOR, literal=True)
        else:
            some = nw.col(name).is_in(_repeating(different, "cell")["cell"].to_list())
        listed = package.table(table).filter(some).select(ROW, name)
        for row in _repeating(listed, name).sort(ROW).iter_rows(named=True):
            yield _fault(table, row[ROW], name, row[name])


def _may_repeat(cell: str) -> bool:
    # Python and polars make the letters of ASCII small alike, and not all others.
    items = cell.lower().split(LIST_SEPARATOR)
    return len(set(items)) < len(items) or not cell.isascii()


def _repeating(listed: nw.LazyFrame[Any], name: str) -> pl.DataFrame:
    """The rows whose list has an item twice.

    Told in polars: engines make capital letters small each in its own way.
    """
    import polars as pl

    from relations.validators.engines.collecting import collected

    items = pl.col(name).str.to_lowercase().str.split(LIST_SEPARATOR)
    return collected(listed).filter(items.list.n_unique() < items.list.len())


def _fault(table: str, row: int, name: str, value: str) -> Fault:
    items = value.split(LIST_SEPARATOR)
    times = Counter(item.lower() for item in items)
    twice = next(item for item in items if times[item.lower()] > 1)
    kept = {item.lower(): item for item in reversed(items)}
    once = LIST_SEPARATOR.join(kept[key] for key in times)
    return Fault(
        f"`{twice}` stands {'twice' if times[twice.lower()] == 2 else 'several times'} in the list",
        f"did you mean `{once}`?",
        table=table,
        row=row,
        field=name,
        value=value,
    )


RULE = Rule(
    code="repeated-list-item",
    family="value",
    severity=Severity.WARNING,
    manual=__doc__,
    find_in=find_in,
    good=(good(Cell("visits", "V0001", "locations", "Tallinn;Tallinn Bay")),),
    bad=(
        bad(
            Cell("visits", "V0001", "locations", "Tallinn;Tartu;tallinn"),
            expect=Expect("datapackage/visits.csv", 2, "locations", "Tallinn;Tartu;tallinn"),
        ),
    ),
)
