"""The evidence of every row, the claims that rest on one passage put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from relations.validators.browsing.records import Claim, Passage, Ref
from relations.validators.package.sources import SourceTexts, span_digest

Row = Mapping[str, str | None]
Cited = tuple[Passage, ...]

VERIFIED, DIFFERS, NOT_COMPARED = "verified", "differs", "not compared"


def passages_of(
    evidence: Sequence[Row],
    sources: Sequence[Row],
    texts: SourceTexts,
    refs: Mapping[tuple[str, str], Ref],
    *,
    with_passages: bool,
) -> dict[tuple[str, str], Cited]:
    """For each table and key, the passages that its evidence cites, in the order of citing."""
    found = {
        row["source_id"]: source.text
        for row in sources
        if row["source_id"] and (source := texts.get(row["source_id"], row["file"]))
    }
    grouped: dict[tuple[str, str], dict[tuple[str, ...], list[Row]]] = {}
    for row in evidence:
        about = (row["table"] or "", row["row_id"] or "")
        grouped.setdefault(about, {}).setdefault(_span(row), []).append(row)
    return {
        about: tuple(
            _passage(span, rows, found.get(span[0]), refs, with_passages)
            for span, rows in spans.items()
        )
        for about, spans in grouped.items()
    }


def _span(row: Row) -> tuple[str, ...]:
    columns = ("source_id", "char_start", "char_end", "span_sha256", "voice")
    return tuple(row[column] or "" for column in columns)


def _passage(
    span: tuple[str, ...],
    rows: Sequence[Row],
    text: str | None,
    refs: Mapping[tuple[str, str], Ref],
    with_passages: bool,
) -> Passage:
    source_id, start, end, digest, voice = span
    state, words = _compared(text, start, end, digest)
    return Passage(
        source=refs.get(("sources", source_id)),
        source_id=source_id,
        start=start,
        end=end,
        digest=digest,
        voice=voice,
        state=state,
        claims=tuple(_claim(row, refs) for row in rows),
        text=words if with_passages else None,
    )


def _compared(text: str | None, start: str, end: str, digest: str) -> tuple[str, str | None]:
    """What became of a span, and its text where that is the one that was cited."""
    if text is None or not _number(start) or not _number(end):
        return NOT_COMPARED, None
    first, last = int(start), int(end)
    if not first < last <= len(text):
        return NOT_COMPARED, None
    if span_digest(text, first, last) != digest:
        return DIFFERS, None
    return VERIFIED, text[first:last]


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def _claim(row: Row, refs: Mapping[tuple[str, str], Ref]) -> Claim:
    key = row["evidence_id"] or ""
    ref = refs.get(("evidence", key))
    return Claim(
        evidence_id=key,
        anchor=ref.anchor if ref else key,
        column=row["column"] or "",
        basis=row["basis"] or "",
        stance=row["stance"] or "",
        note=row["note"] or "",
    )
