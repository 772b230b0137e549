"""The descriptor is against the Data Package standard.

Other programs read the package by that standard (Data Package v2), and what it does not allow
they refuse or misread. Whether the schemas fit the models is another rule's affair.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Replace, bad, good
from relations.validators.finding import Severity
from relations.validators.package.files import DESCRIPTOR
from relations.validators.package.json_places import pointer
from relations.validators.rule import Fault, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    descriptor = package.descriptor
    if descriptor.data.startswith(codecs.BOM_UTF8):
        yield Fault(
            "the descriptor begins with a byte-order mark, which JSON does not allow",
            "run `relations build`, or save it as UTF-8 without one",
            file=descriptor.name,
            line=1,
            column=1,
        )
    for found in package.violations:
        line, column = descriptor.place(*found.steps)
        if line is None:
            # What is missing has no place; what lacks it has.
            line, column = descriptor.place(*found.steps[:-1])
        yield Fault(
            found.message,
            found.hint,
            file=descriptor.name,
            line=line,
            column=column,
            field=pointer(found.steps),
        )


RULE = Rule(
    code="descriptor-invalid",
    family="descriptor",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=(DESCRIPTOR,),
    in_descriptor=True,
    good=(
        good(
            Replace(
                DESCRIPTOR,
                b'"version": "1.0.0",',
                b'"version": "1.0.0",\n  "created": "2024-05-16T12:00:00+02:00",',
            )
        ),
    ),
    bad=(
        bad(
            Replace(
                DESCRIPTOR,
                b'"version": "1.0.0",',
                b'"version": "1.0.0",\n  "created": "2024-05-16",',
            ),
            expect=Expect(DESCRIPTOR, 7, "/created"),
        ),
        bad(
            Replace(DESCRIPTOR, b'"name": "example-est-isl"', b'"name": "Example of Estonia"'),
            expect=Expect(DESCRIPTOR, 3, "/name"),
        ),
        bad(
            Replace(DESCRIPTOR, b'"roles": [\n        "creator"\n      ]', b'"roles": "creator"'),
            expect=Expect(DESCRIPTOR, 17, "/contributors/0/roles"),
        ),
    ),
)
