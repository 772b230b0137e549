"""Colours of a terminal: the only place that writes escape sequences."""

from __future__ import annotations

from dataclasses import dataclass

from relations.validators.finding import Severity

_CODES = {
    "bold": "1",
    "dim": "2",
    "good": "1;32",
    "hint": "36",
    Severity.ERROR.value: "1;31",
    Severity.WARNING.value: "1;33",
    Severity.INFO.value: "1;34",
}


@dataclass(frozen=True, slots=True)
class Paint:
    """Colours text, or leaves it as it is where ``on`` is false."""

    on: bool

    def __call__(self, style: str, text: str) -> str:
        """``text`` in a style: bold, dim, good, hint, or the name of a severity."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.on and text else text
