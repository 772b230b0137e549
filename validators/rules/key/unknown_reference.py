"""A cell refers to a row that does not exist.

Often an id that is off by one digit, or a row that was removed while others still point to
it. Where a key of the table referred to cannot be read, a missing row may be there all the
same; its references are then not judged and the report says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad
from relations.validators.expressions import ROW, rows
from relations.validators.finding import Severity, Skip
from relations.validators.nearest import did_you_mean
from relations.validators.rule import Fault, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "unknown-reference"


def find(package: Package) -> Iterator[Fault | Skip]:
    unsound: dict[str, str | None] = {}
    for table, columns in package.declared.items():
        if package.why_not(table):
            continue
        for column, declaration in columns.items():
            parent = declaration.references
            if parent is None or column in package.files[table].absent:
                continue
            if parent not in unsound:
                unsound[parent] = package.why_keys_unsound(parent)
                if unsound[parent]:
                    yield Skip(CODE, parent, f"references to {parent}: {unsound[parent]}")
            if unsound[parent]:
                continue
            yield from _dangling(package, table, column, parent)


def _dangling(package: Package, table: str, column: str, parent: str) -> Iterator[Fault]:
    key = next(iter(package.columns(parent)))
    keys = package.table(parent).select(nw.col(key).alias(column)).unique()
    refers = package.table(table).filter(~nw.col(column).is_null()).select(ROW, column)
    known: list[str] | None = None
    for row in rows(refers.join(keys, on=column, how="anti")):
        if known is None:
            known = [each for each in package.frame(parent)[key].to_list() if each]
        value = row[column]
        yield Fault(
            f"there is no row `{value}` in {parent}",
            did_you_mean(value, known, otherwise=f"add it to {parent}, or correct the reference"),
            table=table,
            row=row[ROW],
            field=column,
            value=value,
        )


RULE = Rule(
    code=CODE,
    family="key",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    in_descriptor=True,
    spoils=True,
    bad=(
        bad(
            Cell("visits", "V0001", "host_country", "ETS"),
            expect=Expect("datapackage/visits.csv", 2, "host_country", "ETS"),
        ),
        bad(
            Cell("engagements", "E0001", "visit_id", "V0010"),
            expect=Expect("datapackage/engagements.csv", 2, "visit_id", "V0010"),
        ),
    ),
)
