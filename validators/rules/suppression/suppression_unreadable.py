"""`relations.toml` cannot be understood.

The file lists findings that a person has looked at and settled. What stands in it must be
TOML, and each entry has a `rule` and a `reason`, and where it is to hold for less a `table`, a
`key`, a `field` or a last day, `until`. An entry with a fault suppresses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Write, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule
from relations.validators.suppressions import FILE

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    for misread in package.suppressions.misread:
        yield Fault(
            misread.message,
            misread.hint,
            file=FILE,
            line=misread.line,
            column=misread.column,
            value=misread.value,
        )


RULE = Rule(
    code="suppression-unreadable",
    family="suppression",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    good=(good(Write(FILE, b"# Nothing is settled yet.\n")),),
    bad=(
        bad(
            Write(FILE, b'[[suppress]]\nrule = "similar-names\n'),
            expect=Expect(FILE, 2),
        ),
        bad(
            Write(
                FILE,
                b'[[suppress]]\nrule = "stray-space"\nreason = "As printed."\nuntil = "2030"\n',
            ),
            expect=Expect(FILE, 4, None, "2030"),
        ),
        bad(
            Write(FILE, b'[[supress]]\nrule = "stray-space"\nreason = "As printed."\n'),
            expect=Expect(FILE, 1, None, "supress"),
        ),
    ),
)
