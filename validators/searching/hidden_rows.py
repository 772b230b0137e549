"""Findings that hold only where no row says otherwise: silent while such a row may be hidden."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from relations.validators.finding import Skip
from relations.validators.rule import Fault

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def unless_hidden(
    package: Package, code: str, found: Iterable[Fault | Skip], *links: str
) -> Iterator[Fault | Skip]:
    """The faults ``found``, or one skip in their stead.

    ``links`` are the columns (``terms.official_id``) by which a row would come into play that
    makes right what was found. Where a cell of them, or a whole row, cannot be read, that row
    may be there: the rule is then skipped, if it found anything at all.
    """
    reasons = ((table, package.why_unsound(table, name)) for table, _, name in _parts(links))
    table, reason = next(((table, reason) for table, reason in reasons if reason), (None, None))
    for each in found:
        if reason is None or isinstance(each, Skip):
            yield each
        else:
            yield Skip(code, table, reason)
            return


def _parts(links: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    return (link.partition(".") for link in links)
