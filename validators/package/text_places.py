"""Lines and columns, 1-based and physical: of an offset in a text, of a byte that is no UTF-8."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Where the character at ``offset`` (0-based) stands."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


@dataclass
class TextPlaces:
    """The lines of a text, found once for whoever asks about many places of it."""

    text: str

    @cached_property
    def lines(self) -> list[str]:
        """The lines, each without its end."""
        return [line.rstrip("\r") for line in self.text.split("\n")]

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(end.end() for end in re.finditer("\n", self.text))]

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Where the character at ``offset`` (0-based) stands."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def byte_at_fault(error: UnicodeDecodeError) -> tuple[int, int, int]:
    """Line, column in characters, and value of the byte at which decoding UTF-8 stopped."""
    before = error.object[: error.start].decode("utf-8")
    return *line_and_column(before, len(before)), error.object[error.start]
