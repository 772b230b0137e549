"""Did you mean: the known word nearest to one that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The most similar of ``known``, or None where none is similar enough (0 to 1)."""
    if not word:
        return None
    by_fold = {candidate.casefold(): candidate for candidate in known}
    found = difflib.get_close_matches(word.casefold(), by_fold, n=1, cutoff=cutoff)
    return by_fold[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """A question that offers the nearest known word, or ``otherwise``."""
    found = nearest(word, known)
    return f"did you mean `{found}`?" if found else otherwise
