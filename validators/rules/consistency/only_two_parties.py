"""A multilateral agreement has exactly two parties.

Two states make a bilateral agreement. A multilateral one lies between three or more, or within an
organization. A warning: a source may name two of many parties; then add the others, name the
organization or the sitting that adopted it, or settle it in `relations.toml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Rule
from relations.validators.searching.agreement_parties import NEEDS, counted, parties_at_a_glance
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.hidden_rows import unless_hidden
from relations.validators.searching.short_tables import short_table

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "only-two-parties"


def find(package: Package) -> Iterator[Fault | Skip]:
    yield from unless_hidden(package, CODE, _search(package), "participants.agreement_id")


def _search(package: Package) -> Iterator[Fault]:
    if _none_with_two(package):
        return
    # As the file has it: a sitting that cannot be found adopted it all the same.
    adopted = package.raw("agreements").filter(~nw.col("session_id").is_null()).select(ROW)
    agreements = package.table("agreements").filter(nw.col("scope") == "multilateral")
    agreements = agreements.join(adopted, on=ROW, how="anti").select(ROW, "agreement_id", "scope")
    two = counted(package).filter(nw.col("known") == 2, nw.col("unknown") == 0)
    for row in rows(agreements.join(two, on="agreement_id", how="inner")):
        yield Fault(
            "it is multilateral, and two parties are named",
            "correct the scope, or name the other parties, the organization or the sitting",
            table="agreements",
            row=row[ROW],
            field="scope",
            value=row["scope"],
        )


def _none_with_two(package: Package) -> bool:
    """Whether certainly no multilateral agreement without a sitting has two known parties."""
    agreements, of_file = (short_table(package, "agreements", raw=raw) for raw in (False, True))
    of_agreement = parties_at_a_glance(package)
    if agreements is None or of_file is None or of_agreement is None:
        return False
    keys = agreements.rows("agreement_id", "scope")
    return not any(
        key is not None
        and scope == "multilateral"
        and session is None
        and len(of_agreement.get(key, set()) - {None}) == 2
        for (key, scope), session in zip(keys, of_file.column("session_id"), strict=True)
    )


RULE = Rule(
    code=CODE,
    family="consistency",
    severity=Severity.WARNING,
    manual=__doc__,
    find=find,
    needs=("agreements.agreement_id", "agreements.scope", "agreements.session_id", *NEEDS),
    good=(
        good(
            Cell("agreements", "A0001", "scope", "multilateral"),
            Cell("agreements", "A0001", "visit_id", ""),
            Cell("participants", "N0012", "agreement_id", "A0001"),
            Cell("participants", "N0012", "country", "FIN"),
            Cell("agreements", "A0003", "scope", "multilateral"),
        ),
    ),
    bad=(
        bad(
            Cell("agreements", "A0003", "scope", "multilateral"),
            expect=Expect("datapackage/agreements.csv", 4, "scope", "multilateral"),
        ),
    ),
)
