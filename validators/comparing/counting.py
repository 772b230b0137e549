"""How many, in words."""

from __future__ import annotations


def count(number: int, noun: str) -> str:
    """A number and what it counts: "1 cell", "2 cells"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def rows(number: int) -> str:
    """So many rows."""
    return count(number, "row")
