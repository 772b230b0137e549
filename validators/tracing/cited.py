"""Evidence as a reader wants it: who says it, how surely, and the passage itself where it is."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relations.validators.package.sources import span_digest

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CONTEXT = 60
"""Characters of the text that are shown on either side of a passage."""


class State(enum.Enum):
    """What became of a cited passage when it was looked for in the text of its source."""

    VERIFIED = "verified"
    DIFFERS = "differs"
    OUTSIDE = "outside"
    OTHER_TEXT = "other text"
    NO_TEXT = "no text"
    UNREADABLE = "unreadable"


SAID = {
    State.VERIFIED: "verified",
    State.DIFFERS: "the text has something else there",
    State.OUTSIDE: "no range of the text",
    State.OTHER_TEXT: "the file is not the text that was cited",
    State.NO_TEXT: "the text is not at hand",
    State.UNREADABLE: "its range cannot be read",
}
"""The states in words."""


@dataclass(frozen=True, slots=True)
class Cited:
    """One row of evidence. ``start`` and ``end`` are None where they are no numbers.

    ``before``, ``text`` and ``after`` are empty unless the passage was verified.
    """

    evidence_id: str
    column: str
    source_id: str
    source_title: str
    start: int | None
    end: int | None
    sha256: str
    basis: str
    stance: str
    voice: str
    note: str
    state: State
    before: str = ""
    text: str = ""
    after: str = ""


def cited(package: Package, row: Mapping[str, str | None]) -> Cited:
    """A row of evidence, and its passage as far as it can be looked up."""
    source_id = row["source_id"] or ""
    source = package.cited_sources.get(source_id)
    start, end = _number(row["char_start"]), _number(row["char_end"])
    state, text = _looked_up(package, source_id, start, end, row["span_sha256"] or "")
    before = passage = after = ""
    if state is State.VERIFIED and start is not None and end is not None:
        before = text[max(0, start - CONTEXT) : start]
        passage = text[start:end]
        after = text[end : end + CONTEXT]
    title = package.files["sources"].value_of(source.row, "title") if source else None
    return Cited(
        evidence_id=row["evidence_id"] or "",
        column=row["column"] or "",
        source_id=source_id,
        source_title=title or "",
        start=start,
        end=end,
        sha256=row["span_sha256"] or "",
        basis=row["basis"] or "",
        stance=row["stance"] or "",
        voice=row["voice"] or "",
        note=row["note"] or "",
        state=state,
        before=before,
        text=passage,
        after=after,
    )


def _looked_up(
    package: Package, source_id: str, start: int | None, end: int | None, stated: str
) -> tuple[State, str]:
    source = package.cited_sources.get(source_id)
    if start is None or end is None:
        return State.UNREADABLE, ""
    if source is None or source.found is None:
        return State.NO_TEXT, ""
    text = source.text
    if text is None:
        return State.OTHER_TEXT, ""
    if not start < end <= len(text):
        return State.OUTSIDE, text
    agrees = span_digest(text, start, end) == stated
    return State.VERIFIED if agrees else State.DIFFERS, text


def _number(cell: str | None) -> int | None:
    return int(cell) if cell and cell.isascii() and cell.isdecimal() and len(cell) < 19 else None
