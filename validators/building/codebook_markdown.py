"""The codebook as a Markdown page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from relations.schemas.standards import address_of
from relations.validators.building.codebook import (
    Codebook,
    ColumnEntry,
    TableEntry,
    VocabularyEntry,
)


def page(codebook: Codebook) -> str:
    """The whole page, ending with a line feed."""
    lines = [f"# Codebook: {_escaped(codebook.title)}", ""]
    if codebook.version:
        lines += [f"Version {_escaped(codebook.version)}.", ""]
    lines += ["Made by `relations build` from the models and the files.", ""]
    lines += ["## Tables at a glance", ""]
    lines += _table(
        ("table", "rows", "columns", "what a row is"),
        (
            (
                f"[{table.name}](#{table.name})",
                str(table.rows),
                str(len(table.columns)),
                table.description,
            )
            for table in codebook.tables
        ),
        right=(1, 2),
    )
    lines += ["", "## Conventions", ""]
    lines += [f"- {convention}" for convention in codebook.conventions]
    lines += [""]
    lines += _table(
        ("date", "days that it may mean", "certainty"),
        (
            (f"`{example.written}`", example.days, example.certainty)
            for example in codebook.date_examples
        ),
    )
    for table in codebook.tables:
        lines += ["", *_table_part(table)]
    lines += ["", "## Vocabularies"]
    for vocabulary in codebook.vocabularies:
        lines += ["", *_vocabulary_part(vocabulary)]
    lines += ["", "## Standards", "", *_standards_part(codebook)]
    return "\n".join(lines) + "\n"


def _table_part(table: TableEntry) -> list[str]:
    lines = [f"## {table.name}", "", table.description, ""]
    lines += [f"File `{_cell(table.path)}`, {table.rows} rows, primary key `{table.key}`."]
    if table.referenced_by:
        named = ", ".join(f"`{column}`" for column in table.referenced_by)
        lines += [f"Referred to by {named}."]
    lines += [""]
    lines += _table(
        ("column", "what it is", "type", "required", "cited", "filled", "distinct", "range"),
        (_column_row(entry) for entry in table.columns),
        right=(5, 6),
    )
    return lines


def _column_row(entry: ColumnEntry) -> tuple[str, ...]:
    column, content = entry.column, entry.content
    kind = entry.kind
    if column.references:
        kind += f" → [{column.references}](#{column.references})"
    if entry.vocabulary:
        kind += f" of [{entry.vocabulary}](#{entry.vocabulary})"
    what = column.description
    if entry.standard:
        address = address_of(entry.standard.term)
        what += f" {entry.standard.match}: [{entry.standard.term}]({address})"
    return (
        f"`{entry.name}`",
        what,
        kind,
        "yes" if column.required else "",
        "yes" if column.fact else "",
        str(content.filled),
        str(content.distinct),
        _range(content.lowest, content.highest),
    )


def _range(lowest: str, highest: str) -> str:
    if not lowest:
        return ""
    return f"`{lowest}`" if lowest == highest else f"`{lowest}` to `{highest}`"


def _vocabulary_part(vocabulary: VocabularyEntry) -> list[str]:
    used = ", ".join(f"`{column}`" for column in vocabulary.used_by)
    return [
        f"### {vocabulary.name}",
        "",
        f"Terms of {used}.",
        "",
        *_table(
            ("term", "meaning", "times"),
            ((f"`{term.term}`", term.meaning, str(term.times)) for term in vocabulary.terms),
            right=(2,),
        ),
    ]


def _standards_part(codebook: Codebook) -> list[str]:
    lines = [
        "How closely a column follows a published term is said in the words of SKOS: an exact "
        "match means the same, a close one nearly so.",
        "",
    ]
    lines += _table(
        ("standard", "columns that follow it"),
        (
            (
                f"[{entry.standard.name}]({entry.standard.address})",
                ", ".join(f"`{column.table}.{column.name}`" for column in entry.columns),
            )
            for entry in codebook.standards
        ),
    )
    notations = ", ".join(f"[{each.name}]({each.address})" for each in codebook.notations)
    return [*lines, "", f"Cells and files are written by {notations}."]


def _table(
    names: Sequence[str], rows: Iterable[Sequence[str]], right: tuple[int, ...] = ()
) -> list[str]:
    rule = "|".join("---:" if index in right else "---" for index in range(len(names)))
    return [
        "| " + " | ".join(names) + " |",
        f"|{rule}|",
        *("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows),
    ]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _escaped(text: str) -> str:
    """What people wrote, safe from being taken for markup."""
    return "".join("\\" + each if each in "\\`*_[]<>#|" else each for each in text)
