"""What `relations add` asks for, cell by cell, and what may be answered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relations.validators.curating.new_row import clean, known_columns, whole_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relations.schemas.columns import Column
    from relations.validators.curating.bench import Bench, Row
    from relations.validators.finding import Finding

_NAMED_BY = ("title", "name", "post", "summary", "group_label")
"""The columns that say to a person which row it is, the first one that a table has."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that fits: a term and its meaning, or a key and what its row is called."""

    value: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Question:
    """One cell to ask for. ``choices`` is empty where anything may be written.

    ``form`` is the regular expression of the keys that it may refer to, empty where it refers to
    nothing.
    """

    column: str
    description: str
    required: bool
    several: bool
    example: str
    choices: tuple[Choice, ...]
    form: str = ""


def questions(change: Bench, table: str) -> Iterator[Question]:
    """The questions for a new row, in the order of the columns; its id is not asked for."""
    declared = change.package.declared[table]
    for number, name in enumerate(known_columns(change, table)):
        column = declared[name]
        if number == 0 and column.letter:
            continue
        yield Question(
            name,
            column.description,
            column.required,
            column.is_list,
            column.example or "",
            tuple(_choices(change, column)),
            _form(change, column),
        )


def _form(change: Bench, column: Column) -> str:
    if not column.references:
        return ""
    return next(iter(change.package.declared[column.references].values())).pattern or ""


def _choices(change: Bench, column: Column) -> Iterator[Choice]:
    if column.vocabulary:
        for term, meaning in column.vocabulary.terms.items():
            yield Choice(term, meaning)
    elif column.references:
        yield from keys(change, column.references)


def keys(change: Bench, table: str) -> Iterator[Choice]:
    """The rows of a table that may be referred to."""
    if change.package.why_not(table):
        return
    key, *others = known_columns(change, table)
    named = next((name for name in _NAMED_BY if name in others), others[0])
    for row in change.rows(table):
        if row[key]:
            yield Choice(row[key], row[named])


def meant(question: Question, answer: str) -> str:
    """The value that an answer means: itself, or the one choice that it is the beginning of.

    A number is that of a choice as they are listed, from 1. Of what may be referred to, a word
    of the name may begin so too; what has the form of a key is one. What fits several choices
    or none is given back as it is, for the rules to judge.
    """
    answer = clean(answer)
    if not question.choices or not answer or question.several:
        return answer
    if any(choice.value == answer for choice in question.choices):
        return answer
    if answer.isdecimal() and 1 <= int(answer) <= len(question.choices):
        return question.choices[int(answer) - 1].value
    if question.form and re.search(question.form, answer):
        return answer
    begins = re.compile(rf"\b{re.escape(answer.casefold())}" if answer[0].isalnum() else "(?!)")
    values = [choice.value for choice in question.choices]
    for fitting in (
        [value for value in values if value.casefold().startswith(answer.casefold())],
        [
            choice.value
            for choice in question.choices
            if question.form and begins.search(choice.meaning.casefold())
        ],
    ):
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            break
    return answer


def objections(change: Bench, table: str, answered: Row, column: str) -> list[Finding]:
    """What the rules say against the cell just answered, in the row as far as it is known."""
    row = whole_row(change, table, answered)
    key = row[next(iter(row))]
    return [
        finding
        for finding in change.objections(table, row)
        if (finding.table, finding.key, finding.field) == (table, key, column)
    ]
