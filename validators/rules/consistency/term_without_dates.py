"""A term of office has no date at all.

Where neither its first nor its last day is known, a source shows at least one day on which the
office was held: that of a speech or a meeting at which the person is named by it. Without any, the
row says nothing that can be used. Write that day into `attested_dates`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.short_tables import no_row_even_empty

if TYPE_CHECKING:
    from relations.validators.package.package import Package

DATES = ("start_date", "end_date", "attested_dates")


def find(package: Package) -> Iterator[Fault]:
    if no_row_even_empty(package, "terms", _all_empty, *DATES, raw=True):
        return
    # As the file has them: a date that cannot be read has its own finding.
    empty = package.raw("terms").filter(*(nw.col(name).is_null() for name in DATES))
    for row in rows(empty.select(ROW)):
        yield Fault(
            "neither an end of the term nor a day on which it was held is given",
            "fill attested_dates with a day on which a source shows it held",
            table="terms",
            row=row[ROW],
            field="attested_dates",
            value="",
        )


def _all_empty(*cells: str | None) -> bool:
    return not any(cells)


RULE = Rule(
    code="term-without-dates",
    family="consistency",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=tuple(f"terms.{name}" for name in DATES),
    good=(good(Cell("terms", "T0004", "attested_dates", "")),),
    bad=(
        bad(
            Cell("terms", "T0003", "attested_dates", ""),
            expect=Expect("datapackage/terms.csv", 4, "attested_dates", ""),
        ),
    ),
)
