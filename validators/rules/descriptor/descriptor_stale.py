"""The descriptor gives another size, digest or number of rows than its file has.

The file was changed and the descriptor was not made anew. Who downloads the package compares
them to learn whether it arrived whole. One finding for a table.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Replace, bad
from relations.validators.finding import Severity, Skip
from relations.validators.package.files import DESCRIPTOR
from relations.validators.rule import Fault, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package


CODE = "descriptor-stale"


def find(package: Package) -> Iterator[Fault | Skip]:
    descriptor = package.descriptor
    against_standard = {violation.steps for violation in package.violations}
    for table in package.declared:
        resource = descriptor.resource(table)
        if resource is None:
            continue
        reason = package.why_not(table)
        if reason:
            yield Skip(CODE, table, reason)
            continue
        index = descriptor.content["resources"].index(resource)
        wrong = {
            key: _difference(key, resource.get(key), value)
            for key, value in package.counts(table).items()
            if not _agree(resource.get(key), value)
            and ("resources", index, key) not in against_standard
        }
        if wrong:
            first = next((key for key in wrong if key in resource), None)
            line, column = descriptor.place("resources", index, *([first] if first else []))
            yield Fault(
                f"the descriptor and {package.files[table].name} do not agree: "
                f"{', '.join(wrong.values())}",
                "run `relations build`",
                table=table,
                file=descriptor.name,
                line=line,
                column=column,
            )


def _agree(stated: object, counted: object) -> bool:
    # To Python, true is 1.
    return stated == counted and not isinstance(stated, bool)


def _difference(key: str, stated: object, counted: object) -> str:
    if stated is None:
        return f"`{key}` is not given"
    return "`hash` differs" if key == "hash" else f"`{key}` is {stated} and should be {counted}"


RULE = Rule(
    code=CODE,
    family="descriptor",
    severity=Severity.WARNING,
    manual=__doc__,
    find=find,
    needs=(DESCRIPTOR,),
    bad=(
        bad(
            Replace("datapackage/countries.csv", b"EST,Estonia,", b"EST,Republic of Estonia,"),
            built=False,
            expect=Expect(DESCRIPTOR, 36),
        ),
    ),
)
