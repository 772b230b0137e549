"""Lines by their numbers are those of a plain split, wherever the blocks end."""

from __future__ import annotations

import random

import polars as pl
import pytest

from relations.validators.package import line_texts
from relations.validators.package.line_texts import LineTexts
from relations.validators.package.table_file import as_lines

TEXTS = [
    "",
    "\n",
    "\n\n",
    "a",
    "a\n",
    "a\nb",
    "a\n\nb\n",
    "ä\n" * 9,
    "\n" * 20,
    "x" * 30,
    "x" * 15 + "\n" + "y" * 16 + "\n",
]


@pytest.mark.parametrize("block", [1, 2, 3, 8, 16])
@pytest.mark.parametrize("text", TEXTS)
def test_every_stretch_of_lines(text: str, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_texts, "BLOCK", block)
    body = text.encode("utf-8")
    lines = as_lines(body).to_list() if body else []
    asked = [(first, last) for first in range(len(lines) + 3) for last in range(len(lines) + 3)]
    random.Random(block).shuffle(asked)
    found = LineTexts(body)
    for first, last in asked:
        assert found.between(first, last) == lines[first:last]


def test_a_long_text() -> None:
    body = b"".join(b"%d,%s\n" % (number, b"x" * (number % 90)) for number in range(20_000))
    lines: pl.Series = as_lines(body)
    found = LineTexts(body)
    order = random.Random(1)
    for first in [0, 19_999, 20_000, *(order.randrange(20_000) for _ in range(500))]:
        assert found.between(first, first + 3) == lines[first : first + 3].to_list()
    # Blocks are counted as far as somebody asked, and no further.
    near = LineTexts(body)
    near.between(3, 4)
    assert len(near._before) == 2
