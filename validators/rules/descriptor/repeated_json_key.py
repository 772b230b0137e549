"""An object of the descriptor has the same name twice.

Readers keep one of the two values, most of them the last, and nobody is told of the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Replace, bad
from relations.validators.finding import Severity
from relations.validators.package.files import DESCRIPTOR
from relations.validators.package.json_places import pointer
from relations.validators.rule import Fault, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    descriptor = package.descriptor
    if not descriptor.repeats_a_name:
        return
    for steps, offset in descriptor.places.repeated:
        line, column = descriptor.lines.line_and_column(offset)
        yield Fault(
            f"`{steps[-1]}` is there already",
            "keep one of the two",
            file=descriptor.name,
            line=line,
            column=column,
            field=pointer(steps),
        )


RULE = Rule(
    code="repeated-json-key",
    family="descriptor",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=(DESCRIPTOR,),
    bad=(
        bad(
            Replace(
                DESCRIPTOR, b'"version": "1.0.0",', b'"version": "0.9.0",\n  "version": "1.0.0",'
            ),
            built=False,
            expect=Expect(DESCRIPTOR, 7, "/version"),
        ),
    ),
)
