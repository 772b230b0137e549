"""Examples of rules: edits of the example package, and what a whole check then says.

The example package (``tests/packages/example``) is small and clean: invented events between
Estonia and Iceland. A rule's good example is an edit after which a check of every rule still
finds nothing; its bad examples are edits after which the check finds exactly what they name.
So the same few lines are test and documentation.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """Write ``value`` into one cell. Evidence for the cell is added where it must have some."""

    table: str
    key: str
    column: str
    value: str

    def __str__(self) -> str:
        return f"{self.table} {self.key}: {self.column} becomes {_shown(self.value)}"


@dataclass(frozen=True, slots=True)
class Row:
    """Add a row at its place by key; the cells left out are empty. Evidence is added as due."""

    table: str
    cells: dict[str, str]

    def __str__(self) -> str:
        cells = ", ".join(f"{name} {_shown(value)}" for name, value in self.cells.items())
        return f"{self.table}, a new row: {cells}"


@dataclass(frozen=True, slots=True)
class Drop:
    """Take the row with this key out."""

    table: str
    key: str

    def __str__(self) -> str:
        return f"{self.table} {self.key}: the row is taken out"


@dataclass(frozen=True, slots=True)
class Move:
    """Put the row with this key at the end of its table."""

    table: str
    key: str

    def __str__(self) -> str:
        return f"{self.table} {self.key}: the row goes to the end"


@dataclass(frozen=True, slots=True)
class Columns:
    """Write a table with these columns in this order; one that it did not have is empty."""

    table: str
    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.table}: its columns are now {', '.join(self.names)}"


@dataclass(frozen=True, slots=True)
class Replace:
    """Replace bytes in a file, ``old`` being there exactly once. Nothing else is adjusted."""

    file: str
    old: bytes
    new: bytes

    def __str__(self) -> str:
        return f"{self.file}: {_shown(self.old)} becomes {_shown(self.new)}"


@dataclass(frozen=True, slots=True)
class Write:
    """Write a whole file."""

    file: str
    content: bytes

    def __str__(self) -> str:
        return f"{self.file}: holds {_shown(self.content)}"


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove a file."""

    file: str

    def __str__(self) -> str:
        return f"{self.file}: is removed"


Edit = Cell | Row | Drop | Move | Columns | Replace | Write | Remove


def _shown(value: str | bytes) -> str:
    text = value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else value
    if not text:
        return "empty"
    short = text if len(text) <= 80 else text[:79] + "…"
    return "`" + short.encode("unicode_escape").decode("ascii") + "`"


@dataclass(frozen=True, slots=True)
class Expect:
    """One finding, exactly: its file, physical line, field and value."""

    file: str
    line: int | None = None
    field: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """One or more edits, and the findings of the rule that they give; no others may appear.

    ``evidence`` false leaves the evidence as it is, also where a changed row would need some.
    ``built`` false leaves the descriptor as it is, also where it no longer fits.
    """

    edits: tuple[Edit, ...]
    expect: tuple[Expect, ...] = ()
    evidence: bool = True
    built: bool = True


def good(*edits: Edit, evidence: bool = True, built: bool = True) -> Example:
    """An example that gives no finding."""
    return Example(edits, (), evidence, built)


def bad(
    *edits: Edit, expect: Expect | tuple[Expect, ...], evidence: bool = True, built: bool = True
) -> Example:
    """An example that gives exactly the findings ``expect``."""
    expected = expect if isinstance(expect, tuple) else (expect,)
    return Example(edits, expected, evidence, built)
