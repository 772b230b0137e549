"""The level of a visit contradicts the office of its lead.

The level is the highest office that the lead holds. It is wrong where no office that the lead could
have held then is of that level, though one is known; and where the lead certainly held a higher
one. A governor-general may stand for a head of state. An office known only by the dates on which it
is attested is certain on those days, and possible on any other. A visit without a last day is
judged by its first, a leg with the lead and level of the visit it belongs to by that visit.
Where two or more visits of one lead, and at least half of them, disagree with one and the same
office, its role is the likelier mistake and the finding stands there, once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.example import Row as NewRow
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.culprit import Row, by_culprit
from relations.validators.searching.expressions import ROW, certainly_by, rows
from relations.validators.searching.hidden_rows import unless_hidden
from relations.validators.searching.led_visits import with_offices, without_same_legs
from relations.validators.searching.narrowing import kept, none_in
from relations.validators.searching.short_tables import no_pair

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "level-contradicts-office"
LEVELS = ("other", "minister", "speaker", "head_of_government", "head_of_state")
"""From the lowest up; the roles of the terms have the same names, less the first."""


def find(package: Package) -> Iterator[Fault | Skip]:
    yield from unless_hidden(package, CODE, _search(package), "terms.official_id")


def _search(package: Package) -> Iterator[Fault]:
    ours = ("visits", "lead_official_id", "level")
    if no_pair(package, ours, ("terms", "official_id", "role"), _may_disagree):
        return
    visits = package.table("visits").select(
        ROW,
        "visit_id",
        "parent_id",
        "lead_official_id",
        "level",
        "status",
        "start_date",
        "end_date",
    )
    suspected = kept(_suspected(package, visits))
    if none_in(suspected):
        return
    of_suspects = visits.join(suspected, on="lead_official_id", how="semi")
    visits = without_same_legs(package, of_suspects, "lead_official_id", "level")
    visits = visits.filter(nw.col("status") == "held", ~nw.col("start_date").is_null())
    visits = visits.select(ROW, "visit_id", "lead_official_id", "level", "start_date", "end_date")
    visits = visits.with_columns(nw.len().over("lead_official_id").alias("comparable"))
    visits = visits.join(suspected, on=["lead_official_id", "level"], how="semi")
    offices = _with_ranks(with_offices(package, visits).filter(~nw.col("outside")))
    judged = offices.group_by(ROW).agg(
        nw.col("fits").any().alias("fitting"),
        nw.col("certain_rank").max().alias("highest"),
        nw.len().alias("offices"),
    )
    wrong = offices.join(judged, on=ROW, how="inner").filter(
        (nw.col("highest") > nw.col("level_rank"))
        | (~nw.col("fitting") & (nw.col("level_rank") > 0))
    )
    # Of each visit's offices, show the highest that is certain, or else the highest.
    found: dict[int, Row] = {}
    for row in rows(wrong.sort(ROW, "certain_rank", "rank", "term")):
        row["alone"] = row["term"] if row["offices"] == 1 else None
        found[row[ROW]] = row
    alone = [row for row in found.values() if row["alone"] is not None]
    several = [row for row in found.values() if row["alone"] is None]
    for group in by_culprit(alone, ("alone", "level"), "comparable"):
        yield _term(group) if len(group) > 1 else _visit(group[0])
    for row in several:
        yield _visit(row)


def _may_disagree(level: str | None, role: str | None) -> bool:
    return role is not None and role != level


def _suspected(package: Package, visits: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The leads and levels that do not agree in each office that the lead ever held.

    Nearly all do, and then it does not matter when which of them was held.
    """
    terms = package.table("terms").select(nw.col("official_id").alias("lead_official_id"), "role")
    pairs = visits.select("lead_official_id", "level").unique()
    ranked = pairs.join(terms, on="lead_official_id", how="inner").with_columns(
        fits=_fits().fill_null(False), rank=_rank(_has), level_rank=_level_rank()
    )
    wrong = ranked.filter(~nw.col("fits") | (nw.col("rank") > nw.col("level_rank")))
    return wrong.select("lead_official_id", "level").unique()


def _with_ranks(offices: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """``rank``: of the highest role; ``certain_rank``: where certainly held, else -1."""
    days = offices.select(ROW, "term", "first", "last", day=nw.col("attested_dates").str.split(";"))
    attested = days.explode("day").filter(certainly_by("first", "day"), certainly_by("day", "last"))
    attested = attested.select(ROW, "term", shown=nw.lit(True)).unique([ROW, "term"])
    in_full_right = nw.col("capacity").is_in(["incumbent", "acting"]).fill_null(False)
    held = certainly_by("term_start", "first") & certainly_by("last", "term_end")
    return (
        offices.join(attested, on=[ROW, "term"], how="left")
        .with_columns(
            certain=(held.fill_null(False) | nw.col("shown").fill_null(False)) & in_full_right,
            fits=_fits().fill_null(False),
            rank=_rank(_has),
            level_rank=_level_rank(),
        )
        .with_columns(certain_rank=(nw.col("rank") + 1) * nw.col("certain").cast(nw.Int64) - 1)
    )


def _fits() -> nw.Expr:
    """Whether the office is of the level, or of none that is known."""
    return (
        nw.col("role").is_null()
        | _is_of_level()
        | (_has("governor_general") & (nw.col("level") == "head_of_state"))
    )


def _level_rank() -> nw.Expr:
    return _rank(lambda level: nw.col("level") == level)


def _has(role: str) -> nw.Expr:
    return nw.col("role").str.contains(f"(?:^|;){role}(?:;|$)")


def _is_of_level() -> nw.Expr:
    each = [_has(level) & (nw.col("level") == level) for level in LEVELS[1:]]
    return nw.any_horizontal(*each, ignore_nulls=True)


def _rank(is_level: Callable[[str], nw.Expr]) -> nw.Expr:
    """The place in LEVELS of the highest of which ``is_level`` is true; 0 where none is."""
    # Products, not branches: narwhals takes its time over a branch.
    places = enumerate(LEVELS[1:], start=1)
    return nw.max_horizontal(*(is_level(level).cast(nw.Int64) * place for place, level in places))


def _visit(row: Row) -> Fault:
    higher = row["highest"] > row["level_rank"]
    lead, level = row["lead_official_id"], row["level"]
    office = f"{row['term_id']}: {row['post']}, {row['role']}"
    return Fault(
        f"{lead} held a higher office then ({office})"
        if higher
        else f"no office that {lead} could have held then is of this level ({office})",
        f"write {LEVELS[row['rank']]}, or correct the lead"
        if higher
        else "correct the level, the lead or the role, or add the office that makes the level",
        table="visits",
        row=row[ROW],
        field="level",
        value=level,
        related=(Place("terms", row["term"], "role"),),
        doubted=(
            Place("visits", row[ROW], "lead_official_id"),
            Place("terms", row["term"], "role"),
        ),
    )


def _term(group: list[Row]) -> Fault:
    row = group[0]
    visits = tuple(Place("visits", each[ROW], "level") for each in group)
    return Fault(
        f"in this office {row['lead_official_id']} leads {len(group)} visits of level "
        f"{row['level']}",
        "correct the role, or the levels of those visits",
        table="terms",
        row=row["term"],
        field="role",
        value=row["role"],
        related=visits,
        doubted=visits,
    )


SECOND = NewRow(
    "visits",
    {
        "visit_id": "V0005",
        "title": "Private journey",
        "visiting_country": "ISL",
        "host_country": "EST",
        "level": "head_of_state",
        "lead_official_id": "P0001",
        "start_date": "2023-05",
        "status": "held",
    },
)

RULE = Rule(
    code=CODE,
    family="consistency",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=(
        "visits.visit_id",
        "visits.parent_id",
        "visits.level",
        "visits.lead_official_id",
        "visits.start_date",
        "visits.end_date",
        "visits.status",
        "terms.official_id",
        "terms.role",
        "terms.capacity",
        "terms.start_date",
        "terms.end_date",
        "terms.attested_dates",
    ),
    spoils=True,
    good=(
        good(Cell("terms", "T0001", "role", "head_of_state;head_of_government")),
        good(Cell("terms", "T0001", "role", "governor_general")),
        good(Cell("terms", "T0001", "role", "")),
        good(
            Cell("visits", "V0002", "level", "other"),
            Cell("terms", "T0004", "attested_dates", "2023-10"),
        ),
    ),
    bad=(
        bad(
            Cell("visits", "V0001", "level", "head_of_government"),
            expect=Expect("datapackage/visits.csv", 2, "level", "head_of_government"),
        ),
        bad(
            Cell("visits", "V0002", "level", "minister"),
            expect=Expect("datapackage/visits.csv", 3, "level", "minister"),
        ),
        bad(
            Cell("terms", "T0002", "role", "deputy_speaker"),
            expect=Expect("datapackage/visits.csv", 4, "level", "speaker"),
        ),
        bad(
            SECOND,
            Cell("terms", "T0001", "role", "minister"),
            expect=Expect("datapackage/terms.csv", 2, "role", "minister"),
        ),
    ),
)
