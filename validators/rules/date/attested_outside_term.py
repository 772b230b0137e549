"""An office is attested on a day on which it was not held.

A date in `attested_dates` is one on which a source shows the office held, so it lies between the
first and the last day in office, as far as those are known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.expressions import ROW, certainly_after, rows
from relations.validators.searching.short_tables import none_filled

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    if none_filled(package, "terms.start_date") and none_filled(package, "terms.end_date"):
        return
    terms = package.table("terms").filter(~nw.col("attested_dates").is_null())
    each = terms.with_columns(day=nw.col("attested_dates").str.split(";")).explode("day")
    compared = each.with_columns(
        early=certainly_after("start_date", "day").fill_null(False),
        late=certainly_after("day", "end_date").fill_null(False),
    ).filter(nw.col("early") | nw.col("late"))
    seen: set[int] = set()
    columns = ("day", "attested_dates", "start_date", "end_date", "early")
    for row in rows(compared.select(ROW, *columns)):
        # One cell, one finding, however many of its dates are outside.
        if row[ROW] in seen:
            continue
        seen.add(row[ROW])
        bound = "start_date" if row["early"] else "end_date"
        side = "before its start" if row["early"] else "after its end"
        place = Place("terms", row[ROW], bound)
        yield Fault(
            f"the office is attested on {row['day']}, {side}, {row[bound]}",
            "correct one of the two dates",
            table="terms",
            row=row[ROW],
            field="attested_dates",
            value=row["attested_dates"],
            related=(place,),
            doubted=(place,),
        )


RULE = Rule(
    code="attested-outside-term",
    family="date",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=("terms.start_date", "terms.end_date", "terms.attested_dates"),
    spoils=True,
    good=(
        good(Cell("terms", "T0004", "attested_dates", "2023-10-05;2021-12")),
        good(Cell("terms", "T0004", "attested_dates", "2023-10-05;2021-06?")),
    ),
    bad=(
        bad(
            Cell("terms", "T0004", "attested_dates", "2023-10-05;2021-11-30"),
            expect=Expect("datapackage/terms.csv", 5, "attested_dates", "2023-10-05;2021-11-30"),
        ),
        bad(
            Cell("terms", "T0004", "start_date", "2023-12-01"),
            expect=Expect("datapackage/terms.csv", 5, "attested_dates", "2023-10-05"),
        ),
    ),
)
