"""How much of one row stands in another: cells weighed by how much they tell.

A value that nearly every row has says little about which row it is, one that no other row has
says much: each cell weighs the bits of its rarity. Words may be spelt a little otherwise;
numbers, dates, ids and digests are the same or are not.
"""

from __future__ import annotations

import difflib
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

Cells = Mapping[str, str]
"""The filled cells of a row, its key left out."""

MOST_BITS = 4.0
"""No cell counts for more: one digest must not outweigh the rest of a row."""
MOST_CANDIDATES = 50
_SPELT_ALIKE = 0.6
_WORDS = re.compile(r"[^\W\d_]{2,}.*[^\W\d_]", re.DOTALL)
_DIGEST = re.compile("[0-9a-f]{32,}")


@dataclass
class Rarity:
    """How rare each value of a table is, column by column. ``rows`` is their number."""

    rows: int
    counts: dict[str, Counter[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Cells], total: int) -> Rarity:
        """From the rows that matter; ``total`` is the number of all rows."""
        made = cls(total)
        for cells in rows:
            for name, value in cells.items():
                made.counts.setdefault(name, Counter())[value] += 1
        return made

    def bits(self, name: str, value: str) -> float:
        """What a cell tells, in bits; never nothing, for a table may have one row."""
        count = self.counts.get(name, Counter())[value] or 1
        return min(MOST_BITS, math.log2((self.rows + 1) / count))


def likeness(old: Cells, new: Cells, rarity: Rarity) -> float:
    """The share, 0 to 1, of what the cells of ``old`` tell that ``new`` tells too."""
    weight = same = 0.0
    for name, value in old.items():
        bits = rarity.bits(name, value)
        weight += bits
        same += bits * _alike(value, new.get(name, ""))
    return same / weight if weight else 0.0


def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if not (_is_words(one) and _is_words(other)):
        return 0.0
    matcher = difflib.SequenceMatcher(None, one.casefold()[:200], other.casefold()[:200], False)
    ratio = matcher.ratio()
    return ratio if ratio >= _SPELT_ALIKE else 0.0


def _is_words(value: str) -> bool:
    return _WORDS.search(value) is not None and not _DIGEST.fullmatch(value)


class Candidates:
    """Finds, among rows, those that share a telling value with another row."""

    def __init__(self, rows: Mapping[str, Cells], rarity: Rarity) -> None:
        self.rarity = rarity
        self._by_value: dict[tuple[str, str], list[str]] = {}
        self._by_content: dict[tuple[tuple[str, str], ...], list[str]] = {}
        for key, cells in rows.items():
            self._by_content.setdefault(_content(cells), []).append(key)
            for pair in cells.items():
                self._by_value.setdefault(pair, []).append(key)

    def same(self, cells: Cells) -> list[str]:
        """The keys of the rows that have exactly these cells."""
        return self._by_content.get(_content(cells), [])

    def near(self, cells: Cells) -> Iterator[str]:
        """The keys of rows that share a value, the rarest values first; at most some dozens."""
        rarest_first = sorted(cells.items(), key=lambda pair: -self.rarity.bits(*pair))
        found: dict[str, None] = {}
        for pair in rarest_first:
            if len(found) >= MOST_CANDIDATES:
                break
            found.update(dict.fromkeys(self._by_value.get(pair, ())[:MOST_CANDIDATES]))
        yield from list(found)[:MOST_CANDIDATES]


def _content(cells: Cells) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(cells.items()))
