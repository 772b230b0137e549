"""Visits by their lead, each journey once, and the offices that the lead held at the time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.searching.expressions import ROW, certainly_outside
from relations.validators.searching.narrowing import named

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def without_same_legs(
    package: Package, visits: nw.LazyFrame[Any], *columns: str
) -> nw.LazyFrame[Any]:
    """The visits, without the legs that agree in ``columns`` with the visit they belong to.

    What is wrong with such a leg is wrong with the longer visit, and is said there.
    """
    visits = visits.filter(*(~nw.col(name).is_null() for name in columns))
    legs = visits.filter(~nw.col("parent_id").is_null()).select(ROW, "parent_id", *columns)
    longer = package.table("visits").select(nw.col("visit_id").alias("parent_id"), *columns)
    longer = named(package, "visits", longer, legs, "parent_id")
    same = legs.join(longer, on=["parent_id", *columns], how="semi")
    return visits.join(same.select(ROW), on=ROW, how="anti")


def offices_of(package: Package, visits: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Each visit, ``first`` to ``last``, with each term of its lead.

    A visit of which the last day is not known is judged by its first.
    """
    terms = package.table("terms").select(
        nw.col(ROW).alias("term"),
        "term_id",
        nw.col("official_id").alias("lead_official_id"),
        "post",
        "role",
        "capacity",
        nw.col("start_date").alias("term_start"),
        nw.col("end_date").alias("term_end"),
        "attested_dates",
    )
    days = visits.with_columns(
        first=nw.col("start_date"), last=nw.coalesce(nw.col("end_date"), nw.col("start_date"))
    )
    return days.join(terms, on="lead_official_id", how="inner")


def with_offices(package: Package, visits: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The same; ``outside``: certainly held on no day of the visit."""
    return offices_of(package, visits).with_columns(
        outside=certainly_outside("first", "last", "term_start", "term_end").fill_null(False)
    )
