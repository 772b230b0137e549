"""The descriptor lists no resource for a table of the model.

Who opens the package by its descriptor does not find the table. Each of the thirteen is there,
if need be with its header alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Remove, Replace, bad
from relations.validators.finding import Severity
from relations.validators.nearest import nearest
from relations.validators.package.files import DESCRIPTOR
from relations.validators.rule import Fault, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    descriptor = package.descriptor
    if not descriptor.resources():
        # Against the standard: one finding instead of thirteen.
        return
    misnamed = misnamed_resources(package)
    for table in package.declared:
        if descriptor.resource(table):
            continue
        index = misnamed.get(table)
        if index is None:
            line, column = descriptor.place("resources")
            hint = "add the table, and run `relations build`"
        else:
            line, column = descriptor.place("resources", index, "name")
            name = descriptor.content["resources"][index]["name"]
            hint = f"the resource `{name}` is no table of the model: did you mean `{table}`?"
        yield Fault(
            f"no resource is named `{table}`",
            hint,
            table=table,
            file=descriptor.name,
            line=line,
            column=column,
        )


def misnamed_resources(package: Package) -> dict[str, int]:
    """For each table without a resource the unknown one that seems to be meant: its index."""
    descriptor = package.descriptor
    missing = [table for table in package.declared if not descriptor.resource(table)]
    meant = {}
    listed = descriptor.content.get("resources")
    for index, resource in enumerate(listed if isinstance(listed, list) else []):
        name = resource.get("name") if isinstance(resource, dict) else None
        if isinstance(name, str) and name not in package.declared:
            table = nearest(name, missing)
            if table:
                meant[table] = index
                missing.remove(table)
    return meant


RULE = Rule(
    code="missing-table",
    family="descriptor",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=(DESCRIPTOR,),
    bad=(
        bad(
            Remove("datapackage/statements.csv"),
            expect=Expect(DESCRIPTOR, 27),
        ),
        bad(
            Replace(
                DESCRIPTOR,
                b'"name": "countries",\n      "type": "table"',
                b'"name": "country",\n      "type": "table"',
            ),
            built=False,
            expect=Expect(DESCRIPTOR, 29),
        ),
    ),
)
