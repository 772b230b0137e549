"""Words, names and a text that nobody wrote: the same for the same seed."""

from __future__ import annotations

import hashlib
import random
import re
from dataclasses import dataclass

import polars as pl

from relations.validators.searching.likeness import alike, fold

ONSETS = ("b", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "tr")
VOWELS = ("a", "e", "i", "o", "u", "é", "ö", "ə")
CODAS = ("", "", "", "l", "n", "r", "s")
MANY_PASSAGES = 1_000_000


def word(chance: random.Random, syllables: int) -> str:
    """One word in small letters, some of them beyond ASCII."""
    # The letters beyond ASCII are rare, as in a text in English.
    vowels = chance.choices(VOWELS, weights=(9, 9, 9, 9, 9, 1, 1, 1), k=syllables)
    return "".join(chance.choice(ONSETS) + each + chance.choice(CODAS) for each in vowels)


def names(chance: random.Random, count: int) -> list[str]:
    """Names of which no two are alike, so that no two persons seem to be one."""
    found: list[str] = []
    folded: list[str] = []
    while len(found) < count:
        name = word(chance, chance.choice((2, 3, 3))).capitalize()
        if not any(alike(fold(name), other) for other in folded):
            found.append(name)
            folded.append(fold(name))
    return found


def text(chance: random.Random, words: int) -> str:
    """A source: sentences and paragraphs of invented words."""
    lexicon = [word(chance, chance.choice((1, 2, 2, 3))) for _ in range(1500)]
    sentences = []
    while words > 0:
        length = min(chance.randint(8, 16), max(words, 3))
        sentences.append(" ".join(chance.choices(lexicon, k=length)).capitalize() + ".")
        words -= length
    paragraphs = (" ".join(sentences[at : at + 6]) for at in range(0, len(sentences), 6))
    return "Invented for measuring: none of this happened.\n\n" + "\n\n".join(paragraphs) + "\n"


@dataclass(frozen=True)
class Passages:
    """Ranges of a source's text with their digests, to be taken by number."""

    start: pl.Series
    end: pl.Series
    digest: pl.Series

    def __len__(self) -> int:
        return len(self.start)


def passages(chance: random.Random, source: str, count: int) -> Passages:
    """``count`` passages of three to twelve words each."""
    spans = [match.span() for match in re.finditer(r"\S+", source)]
    starts, ends, digests = [], [], []
    for _ in range(count):
        first = int(chance.random() * (len(spans) - 12))
        start, end = spans[first][0], spans[first + 2 + int(chance.random() * 10)][1]
        starts.append(str(start))
        ends.append(str(end))
        digests.append(hashlib.sha256(source[start:end].encode("utf-8")).hexdigest())
    return Passages(pl.Series(starts), pl.Series(ends), pl.Series(digests))
