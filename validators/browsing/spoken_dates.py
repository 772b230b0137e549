"""Dates of the tables in words: `2024-05~` is "about May 2024".

A text that is no date is returned as it is: a page shows what the file has.
"""

from __future__ import annotations

from relations.schemas import dates
from relations.validators.searching.date_readings import MONTHS

_DOUBT = {"?": "perhaps ", "~": "about ", "%": "perhaps about "}


def interval(text: str | None) -> dates.Interval | None:
    """The days that a cell may mean; None where it is empty, open or no date."""
    if not text or text == dates.OPEN:
        return None
    try:
        return dates.parse(text)
    except ValueError:
        return None


def qualifier(text: str | None) -> str:
    """The mark at the end of a date: ``?``, ``~``, ``%`` or nothing."""
    return text[-1] if text and text[-1] in dates.QUALIFIERS else ""


def spoken(text: str) -> str:
    """One date in words."""
    if text == dates.OPEN:
        return "still open"
    if interval(text) is None:
        return text
    return _DOUBT.get(qualifier(text), "") + _bare(text.rstrip("?~%"))


def _bare(text: str) -> str:
    parts = text.split("-")
    words = [parts[0]]
    if len(parts) > 1:
        words.insert(0, MONTHS[int(parts[1]) - 1])
    if len(parts) > 2:
        words.insert(0, str(int(parts[2])))
    return " ".join(words)


def spoken_range(start: str | None, end: str | None) -> str:
    """A start and an end in words; an empty end says nothing, since nothing is known of it."""
    if start and end == dates.OPEN:
        return f"since {spoken(start)}"
    if start and end and start == end:
        return spoken(start)
    if start and end:
        return _joined(start, end)
    if start:
        return spoken(start)
    if end and end != dates.OPEN:
        return f"until {spoken(end)}"
    return ""


def _joined(start: str, end: str) -> str:
    first, last = start.split("-"), end.split("-")
    plain = not qualifier(start) and not qualifier(end) and interval(start) and interval(end)
    if plain and len(first) == len(last) == 3 and first[0] == last[0]:
        if first[1] == last[1]:
            return f"{int(first[2])}–{spoken(end)}"
        return f"{int(first[2])} {MONTHS[int(first[1]) - 1]} – {spoken(end)}"
    return f"{spoken(start)} – {spoken(end)}"
