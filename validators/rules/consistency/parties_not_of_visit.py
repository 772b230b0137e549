"""A bilateral agreement signed during a visit is not of the visitor's country.

`visit_id` names the visit during which an agreement was signed, so the visiting country is one of
its two parties; on a bilateral visit the host country is the other. Otherwise the visit, one of its
countries or a party is wrong. A warning: an odd case can be settled in `relations.toml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.agreement_parties import (
    NEEDS,
    counted,
    parties,
    parties_at_a_glance,
)
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.short_tables import no_pair

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    of_agreement = parties_at_a_glance(package)

    def may_be_wrong(key: str | None, scope: str | None, *countries: str | None) -> bool:
        states = (of_agreement or {}).get(key or "", set())
        return scope == "bilateral" and not states.issuperset(countries)

    ours = ("agreements", "visit_id", "agreement_id", "scope")
    theirs = ("visits", "visit_id", "visiting_country", "host_country")
    if of_agreement is not None and no_pair(package, ours, theirs, may_be_wrong):
        return
    visits = package.table("visits").select(
        nw.col(ROW).alias("visit"), "visit_id", "visiting_country", "host_country", "occasion"
    )
    two = counted(package).filter(nw.col("known") == 2, nw.col("unknown") == 0)
    agreements = package.table("agreements").filter(nw.col("scope") == "bilateral")
    signed = (
        agreements.select(ROW, "agreement_id", "visit_id")
        .join(visits, on="visit_id", how="inner")
        .join(two.select("agreement_id"), on="agreement_id", how="inner")
    )
    of_parties = parties(package).select("agreement_id", "state").unique()
    each = signed.join(of_parties, on="agreement_id", how="inner").with_columns(
        of_visitor=nw.col("state") == nw.col("visiting_country"),
        of_host=(nw.col("state") == nw.col("host_country"))
        | (nw.col("occasion") != "bilateral").fill_null(True),
    )
    # An unknown country of the visit agrees with any party.
    wrong = each.group_by(ROW, "visit", "visit_id", "visiting_country", "host_country").agg(
        nw.col("of_visitor").fill_null(True).any().alias("of_visitor"),
        nw.col("of_host").fill_null(True).any().alias("of_host"),
    )
    wrong = wrong.filter(~nw.col("of_visitor") | ~nw.col("of_host"))
    for row in rows(wrong):
        country = "host_country" if row["of_visitor"] else "visiting_country"
        yield Fault(
            f"{row['visit_id']} is a visit of {row['visiting_country']} to {row['host_country']}, "
            f"and {row[country]} is no party",
            "correct visit_id, the visit's countries, or the parties",
            table="agreements",
            row=row[ROW],
            field="visit_id",
            value=row["visit_id"],
            related=(Place("visits", row["visit"], country),),
        )


RULE = Rule(
    code="parties-not-of-visit",
    family="consistency",
    severity=Severity.WARNING,
    manual=__doc__,
    find=find,
    needs=(
        "agreements.agreement_id",
        "agreements.scope",
        "agreements.visit_id",
        "visits.visit_id",
        "visits.visiting_country",
        "visits.host_country",
        "visits.occasion",
        *NEEDS,
    ),
    good=(
        good(
            Cell("participants", "N0002", "country", "FIN"),
            Cell("visits", "V0001", "occasion", "multilateral_meeting"),
        ),
    ),
    bad=(
        bad(
            Cell("participants", "N0001", "country", "FIN"),
            expect=Expect("datapackage/agreements.csv", 2, "visit_id", "V0001"),
        ),
        bad(
            Cell("visits", "V0001", "host_country", "FIN"),
            expect=Expect("datapackage/agreements.csv", 2, "visit_id", "V0001"),
        ),
    ),
)
