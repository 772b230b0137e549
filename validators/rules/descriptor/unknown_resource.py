"""The descriptor lists a resource that the model does not know.

Other tables may lie beside ours, but nothing here checks them, and `relations build` writes a
descriptor without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Replace, bad
from relations.validators.finding import Severity
from relations.validators.package.files import DESCRIPTOR
from relations.validators.rule import Fault, Rule
from relations.validators.rules.descriptor.missing_table import misnamed_resources

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    descriptor = package.descriptor
    explained = set(misnamed_resources(package).values())
    listed = descriptor.content.get("resources")
    for index, resource in enumerate(listed if isinstance(listed, list) else []):
        name = resource.get("name") if isinstance(resource, dict) else None
        if isinstance(name, str) and name not in package.declared and index not in explained:
            line, column = descriptor.place("resources", index, "name")
            yield Fault(
                f"the resource `{name}` is no table of the model",
                "take it out; what the model has no column for belongs in a `note`",
                file=descriptor.name,
                line=line,
                column=column,
                value=name,
            )


RULE = Rule(
    code="unknown-resource",
    family="descriptor",
    severity=Severity.WARNING,
    manual=__doc__,
    find=find,
    needs=(DESCRIPTOR,),
    bad=(
        bad(
            Replace(
                DESCRIPTOR,
                b'"resources": [',
                b'"resources": [\n    {"name": "recipes", "path": "recipes.csv"},',
            ),
            built=False,
            expect=Expect(DESCRIPTOR, 28, None, "recipes"),
        ),
    ),
)
