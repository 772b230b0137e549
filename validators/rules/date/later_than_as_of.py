"""Something has happened on a day that has not come yet.

What is `held`, signed, adopted, in force, said or attested is past; only what is announced may lie
in the future, and with it the meetings of an announced visit and the sitting that it is for. The
check is made for today, or for the day given with `--as-of`. Nearly always a wrong year.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.expressions import ROW, certainly_later_than, number_of, rows
from relations.validators.finding import Severity, Skip
from relations.validators.happened import happened
from relations.validators.rule import Fault, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "later-than-as-of"
FACTS = (
    ("agreements", "in_force_date", ("in_force", "terminated"), "is in force since"),
    ("agreements", "terminated_date", ("terminated",), "was terminated on"),
    ("sources", "published", (), "was published on"),
    ("sources", "retrieved", (), "was retrieved on"),
)
"""Table, column, the statuses for which it is past (none: always), and what is said of it."""


def find(package: Package) -> Iterator[Fault | Skip]:
    today = number_of(package.as_of)
    for happening in happened(package, CODE):
        if isinstance(happening, Skip):
            yield happening
            continue
        table, field = happening.table, happening.field
        late = happening.frame.filter(certainly_later_than("day", today))
        told: set[int] = set()
        for row in rows(late.select(ROW, "day")):
            if row[ROW] not in told:
                told.add(row[ROW])
                said = f"it {happening.verb} on {row['day']}"
                yield _fault(package, said, table, field, row[ROW])
    for table, field, statuses, said in FACTS:
        needs = (f"{table}.{field}", *([f"{table}.status"] if statuses else []))
        reason = package.why_none_of(*needs)
        if reason:
            yield Skip(CODE, table, reason)
            continue
        late = package.table(table).filter(certainly_later_than(field, today))
        if statuses:
            late = late.filter(nw.col("status").is_in(list(statuses)))
        for row in rows(late.select(ROW, field)):
            yield _fault(package, f"it {said} {row[field]}", table, field, row[ROW])


def _fault(package: Package, said: str, table: str, field: str, row: int) -> Fault:
    announced = table in ("visits", "agreements")
    return Fault(
        f"{said}, later than {package.as_of.isoformat()}",
        "correct the date" + (", or the status where it is only announced" if announced else ""),
        table=table,
        row=row,
        field=field,
        value=package.files[table].value_of(row, field),
    )


RULE = Rule(
    code=CODE,
    family="date",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    spoils=True,
    good=(
        good(
            Cell("visits", "V0003", "start_date", "2124-06"),
            Cell("visits", "V0003", "status", "announced"),
        ),
        good(Cell("terms", "T0002", "end_date", "2127")),
    ),
    bad=(
        bad(
            Cell("visits", "V0003", "start_date", "2124-06"),
            expect=Expect("datapackage/visits.csv", 4, "start_date", "2124-06"),
        ),
        bad(
            Cell("engagements", "E0001", "date", "2122-05-11"),
            expect=Expect("datapackage/engagements.csv", 2, "date", "2122-05-11"),
        ),
        bad(
            Cell("agreements", "A0003", "in_force_date", "2123-07-01"),
            expect=Expect("datapackage/agreements.csv", 4, "in_force_date", "2123-07-01"),
        ),
        bad(
            Cell("terms", "T0003", "attested_dates", "2022-05-11;2122-05-11;2123-05-11"),
            expect=Expect(
                "datapackage/terms.csv", 4, "attested_dates", "2022-05-11;2122-05-11;2123-05-11"
            ),
        ),
        bad(
            Cell("sources", "R0001", "retrieved", "2124-08-01"),
            expect=Expect("datapackage/sources.csv", 2, "retrieved", "2124-08-01"),
        ),
    ),
)
