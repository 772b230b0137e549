"""The descriptor describes a table otherwise than the model does.

The schemas in the descriptor are made from the models, never written by hand: whoever reads
the package with another tool is to be told the same as this one checks. One finding for a
table, at the first place that differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from relations.validators.example import Expect, Replace, bad
from relations.validators.finding import Severity
from relations.validators.package.files import DESCRIPTOR
from relations.validators.package.json_places import Steps, pointer
from relations.validators.rule import Fault, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package


COUNTED = ("bytes", "hash", "rows")
"""Members of a resource that follow from its file, not from the model."""


def find(package: Package) -> Iterator[Fault]:
    descriptor = package.descriptor
    against_standard = {violation.steps for violation in package.violations}
    for table, made in package.structures.items():
        resource = descriptor.resource(table)
        if resource is None:
            continue
        index = descriptor.content["resources"].index(resource)
        here = {key: value for key, value in resource.items() if key not in COUNTED}
        for steps, what in differences(here, made):
            whole: Steps = ("resources", index, *steps)
            known = (whole[:length] in against_standard for length in range(len(whole) + 1))
            unsafe = (each[: len(whole)] == whole for each in package.unsafe_paths)
            if any(known) or any(unsafe):
                continue
            line, column = descriptor.place(*whole)
            if line is None:
                line, column = descriptor.place(*whole[:-1])
            yield Fault(
                f"{table} is not described as the model has it: `{pointer(steps)[1:]}` {what}",
                "run `relations build`",
                table=table,
                file=descriptor.name,
                line=line,
                column=column,
                field=pointer(whole),
            )
            break


def differences(here: Any, made: Any) -> Iterator[tuple[Steps, str]]:
    """Each innermost place at which two JSON values differ, and how, in the order of ``made``."""
    if isinstance(here, dict) and isinstance(made, dict):
        for key in (*made, *(key for key in here if key not in made)):
            if key not in here:
                yield (key,), "is missing"
            elif key not in made:
                yield (key,), "is not in the model"
            else:
                yield from _below(key, here[key], made[key])
    elif isinstance(here, list) and isinstance(made, list):
        for index, (one, other) in enumerate(zip(here, made, strict=False)):
            yield from _below(index, one, other)
        if len(here) < len(made):
            yield (len(here),), "is missing"
        elif len(here) > len(made):
            yield (len(made),), "is not in the model"
    elif type(here) is not type(made) or here != made:
        yield (), "differs"


def _below(step: str | int, here: Any, made: Any) -> Iterator[tuple[Steps, str]]:
    for steps, what in differences(here, made):
        yield (step, *steps), what


RULE = Rule(
    code="schema-differs",
    family="descriptor",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=(DESCRIPTOR,),
    bad=(
        bad(
            Replace(
                DESCRIPTOR,
                b'"path": "datapackage/countries.csv",',
                b'"path": "datapackage/countries.csv",\n      "dialect": {"delimiter": ";"},',
            ),
            built=False,
            expect=Expect(DESCRIPTOR, 32, "/resources/0/dialect"),
        ),
        bad(
            Replace(DESCRIPTOR, b'"^[A-Z]{3}$"', b'"^[A-Z]{2}$"'),
            built=False,
            expect=Expect(DESCRIPTOR, 49, "/resources/0/schema/fields/0/constraints/pattern"),
        ),
    ),
)
