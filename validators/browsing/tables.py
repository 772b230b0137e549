"""Every row of a package as a page shows it: labelled, linked, with its evidence.

Rows are walked one by one: each of them is printed. Cells are shown as the file has them,
those with findings included; what cannot be a link is not one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from relations.schemas import descriptor
from relations.schemas.columns import LIST_SEPARATOR
from relations.schemas.columns import Column as Declared
from relations.schemas.tables import TABLES
from relations.validators.browsing.labels import label
from relations.validators.browsing.passages import Cited, passages_of
from relations.validators.browsing.records import (
    Cell,
    Claim,
    Column,
    Record,
    Ref,
    Referrers,
    Table,
)
from relations.validators.browsing.spoken_dates import spoken
from relations.validators.package.package import Package
from relations.validators.searching.expressions import ROW

_SAFE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")


@dataclass
class Library:
    """All rows of a package, found by table and key."""

    tables: dict[str, Table] = field(default_factory=dict)
    refs: dict[tuple[str, str], Ref] = field(default_factory=dict)
    _records: dict[tuple[str, str], Record] = field(default_factory=dict)

    def records(self, table: str) -> tuple[Record, ...]:
        """The rows of a table, in the order of its file."""
        return self.tables[table].records

    def find(self, table: str, key: str) -> Record | None:
        """The first row with this key."""
        if not self._records:
            for name, each in self.tables.items():
                for record in reversed(each.records):
                    self._records[name, record.ref.key] = record
        return self._records.get((table, key))

    def ref(self, table: str, key: str) -> Ref | None:
        """A link to the row with this key, where there is one."""
        return self.refs.get((table, key))


def library(package: Package, *, with_passages: bool) -> Library:
    """Every table of the package; ``with_passages`` adds the cited text itself."""
    made = Library()
    rows = {table: _rows(package, table) for table in TABLES}
    keys = _Keys(package, rows)
    made.refs = keys.refs
    cited = passages_of(
        rows["evidence"], rows["sources"], package.texts, made.refs, with_passages=with_passages
    )
    for table in TABLES:
        made.tables[table] = _table(package, table, rows[table], keys, cited)
    return made


Row = dict[str, str | None]


def _rows(package: Package, table: str) -> list[Row]:
    if package.why_not(table):
        return []
    return package.files[table].frame.drop(ROW).to_dicts()


class _Keys:
    """The label and the anchor of every row, and which rows name which."""

    def __init__(self, package: Package, rows: dict[str, list[Row]]) -> None:
        self._first: dict[str, dict[str, Row]] = {}
        self._rows = rows
        self.anchors: dict[str, list[str]] = {}
        self.refs: dict[tuple[str, str], Ref] = {}
        for table, its in rows.items():
            key = next(iter(package.columns(table)))
            self._first[table] = {row[key] or "": row for row in reversed(its)}
        for table, its in rows.items():
            self._name(table, its)
        self.referrers: dict[tuple[str, str], dict[tuple[str, str], list[Ref]]] = {}
        for table, its in rows.items():
            self._refer(table, its, package.columns(table))

    def _name(self, table: str, rows: list[Row]) -> None:
        seen: Counter[str] = Counter()
        anchors = self.anchors.setdefault(table, [])
        for number, row in enumerate(rows):
            key = next(iter(row.values())) or ""
            anchor = key if _SAFE.fullmatch(key) else f"row-{number + 1}"
            seen[anchor] += 1
            if seen[anchor] > 1:
                anchor = f"{anchor}--{seen[anchor]}"
            anchors.append(anchor)
            if (table, key) not in self.refs:
                self.refs[table, key] = Ref(table, key, anchor, label(table, row, self.label))

    def _refer(self, table: str, rows: list[Row], columns: dict[str, Declared]) -> None:
        for anchor, row in zip(self.anchors[table], rows, strict=True):
            key = next(iter(row.values())) or ""
            own = replace(self.refs[table, key], anchor=anchor)
            for name, column in columns.items():
                target = (column.references or "", row[name] or "")
                if column.references and target in self.refs:
                    named = self.referrers.setdefault(target, {})
                    named.setdefault((table, name), []).append(own)

    def label(self, table: str, key: str | None) -> str:
        """How a row is called; its key where it is not there."""
        if not key:
            return ""
        row = self._first[table].get(key)
        return label(table, row, self.label) if row else key


def _table(
    package: Package, table: str, rows: list[Row], keys: _Keys, cited: dict[tuple[str, str], Cited]
) -> Table:
    declared = package.columns(table)
    used = {name for name in declared for row in rows if row[name]}
    return Table(
        name=table,
        description=descriptor.description(table),
        file=package.descriptor.path_of(table),
        columns=tuple(
            Column(name, column.kind, column.description, _choices(column, name, rows))
            for name, column in declared.items()
            if name in used
        ),
        empty=tuple(name for name in declared if name not in used),
        records=tuple(_records(table, rows, declared, keys, cited)),
        missing=package.why_not(table) or "",
    )


def _choices(column: Declared, name: str, rows: list[Row]) -> tuple[str, ...]:
    if not column.vocabulary:
        return ()
    found = {item for row in rows for item in (row[name] or "").split(LIST_SEPARATOR) if row[name]}
    return tuple(term for term in column.vocabulary if term in found)


def _records(
    table: str,
    rows: list[Row],
    declared: dict[str, Declared],
    keys: _Keys,
    cited: dict[tuple[str, str], Cited],
) -> Iterator[Record]:
    for anchor, row in zip(keys.anchors[table], rows, strict=True):
        key = next(iter(row.values())) or ""
        passages = cited.get((table, key), ())
        claims = [claim for passage in passages for claim in passage.claims]
        yield Record(
            ref=Ref(table, key, anchor, label(table, row, keys.label)),
            cells=tuple(
                _cell(name, column, row[name] or "", keys, claims, row)
                for name, column in declared.items()
                if row[name]
            ),
            passages=passages,
            referrers=tuple(
                Referrers(other, column, tuple(refs))
                for (other, column), refs in keys.referrers.get((table, key), {}).items()
            ),
        )


def _cell(
    name: str, column: Declared, value: str, keys: _Keys, claims: list[Claim], row: Row
) -> Cell:
    own = [claim for claim in claims if claim.column == name]
    items = tuple(value.split(LIST_SEPARATOR)) if column.is_list else (value,)
    dated = column.kind in ("date", "dates")
    return Cell(
        column=name,
        kind=column.kind,
        value=value,
        items=items,
        spoken=", ".join(spoken(item) for item in items) if dated else "",
        ref=_target(name, column, value, keys, row),
        claims=tuple(own),
    )


def _target(name: str, column: Declared, value: str, keys: _Keys, row: Row) -> Ref | None:
    if column.references:
        return keys.refs.get((column.references, value))
    if name == "row_id":
        return keys.refs.get((row.get("table") or "", value))
    return None
