"""Evidence from a passage: the exact range, its digest, and the row that says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relations.validators.curating import passage as passages
from relations.validators.curating.refusal import CannotChange
from relations.validators.nearest import did_you_mean
from relations.validators.package.sources import span_digest

if TYPE_CHECKING:
    from relations.validators.curating.bench import Bench, Row
    from relations.validators.curating.targets import Target

CONTEXT = 60
"""Characters of the text that are shown on either side of a passage."""
_RANGE = re.compile("([0-9]{1,12}):([0-9]{1,12})")


@dataclass(frozen=True, slots=True)
class Text:
    """A source whose text is at hand."""

    source_id: str
    file: str
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """A passage of a source: its range in characters, its digest, and what is around it."""

    source_id: str
    start: int
    end: int
    sha256: str
    before: str
    text: str
    after: str


class NotThere(Exception):
    """A passage that the text does not have. ``start`` is the part of it that it does have,
    the longest from its beginning, and ``rest`` what the passage goes on with."""

    def __init__(self, source_id: str, start: Span | None, rest: str) -> None:
        super().__init__(source_id)
        self.source_id, self.start, self.rest = source_id, start, rest


class Several(Exception):
    """A passage that the text has more than once."""

    def __init__(self, hits: tuple[Span, ...]) -> None:
        super().__init__(f"{len(hits)} hits")
        self.hits = hits


def source(change: Bench, name: str) -> Text:
    """The source with this id or file name, and its text.

    An empty ``name`` means the only source there is. Raises CannotChange.
    """
    rows = change.rows("sources")
    row = _named(rows, name)
    source_id, file = row["source_id"], row["file"]
    if not file:
        raise CannotChange(f"{source_id} has no text file: sources.csv names none")
    found = change.texts.get(source_id, file)
    if found is None:
        why = change.texts.unreadable.get(source_id, "is not there")
        raise CannotChange(
            f"the text of {source_id}, {change.seeds / file}, {why}; "
            "put it there, or name its folder with --seeds"
        )
    if found.sha256 != row["sha256"]:
        raise CannotChange(f"{change.seeds / file} is not the text that {source_id} is about")
    if found.text is None:
        raise CannotChange(f"{change.seeds / file} is not UTF-8")
    return Text(source_id, file, found.text)


def _named(rows: list[Row], name: str) -> Row:
    if not name:
        if len(rows) == 1:
            return rows[0]
        ids = ", ".join(row["source_id"] for row in rows[:5])
        raise CannotChange(
            f"say which source: there are {len(rows)} ({ids}{', …' if len(rows) > 5 else ''})"
            if rows
            else "there is no source yet: `relations cite --add FILE` makes one of a text"
        )
    plain = name.replace("\\", "/").rsplit("/", 1)[-1]
    for row in rows:
        if name == row["source_id"] or (row["file"] and plain == row["file"]):
            return row
    known = [row["source_id"] for row in rows] + [row["file"] for row in rows if row["file"]]
    hint = did_you_mean(name, known, "`relations cite --add FILE` makes one of a text")
    raise CannotChange(f"there is no source {name!r}; {hint}")


def span(text: Text, start: int, end: int) -> Span:
    """The passage at a range. Raises CannotChange where the text does not have it."""
    if not start < end <= len(text.text):
        raise CannotChange(
            f"{start}:{end} is no range of {text.source_id}, which has the characters "
            f"0:{len(text.text)}"
        )
    return Span(
        text.source_id,
        start,
        end,
        span_digest(text.text, start, end),
        text.text[max(0, start - CONTEXT) : start],
        text.text[start:end],
        text.text[end : end + CONTEXT],
    )


def at_range(text: Text, written: str) -> Span:
    """The passage that `START:END` names. Raises CannotChange."""
    found = _RANGE.fullmatch(written.strip())
    if not found:
        raise CannotChange(f"{written!r} is no range: write START:END, as in 120:164")
    return span(text, int(found[1]), int(found[2]))


def hits(text: Text, words: str) -> tuple[Span, ...]:
    """Every place at which the text has these words.

    Raises NotThere where there is none, and CannotChange for no words.
    """
    if not words.strip():
        raise CannotChange("a passage has words: none are given")
    ranges, _ = passages.find(text.text, words)
    if not ranges:
        start, rest = passages.longest_start(text.text, words)
        raise NotThere(text.source_id, span(text, *start) if start else None, rest)
    return tuple(span(text, *each) for each in ranges)


def one_hit(text: Text, words: str, number: int | None = None) -> Span:
    """The place at which the text has these words; ``number`` picks one of several, from 1.

    Raises NotThere, Several, and CannotChange for a number that is none of theirs.
    """
    found = hits(text, words)
    if number is None:
        if len(found) > 1:
            raise Several(found)
        return found[0]
    if not 1 <= number <= len(found):
        raise CannotChange(f"there is no hit {number}: the passage is there {len(found)} times")
    return found[number - 1]


def words_or_range(text: Text, written: str) -> Span:
    """The passage that is meant by its words or, where it is written so, by `START:END`."""
    if _RANGE.fullmatch(written.strip()):
        return at_range(text, written)
    return one_hit(text, written)


def cite(
    change: Bench,
    target: Target,
    span: Span,
    *,
    basis: str = "stated",
    stance: str = "supports",
    voice: str = "author",
    note: str = "",
) -> str:
    """Note an evidence row to be added; its id. Raises CannotChange where it is there already."""
    row = {
        "table": target.table,
        "row_id": target.row_id,
        "column": target.column,
        "source_id": span.source_id,
        "char_start": str(span.start),
        "char_end": str(span.end),
        "span_sha256": span.sha256,
        "basis": basis,
        "stance": stance,
        "voice": voice,
        "note": note,
    }
    about = ("table", "row_id", "column", "source_id", "char_start", "char_end", "stance")
    same = change.matching("evidence", {name: row[name] for name in about})
    if same:
        raise CannotChange(f"{target} is cited from there already: {same[0]['evidence_id']}")
    evidence_id = change.next_id("evidence")
    change.add("evidence", {"evidence_id": evidence_id, **row})
    return evidence_id
