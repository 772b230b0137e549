"""Why a command stops before its work is done. Each message is one plain line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relations.validators.finding import Report


class CannotDo(Exception):
    """What was asked for cannot be done as it was asked for: wrong use, or nothing to do it on."""


class UnknownRule(ValueError):
    """A code that no rule has; the message names it."""


class NotSound(Exception):
    """The package's own findings stand in the way."""


class NotChecked(Exception):
    """A rule crashed, so that the package is not known to be sound."""


def was_interrupted(error: Exception) -> bool:
    """Whether somebody pressed Ctrl-C, which DuckDB tells of as of a fault of its own."""
    return isinstance(error, RuntimeError) and str(error) == "Query interrupted"


def must_have_run(report: Report) -> None:
    """Raise NotChecked where a rule crashed."""
    if report.failures:
        first = report.failures[0]
        raise NotChecked(f"the check could not be finished: {first.code}: {first.error}")
