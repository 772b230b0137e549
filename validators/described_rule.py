"""What a report needs to know of a rule: plain values, without what it takes to run it."""

from __future__ import annotations

from dataclasses import dataclass, field

from relations.validators.finding import Severity


@dataclass(frozen=True, slots=True)
class DescribedRule:
    """A rule as reports show it.

    ``manual`` is its explanation in full: the first line is its title. ``needs`` names the
    tables and columns without which it cannot be judged.
    """

    code: str
    family: str
    severity: Severity
    manual: str
    needs: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    def title(self) -> str:
        """The first line of the manual, without its full stop."""
        return self.manual.strip().partition("\n")[0].rstrip(".")
