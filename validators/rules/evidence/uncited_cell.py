"""A fact has no evidence of its own.

That a source speaks of a visit does not say that it gives its dates. Every filled date, count,
role, type and status of the four core tables has evidence that names its column; `..` counts as
filled. The status of a visit needs some only where it is not `held`. Of a row without any
evidence at all, the row alone is reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.example import Cell, Drop, Expect, bad, good
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Many, Place, Rule
from relations.validators.searching.coverage import (
    CITED_TABLES,
    HELD,
    NEEDS,
    Doubts,
    about,
    facts,
    of_empty_cells,
)
from relations.validators.searching.expressions import ROW
from relations.validators.searching.narrowing import found_in_shares, so_far
from relations.validators.searching.short_coverage import all_cells_cited

if TYPE_CHECKING:
    import polars as pl

    from relations.validators.package.package import Package

CODE = "uncited-cell"


def find(package: Package) -> Iterator[Fault | Many | Skip]:
    return _search(package, astray_only=False)


def spoil(package: Package) -> Iterator[Fault | Many | Skip]:
    """The cells for which some evidence was meant that is about another.

    No rule after this one looks at the others: their being uncited makes no odds.
    """
    return _search(package, astray_only=True)


def _search(package: Package, *, astray_only: bool) -> Iterator[Fault | Many | Skip]:
    import polars as pl

    doubts = Doubts.of(package)
    noted = False
    for table in CITED_TABLES:
        key = next(iter(package.columns(table)))
        if package.why_not(f"{table}.{key}"):
            continue
        columns = facts(package, table)
        if not columns or all_cells_cited(package, table, key, columns, HELD):
            continue
        strays = _strays(package, table) if astray_only else None
        if astray_only and not strays:
            continue
        found = _uncited(package, table, key, columns, strays)
        if found.is_empty():
            continue
        if not noted:
            # Only now, since it takes a look at all evidence.
            doubts.note_repeated(package)
            noted = True
        if strays is None:
            strays = _strays(package, table)
        certain, skips = doubts.certain(CODE, table, key, found, cell=True)
        yield from skips
        astray = certain[key].is_in(list(strays))
        for row in certain.filter(astray).iter_rows(named=True):
            for name in sorted(columns):
                if row[name] is not None:
                    cell = {ROW: row[ROW], key: row[key], "column": name, "value": row[name]}
                    yield _fault(package, table, key, cell, strays[row[key]])
        others = certain.filter(~astray)
        for name in columns:
            cells = others.filter(others[name].is_not_null()).select(
                ROW, key, pl.lit(name).alias("column"), pl.col(name).alias("value")
            )
            yield Many(table, name, cells, partial(_fault, package, table, key, strays=[]))


def _uncited(
    package: Package, table: str, key: str, columns: Sequence[str], keys: Iterable[str] | None
) -> pl.DataFrame:
    """The filled cells without evidence, of rows that have some: `_row`, key, and ``columns``.

    In these is null what has evidence. ``keys`` are those of the rows to look at; None: all.
    """
    rows = ~nw.col(key).is_null() if keys is None else nw.col(key).is_in(list(keys))
    filled = package.table(table).filter(rows).select(ROW, key, *columns)
    return found_in_shares(
        package,
        (table, "evidence"),
        partial(_without_evidence, table, key, columns),
        (filled, key),
        (about(package, table), "row_id"),
    )


def _without_evidence(
    table: str,
    key: str,
    columns: Sequence[str],
    filled: nw.LazyFrame[Any],
    evidence: nw.LazyFrame[Any],
) -> nw.LazyFrame[Any]:
    # One row for each that is cited, and in it for each column whether it is.
    cites = {name: nw.col("column") == name for name in columns}
    cited = evidence.group_by("row_id").agg(
        *(each.any().alias(f"_cites_{name}") for name, each in cites.items())
    )
    filled = filled.join(cited, left_on=key, right_on="row_id", how="inner")
    uncited = {name: _is_uncited(table, name) for name in columns}
    some = so_far(filled.filter(nw.any_horizontal(*uncited.values(), ignore_nulls=True)))
    values = [nw.when(each).then(nw.col(name)).alias(name) for name, each in uncited.items()]
    return some.select(ROW, key, *values)


def _is_uncited(table: str, name: str) -> nw.Expr:
    uncited = ~nw.col(name).is_null() & ~nw.col(f"_cites_{name}").fill_null(False)
    return uncited & (nw.col(name) != HELD[2]) if (table, name) == HELD[:2] else uncited


def _strays(package: Package, table: str) -> dict[str, list[dict[str, Any]]]:
    """By the key of the row that it is about, the evidence that is about an empty cell."""
    strays: dict[str, list[dict[str, Any]]] = {}
    found = of_empty_cells(package, table)
    for row in [] if found is None else found.iter_rows(named=True):
        strays.setdefault(row["row_id"], []).append(row)
    return strays


def _fault(
    package: Package, table: str, key: str, cell: dict[str, Any], strays: list[dict[str, Any]]
) -> Fault:
    """The fault of a cell; the first of the strays of its row, if any, was meant for it."""
    name = cell["column"]
    hint = f"cite a passage: relations cite SOURCE TEXT --for {table}/{cell[key]}/{name}"
    places: tuple[Place, ...] = ()
    if strays:
        stray = strays.pop(0)
        other = package.files["evidence"].key_of(stray[ROW])
        hint = f"{other} is about the empty {stray['column']}: was it meant for this cell?"
        places = (Place("evidence", stray[ROW], "column"),)
    return Fault(
        f"no evidence says where this {name} comes from",
        hint,
        table=table,
        row=cell[ROW],
        field=name,
        value=cell["value"],
        related=places,
        doubted=places,
    )


RULE = Rule(
    code=CODE,
    family="evidence",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    spoil=spoil,
    awaits=True,
    spoils=True,
    needs=NEEDS,
    good=(
        good(Cell("visits", "V0003", "status", "held"), evidence=False),
        good(Cell("visits", "V0003", "locations", "Akureyri"), evidence=False),
    ),
    bad=(
        bad(
            Drop("evidence", "C0022"),
            evidence=False,
            expect=Expect("datapackage/visits.csv", 2, "start_date", "2022-05-10"),
        ),
        bad(
            Cell("visits", "V0003", "end_date", ".."),
            evidence=False,
            expect=Expect("datapackage/visits.csv", 4, "end_date", ".."),
        ),
        bad(
            # Its evidence names a column that is empty: one defect.
            Cell("evidence", "C0022", "column", "parent_id"),
            expect=Expect("datapackage/visits.csv", 2, "start_date", "2022-05-10"),
        ),
        bad(
            Cell("agreements", "A0001", "in_force_date", "2026"),
            evidence=False,
            expect=Expect("datapackage/agreements.csv", 2, "in_force_date", "2026"),
        ),
    ),
)
