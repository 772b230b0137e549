"""The published codes of states: ISO 3166-1 and 3166-3, Correlates of War, Gleditsch and Ward.

`country_codes.csv` has one row per alpha-3 code that ISO 3166-1 lists or 3166-3 keeps. Where
a state had another number under the same letters (DEU: 276, and 280 until 1990), the cell
lists both, today's first. An empty cell says that the list has no such code or that it is not
certain which; then nothing is compared.
"""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("country_codes.csv")

USER_ASSIGNED = re.compile("AA[A-Z]|Q[M-Z][A-Z]|X[A-Z]{2}|ZZ[A-Z]")
"""The alpha-3 codes that ISO 3166-1 leaves to its users (8.1.3); XKX for Kosovo is one."""


@dataclass(frozen=True, slots=True)
class CountryCodes:
    """The codes of one state.

    ``numeric``, ``cow`` (state number of the Correlates of War, 2016) and ``gw`` (of Gleditsch
    and Ward) are as the lists have them, today's first; empty where nothing is known.
    ``withdrawn`` is the day, or the year, on which ISO withdrew the code; empty: in use.
    """

    alpha3: str
    alpha2: str
    numeric: tuple[str, ...]
    name: str
    cow: tuple[str, ...]
    gw: tuple[str, ...]
    withdrawn: str


@functools.cache
def by_alpha3() -> dict[str, CountryCodes]:
    """Every state, by its alpha-3 code."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return {
            row["alpha3"]: CountryCodes(
                alpha3=row["alpha3"],
                alpha2=row["alpha2"],
                numeric=_several(row["numeric"]),
                name=row["name"],
                cow=_several(row["cow"]),
                gw=_several(row["gw"]),
                withdrawn=row["withdrawn"],
            )
            for row in csv.DictReader(lines)
        }


def _several(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(";")) if cell else ()


def is_user_assigned(alpha3: str) -> bool:
    """Whether ISO leaves this alpha-3 code to its users."""
    return USER_ASSIGNED.fullmatch(alpha3) is not None
