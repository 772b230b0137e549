"""Asking for a new row on a terminal: cell by cell, then for the passages that support it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from relations.cli.output.ansi import Paint
from relations.cli.output.curating import not_there, objection, several
from relations.cli.output.escaping import visible
from relations.cli.output.passages import in_context
from relations.validators.curating import citing, questions, targets
from relations.validators.curating.new_row import Support, clean, whole_row
from relations.validators.curating.refusal import CannotChange
from relations.validators.searching.coverage import CITED_TABLES

if TYPE_CHECKING:
    from relations.validators.curating.bench import Bench, Row
    from relations.validators.curating.citing import Span, Text
    from relations.validators.curating.questions import Question

MOST_CHOICES = 30
AGAIN = "="
"""The answer that takes the passage given last."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where questions go to. ``ask`` shows a prompt and gives back one line; it raises
    EOFError where there are no more. The choices are for completion. ``say`` writes lines."""

    ask: Callable[[str, Sequence[str]], str]
    say: Callable[[str], None]
    paint: Paint


@dataclass
class Answers:
    """What a person answered: cells, passages, and how cells are inferred."""

    cells: Row = field(default_factory=dict)
    supports: list[Support] = field(default_factory=list)
    inferred: dict[str, str] = field(default_factory=dict)


def ask_row(
    change: Bench, table: str, terminal: Terminal, answers: Answers, source: str = ""
) -> None:
    """Ask for a row of ``table``, and for its passages; what the rules refuse is asked again.

    ``answers`` is filled as they come, so that nothing is lost where there are no more.
    ``source`` is where the passages are from, if that is settled already.
    """
    answered = answers.cells
    terminal.say("An empty answer leaves the cell empty: not known from the sources.")
    for question in questions.questions(change, table):
        _list_choices(question, terminal)
        while True:
            written = terminal.ask(_prompt(question), [each.value for each in question.choices])
            value = questions.meant(question, written)
            found = questions.objections(
                change, table, {**answered, question.column: value}, question.column
            )
            if not found:
                break
            for finding in found:
                terminal.say("  " + terminal.paint("error", objection(finding)))
        if value != clean(written):
            meanings = {each.value: each.meaning for each in question.choices}
            terminal.say(f"  {visible(value)}  {visible(meanings.get(value, ''))}".rstrip())
        if value:
            answered[question.column] = value
    if table in CITED_TABLES:
        _ask_evidence(change, table, answers, terminal, source)


def _prompt(question: Question) -> str:
    needed = " (needed)" if question.required else ""
    several = ", separated by ;" if question.several else ""
    return f"{question.column}{needed}: {question.description.rstrip('.')}{several}\n> "


def _list_choices(question: Question, terminal: Terminal) -> None:
    for number, choice in enumerate(question.choices[:MOST_CHOICES], 1):
        terminal.say(f"  {number:>2} {visible(choice.value)}  {visible(choice.meaning)}")
    if len(question.choices) > MOST_CHOICES:
        terminal.say(
            f"     {MOST_CHOICES} of {len(question.choices)} shown: write how a word of the name "
            "begins"
        )


def _ask_evidence(
    change: Bench, table: str, answers: Answers, terminal: Terminal, source: str
) -> None:
    text = citing.source(change, source) if source else _ask_source(change, terminal)
    if text is None:
        return
    prompt = "Passage that supports the row (empty: cite it later)"
    whole = _ask_passage(text, prompt, terminal)
    if whole is None:
        return
    answers.supports.append(Support((), whole))
    last = whole
    row = whole_row(change, table, answers.cells)
    for column in targets.facts(table, row):
        prompt = f"Passage for {column} = {visible(row[column])} (empty: the row's; = the last)"
        own = _ask_passage(text, prompt, terminal, last)
        if own is not None:
            answers.supports.append(Support((column,), own))
            last = own
    filled = [name for name, value in answers.cells.items() if value]
    while True:
        written = terminal.ask(
            "Inferred, not stated: which columns, by comma (empty: none)\n> ", filled
        )
        names = [name.strip() for name in written.split(",") if name.strip()]
        wrong = [name for name in names if name not in filled]
        if not wrong:
            break
        terminal.say(f"  {visible(', '.join(wrong))}: no filled column of this row")
    how = ""
    for name in names:
        prompt = f"How is {name} inferred?{' (empty: the same)' if how else ''}\n> "
        how = clean(terminal.ask(prompt, ())) or how
        while not how:
            how = clean(terminal.ask(prompt, ()))
        answers.inferred[name] = how


def _ask_source(change: Bench, terminal: Terminal) -> Text | None:
    sources = list(questions.keys(change, "sources"))
    if not sources:
        terminal.say("There is no source yet: cite it later.")
        return None
    for choice in sources[:MOST_CHOICES]:
        terminal.say(f"  {visible(choice.value)}  {visible(choice.meaning)}")
    while True:
        written = ""
        if len(sources) > 1:
            prompt = "Source (empty: cite it later)\n> "
            written = clean(terminal.ask(prompt, [choice.value for choice in sources]))
            if not written:
                return None
        try:
            return citing.source(change, written)
        except CannotChange as error:
            terminal.say(f"  {visible(str(error))}")
            if not written:
                return None


def _ask_passage(
    text: Text, prompt: str, terminal: Terminal, last: Span | None = None
) -> Span | None:
    while True:
        written = terminal.ask(f"{prompt}\n> ", ())
        if not written.strip():
            return None
        if last and written.strip() == AGAIN:
            return last
        try:
            found = citing.words_or_range(text, written)
        except citing.NotThere as missing:
            terminal.say(not_there(missing, terminal.paint).rstrip("\n"))
        except citing.Several as many:
            terminal.say(several(many.hits, terminal.paint).rstrip("\n"))
            terminal.say("or give its range, START:END")
        except CannotChange as error:
            terminal.say(f"  {visible(str(error))}")
        else:
            shown = in_context(found.before, found.text, found.after, terminal.paint)
            terminal.say(f"  {found.start}:{found.end}  {shown}")
            return found
