"""The dates of what has happened, as the rows tell it: what cannot lie in the future.

An announced visit or agreement may, and so may the meetings of an announced visit and the sitting
that one is to attend. An office may begin in the future; that it is attested cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.expressions import ROW
from relations.validators.finding import Skip

if TYPE_CHECKING:
    from relations.validators.package.package import Package

Frame = nw.LazyFrame[Any]


@dataclass(frozen=True, slots=True)
class Happening:
    """The dated rows of one table: a frame of ``_row``, ``row_id`` and ``day``.

    ``field`` is the column of the date, ``verb`` says what happened on that day.
    """

    table: str
    field: str
    verb: str
    frame: Frame


def happened(package: Package, code: str) -> Iterator[Happening | Skip]:
    """What has happened, table by table; a skip for each that cannot be judged."""
    for table, field, verb, needs, search in KINDS:
        reason = package.why_none_of(f"{table}.{field}", *needs)
        if reason:
            yield Skip(code, table, reason)
            continue
        key = next(iter(package.columns(table)))
        frame = search(package).filter(~nw.col(field).is_null(), ~nw.col(key).is_null())
        frame = frame.select(ROW, nw.col(key).alias("row_id"), nw.col(field).alias("day"))
        yield Happening(table, field, verb, frame)


def _held_visits(package: Package) -> Frame:
    return package.table("visits").filter(nw.col("status") == "held")


def _sessions(package: Package) -> Frame:
    visits = package.table("visits").select("session_id", held=nw.col("status") == "held")
    attended = visits.filter(nw.col("held"))
    planned = visits.filter(~nw.col("held").fill_null(False))
    planned = planned.join(attended, on="session_id", how="anti")
    return package.table("assembly_sessions").join(planned, on="session_id", how="anti")


def _engagements(package: Package) -> Frame:
    # By the cells as the file has them: a visit that cannot be found may be an announced one.
    belongs = package.raw("engagements").select(ROW, "visit_id", "session_id")
    dated = package.table("engagements").select(ROW, "engagement_id", "date")
    dated = dated.join(belongs, on=ROW, how="inner")
    held = _held_visits(package).select("visit_id", of_held=nw.lit(True))
    sat = _sessions(package).select("session_id", of_sat=nw.lit(True))
    return (
        dated.join(held, on="visit_id", how="left")
        .join(sat, on="session_id", how="left")
        .filter(
            nw.col("visit_id").is_null() | nw.col("of_held"),
            nw.col("session_id").is_null() | nw.col("of_sat"),
        )
    )


def _signed(package: Package) -> Frame:
    done = ["signed", "adopted", "in_force", "terminated"]
    return package.table("agreements").filter(nw.col("status").is_in(done))


def _steps(package: Package) -> Frame:
    return package.table("memberships")


def _statements(package: Package) -> Frame:
    return package.table("statements")


def _attested(package: Package) -> Frame:
    terms = package.table("terms").filter(~nw.col("attested_dates").is_null())
    split = nw.col("attested_dates").str.split(";")
    return terms.with_columns(attested_dates=split).explode("attested_dates")


_VISITS = ("visits.visit_id", "visits.status")

KINDS: tuple[tuple[str, str, str, tuple[str, ...], Callable[[Package], Frame]], ...] = (
    ("visits", "start_date", "was held", _VISITS, _held_visits),
    ("assembly_sessions", "start_date", "sat", ("visits.status", "visits.session_id"), _sessions),
    (
        "engagements",
        "date",
        "took place",
        ("engagements.visit_id", "engagements.session_id", *_VISITS, "visits.session_id"),
        _engagements,
    ),
    ("agreements", "signed_date", "was signed", ("agreements.status",), _signed),
    ("memberships", "date", "was taken", (), _steps),
    ("statements", "date", "was made", (), _statements),
    ("terms", "attested_dates", "is attested", (), _attested),
)
"""Table, column of the date, what happened, what else is needed, and the rows."""
