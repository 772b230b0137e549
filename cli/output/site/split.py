"""Long lists spread over pages, so that a page stays one that a browser and a reader can take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

ROWS_AT_ONCE = 100
"""So many rows of a table are shown at once; the script has the same number."""
ROWS_ON_PAGE = 5_000
RECORDS_ON_PAGE = 200
"""Rows with all their evidence: a table with more has pages of its own for them."""
PEOPLE_ON_PAGE = 100
MOST_NAMED = 30
"""So many rows of a list that another list has in full: who names a row, a topic's statements."""
MOST_MEETINGS = 100
MOST_PASSAGES = 1_000
MOST_FINDINGS = 500

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Part(Generic[Item]):
    """One page of a list. ``first`` and ``last`` count from 1; both are 0 where it is empty."""

    page: str
    items: tuple[Item, ...]
    first: int
    last: int


def parts(items: Sequence[Item], name: str, most: int) -> tuple[Part[Item], ...]:
    """The pages of a list, at least one: ``name.html``, ``name-2.html`` and so on."""
    starts = range(0, len(items), most) or (0,)
    return tuple(
        Part(
            f"{name}.html" if number == 1 else f"{name}-{number}.html",
            tuple(items[start : start + most]),
            min(start + 1, len(items)),
            min(start + most, len(items)),
        )
        for number, start in enumerate(starts, 1)
    )
