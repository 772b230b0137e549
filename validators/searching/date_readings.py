"""What a date in another notation means, as the tables write dates.

Understands what spreadsheets make of dates (`18/02/2025`, `Feb-25`, `45706`), what people
write (`18 February 2025`, `c. 2025`) and what other EDTF profiles allow (`2025-02-XX`). A
notation that can mean several dates gives them all; nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from relations.schemas import dates
from relations.validators.searching.normal_form import normal_form

DAY_FIRST = "if the day comes first"
MONTH_FIRST = "if the month comes first"

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
"""The months in English; `calendar.month_name` would be in the language of the machine."""

_SERIAL_ORIGIN = dt.date(1899, 12, 30)
"""Day 0 of a spreadsheet's serial dates, its phantom 29 February 1900 taken into account."""


LONGEST = 200
"""Characters of a text that may be a date, however it is written."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One date that a text may mean; ``when`` says under which condition, where it has one."""

    date: str
    when: str = ""


def readings(text: str) -> tuple[Reading, ...]:
    """Every date of the subset that ``text`` may mean; none where it is no date we know."""
    if len(text) > LONGEST:
        return ()
    plain, qualifier = _qualified(_plain(text))
    found: dict[str, Reading] = {}
    for pattern, read in _NOTATIONS:
        match = pattern.fullmatch(plain)
        if match is None:
            continue
        for date, when in read(match):
            if re.fullmatch(dates.CALENDAR[1:-1], date):
                found.setdefault(date, Reading(date + qualifier, when))
        if found:
            break
    return tuple(found.values())


def _plain(text: str) -> str:
    """Compatible letters, ASCII digits and hyphens, single spaces, lower case."""
    made = "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in normal_form("NFKC", text)
    )
    made = re.sub("[\u2010-\u2015\u2212]", "-", made)
    return " ".join(made.split()).lower()


_ABOUT = re.compile(r"(?:c\.|ca\.?|circa|about|around|approx\.?|approximately|~)\s*|c(?=[0-9])")
_PERHAPS = re.compile(r"(?:perhaps|possibly|probably|\?)\s*")


def _qualified(plain: str) -> tuple[str, str]:
    """The text without words and marks of doubt, and the qualifier that they amount to."""
    about = perhaps = False
    while True:
        if match := _ABOUT.match(plain):
            about, plain = True, plain[match.end() :]
        elif match := _PERHAPS.match(plain):
            perhaps, plain = True, plain[match.end() :]
        elif match := re.search(r"\s*(\(\?\)|[?~%])$", plain):
            if plain.endswith("??"):
                break  # `2025-??` says that the month is not known, not that it is in doubt.
            about |= match[1] in "~%"
            perhaps |= match[1] in ("?", "(?)", "%")
            plain = plain[: match.start()]
        else:
            break
    return plain, {(1, 0): "~", (0, 1): "?", (1, 1): "%"}.get((about, perhaps), "")


Pairs = Iterator[tuple[str, str]]


def _day(year: str, month: str | int, day: str) -> str:
    return f"{year}-{int(month):02}-{int(day):02}"


def _year_first(match: re.Match[str]) -> Pairs:
    year, second, third = match.groups()
    yield _day(year, second, third), ""
    if int(second) > 12:
        yield _day(year, third, second), ""


def _year_last(match: re.Match[str]) -> Pairs:
    first, separator, second, year = match.groups()
    dotted = separator == "."  # nobody writes dots with the month first
    if dotted and int(second) <= 12:
        yield _day(year, second, first), ""
        return
    both = int(first) <= 12 and int(second) <= 12 and first != second
    yield _day(year, second, first), DAY_FIRST if both else ""
    yield _day(year, first, second), MONTH_FIRST if both else ""


def _short_year_last(match: re.Match[str]) -> Pairs:
    first, separator, second, short = match.groups()
    for century in ("20", "19"):
        year = century + short
        dotted = separator == "."
        if int(second) <= 12:
            yield _day(year, second, first), f"if the year is {year}"
        if int(first) <= 12 and not dotted and first != second:
            yield _day(year, first, second), f"if the year is {year}"


def _serial(match: re.Match[str]) -> Pairs:
    day = _SERIAL_ORIGIN + dt.timedelta(days=int(match[1]))
    yield day.isoformat(), ""


def _month(word: str) -> int | None:
    word = {"sept": "sep"}.get(word, word)
    if len(word) < 3:
        return None
    return next((n for n, month in enumerate(MONTHS, 1) if month.lower().startswith(word)), None)


def _worded(year: str, month: str, day: str | None) -> Pairs:
    number = _month(month)
    if number is None:
        return
    years = [(year, "")]
    if len(year) == 2:
        years = [(century + year, f"if the year is {century}{year}") for century in ("20", "19")]
    for full, when in years:
        yield (_day(full, number, day) if day else f"{full}-{number:02}"), when


def _with(form: str) -> Callable[[re.Match[str]], Pairs]:
    """A notation with one meaning: ``form`` names the groups of its pattern."""

    def read(match: re.Match[str]) -> Pairs:
        yield form.format(*(f"{group:0>2}" for group in match.groups())), ""

    return read


_Y, _N, _SEPARATOR = "([0-9]{4})", "([0-9]{1,2})", "[-/. ]"
_WORD = "([a-z]+)"
_NTH = "([0-9]{1,2})(?:st|nd|rd|th|\\.)?"
_ANY = "(?:x|xx|u|uu|\\?\\??|0|00|--)"

_NOTATIONS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Pairs]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (f"{_Y}(?:\\.0+)?", _with("{}")),
        (f"{_Y}{_SEPARATOR}{_N}", _with("{}-{}")),
        ("([0-9]{4})([0-9]{2})([0-9]{2})", _with("{}-{}-{}")),
        ("([0-9]{4})([0-9]{2})", _with("{}-{}")),
        ("([0-9]{5})(?:\\.[0-9]+)?", _serial),
        (f"{_Y}{_SEPARATOR} ?{_N}{_SEPARATOR} ?{_N}\\.?", _year_first),
        (f"{_Y}-{_N}-{_N}[t ][0-9]{{1,2}}:.*", _year_first),
        # What another EDTF profile marks as not known, and zeros in place of a month or day.
        (f"{_Y}{_SEPARATOR}{_ANY}", _with("{}")),
        (f"{_Y}{_SEPARATOR}{_ANY}{_SEPARATOR}(?:{_ANY}|[0-9]{{1,2}})", _with("{}")),
        (f"{_Y}{_SEPARATOR}{_N}{_SEPARATOR}{_ANY}", _with("{}-{}")),
        (f"{_N}([-/. ]) ?{_N}\\2 ?{_Y}\\.?", _year_last),
        (f"{_N}([-/. ]){_N}\\2([0-9]{{2}})", _short_year_last),
        (f"{_N}[-/. ]{_Y}", lambda match: iter([(f"{match[2]}-{match[1]:0>2}", "")])),
        (f"{_NTH}[ -]?(?:of )?{_WORD}\\.?,?[ -]?([0-9]{{4}}|[0-9]{{2}})",
         lambda match: _worded(match[3], match[2], match[1])),
        (f"{_WORD}\\.?[ -]{_NTH}(?:, ?| ){_Y}",
         lambda match: _worded(match[3], match[1], match[2])),
        (f"{_WORD}\\.?,?[ -]?([0-9]{{4}}|[0-9]{{2}})",
         lambda match: _worded(match[2], match[1], None)),
        (f"{_Y}[ ,-]+{_WORD}\\.?", lambda match: _worded(match[1], match[2], None)),
        (f"{_Y}[ ,-]+{_WORD}\\.?[ -]{_NTH}", lambda match: _worded(match[1], match[2], match[3])),
    )
)  # fmt: skip
