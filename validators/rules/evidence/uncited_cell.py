"""A fact has no evidence of its own.

That a source speaks of a visit does not say that it gives its dates. Every filled date, count,
role, type and status of the four core tables has evidence that names its column; `..` counts as
filled. The status of a visit needs some only where it is not `held`. Of a row without any
evidence at all, the row alone is reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.coverage import (
    CITED_TABLES,
    HELD,
    NEEDS,
    Doubts,
    about,
    facts,
    of_empty_cells,
)
from relations.validators.example import Cell, Drop, Expect, bad, good
from relations.validators.expressions import ROW, by_column, in_order
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Many, Place, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "uncited-cell"


def find(package: Package) -> Iterator[Fault | Many | Skip]:
    doubts = Doubts.of(package)
    noted = False
    for table in CITED_TABLES:
        key = next(iter(package.columns(table)))
        if package.why_not(f"{table}.{key}"):
            continue
        columns = facts(package, table)
        if not columns:
            continue
        cells = by_column(
            package.table(table).filter(~nw.col(key).is_null()), columns, ROW, key
        ).filter(~nw.col("value").is_null())
        if table == HELD[0]:
            is_held = (nw.col("column") == HELD[1]) & (nw.col("value") == HELD[2])
            cells = cells.filter(~is_held)
        evidence = about(package, table).rename({"row_id": key}).select(key, "column")
        uncited = cells.join(evidence, on=[key, "column"], how="anti").join(
            evidence.select(key).unique(), on=key, how="semi"
        )
        found = in_order(uncited)
        if found.is_empty():
            continue
        if not noted:
            # Only now, since it takes a look at all evidence.
            doubts.note_repeated(package)
            noted = True
        strays = _strays(package, table)
        certain, skips = doubts.certain(CODE, table, key, found, cell=True)
        yield from skips
        astray = certain[key].is_in(list(strays))
        for cell in certain.filter(astray).iter_rows(named=True):
            yield _fault(package, table, key, cell, strays[cell[key]])
        for cells in certain.filter(~astray).partition_by("column"):
            name = cells["column"][0]
            yield Many(table, name, cells, partial(_fault, package, table, key, strays=[]))


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
