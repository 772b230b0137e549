"""The codebook: what every table, column and term means, and what is in each column now.

All of it is taken from the models and the files; nothing is stated here a second time. The
two renderers, ``codebook_markdown`` and ``codebook_html``, only lay it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relations.schemas import dates
from relations.schemas.columns import LIST_SEPARATOR, Column, Standard
from relations.schemas.descriptor import description
from relations.schemas.standards import CONVENTIONS, STANDARDS, PublishedStandard, standard_of
from relations.schemas.tables import TABLES
from relations.validators.package.package import declared

if TYPE_CHECKING:
    import polars as pl

FILE = "datapackage/codebook.md"
"""Where `relations build` writes it."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a column holds now.

    ``filled`` counts cells; ``distinct`` the different values, of a list its items. ``lowest``
    and ``highest`` are the range of dates (as written, by their first and last day) and of
    numbers; empty for other columns and where nothing is filled.
    """

    filled: int
    distinct: int
    lowest: str = ""
    highest: str = ""


@dataclass(frozen=True, slots=True)
class ColumnEntry:
    """One column of the codebook."""

    table: str
    name: str
    column: Column
    content: Content

    @property
    def vocabulary(self) -> str:
        """The name of its vocabulary; empty where it has none."""
        return self.column.vocabulary.name if self.column.vocabulary else ""

    @property
    def standard(self) -> Standard | None:
        """The published term that it follows."""
        return self.column.standard

    @property
    def kind(self) -> str:
        """What a cell holds, in words; the target of a reference is left to the renderer."""
        column = self.column
        words = {
            "key": "primary key",
            "reference": "reference",
            "term": "term",
            "terms": "list of terms",
            "date": "date, or `..`" if column.open_end else "date",
            "dates": "list of dates",
            "integer": f"whole number, {column.minimum} or more",
            "text": "text",
            "texts": "list of texts",
            "code": "code",
        }[column.kind]
        return f"{words}, like `{column.example}`" if column.kind in ("key", "code") else words


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One table of the codebook. ``referenced_by`` are the columns that point at it."""

    name: str
    path: str
    description: str
    rows: int
    columns: tuple[ColumnEntry, ...]
    referenced_by: tuple[str, ...]

    @property
    def key(self) -> str:
        """The name of its primary key."""
        return self.columns[0].name


@dataclass(frozen=True, slots=True)
class TermEntry:
    """One term: what it means, and how often each column that may have it does."""

    term: str
    meaning: str
    times: int


@dataclass(frozen=True, slots=True)
class VocabularyEntry:
    """A closed vocabulary; ``used_by`` are its columns, as table and column."""

    name: str
    used_by: tuple[str, ...]
    terms: tuple[TermEntry, ...]


@dataclass(frozen=True, slots=True)
class StandardEntry:
    """A published standard and the columns that follow it, each with its match and term."""

    standard: PublishedStandard
    columns: tuple[ColumnEntry, ...]


@dataclass(frozen=True, slots=True)
class DateExample:
    """One way to write a date: the days that it may mean, and what it says of its certainty."""

    written: str
    days: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Codebook:
    """The whole codebook."""

    title: str
    version: str
    description: str
    conventions: tuple[str, ...]
    date_examples: tuple[DateExample, ...]
    tables: tuple[TableEntry, ...]
    vocabularies: tuple[VocabularyEntry, ...]
    standards: tuple[StandardEntry, ...]
    notations: tuple[PublishedStandard, ...] = CONVENTIONS


def describe(
    header: Mapping[str, Any], paths: Mapping[str, str], frames: Mapping[str, pl.DataFrame]
) -> Codebook:
    """The codebook of a package.

    ``header`` is its descriptor's content, ``paths`` has the file of each table and
    ``frames`` its cells as strings (a column that a file lacks may be missing).
    """
    tables = tuple(_table(name, paths[name], frames[name]) for name in TABLES)
    return Codebook(
        title=_text(header.get("title")) or _text(header.get("name")),
        version=_text(header.get("version")),
        description=_text(header.get("description")),
        conventions=_conventions(),
        date_examples=tuple(_date_example(written) for written in _DATES),
        tables=tables,
        vocabularies=tuple(_vocabularies(tables, frames)),
        standards=tuple(_standards(tables)),
    )


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _table(name: str, path: str, frame: pl.DataFrame) -> TableEntry:
    return TableEntry(
        name=name,
        path=path,
        description=description(name),
        rows=frame.height,
        columns=tuple(
            ColumnEntry(name, column_name, column, content_of(frame, column_name, column))
            for column_name, column in declared()[name].items()
        ),
        referenced_by=tuple(
            f"{other}.{column_name}"
            for other, columns in declared().items()
            for column_name, column in columns.items()
            if column.references == name
        ),
    )


def content_of(frame: pl.DataFrame, name: str, column: Column) -> Content:
    """What the cells of one column hold: counts, and the range of dates and numbers."""
    import polars as pl

    if name not in frame.columns:
        return Content(0, 0)
    cells = frame[name].drop_nulls()
    items = items_of(cells) if column.is_list else cells
    range_ = ("", "")
    if column.kind in ("date", "dates"):
        range_ = _range_of_dates(items)
    elif column.kind == "integer":
        numbers = items.cast(pl.Int64, strict=False).drop_nulls()
        if len(numbers):
            range_ = (str(numbers.min()), str(numbers.max()))
    return Content(len(cells), items.n_unique(), *range_)


def items_of(cells: pl.Series) -> pl.Series:
    """The items of filled list cells, one after the other."""
    return cells.str.split(LIST_SEPARATOR).explode(empty_as_null=False, keep_nulls=False)


def _range_of_dates(cells: pl.Series) -> tuple[str, str]:
    written = cells.filter(cells.str.contains(dates.CALENDAR)).unique().sort().to_list()
    if not written:
        return "", ""
    # Of two with the same bound the shorter one, which says it most plainly.
    first = min(written, key=lambda text: (dates.parse(text).earliest, len(text)))
    last = max(written, key=lambda text: (dates.parse(text).latest, -len(text)))
    return first, last


_DATES = ("2022-05-10", "2023-10", "2023", "2023-10?", "2023-10~", "2023-10%", dates.OPEN)


def _date_example(written: str) -> DateExample:
    if written == dates.OPEN:
        return DateExample(written, "not over yet", "an end that is known to be still open")
    days = dates.parse(written)
    certainty = dates.QUALIFIERS.get(written[-1], "certain")
    if days.earliest == days.latest:
        return DateExample(written, days.earliest.isoformat(), certainty)
    return DateExample(written, f"one of {days.earliest} to {days.latest}", certainty)


def _conventions() -> tuple[str, ...]:
    facts = [
        f"`{table}.{name}`"
        for table, columns in declared().items()
        for name, column in columns.items()
        if column.fact
    ]
    return (
        "**Missing values.** An empty cell is the only missing value and means: not known from "
        "the sources. No term of a vocabulary stands for it. The letters `NA` are data "
        "(Namibia).",
        "**Keys.** Ids are opaque: one letter and four or more digits, never reused and never "
        "derived from a fact; `countries` and every reference to it have a published code "
        "instead.",
        f"**Lists.** The items of a list stand in one cell, separated by `{LIST_SEPARATOR}`.",
        "**Text.** Titles, summaries and notes are in the curators' own words. A source is "
        "cited by character range and digest, not quoted.",
        "**Dates.** A date is text: year, year and month, or day, as in the table below. It "
        "stands for the days that it may mean, so a comparison of two dates has three answers: "
        "it holds, it fails, it cannot be told. A date that is only bounded by another event "
        "is empty, and the reference to that event says when.",
        "**Evidence.** `evidence` says for a row, or for one of its cells, which characters of "
        "which source bear on it. Where one of these is filled, evidence of its own must cite "
        "it: " + ", ".join(facts) + ".",
    )


def _vocabularies(
    tables: Iterable[TableEntry], frames: Mapping[str, pl.DataFrame]
) -> Iterable[VocabularyEntry]:
    used: dict[str, list[ColumnEntry]] = {}
    for table in tables:
        for entry in table.columns:
            if entry.vocabulary:
                used.setdefault(entry.vocabulary, []).append(entry)
    for name, entries in used.items():
        vocabulary = entries[0].column.vocabulary
        assert vocabulary is not None
        counts: dict[str, int] = {}
        for entry in entries:
            for term, times in _times(frames[entry.table], entry).items():
                counts[term] = counts.get(term, 0) + times
        yield VocabularyEntry(
            name,
            tuple(f"{entry.table}.{entry.name}" for entry in entries),
            tuple(
                TermEntry(term, meaning, counts.get(term, 0))
                for term, meaning in vocabulary.terms.items()
            ),
        )


def _times(frame: pl.DataFrame, entry: ColumnEntry) -> dict[str, int]:
    if entry.name not in frame.columns:
        return {}
    cells = frame[entry.name].drop_nulls()
    items = items_of(cells) if entry.column.is_list else cells
    return dict(items.value_counts().iter_rows())


def _standards(tables: Iterable[TableEntry]) -> Iterable[StandardEntry]:
    following: dict[str, list[ColumnEntry]] = {}
    for table in tables:
        for entry in table.columns:
            if entry.standard:
                prefix = standard_of(entry.standard.term).prefix
                following.setdefault(prefix, []).append(entry)
    for standard in STANDARDS:
        if standard.prefix in following:
            yield StandardEntry(standard, tuple(following[standard.prefix]))
