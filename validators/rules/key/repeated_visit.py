"""Two visits look like one.

The same person leads both and they begin on the same day, or the same person leads both
between the same two countries and their days overlap. Mostly one visit was entered from two
sources. It can be right all the same: two countries on one day, or two short stays; then the
finding is settled once in `relations.toml`. Days count only where they are known to the day
and without doubt. A leg is not compared with the visit it belongs to, nor, by its last day,
with the next leg.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.example import Cell, Expect, Row, bad, good
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.expressions import ROW, earliest, rows
from relations.validators.searching.narrowing import alike, kept, only, touching
from relations.validators.searching.same_fact import repeated
from relations.validators.searching.short_tables import short_table

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "repeated-visit"
TABLE = "visits"
LEAD, START, END = "lead_official_id", "start_date", "end_date"
DAY = len("2024-05-16")
BETWEEN = (LEAD, "visiting_country", "host_country")


def find(package: Package) -> Iterator[Fault | Skip]:
    if _no_lead_twice(package):
        return
    known = (
        package.table(TABLE)
        .filter(~nw.col(LEAD).is_null())
        .with_columns(_day(START).alias("_from"), _day(END).alias("_to"))
        .filter(~nw.col("_from").is_null())
        .select(ROW, "visit_id", *BETWEEN, START, "_from", "_to", "parent_id")
    )
    unsound = package.why_keys_unsound(TABLE)
    # Who belongs to whom can be told at once only where every row says so.
    told = not (unsound or package.spoilt.get(TABLE, {}).get("parent_id"))
    if known.implementation.is_polars() and not package.files[TABLE].is_long:
        known = _may_repeat(known)
    suspects = list(rows(_suspects(known, leave_families=told)))
    if not suspects:
        return
    family = _Family(package)
    equal = repeated(package, TABLE)  # equal rows are another rule's finding
    orphans = lost = 0
    keys = set(package.frame(TABLE)["visit_id"]) if unsound else set()
    begun: dict[tuple[str, str], list[dict[str, Any]]] = {}
    stays: dict[tuple[str | None, ...], list[dict[str, Any]]] = {}
    for row in suspects:
        if row[ROW] in equal:
            continue
        if package.is_spoilt(TABLE, "parent_id", row[ROW]):
            orphans += 1  # it may be a leg of the visit that it looks like
            continue
        if unsound and row["parent_id"] and row["parent_id"] not in keys:
            lost += 1  # the visit that it looks like may be the one that it is a leg of
            continue
        same_day = begun.setdefault(_start(row), [])
        between = stays.setdefault(_pair(row), [])
        if other := next((each for each in same_day if not family.above(row, each)), None):
            yield _fault(package, row, other, "begins on the same day")
        elif other := next(
            (each for each in between if _overlap(row, each) and not family.shared(row, each)),
            None,
        ):
            yield _fault(package, row, other, "is between the same two countries on the same days")
        else:
            same_day.append(row)
            between.append(row)
    if orphans:
        yield Skip(CODE, TABLE, "a visit's parent_id is not sound: it may be a leg of another")
    if lost:
        assert unsound
        yield Skip(CODE, TABLE, unsound)


def _no_lead_twice(package: Package) -> bool:
    """Whether certainly nobody leads two visits of which a first day is known."""
    seen = short_table(package, TABLE)
    if seen is None:
        return False
    leads = [lead for lead, start in seen.rows(LEAD, START) if lead and len(start or "") == DAY]
    return len(set(leads)) == len(leads)


def _start(row: dict[str, Any]) -> tuple[str, str]:
    return row[LEAD], row["_from"]


def _pair(row: dict[str, Any]) -> tuple[str | None, ...]:
    return tuple(row[each] for each in BETWEEN)


def _day(column: str) -> nw.Expr:
    """The one day that a date means; null where it means several or is in doubt."""
    return nw.when(nw.col(column).str.len_chars() == DAY).then(nw.col(column))


def _may_repeat(known: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The visits that may be suspects, looked for in the columns that say so alone."""
    compared = kept(known.select(ROW, *BETWEEN, "_from", "_to"))
    may = (alike(compared, LEAD, "_from"), _stays(compared))
    return kept(only(known, nw.concat([each.select(ROW) for each in may])))


def _stays(visits: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The visits that may share a day with another of the same lead and countries."""
    filled = (~nw.col(name).is_null() for name in ("_to", *BETWEEN))
    return touching(visits.filter(*filled), BETWEEN, "_from", "_to")


def _suspects(known: nw.LazyFrame[Any], *, leave_families: bool) -> nw.LazyFrame[Any]:
    """Visits that begin on the day of another of their lead, or share a day with another.

    With ``leave_families`` without those that do so with none but a visit and legs of it.
    """
    visits = known.with_columns(nw.coalesce("parent_id", "visit_id").alias("_root"))
    a_visit_and_its_leg = (nw.col("_rows") == 2) & (nw.col("_own") == 1)
    first_day, run = (LEAD, "_from"), (*BETWEEN, "_run")
    found = (
        _several(
            alike(visits, *first_day),
            first_day,
            but=ONE_ROOT & a_visit_and_its_leg if leave_families else None,
        ),
        _several(_in_runs(_stays(visits)), run, but=ONE_ROOT if leave_families else None),
    )
    columns = known.collect_schema().names()
    return nw.concat([each.select(columns) for each in found]).unique(ROW)


def _in_runs(stays: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The stays with ``_run``: one number for those that hang together by days they share."""
    by: dict[str, Any] = {"order_by": ("_from", ROW)}
    since, until = (earliest(day) for day in ("_from", "_to"))
    stays = stays.with_columns(until.alias("_until"))
    stays = stays.with_columns(nw.col("_until").cum_max().over(*BETWEEN, **by))
    stays = stays.with_columns(nw.col("_until").shift(1).over(*BETWEEN, **by).alias("_before"))
    apart = (since > nw.col("_before")).fill_null(True).cast(nw.Int64)
    stays = stays.with_columns(apart.alias("_apart"))
    return stays.with_columns(nw.col("_apart").cum_sum().over(*BETWEEN, **by).alias("_run"))


ONE_ROOT = (nw.col("_roots") == nw.col("_rows")) & (
    nw.col("_first_root") == nw.col("_last_root")
).fill_null(False)
"""Of a group of visits, whether all of them are one visit and its legs."""


def _several(
    visits: nw.LazyFrame[Any], by: Sequence[str], *, but: nw.Expr | None
) -> nw.LazyFrame[Any]:
    """The visits of groups of several, those groups left out that ``but`` is true of."""
    root = nw.col("_root")
    groups = visits.group_by(*by).agg(
        nw.len().alias("_rows"),
        (nw.col("visit_id") == root).cast(nw.Int64).sum().alias("_own"),
        root.count().alias("_roots"),
        root.min().alias("_first_root"),
        root.max().alias("_last_root"),
    )
    groups = groups.filter(nw.col("_rows") > 1)
    if but is not None:
        groups = groups.filter(~but)
    return visits.join(groups.select(*by), on=list(by), how="semi")


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if not (one["_to"] and other["_to"] and one["visiting_country"] and one["host_country"]):
        return False
    return bool(one["_from"] <= other["_to"] and other["_from"] <= one["_to"])


class _Family:
    """Which visits are legs of which; read only where there are visits to compare."""

    def __init__(self, package: Package) -> None:
        legs = package.table(TABLE).filter(~nw.col("parent_id").is_null())
        self.parents = {
            row["visit_id"]: row["parent_id"] for row in rows(legs.select("visit_id", "parent_id"))
        }

    def _up(self, visit: dict[str, Any]) -> list[str]:
        """The keys of the visit and of those it is a leg of, the longest last."""
        path: list[str] = [visit["visit_id"]] if visit["visit_id"] else []
        # From its own row: a visit whose key is not sound has a parent all the same.
        here: str | None = visit["parent_id"]
        while here and here not in path:
            path.append(here)
            here = self.parents.get(here)
        return path

    def above(self, one: dict[str, Any], other: dict[str, Any]) -> bool:
        """Whether one is, by way of its parents, a leg of the other."""
        return one["visit_id"] in self._up(other) or other["visit_id"] in self._up(one)

    def shared(self, one: dict[str, Any], other: dict[str, Any]) -> bool:
        """Whether both are parts of one longer visit."""
        return bool(set(self._up(one)) & set(self._up(other)))


def _fault(package: Package, later: dict[str, Any], earlier: dict[str, Any], how: str) -> Fault:
    where = package.files[TABLE].where(earlier[ROW])
    name = package.files[TABLE].key_of(earlier[ROW])
    return Fault(
        f"`{name}`, {where}, has the same lead and {how}",
        f"if both are one visit, keep `{name}`; if one is a leg of the other, fill parent_id",
        table=TABLE,
        row=later[ROW],
        field=START,
        value=later[START],
        related=(Place(TABLE, earlier[ROW], START),),
    )


SECOND = {
    "visit_id": "V0005",
    "title": "To Tallinn",
    "visiting_country": "ISL",
    "host_country": "EST",
    "lead_official_id": "P0001",
    "status": "held",
}

RULE = Rule(
    code=CODE,
    family="key",
    severity=Severity.WARNING,
    manual=__doc__,
    find=find,
    needs=tuple(f"{TABLE}.{each}" for each in (*BETWEEN, START, END, "parent_id")),
    good=(
        good(Row(TABLE, {**SECOND, "start_date": "2022-05"})),
        good(Row(TABLE, {**SECOND, "start_date": "2022-05-10~"})),
        good(Row(TABLE, {**SECOND, "start_date": "2022-05-10", "parent_id": "V0001"})),
    ),
    bad=(
        bad(
            Row(TABLE, {**SECOND, "start_date": "2022-05-10"}),
            expect=Expect("datapackage/visits.csv", 6, "start_date", "2022-05-10"),
        ),
        bad(
            Row(TABLE, {**SECOND, "start_date": "2022-05-08", "end_date": "2022-05-10"}),
            expect=Expect("datapackage/visits.csv", 6, "start_date", "2022-05-08"),
        ),
        bad(
            Cell(TABLE, "V0004", "parent_id", ""),
            expect=Expect("datapackage/visits.csv", 5, "start_date", "2022-05-12"),
        ),
    ),
)
