"""The descriptor names no licence.

Without one nobody may copy or build upon the data, however openly they lie there. `licenses`
is a list, each with a `name` (of SPDX, such as `CC-BY-4.0`) or a `path`, the address of its text.
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
    if "licenses" not in descriptor.content:
        yield Fault(
            "no licence is named",
            misspelled(descriptor, "licenses") or 'add `licenses`, such as [{"name": "CC-BY-4.0"}]',
            file=descriptor.name,
            field="/licenses",
        )


RULE = Rule(
    code="missing-licence",
    family="descriptor",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=(DESCRIPTOR,),
    bad=(
        bad(
            Replace(DESCRIPTOR, b'"licenses": [', b'"licences": ['),
            expect=Expect(DESCRIPTOR, None, "/licenses"),
        ),
    ),
)
