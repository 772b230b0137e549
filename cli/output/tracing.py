"""A row with all the evidence behind it: for a person, for a program, for a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from relations.cli.output.ansi import Paint
from relations.cli.output.escaping import code_span, json_text, markdown, visible
from relations.cli.output.passages import flat, in_context
from relations.validators.tracing.cited import SAID, Cited, State

if TYPE_CHECKING:
    from relations.validators.tracing.row_trace import Link, RowTrace, TracedCell

VERSION = 1
"""Of the JSON object's shape."""
MOST_LINKS = 20
UNCITED = "not cited"


def full(row: RowTrace, paint: Paint) -> str:
    """For a terminal: every cell, and under it what it rests on."""
    lines = [
        f"{paint('bold', f'{row.table} {visible(row.key)}')}  {visible(row.name)}".rstrip(),
        paint("dim", visible(row.file) + (f":{row.line}" if row.line else "")),
        "",
    ]
    shown: dict[tuple[str, int | None, int | None], str] = {}
    if row.due or row.evidence:
        lines.append("the row as a whole")
        lines += _under(row.evidence, row.due, shown, paint)
    width = max((len(cell.column) for cell in row.cells), default=0)
    for cell in row.cells:
        lines.append(f"{paint('bold', cell.column.ljust(width))}  {visible(cell.value)}")
        lines += _under(cell.evidence, cell.due, shown, paint)
    for each in row.stray:
        lines.append(f"{paint('bold', visible(each.column))}  (empty, or no column)")
        lines += _under((each,), False, shown, paint)
    lines += _links("points to", row.points_to)
    lines += _links("pointed at by", row.pointed_at)
    return "\n".join(lines) + "\n"


def _under(
    evidence: Iterable[Cited],
    due: bool,
    shown: dict[tuple[str, int | None, int | None], str],
    paint: Paint,
) -> Iterator[str]:
    nothing = True
    for each in evidence:
        nothing = False
        where = (each.source_id, each.start, each.end)
        again = shown.get(where) if each.state is State.VERIFIED else None
        state = f"the passage of {again}" if again else _state(each, paint)
        yield f"  {visible(each.evidence_id)}  {_how(each, paint)}  {_range(each)}  {state}"
        if each.note:
            yield f"    {visible(each.note)}"
        if each.state is State.VERIFIED:
            if not again:
                yield f"    {in_context(each.before, each.text, each.after, paint)}"
            shown.setdefault(where, visible(each.evidence_id))
        else:
            yield paint("dim", f"    sha256 {visible(each.sha256)}")
    if nothing and due:
        yield f"  {paint('warning', UNCITED)}"


def _how(each: Cited, paint: Paint) -> str:
    against = [paint("error", each.stance)] if each.stance == "contradicts" else []
    return ", ".join([*against, *(visible(part) for part in (each.basis, each.voice) if part)])


def _range(each: Cited) -> str:
    if each.start is None or each.end is None:
        return visible(each.source_id)
    return f"{visible(each.source_id)} {each.start}:{each.end}"


def _state(each: Cited, paint: Paint) -> str:
    wrong = each.state in (State.DIFFERS, State.OUTSIDE, State.OTHER_TEXT)
    return paint("error" if wrong else "dim", SAID[each.state])


def _links(heading: str, links: tuple[Link, ...]) -> Iterator[str]:
    if not links:
        return
    yield ""
    yield heading
    for link in links[:MOST_LINKS]:
        yield f"  {link.table} {visible(link.key)} ({link.column})  {visible(link.name)}".rstrip()
    if len(links) > MOST_LINKS:
        yield f"  {MOST_LINKS} of {len(links)} shown"


def as_json(row: RowTrace) -> str:
    """For a program: one object."""
    return json_text(_object(row), expand=2) + "\n"


def _object(row: RowTrace) -> dict[str, Any]:
    return {
        "version": VERSION,
        "table": row.table,
        "key": row.key,
        "name": row.name,
        "location": {"file": row.file, "line": row.line},
        "due": row.due,
        "evidence": [_cited(each) for each in row.evidence],
        "cells": [
            {
                "column": cell.column,
                "value": cell.value,
                "due": cell.due,
                "evidence": [_cited(each) for each in cell.evidence],
            }
            for cell in row.cells
        ],
        "stray": [{"column": each.column, **_cited(each)} for each in row.stray],
        "points_to": [_link(each) for each in row.points_to],
        "pointed_at": [_link(each) for each in row.pointed_at],
    }


def _cited(each: Cited) -> dict[str, Any]:
    return {
        "evidence_id": each.evidence_id,
        "source_id": each.source_id,
        "source_title": each.source_title,
        "char_start": each.start,
        "char_end": each.end,
        "span_sha256": each.sha256,
        "basis": each.basis,
        "stance": each.stance,
        "voice": each.voice,
        "note": each.note,
        "state": each.state.value,
        "passage": each.text if each.state is State.VERIFIED else None,
    }


def _link(link: Link) -> dict[str, str]:
    return {"column": link.column, "table": link.table, "key": link.key, "name": link.name}


def as_markdown(row: RowTrace) -> str:
    """For a page or a comment."""
    lines = [f"## {row.table} {code_span(row.key)} {markdown(row.name)}".rstrip(), ""]
    if row.due or row.evidence:
        lines += _item("the row as a whole", row.evidence, row.due)
    for cell in row.cells:
        lines += _item(f"{code_span(cell.column)} {markdown(cell.value)}", *_of(cell))
    for each in row.stray:
        lines += _item(f"{code_span(each.column)} (empty, or no column)", (each,), False)
    for heading, links in (("Points to", row.points_to), ("Pointed at by", row.pointed_at)):
        if links:
            lines += ["", f"{heading}:", ""]
            lines += [
                f"- {link.table} {code_span(link.key)} ({code_span(link.column)}) "
                f"{markdown(link.name)}".rstrip()
                for link in links
            ]
    return "\n".join(lines) + "\n"


def _of(cell: TracedCell) -> tuple[tuple[Cited, ...], bool]:
    return cell.evidence, cell.due


def _item(what: str, evidence: tuple[Cited, ...], due: bool) -> Iterator[str]:
    yield f"- {what}" + (f" – **{UNCITED}**" if due and not evidence else "")
    for each in evidence:
        how = ", ".join(
            part
            for part in (each.stance if each.stance != "supports" else "", each.basis, each.voice)
            if part
        )
        note = f" – {markdown(each.note)}" if each.note else ""
        yield (
            f"  - {code_span(each.evidence_id)} {markdown(how)}, "
            f"{code_span(_range(each))}, {SAID[each.state]}{note}"
        )
        if each.state is State.VERIFIED:
            yield f"    > {markdown(flat(each.text))}"
