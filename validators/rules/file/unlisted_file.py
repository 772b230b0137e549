"""A CSV or Parquet file lies among the tables and the descriptor does not list it.

Who reads the package does not know that it is there, and nothing checks it. Often it is a
second version of a table, left behind by a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Write, bad, good
from relations.validators.finding import Severity
from relations.validators.package.files import DESCRIPTOR
from relations.validators.rule import Fault, Rule
from relations.validators.rules.file.missing_file import renamed_files, unlisted_files

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    explained = set(renamed_files(package).values())
    for name in unlisted_files(package):
        if name not in explained:
            yield Fault(
                "no resource of the descriptor lists this file",
                f"take it out of the folder, or list it in {DESCRIPTOR}",
                file=name,
            )


RULE = Rule(
    code="unlisted-file",
    family="file",
    severity=Severity.WARNING,
    manual=__doc__,
    find=find,
    needs=(DESCRIPTOR,),
    good=(
        good(Write("datapackage/README.md", b"Not a table.\n")),
        good(Write("datapackage/older/visits.csv", b"visit_id\n")),
    ),
    bad=(
        bad(
            Write("datapackage/visits (1).csv", b"visit_id,title\n"),
            expect=Expect("datapackage/visits (1).csv"),
        ),
    ),
)
