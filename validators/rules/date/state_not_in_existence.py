"""A row names a state that did not exist on its day.

A row names the state as it was on the day: the Soviet Union (`SUN`) until it ended, its successors
from then on. `valid_from` and `valid_to` of the country say when that was; an empty one decides
nothing. Labels such as "Russia" often stand for several states in time, so this comes with data
taken from lists. Where every dated row that names a country is outside, the country's own dates
are the likelier mistake; where several cells rest on one date, that date is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.example import Row as NewRow
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.culprit import Row, blamed
from relations.validators.searching.expressions import ROW, certainly_after, rows
from relations.validators.searching.narrowing import may_be_after, none_in
from relations.validators.searching.short_tables import none_filled

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "state-not-in-existence"


@dataclass(frozen=True, slots=True)
class Naming:
    """A column of countries, and the columns of the first and last day that it is true of."""

    table: str
    country: str
    first: str
    last: str


DATED = (
    Naming("visits", "visiting_country", "start_date", "end_date"),
    Naming("visits", "host_country", "start_date", "end_date"),
    Naming("assembly_sessions", "host_country", "start_date", "end_date"),
    Naming("assembly_sessions", "presiding_country", "start_date", "end_date"),
    Naming("memberships", "country", "date", "date"),
)
EVENTS = (
    ("visit_id", "visits", "start_date", "end_date"),
    ("engagement_id", "engagements", "date", "date"),
    ("session_id", "assembly_sessions", "start_date", "end_date"),
    ("agreement_id", "agreements", "signed_date", "signed_date"),
)
"""Of participants: the column of the event, its table, and its first and last day."""


def find(package: Package) -> Iterator[Fault | Skip]:
    named: list[nw.LazyFrame[Any]] = []
    bounds = ("countries.valid_from", "countries.valid_to")
    always = all(none_filled(package, bound) for bound in bounds)
    for naming in DATED:
        columns = (naming.country, naming.first, naming.last)
        reason = package.why_none_of(*(f"{naming.table}.{name}" for name in columns))
        if reason:
            yield Skip(CODE, naming.table, reason)
        elif not always:
            named.append(_by_own_date(package, naming))
    for column, table, first, last in EVENTS:
        reason = package.why_none_of(
            "participants.country", f"participants.{column}", f"{table}.{first}", f"{table}.{last}"
        )
        if reason:
            yield Skip(CODE, "participants", reason)
        elif not always:
            named.append(_by_date_of_event(package, column, table, first, last))
    if named:
        yield from _judge(package, nw.concat(named))


def _by_own_date(package: Package, naming: Naming) -> nw.LazyFrame[Any]:
    return package.table(naming.table).select(
        nw.lit(naming.table).alias("table"),
        nw.col(ROW).alias("row"),
        nw.lit(naming.country).alias("field"),
        nw.col(naming.country).alias("country"),
        *_dates(naming.table, nw.col(ROW), naming.first, naming.last),
    )


def _by_date_of_event(
    package: Package, column: str, table: str, first: str, last: str
) -> nw.LazyFrame[Any]:
    key = next(iter(package.columns(table)))
    events = package.table(table).select(
        nw.col(key).alias("event"), *_dates(table, nw.col(ROW), first, last)
    )
    participants = package.table("participants").select(
        nw.lit("participants").alias("table"),
        nw.col(ROW).alias("row"),
        nw.lit("country").alias("field"),
        "country",
        nw.col(column).alias("event"),
    )
    return participants.join(events, on="event", how="inner").drop("event")


def _dates(table: str, row: nw.Expr, first: str, last: str) -> tuple[nw.Expr, ...]:
    """Where the date stands, and the first and last day; an unknown last one is the first."""
    return (
        nw.lit(table).alias("dated"),
        row.alias("dated_row"),
        nw.lit(first).alias("first_field"),
        nw.lit(last).alias("last_field"),
        nw.col(first).alias("first"),
        nw.coalesce(nw.col(last), nw.col(first)).alias("last"),
    )


def _judge(package: Package, named: nw.LazyFrame[Any]) -> Iterator[Fault]:
    countries = package.table("countries").select(
        nw.col(ROW).alias("state"), "country", "valid_from", "valid_to"
    )
    countries = countries.filter(~nw.col("valid_from").is_null() | ~nw.col("valid_to").is_null())
    compared = named.join(countries, on="country", how="inner")
    apart = may_be_after("valid_from", "last"), may_be_after("first", "valid_to")
    if none_in(compared.filter(nw.any_horizontal(*apart, ignore_nulls=True))):
        return
    compared = compared.with_columns(
        nw.len().over("country").alias("naming"),
        early=certainly_after("valid_from", "last").fill_null(False),
        late=certainly_after("first", "valid_to").fill_null(False),
    )
    outside = list(
        rows(compared.filter(nw.col("early") | nw.col("late")).sort("table", "row", "field"))
    )
    for row in outside:
        row["bound"] = "valid_from" if row["early"] else "valid_to"
        row["date_field"] = row["last_field"] if row["early"] else row["first_field"]
        row["date"] = row["last"] if row["early"] else row["first"]
        row["of_date"] = 1
    states, others = blamed(outside, ("state", "bound"), "naming", all_of_them=True)
    for group in states:
        if len({(row["dated"], row["dated_row"]) for row in group}) > 1:
            yield _state(group)
        else:
            others.extend(group)
    dates, others = blamed(others, ("dated", "dated_row", "date_field"), "of_date")
    for group in dates:
        yield _date(group)
    successors = _of_one_code(package) if others else {}
    for row in others:
        yield _country(row, successors.get(row["country"], []))


def _state(group: list[Row]) -> Fault:
    bound = group[0]["bound"]
    places = tuple(Place(row["table"], row["row"], row["field"]) for row in group)
    side = "before it" if bound == "valid_from" else "after it"
    return Fault(
        f"all {len(group)} rows that name {group[0]['country']} are dated {side}",
        "correct this date, or name the state of the day in those rows",
        table="countries",
        row=group[0]["state"],
        field=bound,
        value=group[0][bound],
        related=places,
        doubted=places,
    )


def _date(group: list[Row]) -> Fault:
    row = group[0]
    places = tuple(Place(each["table"], each["row"], each["field"]) for each in group)
    states = " and ".join(sorted({_when(each) for each in group}))
    return Fault(
        f"{states}; {len(group)} cells name what was no state on this day",
        "correct the date, or name the state of that day",
        table=row["dated"],
        row=row["dated_row"],
        field=row["date_field"],
        value=row["date"],
        related=places,
        doubted=places,
    )


def _country(row: Row, successors: list[str]) -> Fault:
    others = " or ".join(f"`{state}`" for state in successors)
    return Fault(
        f"{_when(row)}; the row is dated {row['date']}",
        f"name the state of that day{f': {others}?' if others else ''}, or correct the date",
        table=row["table"],
        row=row["row"],
        field=row["field"],
        value=row["country"],
        related=(Place("countries", row["state"], row["bound"]),),
        doubted=(Place(row["dated"], row["dated_row"], row["date_field"]),),
    )


def _when(row: Row) -> str:
    began = row["bound"] == "valid_from"
    return f"{row['country']} {'began' if began else 'ended'} on {row[row['bound']]}"


def _of_one_code(package: Package) -> dict[str, list[str]]:
    """For each state those that share a number with it, as successors do."""
    states = list(rows(package.table("countries")))
    found: dict[str, set[str]] = defaultdict(set)
    for code in ("cow_code", "gw_code"):
        of_code: dict[str, list[str]] = defaultdict(list)
        for state in states:
            if state["country"] and state[code]:
                of_code[state[code]].append(state["country"])
        for alike in of_code.values():
            for country in alike:
                found[country].update(other for other in alike if other != country)
    return {country: sorted(others) for country, others in found.items()}


RUSSIA = NewRow(
    "countries",
    {"country": "RUS", "name": "Russia", "iso2": "RU", "iso_numeric": "643", "cow_code": "365"},
)

RULE = Rule(
    code=CODE,
    family="date",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=("countries.country", "countries.valid_from", "countries.valid_to"),
    spoils=True,
    good=(
        good(
            RUSSIA,
            Cell("visits", "V0003", "host_country", "SUN"),
            Cell("visits", "V0003", "start_date", "1991"),
            Cell("terms", "T0002", "start_date", "1990"),
        ),
    ),
    bad=(
        bad(
            RUSSIA,
            Cell("visits", "V0003", "host_country", "SUN"),
            expect=Expect("datapackage/visits.csv", 4, "host_country", "SUN"),
        ),
        bad(
            Cell("participants", "N0009", "country", "SUN"),
            expect=Expect("datapackage/participants.csv", 10, "country", "SUN"),
        ),
        bad(
            Cell("assembly_sessions", "S0002", "host_country", "SUN"),
            Cell("assembly_sessions", "S0002", "presiding_country", "SUN"),
            expect=Expect("datapackage/assembly_sessions.csv", 3, "start_date", "2023-10"),
        ),
        bad(
            Cell("countries", "FIN", "valid_to", "2001-12-31"),
            expect=Expect("datapackage/countries.csv", 3, "valid_to", "2001-12-31"),
        ),
    ),
)
