"""A physical line of a table, cut to the room there is around one cell."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from relations.cli.output.escaping import is_plain, pieces

CUT = "…"
LEAST_ROOM = 8


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line in three parts, made visible; ``…`` stands where something was cut off."""

    before: str
    cell: str
    after: str


def columns_of(text: str) -> int:
    """How many columns of a terminal ``text`` takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return len(text) + sum(_columns(each) - 1 for each in text if each > "\x7f")


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def excerpt(line: str, column: int | None, end_column: int | None, room: int) -> Excerpt:
    """The part of ``line`` around a cell that fits into ``room`` columns.

    ``column`` and ``end_column`` (exclusive; None: to the end of the line) are 1-based. Without
    a column the line is shown from its start and no cell is marked. The time it takes depends
    on ``room`` and not on the length of the line.
    """
    room = max(room, LEAST_ROOM)
    if column is None:
        return Excerpt("", "", _from_start(line, 0, len(line), room))
    start = min(max(column - 1, 0), len(line))
    end = len(line) if end_column is None else min(max(end_column - 1, start), len(line))
    # Two columns stay for the marks that something was cut off on either side.
    cell = _from_start(line, start, end, room - 2)
    if cell.endswith(CUT):
        end = len(line)
    left = room - columns_of(cell)
    before, after = _to_end(line, start, left), _from_start(line, end, len(line), left)
    if columns_of(before) + columns_of(after) > left:
        after = _from_start(line, end, len(line), left - min(columns_of(before), left // 2))
        before = _to_end(line, start, left - columns_of(after))
    return Excerpt(before, cell, after)


def _from_start(line: str, start: int, end: int, room: int) -> str:
    """What fits into ``room`` of ``line[start:end]``, from its start."""
    window = min(end, start + 2 * room)
    kept, whole = _fitting(_shown(line, start, window), room)
    if whole and window == end:
        return "".join(kept)
    return "".join(_fitting(kept, room - 1)[0]) + CUT


def _to_end(line: str, end: int, room: int) -> str:
    """What fits into ``room`` of ``line[:end]``, from its end."""
    window = max(0, end - 2 * room)
    kept, whole = _fitting(_shown(line, window, end)[::-1], room)
    if whole and window == 0:
        return "".join(kept[::-1])
    return CUT + "".join(_fitting(kept, room - 1)[0][::-1])


def _shown(line: str, start: int, end: int) -> Sequence[str]:
    """What is shown of each character from ``start`` to before ``end``."""
    # What a character may be taken for depends on the two before it.
    context = min(start, 2)
    text = line[start - context : end]
    return (text if is_plain(text) else pieces(text))[context:]


def _fitting(shown: Sequence[str], room: int) -> tuple[Sequence[str], bool]:
    """The first pieces that fit into ``room``, and whether they are all."""
    if isinstance(shown, str) and shown.isascii():
        return shown[:room], len(shown) <= room
    used = 0
    for count, piece in enumerate(shown):
        used += columns_of(piece)
        if used > room:
            return shown[:count], False
    return shown, True
