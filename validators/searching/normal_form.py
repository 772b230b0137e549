"""Unicode's normal forms, of a text that may be made to take for ever.

Python puts the marks on a letter in their order by moving each past the others, one by one: a
letter with a million of them takes days. So where a text is long, they are put in order first.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby
from typing import Literal

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
LONG = 1_000
"""Characters; what is shorter takes no time whatever it is made of."""


def normal_form(form: Form, text: str) -> str:
    """A text in a normal form, as ``unicodedata.normalize`` gives it."""
    if len(text) > LONG and not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = _ordered("NFKD" if "K" in form else "NFD", text)
    return unicodedata.normalize(form, text)


def _ordered(form: Form, text: str) -> str:
    """A text taken apart, the marks on each of its letters in their order."""
    apart = "".join(unicodedata.normalize(form, character) for character in text)
    return "".join(
        "".join(sorted(run, key=unicodedata.combining) if are_marks else run)
        for are_marks, run in groupby(apart, key=lambda each: unicodedata.combining(each) > 0)
    )
