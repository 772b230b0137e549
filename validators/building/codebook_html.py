"""The codebook as an HTML fragment: sections with headings and tables, no styles, no scripts.

Every table, column, vocabulary and term has an id to link to: ``codebook-visits``,
``codebook-visits-start_date``, ``vocabulary-visit_type``, ``vocabulary-visit_type-state``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from relations.schemas.standards import SKOS, address_of
from relations.validators.building.codebook import (
    Codebook,
    ColumnEntry,
    StandardEntry,
    TableEntry,
    VocabularyEntry,
)


def fragment(codebook: Codebook, *, level: int = 2) -> str:
    """The whole codebook; ``level`` is that of its highest headings (2 to 5)."""
    if not 2 <= level <= 5:
        raise ValueError(f"headings of level {level} leave no room for those below")
    parts = [
        _section("codebook-tables", "Tables at a glance", level, _glance(codebook)),
        _section("codebook-conventions", "Conventions", level, _conventions(codebook)),
        *(
            _section(f"codebook-{table.name}", table.name, level, _table_part(table))
            for table in codebook.tables
        ),
        _section(
            "codebook-vocabularies",
            "Vocabularies",
            level,
            "\n".join(
                _section(
                    f"vocabulary-{vocabulary.name}",
                    vocabulary.name,
                    level + 1,
                    _vocabulary_part(vocabulary),
                )
                for vocabulary in codebook.vocabularies
            ),
        ),
        _section("codebook-standards", "Standards", level, _standards_part(codebook)),
    ]
    return "\n".join(parts) + "\n"


def _section(id_: str, title: str, level: int, body: str) -> str:
    return (
        f'<section id="{id_}" aria-labelledby="{id_}--heading">\n'
        f'<h{level} id="{id_}--heading">{escape(title)}</h{level}>\n{body}\n</section>'
    )


def _glance(codebook: Codebook) -> str:
    return _table(
        "The tables of the package",
        ("table", "rows", "columns", "what a row is"),
        (
            (
                "",
                _link(f"#codebook-{table.name}", table.name),
                str(table.rows),
                str(len(table.columns)),
                _marked(table.description),
            )
            for table in codebook.tables
        ),
        numbers=(1, 2),
    )


def _conventions(codebook: Codebook) -> str:
    items = "\n".join(f"<li>{_marked(convention)}</li>" for convention in codebook.conventions)
    examples = _table(
        "How dates are written",
        ("date", "days that it may mean", "certainty"),
        (
            ("", f"<code>{escape(each.written)}</code>", escape(each.days), escape(each.certainty))
            for each in codebook.date_examples
        ),
    )
    return f"<ul>\n{items}\n</ul>\n{examples}"


def _table_part(table: TableEntry) -> str:
    facts = (
        f"<p>{_marked(table.description)} File <code>{escape(table.path)}</code>, "
        f"{table.rows} rows, primary key <code>{table.key}</code>.</p>"
    )
    if table.referenced_by:
        named = ", ".join(
            _link(f"#codebook-{column.replace('.', '-')}", column, code=True)
            for column in table.referenced_by
        )
        facts += f"\n<p>Referred to by {named}.</p>"
    columns = _table(
        f"The columns of {table.name}",
        ("column", "what it is", "type", "required", "cited", "filled", "distinct", "range"),
        (_column_row(entry) for entry in table.columns),
        numbers=(5, 6),
    )
    return f"{facts}\n{columns}"


def _column_row(entry: ColumnEntry) -> tuple[str, ...]:
    column, content = entry.column, entry.content
    kind = _marked(entry.kind)
    if column.references:
        kind += " → " + _link(f"#codebook-{column.references}", column.references)
    if entry.vocabulary:
        kind += " of " + _link(f"#vocabulary-{entry.vocabulary}", entry.vocabulary)
    what = _marked(column.description)
    if entry.standard:
        what += " " + _standard_link(entry)
    range_ = content.lowest
    if content.highest != content.lowest:
        range_ += f" to {content.highest}"
    return (
        f"codebook-{entry.table}-{entry.name}",
        f"<code>{entry.name}</code>",
        what,
        kind,
        "yes" if column.required else "",
        "yes" if column.fact else "",
        str(content.filled),
        str(content.distinct),
        escape(range_),
    )


def _standard_link(entry: ColumnEntry) -> str:
    assert entry.standard is not None
    return (
        f'{entry.standard.match}: <a rel="{SKOS}{entry.standard.match}" '
        f'href="{escape(address_of(entry.standard.term))}">{escape(entry.standard.term)}</a>'
    )


def _vocabulary_part(vocabulary: VocabularyEntry) -> str:
    used = ", ".join(
        _link(f"#codebook-{column.replace('.', '-')}", column, code=True)
        for column in vocabulary.used_by
    )
    terms = _table(
        f"The terms of {vocabulary.name}",
        ("term", "meaning", "times"),
        (
            (
                f"vocabulary-{vocabulary.name}-{term.term}",
                f"<code>{term.term}</code>",
                _marked(term.meaning),
                str(term.times),
            )
            for term in vocabulary.terms
        ),
        numbers=(2,),
    )
    return f"<p>Terms of {used}.</p>\n{terms}"


def _standards_part(codebook: Codebook) -> str:
    notations = ", ".join(
        f'<a href="{escape(each.address)}">{escape(each.name)}</a>' for each in codebook.notations
    )
    table = _table(
        "The published standards that columns follow",
        ("standard", "columns that follow it"),
        (_standard_row(entry) for entry in codebook.standards),
    )
    return f"{table}\n<p>Cells and files are written by {notations}.</p>"


def _standard_row(entry: StandardEntry) -> tuple[str, ...]:
    columns = ", ".join(
        _link(f"#codebook-{column.table}-{column.name}", f"{column.table}.{column.name}", code=True)
        for column in entry.columns
    )
    name = f'<a href="{escape(entry.standard.address)}">{escape(entry.standard.name)}</a>'
    return "", name, columns


def _link(target: str, text: str, *, code: bool = False) -> str:
    shown = f"<code>{escape(text)}</code>" if code else escape(text)
    return f'<a href="{target}">{shown}</a>'


def _table(
    caption: str,
    names: Sequence[str],
    rows: Iterable[Sequence[str]],
    numbers: tuple[int, ...] = (),
) -> str:
    """A table whose rows begin with their id (or nothing); the first cell names the row."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    body = []
    for id_, first, *cells in rows:
        marked = f' id="{id_}"' if id_ else ""
        rest = "".join(
            f'<td class="number">{cell}</td>' if index in numbers else f"<td>{cell}</td>"
            for index, cell in enumerate(cells, 1)
        )
        body.append(f'<tr{marked}><th scope="row">{first}</th>{rest}</tr>')
    return (
        f"<table>\n<caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n"
        + "\n".join(body)
        + "\n</tbody>\n</table>"
    )


def _marked(text: str) -> str:
    """Our own words: `code` and **strong** become elements, the rest is escaped."""
    made = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))
    return re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", made)
