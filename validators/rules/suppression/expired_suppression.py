"""A suppression has expired.

Its last day, `until`, is over, so it suppresses nothing any more. The findings that it settled
stand in the report again: settle them anew or mend what they name.
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
        if entry.expired(package.as_of):
            yield Fault(
                f"the suppression of {entry} held until {entry.until}",
                "take it out, or look at the finding again and give a later day",
                file=FILE,
                line=entry.line,
                value=str(entry.until),
            )


RULE = Rule(
    code="expired-suppression",
    family="suppression",
    severity=Severity.WARNING,
    manual=__doc__,
    find=find,
    bad=(
        bad(
            Write(
                FILE,
                b'[[suppress]]\nrule = "stray-space"\nreason = "As printed."\nuntil = 2020-12-31\n',
            ),
            expect=Expect(FILE, 1, None, "2020-12-31"),
        ),
    ),
)
