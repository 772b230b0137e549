"""A suppression does not say why.

Whoever comes later has to see why a finding was settled, or cannot know whether it still is.
Until the reason is there, the suppression does nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Write, bad
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule
from relations.validators.suppressions import FILE

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    for entry in package.suppressions.entries:
        if not entry.reason:
            yield Fault(
                f"the suppression of {entry} gives no reason",
                'say in one sentence why the finding may stay: reason = "…"',
                file=FILE,
                line=entry.line,
                value=entry.rule,
            )


RULE = Rule(
    code="suppression-without-reason",
    family="suppression",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    bad=(
        bad(
            Write(FILE, b'[[suppress]]\nrule = "stray-space"\nreason = " "\n'),
            expect=Expect(FILE, 1, None, "stray-space"),
        ),
        bad(
            Write(FILE, b'# One entry.\n\n[[suppress]]\nrule = "stray-space"\n'),
            expect=Expect(FILE, 3, None, "stray-space"),
        ),
    ),
)
