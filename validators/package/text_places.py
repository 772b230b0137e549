"""Lines and columns, 1-based and physical: of an offset in a text, of a byte that is no UTF-8."""

from __future__ import annotations


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Where the character at ``offset`` (0-based) stands."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def byte_at_fault(error: UnicodeDecodeError) -> tuple[int, int, int]:
    """Line, column in characters, and value of the byte at which decoding UTF-8 stopped."""
    before = error.object[: error.start].decode("utf-8")
    return *line_and_column(before, len(before)), error.object[error.start]
