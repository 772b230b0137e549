"""What a shell may complete: rule codes, tables, columns and ids, read without anything heavy.

A shell asks at every keystroke, so the files are looked into as plain text; where something is
not as it should be, nothing is offered and nothing is said.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

from relations.validators.package.files import (
    DESCRIPTOR,
    Folder,
    NotAPackage,
    Unreadable,
    UnsafePath,
    locate,
    open_regular,
)

MOST = 200
"""As many as anybody would look through."""
FACTS = "facts"


def codes(incomplete: str) -> list[str]:
    """Codes of rules; the last one of a list that is separated by commas."""
    from relations.validators.registry import RULES

    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{rule.code}" for rule in RULES if rule.code.startswith(last)]


def tables(incomplete: str) -> list[str]:
    """Names of the tables of the package that is here."""
    return [name for name in _paths() if name.startswith(incomplete)]


def ids(incomplete: str) -> list[tuple[str, str]]:
    """Keys of rows in any table, or of the one in `TABLE/KEY`, with what else a row begins with."""
    table, slash, begun = incomplete.partition("/")
    if slash:
        fitting = [each for each in _keys(table) if each[0].startswith(begun)][:MOST]
        return [(f"{table}/{key}", rest) for key, rest in fitting]
    return [
        (key, rest)
        for table in _paths()
        for key, rest in _keys(table)
        if key.startswith(incomplete)
    ][:MOST]


def sources(incomplete: str) -> list[tuple[str, str]]:
    """Ids of the sources."""
    return [(key, rest) for key, rest in _keys("sources") if key.startswith(incomplete)][:MOST]


def targets(incomplete: str) -> list[str]:
    """`TABLE/ROW/COLUMN`, one part after the other; the table may be left out."""
    first, slash, rest = incomplete.partition("/")
    if not slash:
        if not incomplete:
            return [f"{table}/" for table in tables("")]
        return [f"{table}/" for table in tables(first)] + [key for key, _ in ids(first)]
    if first in _paths():
        key, slash, column = rest.partition("/")
        if not slash:
            return [f"{first}/{each}" for each, _ in _keys(first) if each.startswith(key)][:MOST]
        return [f"{first}/{key}/{name}" for name in _columns(first) if name.startswith(column)]
    for table in _paths():
        if any(key == first for key, _ in _keys(table)):
            return [f"{first}/{name}" for name in _columns(table) if name.startswith(rest)]
    return []


def settings(table: str, incomplete: str) -> list[str]:
    """`column=` for `--set`."""
    return [f"{name}=" for name in _header(table) if name.startswith(incomplete)]


def _columns(table: str) -> list[str]:
    return [*_header(table)[1:], FACTS]


def _header(table: str) -> list[str]:
    return next(_records(table), [])


def _keys(table: str) -> Iterator[tuple[str, str]]:
    records = _records(table)
    next(records, None)
    for record in records:
        if record:
            yield record[0], " ".join(record[1:3])


def _records(table: str) -> Iterator[list[str]]:
    """The records of a table's file as far as they can be read."""
    path = _paths().get(table)
    if path is None:
        return
    try:
        with io.TextIOWrapper(open_regular(path), encoding="utf-8", newline="") as lines:
            yield from csv.reader(lines)
    except (Unreadable, OSError, ValueError, csv.Error):
        return


def _paths() -> dict[str, Path]:
    """Each table's file, as the nearest descriptor has it."""
    try:
        found = locate(None)
        folder = Folder(found.parent)
        listed = json.loads(folder.read(DESCRIPTOR))["resources"]
        return {each["name"]: folder.path(each["path"]) for each in listed}
    except (NotAPackage, Unreadable, UnsafePath, OSError, ValueError, LookupError, TypeError):
        return {}
