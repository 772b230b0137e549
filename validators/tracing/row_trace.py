"""One row, what it points to and what points to it, and for every cell the evidence behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from relations.validators.nearest import did_you_mean
from relations.validators.package.package import declared
from relations.validators.searching.coverage import CITED_TABLES, HELD
from relations.validators.stop import CannotDo
from relations.validators.tracing.cited import Cited, cited

if TYPE_CHECKING:
    from relations.validators.package.package import Package

NAMED_BY = ("title", "name", "post", "summary", "group_label")
"""The columns that say to a person which row it is: the first one that a table has."""


class NoSuchRow(CannotDo):
    """There is no row with this key; the message is one plain line."""


@dataclass(frozen=True, slots=True)
class Link:
    """A row at the other end of a reference: ``column`` is the one that refers."""

    column: str
    table: str
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class TracedCell:
    """A filled cell. ``due`` says that it must have evidence of its own."""

    column: str
    value: str
    due: bool
    evidence: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class RowTrace:
    """A row and all that is known of where it comes from.

    ``due`` says that the row must be cited; ``evidence`` is that about the row as a whole.
    ``stray`` is evidence about cells that are empty or columns that are not there.
    """

    table: str
    key: str
    name: str
    file: str
    line: int | None
    """None in a file that has no lines."""
    due: bool
    evidence: tuple[Cited, ...]
    cells: tuple[TracedCell, ...]
    stray: tuple[Cited, ...]
    points_to: tuple[Link, ...]
    pointed_at: tuple[Link, ...]


def trace(package: Package, wanted: str) -> RowTrace:
    """Follow the row that ``wanted`` names: its key, or ``table/key``. Raises NoSuchRow."""
    table, number = _find(package, wanted)
    file = package.files[table]
    row = file.frame.row(number, named=True)
    key = row[file.declared[0]]
    evidence = list(_evidence(package, table, key))
    filled = {
        name: row[name] for name in file.declared[1:] if row[name] and name not in file.absent
    }
    return RowTrace(
        table=table,
        key=key,
        name=name_of(row, file.declared),
        file=file.name,
        line=file.line_of(number),
        due=table in CITED_TABLES,
        evidence=tuple(each for each in evidence if not each.column),
        cells=tuple(
            TracedCell(
                name,
                value,
                declared()[table][name].fact and (table, name, value) != HELD,
                tuple(each for each in evidence if each.column == name),
            )
            for name, value in filled.items()
        ),
        stray=tuple(each for each in evidence if each.column and each.column not in filled),
        points_to=tuple(_points_to(package, table, filled)),
        pointed_at=tuple(_pointed_at(package, table, key)),
    )


def _find(package: Package, wanted: str) -> tuple[str, int]:
    """The table and the number of the row that is meant."""
    named, slash, key = wanted.partition("/")
    if slash:
        if named not in declared():
            hint = did_you_mean(named, declared(), f"there are {', '.join(declared())}")
            raise NoSuchRow(f"there is no table {named!r}; {hint}")
        tables = [named]
    else:
        key, tables = wanted, list(declared())
    known: list[str] = []
    for table in tables:
        if package.why_not(table):
            continue
        keys = package.files[table].frame[package.files[table].declared[0]]
        found = (keys == key).arg_true()
        if len(found):
            return table, int(found[0])
        known += keys.drop_nulls().to_list()
    raise NoSuchRow(
        f"there is no row {key!r}; {did_you_mean(key, known, 'give its key, as V0001')}"
    )


def name_of(row: dict[str, str | None], columns: tuple[str, ...]) -> str:
    """What a person calls a row; empty where it has no such column."""
    return next((row[name] or "" for name in NAMED_BY if name in columns), "")


def _evidence(package: Package, table: str, key: str) -> Iterator[Cited]:
    if package.why_not("evidence"):
        return
    about = (pl.col("table") == table) & (pl.col("row_id") == key)
    for row in package.files["evidence"].frame.filter(about).iter_rows(named=True):
        yield cited(package, row)


def _points_to(package: Package, table: str, filled: dict[str, str]) -> Iterator[Link]:
    for column, value in filled.items():
        other = declared()[table][column].references
        if other:
            yield _link(package, column, other, value)
    if table == "evidence" and filled.get("table") in declared() and "row_id" in filled:
        yield _link(package, "row_id", filled["table"], filled["row_id"])


def _link(package: Package, column: str, table: str, key: str) -> Link:
    if package.why_not(table):
        return Link(column, table, key, "")
    file = package.files[table]
    rows = file.frame.filter(pl.col(file.declared[0]) == key).head(1).to_dicts()
    return Link(column, table, key, name_of(rows[0], file.declared) if rows else "")


def _pointed_at(package: Package, table: str, key: str) -> Iterator[Link]:
    for other, columns in declared().items():
        if package.why_not(other):
            continue
        file = package.files[other]
        for column, declared_as in columns.items():
            if declared_as.references != table or column in file.absent:
                continue
            for row in file.frame.filter(pl.col(column) == key).iter_rows(named=True):
                yield Link(column, other, row[file.declared[0]] or "", name_of(row, file.declared))
