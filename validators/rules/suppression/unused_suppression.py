"""A suppression matches no finding.

What it settled is mended or gone. Left in place it would one day hide a new fault of the same
kind, so take it out. Judged only where its rule ran and could be judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Cell, Expect, Write, bad, good
from relations.validators.finding import Severity, Skip
from relations.validators.nearest import nearest
from relations.validators.rule import Fault, Outcome, Rule
from relations.validators.suppressions import FILE, NEVER_SUPPRESSED, Suppression, settle

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "unused-suppression"


def review(package: Package, outcome: Outcome) -> Iterator[Fault | Skip]:
    # Here, since the registry imports this module.
    from relations.validators.registry import RULES

    judged = {
        rule.code for rule in RULES if rule.family != NEVER_SUPPRESSED and rule.code in outcome.ran
    } - {failure.code for failure in outcome.failures}
    entries = package.suppressions.entries
    used = settle(outcome.findings, entries, package.as_of).used
    for entry in entries:
        if entry in used or entry.rule not in judged or not entry.in_force(package.as_of):
            continue
        skip = next((each for each in outcome.skipped if _bears_on(each, entry)), None)
        if skip:
            yield Skip(CODE, skip.table, f"the suppression of {entry}: {skip.reason}")
            continue
        yield Fault(
            f"the suppression of {entry} matches no finding",
            _hint(package, entry),
            file=FILE,
            line=entry.line,
            value=str(entry),
        )


def _bears_on(skip: Skip, entry: Suppression) -> bool:
    """Whether the rule was left unjudged where the entry might have matched."""
    return skip.code == entry.rule and (
        skip.table is None or entry.table is None or skip.table == entry.table
    )


def _hint(package: Package, entry: Suppression) -> str:
    tables = package.declared
    if entry.table is not None and entry.table not in tables:
        near = nearest(entry.table, tables)
    elif entry.table is not None and entry.field is not None:
        fields = package.columns(entry.table)
        near = None if entry.field in fields else nearest(entry.field, fields)
    else:
        near = None
    return f"did you mean `{near}`?" if near else "take it out"


RULE = Rule(
    code=CODE,
    family="suppression",
    severity=Severity.WARNING,
    manual=__doc__,
    review=review,
    good=(
        good(
            Cell("visits", "V0001", "host_country", "EST "),
            Write(
                FILE,
                b'[[suppress]]\nrule = "stray-space"\ntable = "visits"\nkey = "V0001"\n'
                b'reason = "So that the example shows one."\n',
            ),
        ),
    ),
    bad=(
        bad(
            Write(FILE, b'[[suppress]]\nrule = "stray-space"\nreason = "As printed."\n'),
            expect=Expect(FILE, 1, None, "stray-space"),
        ),
        bad(
            Write(
                FILE,
                b'[[suppress]]\nrule = "stray-space"\ntable = "visit"\nreason = "As printed."\n',
            ),
            expect=Expect(FILE, 1, None, "stray-space visit"),
        ),
    ),
)
