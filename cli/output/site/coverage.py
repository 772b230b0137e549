"""Where in a source's text the cited passages lie, in percent of its length."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from relations.validators.browsing.records import Passage, Ref
from relations.validators.browsing.site import Site


@dataclass(frozen=True, slots=True)
class Stretch:
    """A cited passage: where it lies, in characters and percent, and the rows that rest on it."""

    start: int
    end: int
    x: float
    width: float
    rows: tuple[Ref, ...]
    inferred: bool
    text: str | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """One source: its length in characters, and every different passage that is cited."""

    source: Ref
    length: int
    stretches: tuple[Stretch, ...]

    @property
    def bands(self) -> tuple[Stretch, ...]:
        """What is drawn: of very many passages, one for each that is drawn at the same place."""
        return tuple({(round(each.x, 1), round(each.width, 1)): each for each in self.stretches}
                     .values()) if len(self.stretches) > MOST_BANDS else self.stretches  # fmt: skip


MOST_BANDS = 1_000


def coverage(site: Site) -> Iterable[Coverage]:
    """For every source whose length is known and that is cited at all."""
    cited: dict[str, dict[tuple[int, int], list[tuple[Ref, Passage]]]] = {}
    for table in site.tables:
        for record in table.records:
            for passage in record.passages:
                if passage.start.isdigit() and passage.end.isdigit():
                    span = int(passage.start), int(passage.end)
                    found = cited.setdefault(passage.source_id, {})
                    found.setdefault(span, []).append((record.ref, passage))
    for record in site.table("sources").records:
        length = record.value("char_length")
        if length.isdigit() and int(length) and record.ref.key in cited:
            spans = cited[record.ref.key].items()
            yield Coverage(
                record.ref,
                int(length),
                tuple(
                    _stretch(span, found, int(length))
                    for span, found in sorted(spans, key=lambda each: each[0])
                    if span[0] < span[1] <= int(length)
                ),
            )


def _stretch(span: tuple[int, int], found: list[tuple[Ref, Passage]], length: int) -> Stretch:
    start, end = span
    return Stretch(
        start,
        end,
        round(100 * start / length, 3),
        round(100 * (end - start) / length, 3),
        tuple(dict.fromkeys(ref for ref, _ in found)),
        any(claim.basis == "inferred" for _, passage in found for claim in passage.claims),
        next((passage.text for _, passage in found if passage.text is not None), None),
    )
