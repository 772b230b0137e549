"""A row as a page shows it: its filled cells, why we believe each, and what points at it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ref:
    """A row that a link leads to. ``anchor`` is its place on the page of its table."""

    table: str
    key: str
    anchor: str
    label: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One evidence row: what a passage is cited for. ``column`` is empty for the whole row."""

    evidence_id: str
    anchor: str
    column: str
    basis: str
    stance: str
    note: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A filled cell.

    ``kind`` is the column's; ``items`` are those of a list, or the value alone; ``spoken`` is
    a date in words. ``ref`` is the row that a reference means, where it is there. ``claims`` is
    the evidence of this very cell.
    """

    column: str
    kind: str
    value: str
    items: tuple[str, ...]
    spoken: str = ""
    ref: Ref | None = None
    claims: tuple[Claim, ...] = ()

    @property
    def inferred(self) -> bool:
        """Whether the value was concluded, not read."""
        return any(claim.basis == "inferred" for claim in self.claims)

    @property
    def contradicted(self) -> bool:
        """Whether a passage speaks against it."""
        return any(claim.stance == "contradicts" for claim in self.claims)


@dataclass(frozen=True, slots=True)
class Passage:
    """A cited span of a source and all that one row takes from it.

    ``start`` and ``end`` are as the file has them, in Unicode characters, end exclusive.
    ``state`` is verified, differs or not compared. ``text`` is the passage itself, where it
    was asked for and its digest is the cited one.
    """

    source: Ref | None
    source_id: str
    start: str
    end: str
    digest: str
    voice: str
    state: str
    claims: tuple[Claim, ...]
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Referrers:
    """The rows of one table that name a row in one column."""

    table: str
    column: str
    rows: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One row."""

    ref: Ref
    cells: tuple[Cell, ...]
    passages: tuple[Passage, ...] = ()
    referrers: tuple[Referrers, ...] = ()

    def cell(self, column: str) -> Cell | None:
        """The filled cell of a column."""
        return next((cell for cell in self.cells if cell.column == column), None)

    def value(self, column: str) -> str:
        """What the file has in a column; empty where nothing."""
        cell = self.cell(column)
        return cell.value if cell else ""

    def inferred(self, *columns: str) -> bool:
        """Whether any of these columns, or the row as a whole, is inferred."""
        return self.inferred_whole or any(
            cell.inferred for cell in self.cells if cell.column in columns
        )

    @property
    def inferred_whole(self) -> bool:
        """Whether the row as a whole was concluded."""
        return any(
            claim.basis == "inferred" and not claim.column
            for passage in self.passages
            for claim in passage.claims
        )


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column. ``choices`` are the terms of its vocabulary that are in use."""

    name: str
    kind: str
    description: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns that hold anything, those that hold nothing, and its rows."""

    name: str
    description: str
    file: str
    columns: tuple[Column, ...]
    empty: tuple[str, ...]
    records: tuple[Record, ...]
    missing: str = ""
    """Why the table could not be read; empty where it could."""
