"""How a column is declared: once, and everything else is made from the declaration.

Each function below makes a Pandera field. The :class:`Column` in its metadata carries what
the descriptor, the codebook and the rules need; the Pandera checks are made from the same
values, so the two cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from relations.schemas import checks, dates
from relations.schemas.lists import LIST_SEPARATOR as LIST_SEPARATOR
from relations.schemas.vocabularies import Vocabulary

METADATA = "relations"


@dataclass(frozen=True, slots=True)
class Standard:
    """A term of a published standard, and how closely ours follows it (SKOS)."""

    term: str
    match: str = "exactMatch"


@dataclass(frozen=True, slots=True)
class Column:
    """What is known about one column.

    ``kind`` is one of key, reference, term, terms, date, dates, integer, text, texts, code,
    url. ``fact`` says that a filled cell must be cited by evidence of its own.
    ``in_descriptor`` names the checks that the descriptor's constraints express as well.
    """

    kind: str
    description: str
    required: bool = False
    fact: bool = False
    pattern: str | None = None
    vocabulary: Vocabulary | None = None
    references: str | None = None
    minimum: int | None = None
    open_end: bool = False
    letter: str | None = None
    example: str | None = None
    standard: Standard | None = None
    checks: tuple[checks.ColumnCheck, ...] = field(default=())

    @property
    def is_list(self) -> bool:
        """Whether a cell holds several items, separated by ``;``."""
        return self.kind in ("terms", "dates", "texts")


def _declare(column: Column) -> Any:
    # Only who runs the models pays for the import.
    import pandera.polars as pa

    declared = pa.Field(
        nullable=not column.required,
        unique=column.kind == "key",
        description=column.description,
        metadata={METADATA: column},
    )
    declared.checks.extend(check.to_pandera() for check in column.checks)
    return declared


def key(letter: str, description: str) -> Any:
    """An opaque id: one letter and four or more digits."""
    pattern = f"^{letter}[0-9]{{4,}}$"
    return _declare(
        Column(
            "key",
            description,
            required=True,
            pattern=pattern,
            letter=letter,
            example=f"{letter}0001",
            checks=(checks.matches("malformed-id", pattern),),
        )
    )


def code_key(pattern: str, description: str, example: str, **more: Any) -> Any:
    """A primary key that is a published code."""
    return _declare(
        Column(
            "key",
            description,
            required=True,
            pattern=pattern,
            example=example,
            checks=(checks.matches("malformed-code", pattern),),
            **more,
        )
    )


def reference(table: str, description: str, **more: Any) -> Any:
    """The key of a row of ``table``; whether that row exists is a rule's affair."""
    return _declare(Column("reference", description, references=table, **more))


def term(vocabulary: Vocabulary, description: str, **more: Any) -> Any:
    """One term of a closed vocabulary."""
    return _declare(
        Column(
            "term",
            description,
            vocabulary=vocabulary,
            checks=(checks.one_of("unknown-term", tuple(vocabulary)),),
            **more,
        )
    )


def terms(vocabulary: Vocabulary, description: str, **more: Any) -> Any:
    """A list of terms of a closed vocabulary."""
    return _declare(
        Column(
            "terms",
            description,
            vocabulary=vocabulary,
            checks=(
                checks.list_items("malformed-list", commas=False),
                checks.each_one_of("unknown-term", tuple(vocabulary)),
            ),
            **more,
        )
    )


def date(description: str, *, open_end: bool = False, **more: Any) -> Any:
    """A date of the EDTF subset; with ``open_end``, ``..`` as well."""
    calendar = dates.CALENDAR
    shape = dates.SHAPE
    if open_end:
        calendar = f"^(?:{calendar[1:-1]}|[.][.])$"
        shape = f"^(?:{shape[1:-1]}|[.][.])$"
    return _declare(
        Column(
            "date",
            description,
            pattern=calendar,
            open_end=open_end,
            example="2024-05-16",
            checks=(
                checks.matches("malformed-date", shape),
                checks.matches("impossible-date", calendar),
            ),
            **more,
        )
    )


def dates_list(description: str, **more: Any) -> Any:
    """A list of dates of the EDTF subset."""
    return _declare(
        Column(
            "dates",
            description,
            pattern=dates.CALENDAR,
            example="2024-05-16;2024-06",
            checks=(
                checks.list_items("malformed-list", commas=False),
                checks.each_matches("malformed-date", dates.SHAPE),
                checks.each_matches("impossible-date", dates.CALENDAR),
            ),
            **more,
        )
    )


def integer(description: str, *, minimum: int, **more: Any) -> Any:
    """A whole number in plain digits, at most eighteen of them."""
    return _declare(
        Column(
            "integer",
            description,
            minimum=minimum,
            checks=(
                checks.matches("not-a-number", "^-?(?:0|[1-9][0-9]{0,17})$"),
                checks.at_least("out-of-range", minimum),
            ),
            **more,
        )
    )


def text(description: str, **more: Any) -> Any:
    """Text in the curators' own words."""
    return _declare(Column("text", description, **more))


def texts(description: str, **more: Any) -> Any:
    """A list of short texts."""
    return _declare(
        Column("texts", description, checks=(checks.list_items("malformed-list"),), **more)
    )


def code(rule: str, pattern: str, description: str, example: str, **more: Any) -> Any:
    """A code of a published form. ``rule`` is the code of the finding where it has another."""
    return _declare(
        Column(
            "code",
            description,
            pattern=pattern,
            example=example,
            checks=(checks.matches(rule, pattern),),
            **more,
        )
    )
