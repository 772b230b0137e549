"""A cell that holds a number holds something else.

Numbers here are whole and written in plain digits: `1067`, not `1,067`, `1067.0`, `about 20`
or `twenty`. What a source counts only roughly is told in the note.
"""

from __future__ import annotations

import re

from relations.validators.example import Cell, Expect, bad
from relations.validators.finding import Severity
from relations.validators.rule import BadCell, Rule
from relations.validators.searching.normal_form import normal_form

_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen", "twenty",
)  # fmt: skip
MOST_DIGITS = 18


def explain(cell: BadCell) -> tuple[str, str]:
    if re.fullmatch("-?[1-9][0-9]*", cell.value):
        return (
            f"`{cell.value}` has more than {MOST_DIGITS} digits",
            "correct it: no count here is that large",
        )
    meant = _meant(cell.value)
    return (
        f"`{cell.value}` is not a whole number in plain digits",
        f"did you mean `{meant}`?" if meant else "write it in digits alone, as in `20`",
    )


def _meant(value: str) -> str | None:
    plain = normal_form("NFKC", value).strip().lower()
    if plain in _WORDS:
        return str(_WORDS.index(plain))
    plain = re.sub(r"^(?:c\.|ca\.?|circa|about|around|some|over|~|\+|no\.?|nr\.?|#)\s*", "", plain)
    plain = re.sub(r"\s*(?:st|nd|rd|th|\+|\?|~|\.)$", "", plain)
    if re.fullmatch(r"[0-9]{1,3}\.000", plain):
        return None  # a thousand in one country, one in another
    # Marks between groups of three digits, and nowhere else: `12,5` may be a fraction.
    if re.fullmatch("[0-9]{1,3}(?:[ ,.'’_][0-9]{3})+", plain):
        plain = re.sub("[^0-9]", "", plain)
    plain = re.sub(r"\.0+$", "", plain)
    if re.fullmatch("-?[0-9]{1,18}", plain):
        return str(int(plain))
    return None


RULE = Rule(
    code="not-a-number",
    family="value",
    severity=Severity.ERROR,
    manual=__doc__,
    explain=explain,
    in_descriptor=True,
    bad=(
        bad(
            Cell("sources", "R0001", "char_length", "1,067"),
            expect=Expect("datapackage/sources.csv", 2, "char_length", "1,067"),
        ),
        bad(
            Cell("agreements", "A0001", "number_of_instruments", "about 20"),
            expect=Expect("datapackage/agreements.csv", 2, "number_of_instruments", "about 20"),
        ),
    ),
)
