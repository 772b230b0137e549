"""What a rule is: a code, a manual, examples, and one function that finds its faults."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relations.validators.described_rule import DescribedRule
from relations.validators.example import Example
from relations.validators.finding import Failure, Finding, Skip

if TYPE_CHECKING:
    import polars as pl

    from relations.schemas.columns import Column
    from relations.validators.package.package import Package
    from relations.validators.package.table_file import TableFile

FAMILIES = (
    "file",
    "descriptor",
    "value",
    "key",
    "date",
    "consistency",
    "evidence",
    "suppression",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A row, or a cell of it, that a fault points at besides its own."""

    table: str
    row: int
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule yields: what is wrong, and where. The engine makes a finding of it.

    A fault of a row gives ``table`` and ``row`` (the ``_row`` of the frame); a fault of a file
    gives ``file`` and, where known, ``line`` and ``column``. ``message`` says what is wrong,
    ``hint`` what would be right. ``doubted`` are the cells, besides its own, of which one may
    be the wrong one instead: where a rule spoils, they too are unknown to the rules after it.
    """

    message: str
    hint: str = ""
    table: str | None = None
    row: int | None = None
    field: str | None = None
    value: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None
    related: tuple[Place, ...] = ()
    doubted: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Many:
    """Faults of one kind in one column, of which a table may have as many as rows.

    What a rule yields instead of one Fault after the other: they are counted and spoil their
    cells without a loop, and worded when somebody reads them. ``rows`` has ``_row``, each row
    once and in order, ``value`` where the rule is mended cell by cell, and whatever else
    ``word`` needs to make the fault of one of them; without a ``field`` that alone. ``others``
    are faults beyond these, which are counted alone: each ``value`` and the ``count`` of it.
    """

    table: str
    field: str | None
    rows: pl.DataFrame
    word: Callable[[dict[str, Any]], Fault]
    others: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that fails a check of its column: what a value rule explains."""

    table: str
    field: str
    value: str
    column: Column


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules before have said, suppressed or not: what a reviewing rule looks at."""

    findings: tuple[Finding, ...]
    skipped: tuple[Skip, ...]
    failures: tuple[Failure, ...]
    ran: frozenset[str]


Found = Iterable["Fault | Many | Skip"]
Find = Callable[["Package"], Found]
FindIn = Callable[["Package", str], Found]
Mend = Callable[[str], str | None]
Explain = Callable[[BadCell], tuple[str, str]]
Review = Callable[["Package", Outcome], Iterable["Fault | Skip"]]


def in_file(find: Callable[[Package, TableFile], Found]) -> FindIn:
    """The search of a table that looks at its file, where that could be opened."""

    def find_in(package: Package, table: str) -> Found:
        file = package.files.get(table)
        return () if file is None else find(package, file)

    return find_in


@dataclass(frozen=True, slots=True)
class Rule(DescribedRule):
    """One rule.

    ``manual`` is the docstring of its module: the first line is its title. Exactly one of
    ``find``, ``find_in``, ``explain`` and ``review`` is given: ``find`` searches the package;
    ``find_in`` one table, whichever it is, so that a table is not searched again because another
    has changed; ``explain`` words, as message and hint, a cell that failed the Pandera check of
    the same name; ``review`` looks at what the rules before it have said, so such rules stand
    last.

    ``needs`` names the tables and columns (``visits``, ``visits.start_date``), or the descriptor
    (``datapackage.json``), without which it cannot be judged: where one is missing or unreadable,
    the rule is skipped and the report says so. ``in_descriptor`` says that the descriptor's own
    constraints express the rule, so that any Data Package tool can find it. ``spoils`` says that
    a cell which breaks the rule is not to be judged by the rules after it: its value is unknown
    to them. Where that can be told for less than all findings, ``spoil`` does so for who has not
    asked for them. ``awaits`` says that what it misses are rows that may well come later
    (evidence, the parties of an agreement): a command that adds a row says so, and does not
    refuse it.

    ``fixable`` says that ``--fix`` mends what the rule finds without touching a fact. Where that
    is a matter of single cells, ``mend`` makes of a cell what it should be, or gives None where
    only a person can tell.
    """

    bad: tuple[Example, ...]
    good: tuple[Example, ...] = ()
    find: Find | None = None
    find_in: FindIn | None = None
    spoil: Find | None = None
    explain: Explain | None = None
    review: Review | None = None
    fixable: bool = False
    mend: Mend | None = None
    in_descriptor: bool = False
    spoils: bool = False
    awaits: bool = False

    def __post_init__(self) -> None:
        ways = (self.find, self.find_in, self.explain, self.review)
        if sum(given is not None for given in ways) != 1:
            raise ValueError(f"{self.code}: a rule finds, explains or reviews")
        if self.mend and not self.fixable:
            raise ValueError(f"{self.code}: what mends cells makes a rule fixable")
        if self.family not in FAMILIES:
            raise ValueError(f"{self.code}: no family {self.family!r}")

    @property
    def described(self) -> DescribedRule:
        """What reports show of it."""
        return DescribedRule(self.code, self.family, self.severity, self.manual, needs=self.needs)

    def mends(self, value: str | None) -> bool:
        """Whether a finding of this rule with this value can be fixed."""
        if self.mend is None or value is None:
            return self.fixable
        return self.mend(value) not in (None, value)
