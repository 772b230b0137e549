"""A passage of a source in its context, for a person's eyes."""

from __future__ import annotations

from relations.cli.output.ansi import Paint
from relations.cli.output.escaping import brief, visible

LONGEST = 400
"""Characters of a passage that are shown; of a longer one, its two ends."""


def in_context(before: str, text: str, after: str, paint: Paint) -> str:
    """One line: the passage bright, or between brackets where there is no colour."""
    shown = _ends(flat(text))
    marked = paint("good", shown) if paint.on else f"[{shown}]"
    left = flat(before[max(0, before.find(" ")) :]) if before else ""
    right = flat(after[: after.rfind(" ") + 1] or after) if after else ""
    gap_left = " " if left and (before[-1].isspace() or text[:1].isspace()) else ""
    gap_right = " " if right and (after[0].isspace() or text[-1:].isspace()) else ""
    left = f"…{left}" if before else ""
    right = f"{right}…" if after else ""
    return paint("dim", left) + gap_left + marked + gap_right + paint("dim", right)


def flat(text: str) -> str:
    """``text`` on one line, white space as single spaces, nothing unseen."""
    return visible(" ".join(text.split()))


def opening(text: str, limit: int = 60) -> str:
    """How ``text`` begins, on one line."""
    return brief(flat(text), limit)


def _ends(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    half = LONGEST // 2
    return f"{text[:half]} … {text[-half:]}"
