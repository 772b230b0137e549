"""What the Pandera models state, read without Pandera from ``declared.json``.

The models are the only statement. `relations build` writes the file from them, in the
repository where they lie, and `relations build --check` and the tests say when it is stale.
So whoever checks a package does not wait for Pandera to be imported.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from relations.schemas import vocabularies
from relations.schemas.checks import ColumnCheck
from relations.schemas.columns import Column, Standard
from relations.schemas.vocabularies import Vocabulary

FILE = Path(__file__).with_name("declared.json")


@dataclass(frozen=True, slots=True)
class DeclaredTable:
    """A table: what it holds, and its columns in order, the key first."""

    description: str
    columns: dict[str, Column]


_TABLES: dict[str, DeclaredTable] = {}


def declared_tables() -> dict[str, DeclaredTable]:
    """The tables in the order in which the descriptor lists them, read once."""
    if not _TABLES:
        _TABLES.update(_read(FILE.read_bytes()))
    return _TABLES


def read_models() -> None:
    """Take from now on what the models say, whatever the file does; imports Pandera."""
    stated = stated_tables()
    _TABLES.clear()
    _TABLES.update(stated)


def stated_tables() -> dict[str, DeclaredTable]:
    """The same, from the models themselves; imports Pandera."""
    from relations.schemas.table import columns
    from relations.schemas.tables import TABLES

    return {
        table: DeclaredTable(" ".join((model.__doc__ or "").split()), columns(model))
        for table, model in TABLES.items()
    }


def serialized(tables: dict[str, DeclaredTable]) -> bytes:
    """The bytes of the file: one column a line, and of a column what is not as by default."""
    written = []
    for table, stated in tables.items():
        columns = ",\n".join(
            f"    {json.dumps(name)}: {json.dumps(_written(column), ensure_ascii=False)}"
            for name, column in stated.columns.items()
        )
        description = json.dumps(stated.description, ensure_ascii=False)
        written.append(
            f'  {json.dumps(table)}: {{\n   "description": {description},\n'
            f'   "columns": {{\n{columns}\n   }}\n  }}'
        )
    return ("{\n" + ",\n".join(written) + "\n}\n").encode("utf-8")


def _written(column: Column) -> dict[str, Any]:
    made = _differing(column)
    if column.vocabulary:
        made["vocabulary"] = column.vocabulary.name
    if column.standard:
        made["standard"] = _differing(column.standard)
    if column.checks:
        made["checks"] = [_differing(check) for check in column.checks]
    return made


def _differing(value: Column | Standard | ColumnCheck) -> dict[str, Any]:
    """The fields that are not as by default."""
    given = {field.name: (getattr(value, field.name), field.default) for field in fields(value)}
    return {name: said for name, (said, default) in given.items() if said != default}


def _read(data: bytes) -> dict[str, DeclaredTable]:
    known = {each.name: each for each in vars(vocabularies).values() if type(each) is Vocabulary}
    return {
        table: DeclaredTable(
            stated["description"],
            {name: _column(column, known) for name, column in stated["columns"].items()},
        )
        for table, stated in json.loads(data).items()
    }


def _column(written: dict[str, Any], known: dict[str, Vocabulary]) -> Column:
    if "vocabulary" in written:
        written["vocabulary"] = known[written["vocabulary"]]
    if "standard" in written:
        written["standard"] = Standard(**written["standard"])
    checks = written.pop("checks", ())
    return Column(**written, checks=tuple(map(_check, checks)))


def _check(written: dict[str, Any]) -> ColumnCheck:
    if "terms" in written:
        written["terms"] = tuple(written["terms"])
    return ColumnCheck(**written)
