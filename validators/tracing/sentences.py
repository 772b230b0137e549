"""The sentences of a text, as ranges of characters: good enough to see what is still unread."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A full stop ends a sentence where white space and a capital, a digit or a quotation mark
# follow; not after an initial or a short abbreviation such as `No.`.
_END = re.compile(
    r"(?<!\b[^\W\d_])(?<!\bNo)(?<!\bSt)(?<!\bMr)(?<!\bDr)[.!?…]+[\"'”’»)\]]*(?=\s)|\n\s*\n"
)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """The ranges of the sentences of ``text``, white space around them left out."""
    start = 0
    for end in _END.finditer(text):
        following = text[end.end() : end.end() + 20].lstrip()[:1]
        if end[0].strip() and following and following.islower():
            continue
        yield from _trimmed(text, start, end.end())
        start = end.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    part = text[start:end]
    if part.strip():
        yield start + len(part) - len(part.lstrip()), start + len(part.rstrip())
