"""One fault in a package that was valid, and what must be found of it: that, and nothing else."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from support.generated.made import KEYS, Made, Row

Found = tuple[str, str | None, str | None, str | None]
"""A finding: the rule's code, the table (by its file), the key of the row, and the column."""


@dataclass
class Broken:
    """A package with one fault, and the findings that it must give.

    ``files`` are the bytes of tables that no rows can stand for, ``texts`` those of sources that
    are not as `sources` says.
    """

    made: Made
    found: set[Found]
    files: dict[str, bytes] = field(default_factory=dict)
    texts: dict[str, bytes] = field(default_factory=dict)


Fault = Callable[[Made, random.Random], Broken | None]
"""Breaks a copy of a package; None where the package has nothing that could break so."""


def at(code: str, table: str, row: Row, name: str | None) -> Found:
    """The finding at one cell of a row, as the row is now."""
    return code, table, row[KEYS[table]] or None, name


def one(made: Made, found: Found) -> Broken:
    """A package that must give one finding."""
    return Broken(made, {found})


def choice(dice: random.Random, rows: list[Row]) -> Row | None:
    """One of the rows; None where there are none."""
    return dice.choice(rows) if rows else None
