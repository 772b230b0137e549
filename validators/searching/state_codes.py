"""The codes of one row of countries against the published ones."""

from __future__ import annotations

from collections.abc import Mapping

from relations.schemas.country_codes import CountryCodes, by_alpha3

BESIDE_KEY = ("iso2", "iso_numeric", "cow_code", "gw_code")
"""The columns of `countries` that hold a code beside the key."""


def published(state: CountryCodes, column: str) -> tuple[str, ...]:
    """The codes that a state may have in one of these columns; none where none is known."""
    return {
        "iso2": (state.alpha2,),
        "iso_numeric": state.numeric,
        "cow_code": state.cow,
        "gw_code": state.gw,
    }[column]


def wrong(row: Mapping[str, str | None], state: CountryCodes) -> tuple[str, ...]:
    """The columns of ``row`` whose code is another than those of ``state``."""
    return tuple(
        column
        for column in BESIDE_KEY
        if row[column] and published(state, column) and row[column] not in published(state, column)
    )


def fitting(row: Mapping[str, str | None]) -> tuple[str, ...]:
    """The alpha-3 codes of the states that have every code of ``row``, two or more of them.

    Several states share their codes with a successor; those in use today come first.
    """
    filled = [column for column in BESIDE_KEY if row[column]]
    if len(filled) < 2:
        return ()
    fits = [
        state
        for state in by_alpha3().values()
        if all(row[column] in published(state, column) for column in filled)
    ]
    return tuple(state.alpha3 for state in sorted(fits, key=lambda state: state.withdrawn != ""))
