"""Rows of a table that say the same thing under different ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.narrowing import alike
from relations.validators.searching.short_tables import all_differ

if TYPE_CHECKING:
    from relations.validators.package.package import Package

TIES = {
    "organizations": ("country", "parent_id"),
    "terms": ("organization_id", "start_date", "end_date", "attested_dates"),
    "assembly_sessions": ("start_date", "end_date"),
    "visits": ("start_date", "end_date", "session_id"),
    "engagements": ("date", "visit_id", "session_id"),
    "agreements": (
        "signed_date",
        "in_force_date",
        "terminated_date",
        "visit_id",
        "session_id",
        "registration",
    ),
    "memberships": ("date", "session_id"),
    "participants": ("visit_id", "engagement_id", "session_id", "agreement_id"),
    "statements": ("summary",),
    "sources": ("url", "published", "sha256"),
    "evidence": ("span_sha256",),
}
"""Per table the columns that tie a row to one fact: one is filled, or the row is not compared.

Persons and countries are not here: persons may share a name, and are compared by Wikidata item
and by likeness; two countries that agree in their codes disagree with their keys.
"""
NOTE = "note"
_FIRST = "_first"


def why_not(package: Package, table: str) -> str | None:
    """Why the rows of a table cannot be compared; None if they can."""
    for column in package.columns(table):
        reason = None if column == NOTE else package.why_not(f"{table}.{column}")
        if reason:
            return reason
    return None


def repeated(package: Package, table: str) -> dict[int, int]:
    """The rows that repeat an earlier one in all but key and note, each with the first.

    Cells are compared as the file has them, those with a finding of their own included: two
    rows may well agree in what is wrong with them. Rows without a sound key are left out,
    since what is wrong with those is that.
    """
    key, *others = package.columns(table)
    compared = [column for column in others if column != NOTE]
    unsound = package.spoilt.get(table, {}).get(key)
    # Keys become unsound, and never sound again.
    asked = ("repeated", table, len(unsound.column()) if unsound else 0)
    judged = package.raw(table)
    known: dict[int, int] | None = package.known.get(asked)
    if known is not None:
        return known
    if all_differ(package, table, *compared, raw=True):
        return {}
    if unsound:
        judged = package.engine.without(judged, {key: unsound.column()})
    tied = nw.any_horizontal(*(~nw.col(tie).is_null() for tie in TIES[table]), ignore_nulls=True)
    judged = judged.filter(tied, ~nw.col(key).is_null())
    first = alike(judged, *compared).with_columns(nw.col(ROW).min().over(*compared).alias(_FIRST))
    later = first.filter(nw.col(ROW) != nw.col(_FIRST)).select(ROW, _FIRST)
    found: dict[int, int] = {row[ROW]: row[_FIRST] for row in rows(later)}
    package.known[asked] = found
    return found
