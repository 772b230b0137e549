"""What of a package is cited, and what of its sources is still unread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relations.cli.output.ansi import Paint
from relations.cli.output.escaping import json_text, markdown, visible
from relations.cli.output.passages import opening

if TYPE_CHECKING:
    from relations.validators.tracing.coverage import Coverage, SourceCoverage, TableCoverage

VERSION = 1
"""Of the JSON object's shape."""
COLUMNS = ("rows", "facts", "cited", "stated", "inferred", "verified", "twice")
MOST = 20
"""Names, or sentences of one source, that are shown to a person."""


def full(found: Coverage, paint: Paint) -> str:
    """For a terminal."""
    names = [each.table for each in found.tables]
    first = max([len(name) for name in (*names, "table")], default=5)
    heads = [*COLUMNS, "contradicted"]
    lines = [paint("bold", "  ".join(["table".ljust(first), *heads]))]
    for each in found.tables:
        cells = [
            f"{number:>{len(head)}}" for number, head in zip(_numbers(each), heads, strict=True)
        ]
        lines.append("  ".join([each.table.ljust(first), *cells]))
    lines += _named("not cited", [name for each in found.tables for name in each.uncited], paint)
    lines += _named(
        "contradicted", [name for each in found.tables for name in each.contradicted], paint
    )
    for source in found.sources:
        lines += ["", *_source(source, paint)]
    lines += [f"not counted: {visible(reason)}" for reason in found.skipped]
    return "\n".join(lines) + "\n"


def _numbers(each: TableCoverage) -> list[int]:
    return [getattr(each, name) for name in COLUMNS] + [len(each.contradicted)]


def _named(heading: str, names: list[str], paint: Paint) -> list[str]:
    if not names:
        return []
    lines = ["", paint("warning", f"{heading}: {len(names)}")]
    lines += [f"  {visible(name)}" for name in names[:MOST]]
    if len(names) > MOST:
        lines.append(f"  {MOST} of {len(names)} shown")
    return lines


def _source(source: SourceCoverage, paint: Paint) -> list[str]:
    lines = [f"{paint('bold', visible(source.source_id))}  {visible(source.title)}"]
    if not source.present:
        lines.append(f"  {source.passages} passages cited; the text is not at hand")
        return lines
    lines.append(_read(source))
    for start, end, text in source.unread[:MOST]:
        lines.append(f"  {start}:{end}  {paint('dim', opening(text))}")
    if len(source.unread) > MOST:
        lines.append(f"  {MOST} of {len(source.unread)} shown")
    return lines


def _read(source: SourceCoverage) -> str:
    left = len(source.unread)
    rest = f"nothing cites {left} of them yet:" if left else "each has something that is cited"
    return (
        f"  {source.passages} passages cited, {source.cited} of {source.characters} characters; "
        f"{source.sentences} sentences, {rest}"
    )


def as_json(found: Coverage) -> str:
    """For a program: one object. Of the texts it has ranges alone."""
    return json_text(_object(found), expand=2) + "\n"


def _object(found: Coverage) -> dict[str, Any]:
    return {
        "version": VERSION,
        "tables": [
            {
                "table": each.table,
                **{name: getattr(each, name) for name in COLUMNS},
                "uncited": list(each.uncited),
                "contradicted": list(each.contradicted),
            }
            for each in found.tables
        ],
        "sources": [
            {
                "source_id": each.source_id,
                "title": each.title,
                "passages": each.passages,
                "present": each.present,
                "characters": each.characters if each.present else None,
                "cited": each.cited if each.present else None,
                "sentences": each.sentences if each.present else None,
                "unread": [[start, end] for start, end, _ in each.unread],
            }
            for each in found.sources
        ],
        "skipped": list(found.skipped),
    }


def as_markdown(found: Coverage) -> str:
    """For a page or a comment. Of the texts it has ranges alone."""
    heads = ["table", *COLUMNS, "contradicted"]
    lines = [f"| {' | '.join(heads)} |", "|---|" + "---:|" * (len(heads) - 1)]
    for each in found.tables:
        numbers = " | ".join(str(number) for number in _numbers(each))
        lines.append(f"| {each.table} | {numbers} |")
    for heading, names in (
        ("Not cited", [name for each in found.tables for name in each.uncited]),
        ("Contradicted", [name for each in found.tables for name in each.contradicted]),
    ):
        if names:
            lines += ["", f"{heading}:", "", *(f"- {markdown(name)}" for name in names)]
    for source in found.sources:
        lines += ["", f"**{markdown(source.source_id)}** {markdown(source.title)}", ""]
        if not source.present:
            lines.append(f"{source.passages} passages cited; the text is not at hand.")
            continue
        ranges = ", ".join(f"{start}:{end}" for start, end, _ in source.unread)
        lines.append(f"{_read(source).strip()} {ranges}".rstrip() + ".")
    lines += [f"\nNot counted: {markdown(reason)}" for reason in found.skipped]
    return "\n".join(lines) + "\n"
