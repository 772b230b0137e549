"""The descriptor names no contributor.

Somebody read the sources and answers for the rows; a reader who finds a mistake should know
whom to write to, and a reader who uses the data whom to name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Replace, bad
from relations.validators.finding import Severity
from relations.validators.package.descriptor import misspelled
from relations.validators.package.files import DESCRIPTOR
from relations.validators.rule import Fault, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    descriptor = package.descriptor
    if "contributors" not in descriptor.content:
        yield Fault(
            "no contributor is named",
            misspelled(descriptor, "contributors")
            or 'add `contributors`, such as [{"title": "…", "roles": ["creator"]}]',
            file=descriptor.name,
            field="/contributors",
        )


RULE = Rule(
    code="missing-contributor",
    family="descriptor",
    severity=Severity.WARNING,
    manual=__doc__,
    find=find,
    needs=(DESCRIPTOR,),
    bad=(
        bad(
            Replace(DESCRIPTOR, b'"contributors": [', b'"contributers": ['),
            expect=Expect(DESCRIPTOR, None, "/contributors"),
        ),
    ),
)
