"""A passage goes beyond the end of its source.

The range counts the characters of another text, or bytes: a letter such as `ə` is one character
and two bytes. Judged by the text itself where it is at hand, and otherwise by the length that
`sources` states.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Rule
from relations.validators.searching.expressions import ROW, rows

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.sources import CitedSource

CODE = "span-outside-source"


def find(package: Package) -> Iterator[Fault | Skip]:
    for source in package.cited_sources.values():
        if source.differs:
            yield Skip(
                CODE, "evidence", f"the text of {source.source_id} is not the one that was cited"
            )
    for source, row in outside(package):
        yield Fault(
            f"the passage ends at character {row['char_end']}, "
            f"and {source.source_id} has {source.characters}",
            "correct the range: it counts characters, not bytes",
            table="evidence",
            row=row[ROW],
            field="char_end",
            value=row["char_end"],
        )


def outside(package: Package) -> Iterator[tuple[CitedSource, dict[str, Any]]]:
    """The passages that go beyond the end of their source: it, and ``_row`` and ``char_end``."""
    start, end = nw.col("char_start").cast(nw.Int64), nw.col("char_end").cast(nw.Int64)
    evidence = package.table("evidence").filter(start < end)
    furthest = evidence.group_by("source_id").agg(end.max().alias("end"))
    # Nearly every source holds all its passages: only the others are looked into.
    for reach in list(rows(furthest.sort("source_id"))):
        source = package.cited_sources.get(reach["source_id"] or "")
        length = source.characters if source else None
        if source is None or length is None or reach["end"] <= length:
            continue
        beyond = evidence.filter((nw.col("source_id") == source.source_id) & (end > length))
        for row in rows(beyond.select(ROW, "char_end")):
            yield source, row


RULE = Rule(
    code=CODE,
    family="evidence",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=("evidence.source_id", "evidence.char_start", "evidence.char_end", "sources.source_id"),
    good=(
        good(
            Cell("evidence", "C0078", "char_end", "1067"),
            Cell(
                "evidence",
                "C0078",
                "span_sha256",
                "e1ac9fb17836f0744d80a58011a20f8a8679618081837651857686fcd276b68b",
            ),
        ),
    ),
    bad=(
        bad(
            Cell("evidence", "C0078", "char_end", "1068"),
            expect=Expect("datapackage/evidence.csv", 79, "char_end", "1068"),
        ),
    ),
)
