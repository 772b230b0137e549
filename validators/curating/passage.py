"""Finding a passage in a text: as it stands, or else with tolerance for how it was typed.

What a person types or pastes differs from the source in white space, in the kind of quotation
marks and dashes, in Unicode form, and in characters that nobody sees. Both sides are folded
the same way and compared; the range that is given back is always one of the text itself.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LEAST_START = 5
"""Fewer characters stand in any text, and say nothing."""
LEFT_OUT = "..."
MOST_LEFT_OUT = 2_000
"""Characters that a passage with something left out may have."""
QUOTE, DASH, SPACE = "'", "-", " "
_QUOTES = "\"'`´ʹʺʻʼʽʾʿˈ«»‘’‚‛“”„‟‹›′″‴〃「」『』〝〞〟﹁﹂﹃﹄＂＇｢｣"
_DASHES = "-‐‑‒–—―−⁃﹘﹣－⸺⸻"
_UNSEEN = (
    "\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_SINGLE = dict.fromkeys(_QUOTES, QUOTE) | dict.fromkeys(_DASHES, DASH) | dict.fromkeys(_UNSEEN, "")
_FIRST_THAT_COMBINES = "\u0300"
"""Before this character none combines with the one in front of it."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A text folded for comparison; ``starts`` and ``ends`` are, per folded character, the
    range of the text that it stands for."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def find(text: str, passage: str) -> tuple[list[tuple[int, int]], bool]:
    """Every range at which ``passage`` stands in ``text``, and whether it does so exactly.

    Tolerance is tried only where it stands nowhere as it is, and only then are three dots
    taken for what was left out: `from these words ... to those`. No range for an empty
    passage.
    """
    if passage:
        exact = [(start, start + len(passage)) for start in _every(text, passage)]
        if exact:
            return exact, True
    wanted = folded(passage).text.strip(SPACE)
    if not wanted:
        return [], False
    whole = folded(text)
    spans = [(at, at + len(wanted)) for at in _every(whole.text, wanted)]
    if not spans and LEFT_OUT in wanted:
        spans = _around(whole.text, [part.strip(SPACE) for part in wanted.split(LEFT_OUT)])
    return [(whole.starts[start], whole.ends[end - 1]) for start, end in spans], False


def _around(text: str, parts: list[str]) -> list[tuple[int, int]]:
    """The shortest ranges that begin with the first part and go over the others to the last."""
    if not all(parts):
        return []
    found: list[tuple[int, int]] = []
    for start in _every(text, parts[0]):
        end = start + len(parts[0])
        for part in parts[1:]:
            at = text.find(part, end, start + MOST_LEFT_OUT)
            if at < 0:
                break
            end = at + len(part)
        else:
            if found and found[-1][1] == end:
                # The same end from a later beginning: that one was meant.
                found.pop()
            found.append((start, end))
    return found


def longest_start(text: str, passage: str) -> tuple[tuple[int, int] | None, str]:
    """The longest beginning of ``passage`` that stands in ``text``: its range, and what follows
    it in the passage (folded). None where fewer than LEAST_START characters do."""
    wanted, whole = folded(passage).text.strip(SPACE), folded(text)
    low, high = 0, len(wanted)
    while low < high:
        middle = (low + high + 1) // 2
        if wanted[:middle] in whole.text:
            low = middle
        else:
            high = middle - 1
    if low < min(LEAST_START, len(wanted)):
        return None, wanted
    at = whole.text.find(wanted[:low])
    return (whole.starts[at], whole.ends[at + low - 1]), wanted[low:]


def _every(text: str, passage: str) -> list[int]:
    found, at = [], text.find(passage)
    while at >= 0:
        found.append(at)
        at = text.find(passage, at + 1)
    return found


def folded(text: str) -> Folded:
    """``text`` with white space, quotation marks, dashes and Unicode form made alike.

    A run of white space becomes one space, a run of dashes with the space around it one
    hyphen, every quotation mark an apostrophe; soft hyphens and the like are left out; the
    rest is in Unicode's NFKC.
    """
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def put(character: str, start: int, end: int) -> None:
        before = out[-1] if out else ""
        if character == SPACE and before in (SPACE, DASH):
            return
        if character == DASH:
            if before == SPACE:
                out.pop(), starts.pop(), ends.pop()
            if out and out[-1] == DASH:
                ends[-1] = end
                return
        out.append(character)
        starts.append(start)
        ends.append(end)

    for start, end in _segments(text):
        for character in _alike(text[start:end]):
            put(character, start, end)
    return Folded("".join(out), tuple(starts), tuple(ends))


def _alike(segment: str) -> str:
    if segment.isascii() and segment.isalnum():
        return segment
    if segment in _SINGLE:
        # Before NFKC, which takes some quotation marks apart.
        return _SINGLE[segment]
    composed = unicodedata.normalize("NFKC", segment)
    return "".join(_SINGLE.get(each, SPACE if each.isspace() else each) for each in composed)


_LONG_SEGMENT = 32


def _segments(text: str) -> list[tuple[int, int]]:
    """The text cut where Unicode's composition never reaches across."""
    if not re.search(f"[{_FIRST_THAT_COMBINES}-\U0010ffff]", text):
        return [(at, at + 1) for at in range(len(text))]
    cuts = []
    start = 0
    for at in range(1, len(text)):
        if (
            text[at] < _FIRST_THAT_COMBINES
            or at - start >= _LONG_SEGMENT
            or not _joins(text[start:at], text[at])
        ):
            cuts.append((start, at))
            start = at
    if text:
        cuts.append((start, len(text)))
    return cuts


def _joins(before: str, character: str) -> bool:
    """Whether ``character`` may compose, or be re-ordered, with what stands before it."""
    if unicodedata.combining(character):
        return True
    if character in _SINGLE or before in _SINGLE:
        return False
    apart = unicodedata.normalize("NFKC", before) + unicodedata.normalize("NFKC", character)
    return unicodedata.normalize("NFKC", before + character) != apart
