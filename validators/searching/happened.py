"""The dates of what has happened, as the rows tell it: what cannot lie in the future.

An announced visit or agreement may, and so may the meetings of an announced visit and the sitting
that one is to attend. An office may begin in the future; that it is attested cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.schemas.lists import LIST_SEPARATOR
from relations.validators.finding import Skip
from relations.validators.searching.different_cells import passing
from relations.validators.searching.expressions import ROW
from relations.validators.searching.narrowing import text_of
from relations.validators.searching.short_tables import is_after, no_row

if TYPE_CHECKING:
    from relations.validators.package.package import Package

Frame = nw.LazyFrame[Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """Dated rows of one table: ``field`` is the column of the date, ``said`` leads up to it.

    ``needs`` are the columns that decide which rows have happened, ``rows`` searches them out.
    """

    table: str
    field: str
    said: str
    needs: tuple[str, ...]
    rows: Callable[[Package], Frame]


def happened(
    package: Package, code: str, kinds: Sequence[Kind], after: int | None = None
) -> tuple[Frame | None, list[Skip]]:
    """What has happened, and a skip for each kind that cannot be judged.

    One frame of ``table``, ``field``, ``said``, ``row``, ``row_id`` (its key) and ``day``, one
    search for all tables; None where no kind can be judged, or where certainly nothing is
    later than the day ``after``, YYYYMMDD.
    """
    frames: list[Frame] = []
    skipped: list[Skip] = []
    judged = [kind for kind in kinds if not _why_not(package, kind)]
    if after is not None and all(_none_after(package, kind, after) for kind in judged):
        reasons = ((kind.table, _why_not(package, kind)) for kind in kinds)
        said = dict.fromkeys(Skip(code, table, reason) for table, reason in reasons if reason)
        return None, list(said)
    for kind in kinds:
        reason = _why_not(package, kind)
        if reason:
            skip = Skip(code, kind.table, reason)
            skipped += [skip] if skip not in skipped else []
            continue
        key = next(iter(package.columns(kind.table)))
        dated = kind.rows(package).filter(~nw.col(kind.field).is_null(), ~nw.col(key).is_null())
        frames.append(
            dated.select(
                nw.lit(kind.table).alias("table"),
                nw.lit(kind.field).alias("field"),
                nw.lit(kind.said).alias("said"),
                nw.col(ROW).alias("row"),
                nw.col(key).alias("row_id"),
                nw.col(kind.field).alias("day"),
            )
        )
    return (nw.concat(frames) if frames else None), skipped


def _why_not(package: Package, kind: Kind) -> str | None:
    return package.why_none_of(f"{kind.table}.{kind.field}", *kind.needs)


def _none_after(package: Package, kind: Kind, day: int) -> bool:
    """Whether certainly no date of this kind is later, as far as that is told cheaply."""
    limit = text_of(day)

    def is_late(cell: nw.Expr) -> nw.Expr:
        return cell.str.split(LIST_SEPARATOR).list.max() > nw.lit(limit)

    late = passing(package, kind.table, kind.field, is_late)
    if late is not None:
        return not late
    return no_row(
        package,
        kind.table,
        lambda cell: any(is_after(each, limit) for each in cell.split(LIST_SEPARATOR)),
        kind.field,
    )


def _held_visits(package: Package) -> Frame:
    return package.table("visits").filter(nw.col("status") == "held")


def _without_start(frame: Frame) -> Frame:
    """Of what has a last day alone, that is when it was."""
    return frame.filter(nw.col("start_date").is_null())


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

HAPPENED = (
    Kind("visits", "start_date", "it was held on", _VISITS, _held_visits),
    Kind(
        "visits",
        "end_date",
        "it was held until",
        (*_VISITS, "visits.start_date"),
        lambda package: _without_start(_held_visits(package)),
    ),
    Kind(
        "assembly_sessions",
        "start_date",
        "it sat on",
        ("visits.status", "visits.session_id"),
        _sessions,
    ),
    Kind(
        "assembly_sessions",
        "end_date",
        "it sat until",
        ("visits.status", "visits.session_id", "assembly_sessions.start_date"),
        lambda package: _without_start(_sessions(package)),
    ),
    Kind(
        "engagements",
        "date",
        "it took place on",
        (
            "engagements.visit_id",
            "engagements.session_id",
            *_VISITS,
            "visits.session_id",
            "assembly_sessions.session_id",
        ),
        _engagements,
    ),
    Kind("agreements", "signed_date", "it was signed on", ("agreements.status",), _signed),
    Kind("memberships", "date", "it was taken on", (), _steps),
    Kind("statements", "date", "it was made on", (), _statements),
    Kind("terms", "attested_dates", "it is attested on", (), _attested),
)
