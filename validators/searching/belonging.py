"""Events that belong to a longer one, a visit or a sitting, and lie certainly outside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.finding import Skip
from relations.validators.rule import Fault, Place
from relations.validators.searching.culprit import Row, by_culprit
from relations.validators.searching.expressions import ROW, certainly_after, rows
from relations.validators.searching.narrowing import kept, may_be_after, named, none_in
from relations.validators.searching.short_tables import is_after, no_pair

if TYPE_CHECKING:
    from relations.validators.package.package import Package


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of event that may belong to a longer one.

    ``first`` and ``last`` are the columns of its first and last day, the same for an event of
    one day; ``belongs`` is the column that names the longer one. ``within`` says that the
    whole of it must lie inside; otherwise one day in common is enough.
    """

    table: str
    first: str
    last: str
    belongs: str
    what: str
    within: bool = True


def outside(
    package: Package, code: str, longer: str, events: Sequence[Event]
) -> Iterator[Fault | Skip]:
    """The events of these kinds that lie certainly outside the row of ``longer`` they name.

    Tables that cannot be judged yield a skip instead.
    """
    readable: list[Event] = []
    for event in events:
        reason = package.why_none_of(
            *(f"{event.table}.{name}" for name in (event.first, event.last, event.belongs))
        )
        if reason:
            yield Skip(code, event.table, reason)
        else:
            readable.append(event)
    if not readable:
        return
    if all(_is_inside(package, longer, event) for event in readable):
        return
    kinds = {event.table: event for event in readable}
    compared = _compared(package, longer, readable)
    apart = (
        may_be_after("start_date", "first"),
        may_be_after("start_date", "last"),
        may_be_after("first", "end_date"),
        may_be_after("last", "end_date"),
    )
    if none_in(compared.filter(nw.any_horizontal(*apart, ignore_nulls=True))):
        return
    found = list(rows(_outside(compared)))
    found.sort(key=lambda row: (list(kinds).index(row["table"]), row["event"]))
    for row in found:
        row["bound"] = "start_date" if row["early"] else "end_date"
    for group in by_culprit(found, ("parent", "bound"), "comparable"):
        if len(group) > 1:
            yield _all_outside(longer, kinds, group)
        else:
            yield _one_outside(longer, kinds[group[0]["table"]], group[0])


def _is_inside(package: Package, longer: str, event: Event) -> bool:
    """Whether certainly no event of this kind is outside, as a glance at short tables tells."""

    def may_be_outside(*days: str | None) -> bool:
        first, last, start, end = days
        return any(is_after(start, day) or is_after(day, end) for day in (first, last))

    ours = event.table, event.belongs, event.first, event.last
    theirs = longer, next(iter(package.columns(longer))), "start_date", "end_date"
    return no_pair(package, ours, theirs, may_be_outside)


def _compared(package: Package, longer: str, events: Sequence[Event]) -> nw.LazyFrame[Any]:
    """Each event with the longer one that it names."""
    dated = kept(nw.concat([_dated(package, event) for event in events]))
    dated = dated.with_columns(nw.len().over("belongs").alias("comparable"))
    key = next(iter(package.columns(longer)))
    parents = package.table(longer).select(
        nw.col(ROW).alias("parent"), nw.col(key).alias("belongs"), "start_date", "end_date"
    )
    parents = named(package, longer, parents, dated, "belongs")
    return dated.join(parents, on="belongs", how="inner")


def _outside(compared: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    compared = compared.with_columns(
        first_early=certainly_after("start_date", "first").fill_null(False),
        last_early=certainly_after("start_date", "last").fill_null(False),
        first_late=certainly_after("first", "end_date").fill_null(False),
        last_late=certainly_after("last", "end_date").fill_null(False),
    )
    within = nw.col("within")
    early = nw.col("last_early") | (nw.col("first_early") & within)
    late = nw.col("first_late") | (nw.col("last_late") & within)
    return compared.with_columns(early=early, late=late).filter(nw.col("early") | nw.col("late"))


def _dated(package: Package, event: Event) -> nw.LazyFrame[Any]:
    first, last = nw.col(event.first), nw.col(event.last)
    return (
        package.table(event.table)
        .filter(~nw.col(event.belongs).is_null(), ~(first.is_null() & last.is_null()))
        .select(
            nw.lit(event.table).alias("table"),
            nw.lit(event.within).alias("within"),
            nw.col(ROW).alias("event"),
            nw.col(event.belongs).alias("belongs"),
            first.alias("first"),
            last.alias("last"),
        )
    )


def _cell(event: Event, row: Row) -> tuple[str, str]:
    """The column of the event's date that is outside, and its value."""
    if row["early"]:
        use_first = row["first_early"] and row["within"]
    else:
        use_first = not (row["last_late"] and row["within"])
    return (event.first, row["first"]) if use_first else (event.last, row["last"])


def _one_outside(longer: str, event: Event, row: Row) -> Fault:
    column, value = _cell(event, row)
    bound = row["bound"]
    side = "before the start" if row["early"] else "after the end"
    place = Place(longer, row["parent"], bound)
    return Fault(
        f"{event.what} is dated {value}, {side} of {row['belongs']}, {row[bound]}",
        f"correct one of the two dates, or {event.belongs}",
        table=event.table,
        row=row["event"],
        field=column,
        value=value,
        related=(place,),
        doubted=(place, Place(event.table, row["event"], event.belongs)),
    )


def _all_outside(longer: str, kinds: dict[str, Event], group: list[Row]) -> Fault:
    bound, value = group[0]["bound"], group[0][group[0]["bound"]]
    side = "begins after" if bound == "start_date" else "ends before"
    comparable = group[0]["comparable"]
    what = f"all {len(group)}" if len(group) == comparable else f"{len(group)} of the {comparable}"
    places = tuple(
        Place(row["table"], row["event"], _cell(kinds[row["table"]], row)[0]) for row in group
    )
    return Fault(
        f"{group[0]['belongs']} {side} {what} dated events that belong to it",
        "correct this date, or theirs",
        table=longer,
        row=group[0]["parent"],
        field=bound,
        value=value,
        related=places,
        doubted=places,
    )
