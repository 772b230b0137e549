"""What a long command says of its progress, on standard error."""

from __future__ import annotations

import shutil
import sys
import time
from types import TracebackType

PATIENCE = 1.0
"""Seconds before anything is said: a quick check says nothing."""
PACE = 0.1


class Progress:
    """One line on a terminal, rewritten as the work goes on and wiped at the end."""

    def __init__(self, wanted: bool) -> None:
        self._on = wanted and sys.stderr.isatty()
        self._began = time.monotonic()
        self._said = 0.0
        self._width = 0

    def __enter__(self) -> Progress:
        return self

    def say(self, what: str) -> None:
        """Note what is going on now; shown when the work has lasted a second."""
        now = time.monotonic()
        if not self._on or now - self._began < PATIENCE or now - self._said < PACE:
            return
        self._said = now
        # A line that wraps could not be wiped away.
        line = f"{now - self._began:5.1f} s  {what}"[: shutil.get_terminal_size().columns - 1]
        sys.stderr.write("\r" + line.ljust(self._width))
        sys.stderr.flush()
        self._width = len(line)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()
