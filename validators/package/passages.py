"""Where a passage stands whose digest is known, when it is not where its range says."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import chain

from relations.validators.package.sources import span_digest

WINDOW = 1_000
"""How many characters to either side are searched."""

BUDGET = 200_000
"""How many digests are made for one package at most; a fifth of a second."""
_USUAL = 500
"""Characters of which a digest takes little longer than of none."""

_NEAR = tuple(sign * step for step in range(1, WINDOW + 1) for sign in (1, -1))


@dataclass
class PassageSearch:
    """Looks for displaced passages.

    Passages of one text are often displaced alike, by a line that came in above: what was
    found once is tried first. After ``budget`` digests nothing is searched any more, so that a
    thousand faults cost no more than a few.
    """

    budget: int = BUDGET
    last_shift: int = 1

    def displaced(self, text: str, start: int, end: int, digest: str) -> tuple[int, int] | None:
        """The nearest range of the same length whose text has this digest; None if none has."""
        for shift in chain((self.last_shift,), _NEAR):
            if self.budget <= 0:
                break
            first, last = start + shift, end + shift
            if first < 0 or last > len(text):
                continue
            self.budget -= 1 + (last - first) // _USUAL
            if span_digest(text, first, last) == digest:
                self.last_shift = shift
                return first, last
        return None


def counted_in_bytes(data: bytes, start: int, end: int, digest: str) -> tuple[int, int] | None:
    """The range in characters, where ``start`` and ``end`` count bytes and give this digest.

    ``data`` are the bytes of the text in UTF-8.
    """
    if hashlib.sha256(data[start:end]).hexdigest() != digest:
        return None
    try:
        first, length = len(data[:start].decode("utf-8")), len(data[start:end].decode("utf-8"))
    except UnicodeDecodeError:
        return None
    return first, first + length


def with_line_end(text: str, start: int, end: int, digest: str) -> bool:
    """Whether the digest is that of the passage and a line end after it, as `echo` adds one."""
    return span_digest(text[start:end] + "\n", 0, end - start + 1) == digest
