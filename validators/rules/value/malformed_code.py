"""A country code does not have the form of its list.

The key of a country is its ISO 3166-1 alpha-3 code, three capital letters; `iso2` holds the
two of alpha-2; the Correlates of War and Gleditsch-Ward state numbers are plain numbers
without leading zeros.
"""

from __future__ import annotations

import re

from relations.schemas.country_codes import CountryCodes, by_alpha3
from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import BadCell, Rule

FORMS = {
    "country": "three capital letters, as in `AZE`",
    "iso2": "two capital letters, as in `AZ`",
    "cow_code": "a number of one to three digits, as in `373`",
    "gw_code": "a number of one to four digits, as in `373`",
}


def explain(cell: BadCell) -> tuple[str, str]:
    form = FORMS[cell.field]
    meant = _meant(cell)
    article = "an" if cell.field[0] in "aeiou" else "a"
    return (
        f"`{cell.value}` is not written as {article} {cell.field}",
        f"did you mean `{meant}`? It is {form}" if meant else f"write {form}",
    )


def _meant(cell: BadCell) -> str | None:
    """The code that differs from the value in case, zeros or dots, or belongs to its country."""
    assert cell.column.pattern
    plain = re.sub(r"\.0+$", "", cell.value.strip())
    for candidate in (plain.upper().replace(".", "").replace(" ", ""), plain.lstrip("0")):
        if re.fullmatch(cell.column.pattern[1:-1], candidate):
            return candidate
    for state in by_alpha3().values():
        if not state.withdrawn and plain.casefold() in (
            state.alpha2.casefold(),
            state.alpha3.casefold(),
            state.name.casefold(),
        ):
            return next(iter(_codes(state)[cell.field]), None)
    return None


def _codes(state: CountryCodes) -> dict[str, tuple[str, ...]]:
    return {
        "country": (state.alpha3,),
        "iso2": (state.alpha2,),
        "cow_code": state.cow,
        "gw_code": state.gw,
    }


RULE = Rule(
    code="malformed-code",
    family="value",
    severity=Severity.ERROR,
    manual=__doc__,
    explain=explain,
    in_descriptor=True,
    good=(good(Cell("countries", "FIN", "iso2", "")),),
    bad=(
        bad(
            Cell("countries", "FIN", "iso2", "Fi"),
            expect=Expect("datapackage/countries.csv", 3, "iso2", "Fi"),
        ),
        # A code that is none has no place in the order of the rows either.
        bad(
            Cell("countries", "FIN", "country", "fin"),
            expect=Expect("datapackage/countries.csv", 3, "country", "fin"),
        ),
        bad(
            Cell("countries", "FIN", "country", "Finland"),
            expect=Expect("datapackage/countries.csv", 3, "country", "Finland"),
        ),
        bad(
            Cell("countries", "FIN", "cow_code", "375.0"),
            expect=Expect("datapackage/countries.csv", 3, "cow_code", "375.0"),
        ),
    ),
)
