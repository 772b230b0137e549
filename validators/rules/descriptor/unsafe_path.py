"""A path in the descriptor leads out of the package.

The files of a package lie in its folder. A path that climbs out of it, begins at the root of
the disk, is an address, or is a link to somewhere else is not followed: on another computer it
leads nowhere, or to a file that was never meant to be read.
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
    for steps, (path, reason) in package.unsafe_paths.items():
        line, column = descriptor.place(*steps)
        yield Fault(
            f"the path `{path}` {reason}",
            "put the file into the package, and write its path from there",
            file=descriptor.name,
            line=line,
            column=column,
            field=pointer(steps),
            value=path,
        )


RULE = Rule(
    code="unsafe-path",
    family="descriptor",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=(DESCRIPTOR,),
    in_descriptor=True,
    bad=(
        bad(
            Replace(
                DESCRIPTOR,
                b'"path": "datapackage/countries.csv"',
                b'"path": "../countries.csv"',
            ),
            built=False,
            expect=Expect(DESCRIPTOR, 31, "/resources/0/path", "../countries.csv"),
        ),
        bad(
            Replace(
                DESCRIPTOR,
                b'"path": "datapackage/countries.csv"',
                b'"path": "https://example.org/countries.csv"',
            ),
            built=False,
            expect=Expect(DESCRIPTOR, 31, "/resources/0/path", "https://example.org/countries.csv"),
        ),
    ),
)
