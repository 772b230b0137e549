"""A passage has another digest than its evidence says.

The characters from `char_start` to `char_end` are not the ones that were cited: the range is
off by a little, it counts bytes instead of characters, or the digest was copied from another
row. The finding says which of these it is where that can be told. Judged only where the text is
at hand and is the one that `sources` describes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import narwhals as nw

from relations.validators.example import Cell, Expect, bad
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.expressions import ROW, rows

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.passages import PassageSearch
    from relations.validators.package.spans import SpanCheck

CODE = "digest-mismatch"


class Twin(NamedTuple):
    """An evidence row that a digest rightly belongs to."""

    row: int
    evidence_id: str
    source_id: str
    start: str
    end: str

    def is_as_long_as(self, check: SpanCheck) -> bool:
        """Whether it is of the same source and length, so that ``check`` may mean its passage."""
        length = int(self.end) - int(self.start)
        return (self.source_id, length) == (check.source_id, check.end - check.start)


def find(package: Package) -> Iterator[Fault | Skip]:
    # Reads texts, which only some rules do.
    from relations.validators.package.spans import MOST

    for source in package.cited_sources.values():
        if source.differs:
            yield Skip(
                CODE, "evidence", f"the text of {source.source_id} is not the one that was cited"
            )
    _, differ, left = package.span_checks
    if left:
        yield Skip(
            CODE,
            "evidence",
            f"the passages cited have more than {MOST:,} characters: {left:,} were not compared",
        )
    if not differ:
        return
    from relations.validators.package.passages import PassageSearch

    twins = _twins(package, differ)
    search = PassageSearch()
    for check in differ:
        message, hint, twin = _explained(package, check, twins, search)
        yield Fault(
            message,
            hint,
            table="evidence",
            row=check.row,
            field="span_sha256",
            value=check.stated,
            related=(Place("evidence", twin.row, "span_sha256"),) if twin else (),
        )


def _explained(
    package: Package, check: SpanCheck, twins: dict[str, Twin], search: PassageSearch
) -> tuple[str, str, Twin | None]:
    from relations.validators.package.passages import counted_in_bytes, with_line_end

    source = package.cited_sources[check.source_id]
    assert source.text is not None
    assert source.found is not None
    where = f"the passage at {check.start} to {check.end} of {check.source_id}"
    span = (check.start, check.end, check.stated)
    digest = f"its digest is {check.found}"
    if in_bytes := counted_in_bytes(source.found.data, *span):
        return f"{where} is counted in bytes, not in characters", _range(*in_bytes), None
    if with_line_end(source.text, *span):
        return f"the digest is that of {where} and a line end after it", digest, None
    twin = twins.get(check.stated)
    if twin is None or twin.is_as_long_as(check):
        moved = search.displaced(source.text, *span)
        if moved:
            by = _characters(moved[0] - check.start)
            return f"the passage cited begins {by} than {where}", _range(*moved), twin
    if twin:
        return (
            f"the digest is that of another passage, which {twin.evidence_id} cites",
            f"copied from there? of {where}, {digest}",
            twin,
        )
    return f"{where} has another digest", f"look the passage up again; as it is, {digest}", None


def _range(first: int, last: int) -> str:
    return f"char_start is {first} and char_end {last}"


def _characters(by: int) -> str:
    many = "1 character" if abs(by) == 1 else f"{abs(by)} characters"
    return f"{many} {'later' if by > 0 else 'earlier'}"


def _twins(package: Package, differ: Iterable[SpanCheck]) -> dict[str, Twin]:
    """For each digest that is wrong where it stands, the first row where it is not known to be."""
    stated = sorted({check.stated for check in differ})
    wrong = [check.row for check in differ]
    frame = package.table("evidence").filter(
        nw.col("span_sha256").is_in(stated) & ~nw.col(ROW).is_in(wrong)
    )
    columns = ("evidence_id", "source_id", "char_start", "char_end")
    found: dict[str, Twin] = {}
    for row in rows(frame.select(ROW, *columns, "span_sha256")):
        if all(row[name] for name in columns):
            found.setdefault(row["span_sha256"], Twin(row[ROW], *(row[name] for name in columns)))
    return found


RULE = Rule(
    code=CODE,
    family="evidence",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=(
        "evidence.source_id",
        "evidence.char_start",
        "evidence.char_end",
        "evidence.span_sha256",
        "sources.source_id",
    ),
    bad=(
        # The range is off by one at either end.
        bad(
            Cell("evidence", "C0077", "char_start", "628"),
            Cell("evidence", "C0077", "char_end", "657"),
            expect=Expect(
                "datapackage/evidence.csv",
                78,
                "span_sha256",
                "3b3bbba329b64e43dfee962e09f63d6bf5674f45e9b88ddbbc06b94b47161ce9",
            ),
        ),
        # The digest of C0003.
        bad(
            Cell(
                "evidence",
                "C0077",
                "span_sha256",
                "184c2f66704cf585ac07ff91cccc99beb07d74740e32a077c4bf4326b2f3ede4",
            ),
            expect=Expect(
                "datapackage/evidence.csv",
                78,
                "span_sha256",
                "184c2f66704cf585ac07ff91cccc99beb07d74740e32a077c4bf4326b2f3ede4",
            ),
        ),
    ),
)
