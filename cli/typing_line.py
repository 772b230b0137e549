"""Reading a line from a terminal, with the Tab key completing what may be answered."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence


def read_line(prompt: str, choices: Sequence[str]) -> str:
    """One line. Raises EOFError at the end of the input."""
    # All but the last line first: readline counts on the prompt being one line.
    before, _, last = prompt.rpartition("\n")
    if before:
        print(before)
    with contextlib.suppress(ImportError):
        _complete_with(choices)
    return input(last)


def _complete_with(choices: Sequence[str]) -> None:
    # Not everywhere: Windows has none.
    import readline

    def complete(text: str, state: int) -> str | None:
        fitting = [each for each in choices if each.startswith(text)]
        return fitting[state] if state < len(fitting) else None

    readline.set_completer(complete)
    readline.set_completer_delims(";, ")
    readline.parse_and_bind("tab: complete")
