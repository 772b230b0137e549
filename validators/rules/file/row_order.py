"""The rows are not in the order of their keys.

Ids go by their number, so `V9999` stands before `V10000`; countries go by their code. Then a
row is where everybody looks for it, and two versions differ only where something changed. One
finding for a file, at its first row that stands too late.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.example import Expect, Move, Row, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule
from relations.validators.searching.expressions import ROW
from relations.validators.searching.key_order import KeyOrder, key_order
from relations.validators.searching.short_tables import short_table

if TYPE_CHECKING:
    from relations.schemas.columns import Column
    from relations.validators.package.package import Package

NUMBERED = "^[A-Z][0-9]{4,18}$"
RANK, BEFORE = "_rank", "_before"


def find_in(package: Package, table: str) -> Iterator[Fault]:
    key, column = next(iter(package.columns(table).items()))
    if package.why_not(f"{table}.{key}"):
        return
    numbered, form = bool(column.letter), form_with_rank(column)
    if _stands_in_order(package, table, key, numbered=numbered):
        return
    if key_order(package, table) is not KeyOrder.UNKNOWN:
        return
    rows = nw.from_native(package.frame(table, key), eager_only=True).select(ROW, key)
    # A malformed key has no rank, and a finding of its own; a spoilt one is null.
    rows = rows.filter(rows[key].str.contains(form).fill_null(False))
    # The second row of a key that stands twice has another finding.
    rows = rows.filter(nw.col(key).is_first_distinct())
    ranked = rows.with_columns(
        _ranks(rows[key], numbered=numbered).alias(RANK),
        rows[key].shift(1).alias(BEFORE),
    )
    late = ranked.filter(nw.col(RANK) < nw.col(RANK).shift(1))
    if late.is_empty():
        return
    first = next(late.iter_rows(named=True))
    more = f"; so do {len(late) - 1} more" if len(late) > 1 else ""
    yield Fault(
        f"`{first[key]}` stands after `{first[BEFORE]}`{more}",
        f"sort the rows by the {'number' if numbered else 'letters'} of `{key}`",
        table=table,
        row=first[ROW],
        field=key,
        value=first[key],
    )


def _stands_in_order(package: Package, table: str, key: str, *, numbered: bool) -> bool:
    """Whether the rows are certainly in order, as a glance at a short table tells."""
    seen = short_table(package, table)
    keys = [cell for cell in seen.column(key) if cell is not None] if seen else []
    # Texts of one length and letter are in the order of their numbers.
    alike = not numbered or len({(len(cell), cell[:1]) for cell in keys}) <= 1
    return seen is not None and alike and keys == sorted(keys)


def form_with_rank(column: Column) -> str:
    """The form of those keys, as a regular expression, that have a place among the others."""
    assert column.pattern
    return NUMBERED if column.letter else column.pattern


def _ranks(keys: nw.Series[Any], *, numbered: bool) -> nw.Series[Any]:
    """What the rows go by: the number of an id, or the code itself."""
    return keys.str.slice(1).cast(nw.Int64) if numbered else keys


RULE = Rule(
    code="row-order",
    family="file",
    severity=Severity.WARNING,
    manual=__doc__,
    find_in=find_in,
    fixable=True,
    good=(good(Row("statements", {"statement_id": "X10000", "summary": "She said so twice."})),),
    bad=(
        bad(
            Move("countries", "FIN"),
            expect=Expect("datapackage/countries.csv", 5, "country", "FIN"),
        ),
        bad(
            Move("memberships", "M0001"),
            expect=Expect("datapackage/memberships.csv", 3, "membership_id", "M0001"),
        ),
    ),
)
