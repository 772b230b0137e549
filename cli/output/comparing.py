"""What changed between two editions: for a person, for a program, for a changelog."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from relations.cli.output.ansi import Paint
from relations.cli.output.escaping import brief, code_span, json_text, markdown, visible

if TYPE_CHECKING:
    from relations.validators.comparing.comparison import Comparison
    from relations.validators.comparing.likeness import Cells
    from relations.validators.comparing.table_changes import (
        CellChange,
        ChangedRow,
        ReusedKey,
        Row,
        TableChanges,
    )

VERSION = 1
"""Of the JSON object's shape."""
LONGEST = 80
"""Characters of a cell that are shown to a person."""
MOST_RUNS = 5
"""Stretches of new evidence that are named in a changelog."""
MOST_DIGITS = 18
"""Of the number in a key, so far as it is looked at as a number."""
EMPTY = "(empty)"
NAMED_BY = ("title", "name", "post", "summary")


def full(found: Comparison, paint: Paint) -> str:
    """For a terminal: every row and cell, then the schema, then the version."""
    lines: list[str] = []
    for table in found.tables:
        lines += [paint("bold", f"{visible(table.table)}: {_counted(table)}")]
        lines += _table(table, paint)
        lines.append("")
    if found.schema:
        lines.append(paint("bold", "schema"))
        for change in found.schema:
            where = f"{visible(change.table)}: " if change.table else ""
            lines.append(f"  {change.step.word}  {where}{visible(change.text)}")
        lines.append("")
    if not found.tables and not found.schema:
        lines.append(_nothing(found))
    lines += [f"not compared: {visible(note)}" for note in found.notes]
    lines += _version(found, paint)
    return "\n".join(lines) + "\n"


def _nothing(found: Comparison) -> str:
    return "nothing changed in what could be compared" if found.notes else "nothing changed"


def _counted(table: TableChanges) -> str:
    parts = [
        f"{len(rows)} {what}"
        for what, rows in (
            ("added", table.added),
            ("removed", table.removed),
            ("changed", table.changed),
            ("renamed", table.renamed),
            ("reused", table.reused),
        )
        if rows
    ]
    return ", ".join(parts)


def _table(table: TableChanges, paint: Paint) -> Iterator[str]:
    for key in table.reused:
        yield "  " + paint("error", f"! {visible(key.key)} stands for something else now")
        yield f"      was {_row(key.old)}"
        yield f"      is  {_row(key.new)}"
        where = f"is {visible(key.moved_to)} today" if key.moved_to else "is gone"
        yield f"      what it was {where}; an id is never used again"
    for row in table.renamed:
        yield f"  > {visible(row.old_key)} is {visible(row.key)} now"
        yield from _cells(row.cells)
    for gone in table.removed:
        yield paint("error", f"  - {visible(gone.key)}") + f"  {_row(gone.cells)}"
    for new in table.added:
        yield paint("good", f"  + {visible(new.key)}") + f"  {_row(new.cells)}"
    for row in table.changed:
        yield f"  ~ {visible(row.key)}"
        yield from _cells(row.cells)


def _row(cells: Cells) -> str:
    """The cells by which a person knows the row: its name, or else its first ones."""
    if {"table", "row_id"} <= cells.keys():
        # Evidence is known by what it is about.
        about = (cells.get(name) for name in ("table", "row_id", "column"))
        return visible("/".join(part for part in about if part))
    named = [cells[name] for name in NAMED_BY if name in cells]
    return ", ".join(visible(brief(cell, LONGEST)) for cell in (named or list(cells.values()))[:3])


def _cells(cells: Iterable[CellChange]) -> Iterator[str]:
    for cell in cells:
        went = " → ".join(visible(part) for part in _both(cell))
        follows = "  (the same row, by its new key)" if cell.follows else ""
        yield f"      {visible(cell.column)}: {went}{follows}"


def _both(cell: CellChange) -> tuple[str, str]:
    """What a cell was and is, each so much of it that the difference is seen."""
    old, new = brief(cell.old, LONGEST), brief(cell.new, LONGEST)
    if old == new:
        pairs = enumerate(zip(cell.old, cell.new, strict=False))
        shorter = min(len(cell.old), len(cell.new))
        differs = next((at for at, (was, now) in pairs if was != now), shorter)
        start = max(0, differs - LONGEST // 4)
        old, new = (f"…{brief(each[start:], LONGEST - 1)}" for each in (cell.old, cell.new))
    return old or EMPTY, new or EMPTY


def _version(found: Comparison, paint: Paint) -> Iterator[str]:
    version = found.version
    yield paint("good" if version.fits else "warning", f"version: {visible(version.text)}")
    if version.step:
        yield from (
            f"  {reason.step.word}  {visible(reason.text)}"
            for reason in found.reasons
            if reason.step is version.step
        )


def as_json(found: Comparison) -> str:
    """For a program: one object."""
    return json_text(_object(found), expand=2) + "\n"


def _object(found: Comparison) -> dict[str, Any]:
    version = found.version
    return {
        "version": VERSION,
        "old": found.old,
        "new": found.new,
        "errors": found.errors,
        "package_version": {
            "old": version.old,
            "new": version.new,
            "step": version.step.word,
            "needed": version.needed,
            "fits": version.fits,
        },
        "reasons": [{"step": each.step.word, "text": each.text} for each in found.reasons],
        "tables": [
            {
                "table": each.table,
                "rows": {"old": each.rows[0], "new": each.rows[1]},
                "added": [_row_object(row) for row in each.added],
                "removed": [_row_object(row) for row in each.removed],
                "changed": [_changed(row) for row in each.changed],
                "renamed": [{"old_key": row.old_key, **_changed(row)} for row in each.renamed],
                "reused": [_reused(key) for key in each.reused],
            }
            for each in found.tables
        ],
        "schema": [
            {"table": each.table or None, "step": each.step.word, "text": each.text}
            for each in found.schema
        ],
        "not_compared": list(found.notes),
    }


def _row_object(row: Row) -> dict[str, Any]:
    return {"key": row.key, "cells": dict(row.cells)}


def _changed(row: ChangedRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "cells": [
            {"column": cell.column, "old": cell.old, "new": cell.new, "follows": cell.follows}
            for cell in row.cells
        ],
    }


def _reused(key: ReusedKey) -> dict[str, Any]:
    return {
        "key": key.key,
        "old": dict(key.old),
        "new": dict(key.new),
        "moved_to": key.moved_to or None,
    }


def as_markdown(found: Comparison) -> str:
    """For a changelog: what is new, what was corrected, and what readers must know."""
    version = found.version
    lines = [f"## {markdown(version.new or version.needed or 'Changes')}", ""]
    grave = [each for each in found.reasons if each.step.word == "major"]
    if grave:
        lines += ["### For those who use the data", ""]
        lines += [f"- {markdown(each.text)}" for each in grave]
        lines.append("")
    for heading, pick in (
        ("Added", _added_items),
        ("Corrected", _changed_items),
        ("Renamed", _renamed_items),
        ("Removed", _removed_items),
        ("Ids that stand for something else", _reused_items),
    ):
        items = [item for table in found.tables for item in pick(table)]
        if items:
            lines += [f"### {heading}", "", *items, ""]
    if found.schema:
        lines += ["### Schema", ""]
        lines += [
            f"- {markdown(f'{each.table}: ' if each.table else '')}{markdown(each.text)}"
            for each in found.schema
        ]
        lines.append("")
    if not found.tables and not found.schema:
        lines += [f"{_nothing(found).capitalize()}.", ""]
    if found.notes:
        lines += ["### Not compared", ""]
        lines += [f"- {markdown(note)}" for note in found.notes]
        lines.append("")
    if not version.fits:
        lines += [f"> {markdown(version.text)}", ""]
    return "\n".join(lines)


def _added_items(table: TableChanges) -> Iterator[str]:
    for row in table.added if table.table != "evidence" else ():
        yield f"- {table.table} {code_span(row.key)} {markdown(_plain(row.cells))}".rstrip()
    if table.table == "evidence" and table.added:
        runs = list(_runs([row.key for row in table.added]))
        which = ", ".join(
            code_span(first) + (f" to {code_span(last)}" if first != last else "")
            for first, last in runs[:MOST_RUNS]
        )
        more = ", …" if len(runs) > MOST_RUNS else ""
        count = len(table.added)
        yield f"- evidence: {count} passage{'s' if count > 1 else ''}, {which}{more}"


def _runs(keys: list[str]) -> Iterator[tuple[str, str]]:
    """The first and the last of keys that count on from each other."""
    first = last = ""
    for key in keys:
        if not first or key != _next_id(last):
            if first:
                yield first, last
            first = key
        last = key
    if first:
        yield first, last


def _next_id(key: str) -> str:
    letters = key.rstrip("0123456789")
    number = key[len(letters) :]
    counts = 0 < len(number) <= MOST_DIGITS
    return f"{letters}{int(number) + 1:0{len(number)}}" if counts else ""


def _removed_items(table: TableChanges) -> Iterator[str]:
    for row in table.removed:
        yield f"- {table.table} {code_span(row.key)} {markdown(_plain(row.cells))}".rstrip()


def _changed_items(table: TableChanges) -> Iterator[str]:
    for row in table.changed:
        yield f"- {table.table} {code_span(row.key)}: {_went(row)}"


def _renamed_items(table: TableChanges) -> Iterator[str]:
    for row in table.renamed:
        went = f": {_went(row)}" if row.cells else ""
        yield f"- {table.table} {code_span(row.old_key)} is {code_span(row.key)} now{went}"


def _reused_items(table: TableChanges) -> Iterator[str]:
    for key in table.reused:
        was, now = markdown(_plain(key.old)), markdown(_plain(key.new))
        yield f"- {table.table} {code_span(key.key)}: was {was}, is {now}"


def _went(row: ChangedRow) -> str:
    return "; ".join(
        f"{code_span(cell.column)} {' → '.join(markdown(part) for part in _both(cell))}"
        for cell in row.cells
    )


def _plain(cells: Cells) -> str:
    return next((brief(cells[name], LONGEST) for name in NAMED_BY if name in cells), "")
