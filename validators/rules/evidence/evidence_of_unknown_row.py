"""Evidence is about a row that does not exist.

Often an id that is off by one digit, or a row that was removed while its evidence stayed.
Where the row stands in another table, the table is taken to be the wrong cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.example import Cell, Expect, bad
from relations.validators.finding import Severity, Skip
from relations.validators.nearest import Words, did_you_mean
from relations.validators.rule import Fault, Many, Rule
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.narrowing import found_in_shares
from relations.validators.searching.near_keys import keys_among, keys_near
from relations.validators.searching.short_coverage import cites_known_rows

if TYPE_CHECKING:
    import polars as pl

    from relations.validators.package.package import Package

CODE = "evidence-of-unknown-row"

Homes = dict[str, frozenset[str]]
"""Of each table whose keys are all known those that are sought."""


def find(package: Package) -> Iterator[Fault | Many | Skip]:
    evidence = package.table("evidence")
    cited = [row["table"] for row in rows(evidence.select("table").unique())]
    keys = {table: columns for table, columns in package.declared.items() if table in cited}
    for table, columns in keys.items():
        reason = package.why_keys_unsound(table)
        if reason:
            yield Skip(CODE, table, f"evidence of {table}: {reason}")
            continue
        key = next(iter(columns))
        if cites_known_rows(package, table, key):
            continue
        known = package.table(table).select(nw.col(key).alias("row_id"))
        about = evidence.filter((nw.col("table") == table) & ~nw.col("row_id").is_null())
        dangling = found_in_shares(
            package,
            (table,),
            lambda about, known: about.join(known, on="row_id", how="anti"),
            (about.select(ROW, "row_id"), "row_id"),
            (known, "row_id"),
        )
        if dangling.is_empty():
            continue
        homes = _homes(package, dangling["row_id"])
        elsewhere = dangling["row_id"].is_in(list(chain.from_iterable(homes.values())))
        near = keys_near(package, table, dangling["row_id"])
        for row in dangling.filter(elsewhere).iter_rows(named=True):
            yield _fault(table, homes, near, row)
        nowhere = dangling.filter(~elsewhere)
        yield Many("evidence", "row_id", nowhere, partial(_fault, table, homes, near))


def _homes(package: Package, asked: pl.Series) -> Homes:
    return {
        table: keys_among(package, table, asked)
        for table in package.declared
        if table != "evidence" and package.why_keys_unsound(table) is None
    }


def _fault(table: str, homes: Homes, near: Words, row: dict[str, Any]) -> Fault:
    row_id = row["row_id"]
    message = f"there is no row `{row_id}` in {table}"
    home = next((other for other, keys in homes.items() if row_id in keys), None)
    if home:
        return Fault(
            message,
            f"it is a row of {home}: did you mean `{home}`?",
            table="evidence",
            row=row[ROW],
            field="table",
            value=table,
        )
    return Fault(
        message,
        did_you_mean(
            row_id,
            near,
            otherwise=f"add it to {table}, or correct or remove the evidence",
        ),
        table="evidence",
        row=row[ROW],
        field="row_id",
        value=row_id,
    )


RULE = Rule(
    code=CODE,
    family="evidence",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=("evidence.table", "evidence.row_id"),
    spoils=True,
    bad=(
        bad(
            Cell("evidence", "C0030", "row_id", "V0030"),
            expect=Expect("datapackage/evidence.csv", 31, "row_id", "V0030"),
        ),
        bad(
            Cell("evidence", "C0022", "table", "terms"),
            expect=Expect("datapackage/evidence.csv", 23, "table", "terms"),
        ),
    ),
)
