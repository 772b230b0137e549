"""Checks of single cells, stated once as portable expressions.

A check is a narwhals expression over one column of strings, true where the cell is right and
null where it is empty. The same expression runs inside Pandera (``to_pandera``) and inside
the engine's fused pass, on whatever engine narwhals reaches.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import narwhals as nw
    import pandera.polars as pa
    from pandera.api.polars.types import PolarsData

LONGEST_LOOKED_AT = 2_000
"""Characters of a cell that Python may search for a pattern: it tries one way after the other."""


@dataclass(frozen=True, slots=True)
class ColumnCheck:
    """One check of a column's cells.

    ``code`` is the rule that a failing cell breaks. The cell is to be one of ``terms``, to
    match ``pattern``, or not to match ``wrong``: one of the three is given.
    """

    code: str
    terms: tuple[str, ...] | None = None
    pattern: str | None = None
    wrong: str | None = None

    def holds(self, cell: nw.Expr) -> nw.Expr:
        """From the column's expression, one that is true where the cell is right."""
        if self.terms is not None:
            # is_in gives false, not null, for an empty cell on some engines.
            return cell.is_in(list(self.terms)) | cell.is_null()
        if self.pattern is not None:
            return cell.str.contains(self.pattern)
        assert self.wrong is not None
        return ~cell.str.contains(self.wrong)

    def surely_holds(self, cell: str) -> bool:
        """Whether a cell is right for certain, told without an engine; not all that are, are told.

        In text that can be printed Python and the engines take these patterns alike: they have
        characters and classes of them, and nothing that one of them understands in its own way.
        """
        if self.terms is not None:
            return cell in self.terms
        if len(cell) > LONGEST_LOOKED_AT or not cell.isprintable():
            return False
        if self.pattern is not None:
            return re.search(self.pattern, cell) is not None
        assert self.wrong is not None
        return re.search(self.wrong, cell) is None

    def to_pandera(self) -> pa.Check:
        """The same check as Pandera runs it; its name is the rule's code."""
        # Only who runs the models pays for the import.
        import narwhals as nw
        import pandera.polars as pa

        def run(data: PolarsData) -> Any:
            frame = nw.from_native(data.lazyframe)
            return frame.select(self.holds(nw.col(data.key))).to_native()

        return pa.Check(run, name=self.code, error=self.code)


def matches(code: str, pattern: str) -> ColumnCheck:
    """The cell matches an anchored regular expression."""
    return ColumnCheck(code, pattern=pattern)


def one_of(code: str, terms: tuple[str, ...]) -> ColumnCheck:
    """The cell is one of ``terms``."""
    return ColumnCheck(code, terms=terms)


def _alternatives(terms: tuple[str, ...]) -> str:
    return "(?:" + "|".join(terms) + ")"


def each_one_of(code: str, terms: tuple[str, ...]) -> ColumnCheck:
    """Every item of the list is one of ``terms`` (plain words, safe in a regular expression)."""
    one = _alternatives(terms)
    return ColumnCheck(code, pattern=f"^{one}(?:;{one})*$")


def each_matches(code: str, pattern: str) -> ColumnCheck:
    """Every item of the list matches an anchored regular expression."""
    one = f"(?:{pattern[1:-1]})"
    return ColumnCheck(code, pattern=f"^{one}(?:;{one})*$")


def list_items(code: str, *, commas: bool = True) -> ColumnCheck:
    """No item of the list is empty or has a space at either end, nor, without ``commas``, one."""
    ends, inner = ("[^; ]", "[^;]") if commas else ("[^;, ]", "[^;,]")
    item = f"{ends}(?:{inner}*{ends})?"
    return ColumnCheck(code, pattern=f"^{item}(?:;{item})*$")


def at_least(code: str, minimum: int) -> ColumnCheck:
    """The whole number is ``minimum`` or more; what is no number is another check's finding."""
    if minimum not in (0, 1):
        raise ValueError("the pattern below knows 0 and 1 alone")
    # As text: a cast would stop at the first cell that is no number.
    return ColumnCheck(code, wrong="^-" if minimum == 0 else "^(?:-|0$)")
