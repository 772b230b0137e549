"""A suppression names a rule that there is not, or one that cannot be suppressed.

A misspelt code suppresses nothing. What is said of the suppressions themselves always stays:
otherwise an entry could hide its own faults.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Write, bad
from relations.validators.finding import Severity
from relations.validators.nearest import Words, did_you_mean
from relations.validators.rule import Fault, Rule
from relations.validators.suppressions import FILE, NEVER_SUPPRESSED

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    # Here, since the registry imports this module.
    from relations.validators.registry import RULES

    families = {rule.code: rule.family for rule in RULES}
    codes = Words(families)
    for entry in package.suppressions.entries:
        if entry.rule not in families:
            message = f"there is no rule `{entry.rule}`"
            hint = did_you_mean(entry.rule, codes, "`relations rules` lists them")
        elif families[entry.rule] == NEVER_SUPPRESSED:
            message = f"`{entry.rule}` is about suppressions and cannot be suppressed"
            hint = "mend what it names, and take this entry out"
        else:
            continue
        yield Fault(message, hint, file=FILE, line=entry.line, value=entry.rule)


RULE = Rule(
    code="unknown-rule-suppressed",
    family="suppression",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    bad=(
        bad(
            Write(FILE, b'[[suppress]]\nrule = "stray-spaces"\nreason = "As printed."\n'),
            expect=Expect(FILE, 1, None, "stray-spaces"),
        ),
        bad(
            Write(FILE, b'[[suppress]]\nrule = "unused-suppression"\nreason = "In peace."\n'),
            expect=Expect(FILE, 1, None, "unused-suppression"),
        ),
    ),
)
