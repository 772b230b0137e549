"""What a check says: findings and the report that holds them. Frozen values, no behaviour."""

from __future__ import annotations

import enum
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relations.validators.described_rule import DescribedRule


class Severity(enum.Enum):
    """How bad a finding is. Ordered: error, then warning, then info."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)

    def at_least(self, other: Severity) -> bool:
        """Whether this is as bad as ``other`` or worse."""
        return self.rank <= other.rank


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file of the package.

    ``file`` is relative to the package's root, with forward slashes. ``line`` and ``column``
    are physical, 1-based, counted in lines and in characters; None where the finding is about
    a whole file or package. ``end_column`` is exclusive, and None where unknown.
    """

    file: str
    line: int | None = None
    column: int | None = None
    end_column: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One defect at one place."""

    code: str
    severity: Severity
    message: str
    hint: str
    location: Location
    table: str | None = None
    key: str | None = None
    field: str | None = None
    value: str | None = None
    related: tuple[Location, ...] = ()
    fixable: bool = False
    fingerprint: str = ""
    excerpt: str | None = None
    """The physical line that ``location`` points into, where it has one."""


@dataclass(frozen=True, slots=True)
class Skip:
    """A rule that could not be judged for a table, and why."""

    code: str
    table: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A fault of the tool itself: a rule that crashed."""

    code: str
    error: str


@dataclass(frozen=True, slots=True)
class Spans:
    """How many cited spans were compared with the text of their source.

    ``cited`` counts the evidence rows whose range can be read; ``unverified`` those whose
    text is not present. Cited less verified less unverified are those that are not as the text
    has it: another passage, or a range that it does not have.
    """

    cited: int = 0
    verified: int = 0
    unverified: int = 0


@dataclass(frozen=True, slots=True)
class Unlisted:
    """What findings that are counted and not listed have in common."""

    code: str
    severity: Severity
    table: str
    fixable: bool


@dataclass(frozen=True, slots=True)
class Report:
    """All that a check says of one package.

    ``row_counts`` are the tables that could be found, each with the rows that could be read;
    ``ran`` the rules that ran; ``suppressed`` the findings that a person has settled, each
    with the reason: they are not among ``findings``.
    """

    name: str
    version: str
    path: str
    spans: Spans
    findings: tuple[Finding, ...]
    skipped: tuple[Skip, ...] = ()
    failures: tuple[Failure, ...] = ()
    row_counts: tuple[tuple[str, int], ...] = ()
    ran: tuple[DescribedRule, ...] = ()
    suppressed: tuple[tuple[Finding, str], ...] = ()
    unlisted: tuple[tuple[Unlisted, int], ...] = ()
    """Findings beyond those listed, where the check was asked to list the first alone."""
    seconds: float = 0.0

    @property
    def tables(self) -> int:
        """How many tables there are."""
        return len(self.row_counts)

    @property
    def rows(self) -> int:
        """How many rows could be read, all tables together."""
        return sum(rows for _, rows in self.row_counts)

    @property
    def rules(self) -> int:
        """How many rules ran."""
        return len(self.ran)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the rules that ran."""
        return tuple(rule.code for rule in self.ran)

    def count(self, severity: Severity) -> int:
        """How many findings have exactly this severity."""
        listed = sum(finding.severity is severity for finding in self.findings)
        return listed + sum(n for each, n in self.unlisted if each.severity is severity)

    def fails_on(self, severity: Severity) -> bool:
        """Whether any finding is as bad as ``severity`` or worse."""
        # What is not listed stands behind findings of the same rule that are.
        return any(finding.severity.at_least(severity) for finding in self.findings)


def sort_key(finding: Finding) -> tuple[object, ...]:
    """File, line, column, code; a finding without a line stands before those with one."""
    place = finding.location
    return (
        place.file,
        place.line or 0,
        place.column or 0,
        finding.code,
        finding.message,
    )


def fingerprint(
    code: str, table: str | None, key: str | None, field: str | None, value: str | None, nth: int
) -> str:
    """A digest that survives rows inserted above: of what the finding is about, not where.

    ``nth`` tells apart findings that agree in everything else.
    """
    parts = [code, table or "", key or "", field or "", value or ""]
    if nth:
        parts.append(str(nth))
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
