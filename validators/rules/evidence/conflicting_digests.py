"""Two rows of evidence cannot both be right about a passage.

They give two digests for one range of one source, or one digest for ranges of different length.
That shows without the text, and is judged only where the text is not at hand: with it, every
digest is verified. Of rows that disagree, those in the minority are reported, or the later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.example import Expect, Row, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Place, Rule
from relations.validators.rules.evidence.span_outside_source import outside
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.narrowing import divided, kept, none_in
from relations.validators.searching.short_tables import short_table

if TYPE_CHECKING:
    from relations.validators.package.package import Package

DIGEST = "span_sha256"
RANGE = ["source_id", "start", "end"]


def find(package: Package) -> Iterator[Fault]:
    sources = package.cited_sources.values()
    verified = [source.source_id for source in sources if source.text is not None]
    if len(verified) == len(sources) or _none_at_odds(package):
        return
    # What has a finding of its own says nothing of the others.
    wrong = [check.row for check in package.span_checks[1]]
    wrong += [row[ROW] for _, row in outside(package)]
    spans = (
        package.table("evidence")
        .select(
            ROW,
            "evidence_id",
            "source_id",
            DIGEST,
            nw.col("char_start").cast(nw.Int64).alias("start"),
            nw.col("char_end").cast(nw.Int64).alias("end"),
            nw.col("source_id").is_in(verified).alias("verified"),
        )
        .filter(nw.col("start") < nw.col("end"))
        .filter(~nw.col("source_id").is_null() & ~nw.col(DIGEST).is_null())
        .filter(~nw.col(ROW).is_in(wrong))
        .with_columns((nw.col("end") - nw.col("start")).alias("length"))
    )
    in_range = _at_odds(spans.filter(~nw.col("verified")), RANGE, DIGEST)
    in_length = _at_odds(spans, [DIGEST], "length")
    # Who is at odds both ways is the one to blame, and the others have nothing to answer for.
    twice = {row[ROW] for row in in_range} & {row[ROW] for row in in_length if not row["verified"]}
    blamed: set[int] = set()
    for row, other in _outvoted(in_range, RANGE, DIGEST, twice):
        blamed.add(row[ROW])
        yield _fault(row, other, f"{_range(row)} has another digest in {other['evidence_id']}")
    for row, other in _outvoted(in_length, [DIGEST], "length", blamed | twice):
        if row[ROW] not in blamed and not row["verified"]:
            yield _fault(
                row,
                other,
                f"{_range(row)} has the digest of a passage of {other['length']} characters, "
                f"which {other['evidence_id']} cites",
            )


def _none_at_odds(package: Package) -> bool:
    """Whether certainly no two passages are at odds, as a glance at a short table tells."""
    seen = short_table(package, "evidence")
    if seen is None:
        return False
    digests: dict[tuple[str, int, int], str] = {}
    lengths: dict[str, int] = {}
    for source, start, end, digest in seen.rows("source_id", "char_start", "char_end", DIGEST):
        if source is not None and digest is not None and start and end:
            if not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit()):
                return False
            first, last = int(start), int(end)
            if digests.setdefault((source, first, last), digest) != digest:
                return False
            if lengths.setdefault(digest, last - first) != last - first:
                return False
    return True


def _at_odds(spans: nw.LazyFrame[Any], same: list[str], differs: str) -> list[dict[str, Any]]:
    """The rows that agree in ``same`` with some row that says something else of ``differs``."""
    spans = kept(divided(spans, same, differs))
    if none_in(spans):
        return []
    groups = (
        spans.group_by(same)
        .agg(nw.col(differs).n_unique().alias("says"))
        .filter(nw.col("says") > 1)
        .select(same)
    )
    return list(rows(spans.join(groups, on=same, how="inner")))


def _outvoted(
    found: list[dict[str, Any]], same: list[str], differs: str, blamed: set[int]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The rows of each group that are the fewer to say what they say of ``differs``.

    Each with the first row of the majority, which among equals is who came first. Rows that are
    blamed already have no vote, while there is anybody else.
    """
    for _, group in groupby(sorted(found, key=itemgetter(*same, ROW)), key=itemgetter(*same)):
        members = list(group)
        voters = [row for row in members if row[ROW] not in blamed] or members
        votes = Counter(row[differs] for row in voters)
        # What is verified outvotes everything; max gives the first among equals.
        chosen = max(voters, key=lambda row: (row["verified"], votes[row[differs]]))
        for row in members:
            if row[differs] != chosen[differs]:
                yield row, chosen


def _range(row: dict[str, Any]) -> str:
    return f"the passage at {row['start']} to {row['end']} of {row['source_id']}"


def _fault(row: dict[str, Any], other: dict[str, Any], message: str) -> Fault:
    return Fault(
        message,
        "look the passage up again: at least one of the two is wrong",
        table="evidence",
        row=row[ROW],
        field=DIGEST,
        value=row[DIGEST],
        related=(Place("evidence", other[ROW], DIGEST),),
    )


SOURCE = Row("sources", {"source_id": "R0002", "title": "Another chronicle", "type": "book"})


def _cites(evidence_id: str, row_id: str, end: str, digest: str) -> Row:
    return Row(
        "evidence",
        {
            "evidence_id": evidence_id,
            "table": "officials",
            "row_id": row_id,
            "source_id": "R0002",
            "char_start": "100",
            "char_end": end,
            DIGEST: digest,
            "basis": "stated",
            "stance": "supports",
            "voice": "author",
        },
    )


RULE = Rule(
    code="conflicting-digests",
    family="evidence",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=(
        "evidence.source_id",
        "evidence.char_start",
        "evidence.char_end",
        f"evidence.{DIGEST}",
        "sources.source_id",
    ),
    good=(
        good(
            SOURCE,
            _cites("C0080", "P0001", "120", "a" * 64),
            _cites("C0081", "P0002", "120", "a" * 64),
            _cites("C0082", "P0003", "121", "b" * 64),
            evidence=False,
        ),
    ),
    bad=(
        # One range, two digests.
        bad(
            SOURCE,
            _cites("C0080", "P0001", "120", "a" * 64),
            _cites("C0081", "P0002", "120", "b" * 64),
            _cites("C0082", "P0003", "120", "b" * 64),
            evidence=False,
            expect=Expect("datapackage/evidence.csv", 81, DIGEST, "a" * 64),
        ),
        # One digest, two lengths.
        bad(
            SOURCE,
            _cites("C0080", "P0001", "120", "a" * 64),
            _cites("C0081", "P0002", "121", "a" * 64),
            evidence=False,
            expect=Expect("datapackage/evidence.csv", 82, DIGEST, "a" * 64),
        ),
    ),
)
