"""How much of a package is cited, and how much of its sources is read.

A fact is a row that must be cited, a cell that must have evidence of its own, or any other cell
that has some.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from relations.validators.package.package import declared
from relations.validators.package.sources import span_digest
from relations.validators.searching.coverage import CITED_TABLES, HELD
from relations.validators.tracing.sentences import sentences

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.sources import CitedSource

FACT = ["table", "row_id", "column"]
"""What a fact is about; the column is empty for the row as a whole."""


@dataclass(frozen=True, slots=True)
class TableCoverage:
    """What is cited of one table.

    Of ``facts``, some are ``cited``; of those each is ``stated`` by some evidence or else
    ``inferred``. ``verified`` have a passage that was found in its text, ``twice`` two pieces
    of evidence or more, and ``contradicted`` some that speaks against them. ``uncited`` and
    ``contradicted`` name the facts as `TABLE/ROW` or `TABLE/ROW/COLUMN`.
    """

    table: str
    rows: int
    facts: int
    cited: int
    stated: int
    inferred: int
    verified: int
    twice: int
    uncited: tuple[str, ...]
    contradicted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceCoverage:
    """What of a source is cited. Without its text only the number of its passages is known.

    ``characters`` are those of the text, ``cited`` those in some passage; ``sentences`` is
    their number, and ``unread`` the ranges of those in which nothing is cited, each with its
    text.
    """

    source_id: str
    title: str
    passages: int
    present: bool
    characters: int
    cited: int
    sentences: int
    unread: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of a package: by table in the model's order, and by source."""

    tables: tuple[TableCoverage, ...]
    sources: tuple[SourceCoverage, ...]
    skipped: tuple[str, ...]
    """Why something could not be counted."""


def coverage(package: Package) -> Coverage:
    """Count what is cited."""
    reason = package.why_not("evidence") or package.why_not("sources")
    if reason:
        return Coverage((), (), (reason,))
    evidence = _evidence(package)
    skipped = [why for table in declared() if (why := package.why_not(table))]
    tables = [
        _table(package, table, evidence)
        for table in declared()
        if table != "evidence" and not package.why_not(table)
    ]
    return Coverage(
        tuple(each for each in tables if each.facts or each.table in CITED_TABLES),
        tuple(_sources(package, evidence)),
        tuple(skipped),
    )


def _evidence(package: Package) -> pl.DataFrame:
    """The evidence with numbers for its ranges, and whether each passage was verified."""
    number = pl.Int64()
    frame = (
        package.files["evidence"]
        .frame.with_columns(
            pl.col("column").fill_null(""),
            pl.col("char_start").cast(number, strict=False).alias("start"),
            pl.col("char_end").cast(number, strict=False).alias("end"),
        )
        .filter(pl.col("table").is_not_null(), pl.col("row_id").is_not_null())
    )
    spans = frame.select("source_id", "start", "end", "span_sha256").unique().drop_nulls()
    found = [
        _is_verified(package.cited_sources.get(source_id), start, end, stated)
        for source_id, start, end, stated in spans.iter_rows()
    ]
    spans = spans.with_columns(pl.Series("verified", found, dtype=pl.Boolean()))
    frame = frame.join(spans, on=spans.columns[:4], how="left", maintain_order="left")
    return frame.with_columns(pl.col("verified").fill_null(False))


def _is_verified(source: CitedSource | None, start: int, end: int, stated: str) -> bool:
    text = source.text if source else None
    if text is None or not start < end <= len(text):
        return False
    return span_digest(text, start, end) == stated


def _table(package: Package, table: str, evidence: pl.DataFrame) -> TableCoverage:
    file = package.files[table]
    key = pl.col(file.declared[0])
    rows = file.frame.filter(key.is_not_null())
    known = rows.select(key.alias("row_id")).unique()
    about = evidence.filter(pl.col("table") == table).join(known, on="row_id", how="semi")
    due = _due(package, table, rows)
    whole = pl.col("column") == ""
    # Evidence of a cell is evidence of its row.
    for_rows = about.with_columns(pl.lit("").alias("column"), whole.alias("own"))
    for_cells = about.filter(~whole).with_columns(pl.lit(True).alias("own"))
    cited = (
        pl.concat([for_rows, for_cells])
        .group_by("row_id", "column")
        .agg(
            (pl.col("basis") == "stated").any().alias("stated"),
            pl.col("verified").any(),
            (pl.col("own").sum() > 1).alias("twice"),
            ((pl.col("stance") == "contradicts") & pl.col("own")).any().alias("contradicted"),
            pl.col("own").any(),
        )
    )
    if table not in CITED_TABLES:
        cited = cited.filter((pl.col("column") != "") | pl.col("own"))
    facts = due.join(cited, on=["row_id", "column"], how="full", coalesce=True)
    facts = facts.sort(pl.col("row_id").str.len_chars(), "row_id", "column")
    is_cited = pl.col("stated").is_not_null()
    return TableCoverage(
        table=table,
        rows=rows.height,
        facts=facts.height,
        cited=facts.filter(is_cited).height,
        stated=facts.filter(pl.col("stated")).height,
        inferred=facts.filter(~pl.col("stated")).height,
        verified=facts.filter(pl.col("verified")).height,
        twice=facts.filter(pl.col("twice")).height,
        uncited=_named(table, facts.filter(~is_cited)),
        contradicted=_named(table, facts.filter(pl.col("contradicted"))),
    )


def _due(package: Package, table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of a table, and the cells, that must be cited: ``row_id`` and ``column``."""
    key = package.files[table].declared[0]
    nothing = rows.head(0).select(pl.col(key).alias("row_id"), pl.lit("").alias("column"))
    if table not in CITED_TABLES:
        return nothing
    whole = rows.select(pl.col(key).alias("row_id"), pl.lit("").alias("column"))
    columns = [name for name, column in declared()[table].items() if column.fact]
    if not columns:
        return whole
    cells = rows.select(key, *columns).unpivot(index=key, variable_name="column")
    held = (pl.lit(table) == HELD[0]) & (pl.col("column") == HELD[1]) & (pl.col("value") == HELD[2])
    cells = cells.filter(pl.col("value").is_not_null() & ~held)
    return pl.concat([whole, cells.select(pl.col(key).alias("row_id"), "column")])


def _named(table: str, facts: pl.DataFrame) -> tuple[str, ...]:
    return tuple(
        "/".join(part for part in (table, row_id, column) if part)
        for row_id, column in facts.select("row_id", "column").iter_rows()
    )


def _sources(package: Package, evidence: pl.DataFrame) -> Iterator[SourceCoverage]:
    for source_id, source in package.cited_sources.items():
        spans = (
            evidence.filter(pl.col("source_id") == source_id)
            .select("start", "end")
            .drop_nulls()
            .unique()
            .sort("start", "end")
        )
        text = source.text
        title = package.files["sources"].value_of(source.row, "title") or ""
        if text is None:
            yield SourceCoverage(source_id, title, spans.height, False, 0, 0, 0, ())
            continue
        merged = _merged([span for span in spans.iter_rows() if span[0] < span[1] <= len(text)])
        ranges = list(sentences(text))
        yield SourceCoverage(
            source_id,
            title,
            spans.height,
            True,
            len(text),
            sum(end - start for start, end in merged),
            len(ranges),
            tuple((start, end, text[start:end]) for start, end in _untouched(ranges, merged)),
        )


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted spans, those that meet made one."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _untouched(
    ranges: list[tuple[int, int]], merged: list[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """The ranges that share no character with any of the merged spans."""
    ends = [end for _, end in merged]
    for start, end in ranges:
        # The first span that ends after the range begins.
        first = bisect.bisect_right(ends, start)
        if first == len(merged) or merged[first][0] >= end:
            yield start, end
