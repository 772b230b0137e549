"""SQLite: one database with real keys, checks, indexes, and views for the usual joins.

Besides the tables of the package it has a link table for each list column (the column itself
stays, as written), and ``_package``, ``_tables``, ``_columns`` and ``_terms``, which say what
everything means. A package that was exported in spite of errors gets no keys, references or
checks, since its cells may break them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl

from relations.schemas.columns import Column
from relations.schemas.standards import address_of
from relations.schemas.table import primary_key
from relations.schemas.tables import TABLES
from relations.validators.exporting.contents import (
    CannotExport,
    Contents,
    OutputColumn,
    first_day,
    items,
    last_day,
    layout,
)
from relations.validators.exporting.sqlite_views import VIEWS
from relations.validators.package.package import declared


def write(contents: Contents, target: Path) -> None:
    """Write the database into the empty file ``target``."""
    try:
        _write(contents, target)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
            raise
        raise CannotExport(f"the database cannot be written: {error}") from None


def _write(contents: Contents, target: Path) -> None:
    with closing(sqlite3.connect(target)) as database:
        # The file takes its place only when it is whole: there is nothing to go back to, and
        # no journal that a kill would leave behind.
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA foreign_keys = ON")
        with database:
            for table in TABLES:
                database.execute(_create(table, contents.sound))
                for name in _lists(table):
                    database.execute(_create_link(table, name, contents.sound))
            for table in TABLES:
                _fill(database, table, contents)
            _describe(database, contents)
            for table in TABLES:
                for statement in _indexes(table):
                    database.execute(statement)
            for name, query in VIEWS.items():
                database.execute(f"CREATE VIEW {_name(name)} AS {query}")
        broken = database.execute("PRAGMA foreign_key_check").fetchone()
        if contents.sound and broken:
            raise AssertionError(f"a reference leads nowhere in a sound package: {broken}")
        database.execute("ANALYZE")
        database.commit()
        database.execute("VACUUM")


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _lists(table: str) -> list[str]:
    return [name for name, column in declared()[table].items() if column.is_list]


def _create(table: str, sound: bool) -> str:
    lines = [_definition(output, sound) for output in layout(table)]
    if sound:
        lines += [
            f"FOREIGN KEY ({_name(name)}) REFERENCES {_references(column.references)} "
            "DEFERRABLE INITIALLY DEFERRED"
            for name, column in declared()[table].items()
            if column.references
        ]
    return f"CREATE TABLE {_name(table)} (\n  " + ",\n  ".join(lines) + "\n)"


def _references(table: str) -> str:
    return f"{_name(table)} ({_name(primary_key(TABLES[table]))})"


def _definition(output: OutputColumn, sound: bool) -> str:
    name, column = _name(output.name), output.column
    parts = [name, _type(output)]
    if not sound:
        return " ".join(parts)
    if output.is_date:
        # A DATE column of SQLite takes any text; date() alone takes 30 February.
        return f"{name} DATE CHECK ({name} IS date({name}, '+0 days'))"
    if column.kind == "key":
        parts.append("PRIMARY KEY")
    if column.required:
        parts.append("NOT NULL")
    if column.kind == "integer":
        parts.append(
            f"CHECK ({name} IS NULL OR (typeof({name}) = 'integer' AND {name} >= {column.minimum}))"
        )
    if column.kind == "term":
        parts.append(f"CHECK ({name} IN ({_terms(column)}))")
    if column.letter:
        parts.append(f"CHECK ({name} GLOB '{column.letter}[0-9][0-9][0-9][0-9]*')")
    return " ".join(parts)


def _type(output: OutputColumn) -> str:
    if output.is_date:
        return "DATE"
    return "INTEGER" if output.column.kind == "integer" else "TEXT"


def _terms(column: Column) -> str:
    assert column.vocabulary is not None
    return ", ".join(_text(term) for term in column.vocabulary)


def _link(table: str, name: str) -> str:
    return f"{table}_{name}"


def _create_link(table: str, name: str, sound: bool) -> str:
    key, column = primary_key(TABLES[table]), declared()[table][name]
    lines = [f"{_name(key)} TEXT NOT NULL", '"position" INTEGER NOT NULL']
    lines += ['"item" TEXT NOT NULL']
    if sound and column.vocabulary:
        lines[-1] += f' CHECK ("item" IN ({_terms(column)}))'
    if column.kind == "dates":
        lines += ['"item_earliest" DATE', '"item_latest" DATE']
    if sound:
        lines += [
            f'PRIMARY KEY ({_name(key)}, "position")',
            f"FOREIGN KEY ({_name(key)}) REFERENCES {_references(table)} "
            "DEFERRABLE INITIALLY DEFERRED",
        ]
    return f"CREATE TABLE {_name(_link(table, name))} (\n  " + ",\n  ".join(lines) + "\n)"


def _fill(database: sqlite3.Connection, table: str, contents: Contents) -> None:
    typed = contents.typed(table).with_columns(
        pl.col(output.name).list.join(";") if output.column.is_list else pl.col(output.name)
        for output in layout(table)
        if not output.is_date
    )
    _insert(database, table, _days_as_text(typed))
    for name in _lists(table):
        _insert(database, _link(table, name), _days_as_text(_linked(contents, table, name)))


def _linked(contents: Contents, table: str, name: str) -> pl.DataFrame:
    key = primary_key(TABLES[table])
    made = (
        contents.frames[table]
        .filter(pl.col(name).is_not_null() & pl.col(key).is_not_null())
        .select(pl.col(key), items(pl.col(name)).alias("item"))
        .with_columns(pl.int_ranges(1, pl.col("item").list.len() + 1).alias("position"))
        .explode("item", "position", empty_as_null=False, keep_nulls=False)
        .select(key, "position", "item")
    )
    if declared()[table][name].kind == "dates":
        made = made.with_columns(
            first_day(pl.col("item")).alias("item_earliest"),
            last_day(pl.col("item")).alias("item_latest"),
        )
    return made


def _days_as_text(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col(pl.Date).dt.strftime("%Y-%m-%d"))


def _insert(database: sqlite3.Connection, table: str, frame: pl.DataFrame) -> None:
    places = ", ".join("?" for _ in frame.columns)
    database.executemany(f"INSERT INTO {_name(table)} VALUES ({places})", frame.iter_rows())


def _indexes(table: str) -> Iterable[str]:
    wanted: list[tuple[str, ...]]
    wanted = [(name,) for name, column in declared()[table].items() if column.references]
    wanted += [(output.name,) for output in layout(table) if output.name.endswith("_earliest")]
    if table == "evidence":
        wanted.append(("table", "row_id", "column"))
    for names in wanted:
        index = _name("_".join((table, *names)) + "_index")
        yield f"CREATE INDEX {index} ON {_name(table)} ({', '.join(map(_name, names))})"


def _describe(database: sqlite3.Connection, contents: Contents) -> None:
    """What everything means, as tables that any reader of the database can query."""
    database.execute('CREATE TABLE "_package" ("name" TEXT PRIMARY KEY, "value" TEXT)')
    facts = {name: contents.text(name) for name in ("name", "title", "version", "description")}
    facts |= {"homepage": contents.text("homepage"), "id": contents.text("id")}
    facts["licenses"] = "; ".join(
        str(each.get("name") or each.get("title") or each.get("path"))
        for each in contents.objects("licenses")
    )
    facts["errors"] = str(contents.errors)
    database.executemany(
        'INSERT INTO "_package" VALUES (?, ?)', [pair for pair in facts.items() if pair[1]]
    )
    database.execute(
        'CREATE TABLE "_tables" ("table" TEXT PRIMARY KEY, "description" TEXT, "rows" INTEGER)'
    )
    database.executemany(
        'INSERT INTO "_tables" VALUES (?, ?, ?)',
        [(table.name, table.description, table.rows) for table in contents.codebook.tables],
    )
    database.execute(
        'CREATE TABLE "_columns" ("table" TEXT, "column" TEXT, "position" INTEGER, '
        '"type" TEXT, "kind" TEXT, "description" TEXT, "required" INTEGER, "cited" INTEGER, '
        '"references" TEXT, "vocabulary" TEXT, "standard" TEXT, "match" TEXT, "address" TEXT, '
        'PRIMARY KEY ("table", "column"))'
    )
    database.executemany(
        f'INSERT INTO "_columns" VALUES ({", ".join("?" * 13)})',
        [
            (table, output.name, position, *_facts(output))
            for table in TABLES
            for position, output in enumerate(layout(table), 1)
        ],
    )
    database.execute(
        'CREATE TABLE "_terms" ("vocabulary" TEXT, "term" TEXT, "meaning" TEXT, '
        '"position" INTEGER, PRIMARY KEY ("vocabulary", "term"))'
    )
    database.executemany(
        'INSERT INTO "_terms" VALUES (?, ?, ?, ?)',
        [
            (vocabulary.name, term.term, term.meaning, position)
            for vocabulary in contents.codebook.vocabularies
            for position, term in enumerate(vocabulary.terms, 1)
        ],
    )


def _facts(output: OutputColumn) -> tuple[Any, ...]:
    column = output.column
    if output.is_date:
        return "DATE", "day", output.description, 0, 0, None, None, None, None, None
    standard = column.standard
    return (
        _type(output),
        column.kind,
        column.description,
        int(column.required),
        int(column.fact),
        column.references,
        column.vocabulary.name if column.vocabulary else None,
        standard.term if standard else None,
        standard.match if standard else None,
        address_of(standard.term) if standard else None,
    )
