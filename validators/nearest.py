"""Did you mean: the known word nearest to one that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

FEW = 200
"""Up to so many words each is compared; among more, only what is one slip away is looked up."""


@dataclass
class Words:
    """Words to look among, prepared once for many questions. Case makes no difference.

    Of the keys of a long table a comparison with each would take longer than all else, and
    nearly all of them are alike: there the word meant is one letter or digit away, or two that
    stand next to each other were exchanged. ``slips_only``: they are those of a long table that
    are one slip away from some word.
    """

    known: Iterable[str]
    slips_only: bool = False
    _answers: dict[tuple[str, float, str], str | None] = field(default_factory=dict)

    @cached_property
    def _by_fold(self) -> dict[str, str]:
        return {word.casefold(): word for word in self.known}

    @cached_property
    def _alphabet(self) -> list[str]:
        return sorted(set().union(*self._by_fold))

    def nearest(self, word: str, cutoff: float = 0.6, *, never: str = "") -> str | None:
        """The most similar word, or None where none is similar enough (0 to 1).

        ``never`` is a known word that cannot be the one meant.
        """
        if not word:
            return None
        found = self._answer(word.casefold(), cutoff, "")
        if found is not None and found == never:
            # Only then is it worth another search: one wrong word may stand beside many others.
            found = self._answer(word.casefold(), cutoff, never.casefold())
        return found

    def _answer(self, folded: str, cutoff: float, never: str) -> str | None:
        asked = (folded, cutoff, never)
        if asked not in self._answers:
            self._answers[asked] = self._found(*asked)
        return self._answers[asked]

    def _found(self, folded: str, cutoff: float, never: str) -> str | None:
        candidates: Iterable[str] = self._by_fold
        if self.slips_only or len(self._by_fold) > FEW:
            candidates = {slip for slip in slips(folded, self._alphabet) if slip in self._by_fold}
        candidates = [each for each in candidates if each != never]
        every = max(1, len(candidates))
        found = difflib.get_close_matches(folded, candidates, n=every, cutoff=cutoff)
        if not found:
            return None
        # Two digits exchanged are one slip, and look no more alike than one digit for another.
        best = difflib.SequenceMatcher(None, found[0], folded).ratio()
        alike = (
            each
            for each in found
            if sorted(each) == sorted(folded)
            and difflib.SequenceMatcher(None, each, folded).ratio() == best
        )
        return self._by_fold[next(alike, found[0])]


def slips(word: str, alphabet: Iterable[str]) -> Iterator[str]:
    """The word itself and all that are one slip away from it."""
    letters = list(alphabet)
    yield word
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for letter in letters:
            yield before + letter + after
            yield before + letter + after[1:]


def nearest(
    word: str, known: Iterable[str] | Words, cutoff: float = 0.6, *, never: str = ""
) -> str | None:
    """The most similar of ``known`` but for ``never``, or None where none is similar enough."""
    return (known if isinstance(known, Words) else Words(known)).nearest(word, cutoff, never=never)


def did_you_mean(
    word: str, known: Iterable[str] | Words, otherwise: str = "", *, never: str = ""
) -> str:
    """A question that offers the nearest known word but for ``never``, or ``otherwise``."""
    found = nearest(word, known, never=never)
    return f"did you mean `{found}`?" if found else otherwise
