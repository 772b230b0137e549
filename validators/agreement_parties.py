"""The parties of each agreement: its participants with role party or signatory, by country."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.expressions import ROW

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
