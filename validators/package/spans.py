"""Every cited span compared with its text. The path of most bytes: each distinct span is hashed
once, and all else is joins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from relations.validators.expressions import ROW
from relations.validators.finding import Spans
from relations.validators.package.sources import CitedSource, span_digest

_RANGE = ["source_id", "start", "end"]


@dataclass(frozen=True, slots=True)
class SpanCheck:
    """One evidence row whose digest is not that of its passage, ``found``."""

    row: int
    source_id: str
    start: int
    end: int
    stated: str
    found: str


def check_spans(
    evidence: pl.DataFrame, sources: Mapping[str, CitedSource]
) -> tuple[Spans, list[SpanCheck]]:
    """Count the spans of ``evidence`` by what became of them, and list those that differ.

    A span that does not lie inside its text, or whose text is not at hand, is unverified.
    """
    cited = evidence.select(
        ROW,
        "source_id",
        pl.col("char_start").cast(pl.Int64, strict=False).alias("start"),
        pl.col("char_end").cast(pl.Int64, strict=False).alias("end"),
        pl.col("span_sha256").alias("stated"),
    ).drop_nulls()
    texts = {name: text for name, source in sources.items() if (text := source.text) is not None}
    lengths = pl.DataFrame(
        {"source_id": list(texts), "length": [len(text) for text in texts.values()]},
        schema={"source_id": pl.String, "length": pl.Int64},
    )
    ranges = (
        cited.select(_RANGE)
        .unique()
        .join(lengths, on="source_id")
        .filter((pl.col("start") >= 0) & (pl.col("start") < pl.col("end")))
        .filter(pl.col("end") <= pl.col("length"))
        .select(_RANGE)
    )
    digests = [
        span_digest(texts[source_id], start, end) for source_id, start, end in ranges.iter_rows()
    ]
    judged = cited.join(
        ranges.with_columns(pl.Series("found", digests, dtype=pl.String)), on=_RANGE
    )
    differ = judged.filter(pl.col("found") != pl.col("stated")).sort(ROW)
    return (
        Spans(cited.height, judged.height - differ.height, cited.height - judged.height),
        [SpanCheck(*row) for row in differ.select(ROW, *_RANGE, "stated", "found").iter_rows()],
    )
