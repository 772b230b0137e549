"""The descriptor has no version, or one that does not count up.

A result that rests on the data can be repeated only if it says which version it used. Versions
are semantic: `1.4.2`, the first number for what breaks a reader, the second for what is new,
the third for what is corrected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Replace, bad, good
from relations.validators.finding import Severity
from relations.validators.package.descriptor import misspelled
from relations.validators.package.files import DESCRIPTOR
from relations.validators.rule import Fault, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package


NUMBER = "(?:0|[1-9][0-9]*)"
PART = "(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
SEMANTIC = re.compile(
    f"{NUMBER}[.]{NUMBER}[.]{NUMBER}(?:-{PART}(?:[.]{PART})*)?(?:[+][0-9A-Za-z-]+(?:[.][0-9A-Za-z-]+)*)?"
)
"""Semantic Versioning 2.0.0."""


def find(package: Package) -> Iterator[Fault]:
    descriptor = package.descriptor
    version = descriptor.content.get("version")
    if "version" not in descriptor.content:
        yield Fault(
            "the package has no version",
            misspelled(descriptor, "version") or "add `version`, such as `1.0.0`",
            file=descriptor.name,
            field="/version",
        )
    elif isinstance(version, str) and not SEMANTIC.fullmatch(version):
        line, column = descriptor.place("version")
        yield Fault(
            f"`{version}` is no semantic version",
            "write three numbers, such as `1.0.0`",
            file=descriptor.name,
            line=line,
            column=column,
            field="/version",
            value=version,
        )


RULE = Rule(
    code="missing-version",
    family="descriptor",
    severity=Severity.WARNING,
    manual=__doc__,
    find=find,
    needs=(DESCRIPTOR,),
    good=(good(Replace(DESCRIPTOR, b'"version": "1.0.0"', b'"version": "1.0.0-rc.1+exp.5"')),),
    bad=(
        bad(
            Replace(DESCRIPTOR, b'  "version": "1.0.0",\n', b""),
            expect=Expect(DESCRIPTOR, None, "/version"),
        ),
        bad(
            Replace(DESCRIPTOR, b'"version": "1.0.0"', b'"version": "1.0"'),
            expect=Expect(DESCRIPTOR, 6, "/version", "1.0"),
        ),
    ),
)
