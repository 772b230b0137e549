"""Two resources of the descriptor have one name.

Readers find a table by the name of its resource, and take the first or the last as they
please. The first is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Replace, bad
from relations.validators.finding import Severity
from relations.validators.package.files import DESCRIPTOR
from relations.validators.rule import Fault, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    descriptor = package.descriptor
    seen: set[str] = set()
    listed = descriptor.content.get("resources")
    for index, resource in enumerate(listed if isinstance(listed, list) else []):
        name = resource.get("name") if isinstance(resource, dict) else None
        if isinstance(name, str) and name in seen:
            line, column = descriptor.place("resources", index, "name")
            yield Fault(
                f"a resource is named `{name}` already",
                "keep one of the two, or give it a name of its own",
                file=descriptor.name,
                line=line,
                column=column,
                value=name,
            )
        elif isinstance(name, str):
            seen.add(name)


RULE = Rule(
    code="repeated-resource",
    family="descriptor",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=(DESCRIPTOR,),
    bad=(
        bad(
            Replace(
                DESCRIPTOR,
                b'\n    {\n      "name": "organizations",',
                b'\n    {"name": "countries", "path": "datapackage/countries.csv"},'
                b'\n    {\n      "name": "organizations",',
            ),
            built=False,
            expect=Expect(DESCRIPTOR, 130, None, "countries"),
        ),
    ),
)
