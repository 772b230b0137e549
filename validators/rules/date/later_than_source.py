"""Something is dated later than every source that its row cites.

A source can announce what is to come; that a visit was held, a text signed or a word spoken, only
a later one can tell. Either the date is wrong, or the row lacks the source that it was really
taken from. Where half or more of the dated rows that rest on one source are later than it, the
day of its publication is the likelier mistake and the finding stands there, once. A row that
cites a source without a date of publication is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.culprit import Row, by_culprit
from relations.validators.searching.expressions import (
    ONE_YEAR,
    ROW,
    certainly_later_than,
    earliest,
    is_doubtful,
    latest,
    rows,
)
from relations.validators.searching.happened import HAPPENED, Frame, happened
from relations.validators.searching.hidden_rows import unless_hidden
from relations.validators.searching.narrowing import may_be_later_than, so_far

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "later-than-source"


def find(package: Package) -> Iterator[Fault | Skip]:
    links = ("evidence.table", "evidence.row_id")
    yield from unless_hidden(package, CODE, _search(package), *links)


def _search(package: Package) -> Iterator[Fault | Skip]:
    first = _first_publication(package)
    days, skipped = happened(package, CODE, HAPPENED, after=first)
    yield from skipped
    if days is None or first is None:
        return
    # Few rows are later than the oldest source, and the evidence is long: look for those first.
    later = so_far(days.filter(may_be_later_than("day", first)))
    if not list(rows(later.filter(certainly_later_than("day", first)).head(1))):
        return
    for group in by_culprit(_later(package, days), ("source",), "comparable"):
        yield _source(group) if len(group) > 1 else _row(package, group[0])


def _first_publication(package: Package) -> int | None:
    """The last day on which the oldest source may have been published, as YYYYMMDD."""
    dated = package.table("sources").select(last=latest("published"))
    found: int | None = next(rows(dated.select(nw.col("last").min())))["last"]
    return found


def _later(package: Package, days: Frame) -> list[Row]:
    """The rows later than all that they cite, with the newest of those sources."""
    cited = _newest_cited(package)
    compared = days.join(cited, on=["table", "row_id"], how="inner").with_columns(
        nw.len().over("source").alias("comparable")
    )
    slack = nw.when(is_doubtful("day") | is_doubtful("published")).then(ONE_YEAR).otherwise(0)
    later = compared.filter(earliest("day") - slack > nw.col("newest"))
    found: dict[tuple[str, int], Row] = {}
    for row in rows(later.sort("table", "row", "day")):
        found.setdefault((row["table"], row["row"]), row)
    return list(found.values())


def _newest_cited(package: Package) -> Frame:
    """For each cited row the last day of its newest source; rows with an undated one left out."""
    sources = package.table("sources").select(
        "source_id", "published", nw.col(ROW).alias("source"), latest("published").alias("newest")
    )
    cited = package.table("evidence").select("table", "row_id", "source_id")
    cited = cited.join(sources, on="source_id", how="left")
    about = ["table", "row_id"]
    total = cited.group_by(about).agg(
        nw.col("newest").max().alias("limit"), undated=nw.col("newest").is_null().any()
    )
    dated = cited.join(total.filter(~nw.col("undated")), on=about, how="inner")
    newest = dated.filter(nw.col("newest") == nw.col("limit"))
    # Of several of one day the first: an engine has no order of its own.
    return newest.group_by(about).agg(nw.col("source").min()).join(sources, on="source")


def _row(package: Package, row: Row) -> Fault:
    table, field = row["table"], row["field"]
    return Fault(
        f"{row['said']} {row['day']}, later than every source that it cites: the newest, "
        f"{row['source_id']}, is of {row['published']}",
        "correct the date, or cite the source that tells it",
        table=table,
        row=row["row"],
        field=field,
        value=package.files[table].value_of(row["row"], field),
        related=(Place("sources", row["source"], "published"),),
    )


def _source(group: list[Row]) -> Fault:
    places = tuple(Place(row["table"], row["row"], row["field"]) for row in group)
    return Fault(
        f"it is of {group[0]['published']}, and {len(group)} rows that rest on it are later",
        "correct the day of publication, or cite later sources for those rows",
        table="sources",
        row=group[0]["source"],
        field="published",
        value=group[0]["published"],
        related=places,
        doubted=places,
    )


RULE = Rule(
    code=CODE,
    family="date",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=(
        "evidence.table",
        "evidence.row_id",
        "evidence.source_id",
        "sources.source_id",
        "sources.published",
    ),
    spoils=True,
    good=(
        good(Cell("visits", "V0003", "start_date", "2024-07")),
        good(Cell("visits", "V0003", "start_date", "2025-06?")),
        good(
            Cell("visits", "V0003", "start_date", "2026-09"),
            Cell("visits", "V0003", "status", "announced"),
        ),
    ),
    bad=(
        bad(
            Cell("visits", "V0003", "start_date", "2024-08"),
            expect=Expect("datapackage/visits.csv", 4, "start_date", "2024-08"),
        ),
        bad(
            Cell("memberships", "M0002", "date", "2024-10-06"),
            expect=Expect("datapackage/memberships.csv", 3, "date", "2024-10-06"),
        ),
        bad(
            Cell("sources", "R0001", "published", "2023-07-01"),
            expect=Expect("datapackage/sources.csv", 2, "published", "2023-07-01"),
        ),
    ),
)
