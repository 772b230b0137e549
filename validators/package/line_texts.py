"""The lines of a text by their numbers, looked up only where somebody asks for them.

A report shows a few lines of a file that may have millions: to take all of them apart would cost
as much time and memory as to read the file.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from relations.validators.package.limits import KIB

BLOCK = 64 * KIB
"""Bytes in which line feeds are counted; those of one block at a time are known by their place."""


class LineTexts:
    """The lines of UTF-8 bytes, counted from 0, each ended by a line feed that is no part of it.

    Who asks for one line after another is answered without looking at a block twice.
    """

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._before = [0]
        """How many line feeds stand before each block; the last one is not yet counted."""
        self._known = -1, [0]
        """The block that was looked at last, and where in the text its line feeds end."""

    def between(self, first: int, last: int) -> list[str]:
        """The lines from ``first`` to that before ``last``, as many of them as there are."""
        start = self._start(first)
        if start is None or start == len(self._body) or first >= last:
            return []
        end = self._start(last)
        some = self._body[start:end].decode("utf-8")
        return some.removesuffix("\n").split("\n")

    def _start(self, line: int) -> int | None:
        """Where a line begins; None where the text has not so many line feeds."""
        if line == 0:
            return 0
        while self._before[-1] < line:
            at = BLOCK * (len(self._before) - 1)
            if at >= len(self._body):
                return None
            self._before.append(self._before[-1] + self._body.count(b"\n", at, at + BLOCK))
        block = bisect_left(self._before, line) - 1
        if block != self._known[0]:
            at = BLOCK * block
            ends = [at + found.end() for found in _LINE_FEED.finditer(self._body[at : at + BLOCK])]
            self._known = block, ends
        return self._known[1][line - self._before[block] - 1]


_LINE_FEED = re.compile(b"\n")
