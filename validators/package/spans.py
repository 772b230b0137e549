"""Every cited span compared with its text.

The path of most bytes: each distinct span is hashed once, and all else is done by columns.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from relations.validators.expressions import ROW
from relations.validators.finding import Spans
from relations.validators.package.sources import CitedSource

CITED = ("source_id", "char_start", "char_end", "span_sha256")
"""What of a row of evidence says which passage it means."""
_RANGE = ["_source", "start", "end"]
MOST = 2**31
"""Characters of all passages of a package that are compared; what goes beyond is made to take
long, each row of evidence citing nearly the whole of a long text."""


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
) -> tuple[Spans, list[SpanCheck], int]:
    """Count the spans of ``evidence`` by what became of them, and list those that differ.

    A span whose text is not at hand is unverified, and so are those that go beyond MOST, whose
    number comes last. One that does not lie inside its text is neither that nor verified: it is
    no passage of the text, and another rule says so.
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
        {"source_id": list(texts), "_length": [len(text) for text in texts.values()]},
        schema={"source_id": pl.String, "_length": pl.Int64},
    ).with_row_index("_source")
    at_hand = cited.join(lengths, on="source_id")
    inside = at_hand.filter(
        (pl.col("start") >= 0)
        & (pl.col("start") < pl.col("end"))
        & (pl.col("end") <= pl.col("_length"))
    )
    # In order of source and range, equal spans are neighbours: cheaper than joining them back.
    judged = inside[inside.select(pl.arg_sort_by(_RANGE)).to_series()]
    length = judged["end"] - judged["start"]
    judged = judged.filter(length.cum_sum() <= MOST)
    left = length.len() - judged.height
    is_new = judged.select(
        pl.any_horizontal(pl.col(name) != pl.col(name).shift(1) for name in _RANGE).fill_null(True)
    ).to_series()
    found = pl.Series(_digests(list(texts.values()), judged.filter(is_new)), dtype=pl.String)
    judged = judged.with_columns(found.gather(is_new.cum_sum() - 1).alias("found"))
    differ = judged.filter(pl.col("found") != pl.col("stated")).sort(ROW)
    return (
        Spans(cited.height, judged.height - differ.height, cited.height - at_hand.height + left),
        [
            SpanCheck(*row)
            for row in differ.select(
                ROW, "source_id", "start", "end", "stated", "found"
            ).iter_rows()
        ],
        left,
    )


def _digests(texts: list[str], spans: pl.DataFrame) -> list[str]:
    """The digest of each span: the loop in which the time goes."""
    sha256 = hashlib.sha256
    columns = (spans[name].to_list() for name in _RANGE)
    return [
        sha256(texts[source][start:end].encode()).hexdigest()
        for source, start, end in zip(*columns, strict=True)
    ]
