"""A visit is led by somebody who held no office at the time.

Every office that is known of the lead had ended before the visit, or began after it. Either a date
is wrong (the visit's or the term's), or the lead is, or the office held at the time is missing.
An office known only by the dates on which it is attested may have been held on any other day; a
person of whom no office is known is not judged; nor is a visit that was not held. A visit without
a last day is judged by its first, a leg with the lead of the visit it belongs to by that visit.
Where two or more visits of one lead, and at least half of them, miss the same end of a term, the
term's date is the likelier mistake and the finding stands there, once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.example import Row as NewRow
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.culprit import Row, by_culprit
from relations.validators.searching.expressions import ROW, certainly_after, earliest, latest, rows
from relations.validators.searching.hidden_rows import unless_hidden
from relations.validators.searching.led_visits import offices_of, with_offices, without_same_legs
from relations.validators.searching.narrowing import kept, may_be_after, none_in, stretches
from relations.validators.searching.short_tables import none_filled

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "office-not-held"


def find(package: Package) -> Iterator[Fault | Skip]:
    yield from unless_hidden(package, CODE, _search(package), "terms.official_id")


def _search(package: Package) -> Iterator[Fault]:
    if none_filled(package, "terms.start_date") and none_filled(package, "terms.end_date"):
        return
    is_dated = (nw.col("status") == "held") & ~nw.col("start_date").is_null()
    suspects = nw.concat(
        [kept(_suspects(package, some.filter(is_dated))) for some in stretches(package, "visits")]
    )
    if none_in(suspects):
        return
    visits = package.table("visits").select(
        ROW, "visit_id", "parent_id", "lead_official_id", "status", "start_date", "end_date"
    )
    suspected = visits.join(suspects.select(ROW), on=ROW, how="semi")
    suspected = kept(without_same_legs(package, suspected, "lead_official_id"))
    offices = with_offices(package, suspected)
    could = offices.filter(~nw.col("outside")).select(ROW).unique()
    missed = offices.join(could, on=ROW, how="anti").with_columns(
        after=certainly_after("term_start", "last").fill_null(False)
    )
    missed = missed.with_columns(
        gap=nw.when(nw.col("after"))
        .then(earliest("term_start") - latest("last"))
        .otherwise(earliest("first") - latest("term_end"))
    )
    of_visit: dict[int, list[Row]] = defaultdict(list)
    for row in rows(missed):
        of_visit[row[ROW]].append(row)
    if not of_visit:
        return
    leads = kept(missed.select("lead_official_id").unique())
    led = visits.filter(is_dated).join(leads, on="lead_official_id", how="semi")
    led = without_same_legs(package, led, "lead_official_id")
    times = rows(led.group_by("lead_official_id").agg(nw.len().alias("times")))
    comparable = {each["lead_official_id"]: each["times"] for each in times}
    nearest = [min(terms, key=lambda term: term["gap"]) for terms in of_visit.values()]
    for row in nearest:
        row["comparable"] = comparable[row["lead_official_id"]]
        row["bound"] = "start_date" if row["after"] else "end_date"
        row["limit"] = row["term_start"] if row["after"] else row["term_end"]
    for group in by_culprit(nearest, ("term", "bound"), "comparable"):
        yield _term(group) if len(group) > 1 else _visit(group[0])


def _suspects(package: Package, visits: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The visits whose lead may have held no office then."""
    # Nearly every visit has an office of which no date speaks against it, told by the texts.
    against = nw.any_horizontal(
        may_be_after("term_start", "last"), may_be_after("first", "term_end"), ignore_nulls=True
    )
    led = visits.filter(~nw.col("lead_official_id").is_null()).select(
        ROW, "lead_official_id", "start_date", "end_date"
    )
    fitting = offices_of(package, led).filter(~against).select(ROW)
    return led.join(fitting, on=ROW, how="anti").select(ROW, "lead_official_id")


def _visit(row: Row) -> Fault:
    began = "began only on" if row["after"] else "ended on"
    term = Place("terms", row["term"], row["bound"])
    return Fault(
        f"{row['lead_official_id']} leads a visit on {row['first']} and held no office then: "
        f"{row['term_id']} ({row['post']}) {began} {row['limit']}",
        "correct the lead or a date, or add the office held at the time",
        table="visits",
        row=row[ROW],
        field="lead_official_id",
        value=row["lead_official_id"],
        related=(term,),
        doubted=(
            term,
            Place("visits", row[ROW], "start_date"),
            Place("visits", row[ROW], "end_date"),
        ),
    )


def _term(group: list[Row]) -> Fault:
    row = group[0]
    visits = tuple(Place("visits", each[ROW], "start_date") for each in group)
    began = "begins after" if row["after"] else "ends before"
    return Fault(
        f"the term {began} {len(group)} visits that {row['lead_official_id']} leads",
        "correct this date, or add the office held at the time",
        table="terms",
        row=row["term"],
        field=row["bound"],
        value=row["limit"],
        related=visits,
        doubted=tuple(Place("visits", each[ROW], "lead_official_id") for each in group),
    )


SECOND = NewRow(
    "visits",
    {
        "visit_id": "V0005",
        "title": "Private journey",
        "visiting_country": "ISL",
        "host_country": "EST",
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
        "visits.lead_official_id",
        "visits.start_date",
        "visits.end_date",
        "visits.status",
        "terms.official_id",
        "terms.start_date",
        "terms.end_date",
    ),
    spoils=True,
    good=(
        good(Cell("terms", "T0001", "end_date", "2022-05-10")),
        good(Cell("terms", "T0001", "end_date", "2021-08?")),
        good(Cell("visits", "V0003", "start_date", "2022-06~")),
    ),
    bad=(
        bad(
            Cell("terms", "T0001", "start_date", "2022-06-01"),
            expect=Expect("datapackage/visits.csv", 2, "lead_official_id", "P0001"),
        ),
        bad(
            Cell("visits", "V0003", "start_date", "2021-06"),
            expect=Expect("datapackage/visits.csv", 4, "lead_official_id", "P0002"),
        ),
        bad(
            SECOND,
            Cell("terms", "T0001", "end_date", "2021-07-31"),
            expect=Expect("datapackage/terms.csv", 2, "end_date", "2021-07-31"),
        ),
    ),
)
