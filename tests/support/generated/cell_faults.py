"""Faults of single cells, made from what the models say of their columns."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Collection

from relations.schemas.columns import Column
from relations.schemas.country_codes import by_alpha3
from support.generated.broken import Broken, Fault, at, choice, one
from support.generated.made import COLUMNS, KEYS, Made

Wrong = tuple[str, str]
"""A value, and the rule that it breaks."""


NAMES = {("evidence", "row_id"), ("evidence", "column")}
"""Text that is the name of something: a wrong one names nothing, which is another finding."""


def _spoil(
    value: Callable[[Column, str, random.Random], Wrong | None],
    leave: Collection[tuple[str, str]] = (),
) -> Fault:
    """The fault that one filled cell becomes what ``value`` makes of it, if anything."""

    def fault(made: Made, dice: random.Random) -> Broken | None:
        # A column first: most cells are those of the evidence.
        columns = [(table, name) for table, declared in COLUMNS.items() for name in declared]
        for table, name in dice.sample(columns, len(columns)):
            row = choice(dice, made.filled(table, name))
            if row is None or (table, name) in leave:
                continue
            wrong = value(COLUMNS[table][name], row[name], dice)
            if wrong and wrong[0] != row[name]:
                row[name], code = wrong
                return one(made, at(code, table, row, name))
        return None

    return fault


def _emptied(column: Column, _: str, __: random.Random) -> Wrong | None:
    return ("", "missing-value") if column.required else None


def _malformed(column: Column, value: str, dice: random.Random) -> Wrong | None:
    """What the column's own checks refuse, in one of the ways that people write it."""
    match column.kind:
        case "key" if column.letter:
            return dice.choice([value.lower(), value[1:], value[0] + "1"]), "malformed-id"
        case "key":
            return value.lower(), "malformed-code"
        case "term" | "terms":
            return dice.choice([value.upper(), value + "s", "no_such_term"]), "unknown-term"
        case "date":
            return dice.choice(_DATES)
        case "dates":
            wrong, code = dice.choice(_DATES)
            return f"{value};{wrong}", code
        case "integer":
            least = "-1" if column.minimum == 0 else dice.choice(["0", "-1"])
            return dice.choice(
                [("1,000", "not-a-number"), ("x", "not-a-number"), (least, "out-of-range")]
            )
        case "code":
            return dice.choice(["?", f"{value}?!"]), column.checks[0].code
        case _:
            return None


_DATES = (
    ("18/02/2025", "malformed-date"),
    ("2025-2-3", "malformed-date"),
    ("2025-02-XX", "malformed-date"),
    ("2025-02-30", "impossible-date"),
    ("2025-13", "impossible-date"),
    ("1900-02-29~", "impossible-date"),
)


def _list(column: Column, value: str, dice: random.Random) -> Wrong | None:
    if not column.is_list:
        return None
    first = value.partition(";")[0]
    return dice.choice(
        [
            (f"{value};", "malformed-list"),
            (f"{value}; {value}", "malformed-list"),
            (f"{value};{first}", "repeated-list-item"),
        ]
    )


def _reference(column: Column, value: str, dice: random.Random) -> Wrong | None:
    if not column.references:
        return None
    if column.references == "countries":
        return dice.choice(["ATA", "BVT", "YUG"]), "unknown-reference"
    return f"{value[0]}{dice.randint(10**6, 10**7)}", "unknown-reference"


def with_space(value: str, dice: random.Random) -> str:
    """The value with white space at one end."""
    space = dice.choice([" ", "  ", "\u00a0", "\u3000", "\n"])
    return dice.choice([space + value, value + space])


def taken_apart(value: str, _: random.Random) -> str:
    """The value with its accents as characters of their own."""
    return unicodedata.normalize("NFD", value)


def _stray_space(_: Column, value: str, dice: random.Random) -> Wrong | None:
    return with_space(value, dice), "stray-space"


def _not_nfc(_: Column, value: str, dice: random.Random) -> Wrong | None:
    return taken_apart(value, dice), "not-nfc"


def _within(character: str, code: str) -> Callable[[Column, str, random.Random], Wrong | None]:
    def value(_: Column, value: str, dice: random.Random) -> Wrong | None:
        place = dice.randint(1, len(value) - 1) if len(value) > 1 else 0
        return (value[:place] + character + value[place:], code) if place else None

    return value


def _mixed_script(_: Column, value: str, __: random.Random) -> Wrong | None:
    for latin, cyrillic in ("aа", "eе", "oо"):
        # Between two plain letters, so that it is certainly inside a Latin word.
        for place in range(1, len(value) - 1):
            around = value[place - 1] + value[place + 1]
            if value[place] == latin and around.isascii() and around.isalpha():
                return value[:place] + cyrillic + value[place + 1 :], "mixed-script"
    return None


def _formula(column: Column, value: str, dice: random.Random) -> Wrong | None:
    if column.kind != "text":
        return None
    return dice.choice(["=", "+", "@", "-x "]) + value, "formula-like-cell"


def unknown_country(made: Made, dice: random.Random) -> Broken | None:
    rows = [row for row in made.rows["countries"] if row["country"] not in ("XKX", "SUN")]
    row = dice.choice(rows)
    # A code that ISO does not have; that of a country with two codes beside it would be guessed.
    row["country"] = next(code for code in ("ZAB", "ZBA", "WWW") if code not in by_alpha3())
    made.rows["countries"].sort(key=lambda each: each["country"])
    return one(made, at("unknown-country-code", "countries", row, "country"))


def repeated_key(made: Made, dice: random.Random) -> Broken | None:
    # Of a country's key and the codes beside it, one or the other may be what is wrong.
    tables = [table for table, rows in made.rows.items() if len(rows) > 1 and table != "countries"]
    table = dice.choice(tables)
    rows = made.rows[table]
    place = dice.randrange(1, len(rows))
    rows[place][KEYS[table]] = rows[place - 1][KEYS[table]]
    return one(made, at("duplicate-key", table, rows[place], KEYS[table]))


CELL_FAULTS: dict[str, Fault] = {
    "a required cell is emptied": _spoil(_emptied),
    "a cell is malformed": _spoil(_malformed),
    "a list is malformed or repeats an item": _spoil(_list),
    "a reference leads nowhere": _spoil(_reference),
    "white space stands at an end": _spoil(_stray_space),
    "letters are taken apart": _spoil(_not_nfc),
    "a control character": _spoil(_within("\x07", "control-character")),
    "a tab": _spoil(_within("\t", "control-character")),
    "a character that nobody sees": _spoil(_within("\u200b", "invisible-character")),
    "a mark of direction": _spoil(_within("\u202e", "invisible-character")),
    "a letter of another alphabet": _spoil(_mixed_script),
    "a formula": _spoil(_formula, leave=NAMES),
    "a country that ISO does not have": unknown_country,
    "a key stands twice": repeated_key,
}
