"""The descriptor has no title.

The title is what catalogues and people call the package by; its name is for machines.
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
    title = descriptor.content.get("title", "")
    if isinstance(title, str) and not title.strip():
        yield Fault(
            "the package has no title",
            misspelled(descriptor, "title")
            or "add `title`, a line that says what the package holds",
            file=descriptor.name,
            field="/title",
        )


RULE = Rule(
    code="missing-title",
    family="descriptor",
    severity=Severity.WARNING,
    manual=__doc__,
    find=find,
    needs=(DESCRIPTOR,),
    bad=(
        bad(
            Replace(
                DESCRIPTOR,
                b'"title": "Invented relations of Estonia and Iceland",',
                b'"title": " ",',
            ),
            expect=Expect(DESCRIPTOR, None, "/title"),
        ),
    ),
)
