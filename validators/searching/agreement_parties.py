"""The parties of each agreement: its participants with role party or signatory, by country."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.searching.expressions import ROW
from relations.validators.searching.short_tables import short_table

if TYPE_CHECKING:
    from relations.validators.package.package import Package

NEEDS = (
    "participants.agreement_id",
    "participants.official_id",
    "participants.organization_id",
    "participants.country",
    "participants.role",
    "officials.official_id",
    "officials.country",
    "organizations.organization_id",
    "organizations.country",
)
ROLES = ["party", "signatory"]


def parties(package: Package) -> nw.LazyFrame[Any]:
    """One row for each party: ``participant`` (its row), ``agreement_id``, ``state``.

    ``state`` is the row's country, or else that of its person or organization; null where none
    is known. A participant whose role is not known may be a party, and is here without a state.
    """
    officials = package.table("officials").select(
        "official_id", nw.col("country").alias("of_official")
    )
    bodies = package.table("organizations").select(
        "organization_id", nw.col("country").alias("of_body")
    )
    state = nw.coalesce(nw.col("country"), nw.col("of_official"), nw.col("of_body"))
    is_party = nw.col("role").is_in(ROLES)
    return (
        package.table("participants")
        .filter(~nw.col("agreement_id").is_null(), is_party | nw.col("role").is_null())
        .join(officials, on="official_id", how="left")
        .join(bodies, on="organization_id", how="left")
        .select(
            nw.col(ROW).alias("participant"),
            "agreement_id",
            nw.when(~nw.col("role").is_null()).then(state).alias("state"),
        )
    )


def counted(package: Package) -> nw.LazyFrame[Any]:
    """For each agreement that has any: ``known`` distinct states, and how many are ``unknown``."""
    return (
        parties(package)
        .group_by("agreement_id")
        .agg(
            (nw.col("state").n_unique() - nw.col("state").is_null().any().cast(nw.Int64)).alias(
                "known"
            ),
            nw.col("state").is_null().cast(nw.Int64).sum().alias("unknown"),
        )
    )


def parties_at_a_glance(package: Package) -> dict[str, set[str | None]] | None:
    """For each agreement that has any the states of its parties, None for an unknown one.

    None where the tables are not short.
    """
    tables = [short_table(package, name) for name in ("participants", "officials", "organizations")]
    participants, officials, organizations = tables
    if participants is None or officials is None or organizations is None:
        return None
    of_official = officials.named("official_id", "country")
    of_body = organizations.named("organization_id", "country")
    columns = ("agreement_id", "role", "country", "official_id", "organization_id")
    found: dict[str, set[str | None]] = {}
    for agreement, role, country, official, body in participants.rows(*columns):
        if agreement is None or (role is not None and role not in ROLES):
            continue
        states = found.setdefault(agreement, set())
        for (person,) in of_official.get(official or "", [(None,)]):
            for (organization,) in of_body.get(body or "", [(None,)]):
                states.add((country or person or organization) if role else None)
    return found
