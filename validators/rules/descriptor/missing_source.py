"""The descriptor names no source.

Whoever finds the package wants to know first what it rests on. `sources` lists the main works,
each with a `title` and, where it has one, a `path`; the table `sources` has every document.
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
    # An empty list is within the standard, and says as little.
    if descriptor.content.get("sources", []) == []:
        yield Fault(
            "no source is named",
            misspelled(descriptor, "sources") or 'add `sources`, such as [{"title": "A title"}]',
            file=descriptor.name,
            field="/sources",
        )


RULE = Rule(
    code="missing-source",
    family="descriptor",
    severity=Severity.WARNING,
    manual=__doc__,
    find=find,
    needs=(DESCRIPTOR,),
    bad=(
        bad(
            Replace(
                DESCRIPTOR,
                b'"sources": [\n    {\n      "title": "Invented chronicle"\n    }\n  ],',
                b'"sources": [],',
            ),
            expect=Expect(DESCRIPTOR, None, "/sources"),
        ),
    ),
)
