"""One edition of a package: its descriptor and its tables as it states them, model or not."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from relations.validators.comparing.counting import rows as _rows
from relations.validators.package.descriptor import Descriptor
from relations.validators.package.file_form import GZIP, PARQUET
from relations.validators.package.files import (
    Files,
    Given,
    NotAPackage,
    Unreadable,
    UnsafePath,
    is_address,
    locate,
)
from relations.validators.package.package import named, open_package
from relations.validators.package.table_file import BOM
from relations.validators.package.table_reading import read_table
from relations.validators.searching.expressions import ROW


@dataclass(frozen=True, slots=True)
class TableEdition:
    """One table: the names of its columns, its key column, and its rows as text by key.

    ``frame`` has no row without a key and no key twice: of such rows the first is kept.
    """

    name: str
    columns: tuple[str, ...]
    key: str
    frame: pl.DataFrame
    schema: dict[str, Any]

    @property
    def references(self) -> dict[str, str]:
        """The columns that refer to another table's rows, and which table that is."""
        found = {}
        keys = self.schema.get("foreignKeys")
        for each in keys if isinstance(keys, list) else ():
            if not isinstance(each, dict):
                continue
            fields, reference = each.get("fields"), each.get("reference")
            names = [fields] if isinstance(fields, str) else fields
            if isinstance(names, list) and len(names) == 1 and isinstance(reference, dict):
                found[str(names[0])] = str(reference.get("resource") or self.name)
        return found


@dataclass(frozen=True, slots=True)
class Edition:
    """A package at one time. ``label`` is what it was asked for by."""

    label: str
    descriptor: dict[str, Any]
    tables: dict[str, TableEdition]
    notes: tuple[str, ...] = field(default=())
    """What could not be read, and is not compared."""

    @property
    def version(self) -> str:
        """The version that the descriptor states, or an empty text."""
        stated = self.descriptor.get("version")
        return stated if isinstance(stated, str) else ""


def open_edition(name: str, package: Given = None) -> Edition:
    """The edition that ``name`` means: a folder, descriptor, zip, address, or git revision.

    A revision is one of the repository of ``package`` (default: the nearest one here or
    above). Raises NotAPackage.
    """
    if is_address(name):
        source, descriptor, _ = open_package(name)
    elif Path(name).exists():
        source, descriptor, _ = open_package(Path(name))
    else:
        source, descriptor = _at_revision(name, package)
    # Without what an address may hold that is nobody's business.
    label = named(name) if is_address(name) else name
    if descriptor.fault:
        raise NotAPackage(f"the {descriptor.name} of {label} cannot be read: {descriptor.fault}")
    tables: dict[str, TableEdition] = {}
    notes: list[str] = []
    for resource in descriptor.resources():
        table = resource.get("name")
        if isinstance(table, str) and table not in tables:
            try:
                tables[table], doubt = _table(table, source, descriptor, resource)
            except _Unfit as error:
                doubt = str(error)
            if doubt:
                notes.append(f"{label}: {descriptor.path_of(table)} {doubt}")
    return Edition(label, descriptor.content, tables, tuple(notes))


def _at_revision(name: str, package: Given) -> tuple[Files, Descriptor]:
    from relations.validators.comparing.revision import Revision

    try:
        found = locate(package)
    except NotAPackage:
        if is_address(package):
            raise
        raise NotAPackage(f"no such file or folder: {name}") from None
    source = Revision(found.parent, name)
    try:
        return source, Descriptor(found.name, source.read(found.name))
    except FileNotFoundError:
        raise NotAPackage(f"no {found.name} at {name}") from None
    except Unreadable as error:
        raise NotAPackage(f"{found.name} at {name} {error}") from error


class _Unfit(Exception):
    """A table that cannot be compared; the message says why."""


def _table(
    table: str,
    source: Files,
    descriptor: Descriptor,
    resource: dict[str, Any],
) -> tuple[TableEdition, str]:
    """The table, and what of it is not compared; an empty text where all of it is."""
    path = descriptor.path_of(table)
    try:
        data = source.read(path)
    except (UnsafePath, Unreadable) as error:
        raise _Unfit(str(error)) from error
    except FileNotFoundError:
        raise _Unfit("is not there") from None
    try:
        header = _header(path, data)
        file = read_table(table, path, data, header)
    except Unreadable as error:
        raise _Unfit(str(error)) from error
    if not file.readable:
        raise _Unfit("cannot be read")
    if len(set(header)) < len(header):
        raise _Unfit("has a column twice")
    if file.rows_lost:
        # Such a row would pass for one that was removed.
        raise _Unfit(f"has {_rows(len(file.broken))} that cannot be read")
    stated = resource.get("schema")
    schema = stated if isinstance(stated, dict) else {}
    key = _key(schema, header)
    frame = file.frame.drop(ROW).filter(pl.col(key).is_not_null())
    unique = frame.unique(subset=key, keep="first", maintain_order=True)
    without, twice = file.frame.height - frame.height, frame.height - unique.height
    doubts = [f"has {_rows(without)} without a key"] if without else []
    doubts += [f"has {_rows(twice)} under a key that is there already"] if twice else []
    return TableEdition(table, header, key, unique, schema), " and ".join(doubts)


def _header(path: str, data: bytes) -> tuple[str, ...]:
    """The columns that the edition has, whatever the model says. Raises Unreadable and _Unfit."""
    if path.lower().endswith(PARQUET):
        from relations.validators.package.parquet_file import columns_of

        return columns_of(data)
    if path.lower().endswith(GZIP):
        from relations.validators.package.packed_file import unpacked

        data = unpacked(path, data)
    first = data.removeprefix(BOM).partition(b"\n")[0]
    try:
        header = tuple(next(csv.reader(io.StringIO(first.decode("utf-8").rstrip("\r"))), []))
    except (UnicodeDecodeError, csv.Error):
        raise _Unfit("has no header that can be read") from None
    if not header:
        raise _Unfit("is empty")
    return header


def _key(schema: dict[str, Any], header: tuple[str, ...]) -> str:
    stated = schema.get("primaryKey")
    names = [stated] if isinstance(stated, str) else stated
    if isinstance(names, list) and len(names) == 1 and names[0] in header:
        return str(names[0])
    return header[0]
