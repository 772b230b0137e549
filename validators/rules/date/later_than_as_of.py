"""Something has happened on a day that has not come yet.

What is `held`, signed, adopted, in force, said or attested is past; only what is announced may lie
in the future, and with it the meetings of an announced visit and the sitting that it is for. The
check is made for today, or for the day given with `--as-of`. Nearly always a wrong year.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Rule
from relations.validators.searching.expressions import certainly_later_than, number_of, rows
from relations.validators.searching.happened import HAPPENED, Frame, Kind, happened
from relations.validators.searching.narrowing import may_be_later_than, so_far

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "later-than-as-of"


def _in_force(package: Package) -> Frame:
    done = ["in_force", "terminated"]
    return package.table("agreements").filter(nw.col("status").is_in(done))


def _terminated(package: Package) -> Frame:
    return package.table("agreements").filter(nw.col("status") == "terminated")


def _sources(package: Package) -> Frame:
    return package.table("sources")


FACTS = (
    Kind("agreements", "in_force_date", "it is in force since", ("agreements.status",), _in_force),
    Kind(
        "agreements", "terminated_date", "it was terminated on", ("agreements.status",), _terminated
    ),
    Kind("sources", "published", "it was published on", (), _sources),
    Kind("sources", "retrieved", "it was retrieved on", (), _sources),
)


def find(package: Package) -> Iterator[Fault | Skip]:
    today = number_of(package.as_of)
    past, skipped = happened(package, CODE, (*HAPPENED, *FACTS), after=today)
    yield from skipped
    if past is None:
        return
    late = so_far(past.filter(may_be_later_than("day", today)))
    late = late.filter(certainly_later_than("day", today))
    told: set[tuple[str, str, int]] = set()
    for row in rows(late.sort("table", "field", "row", "day")):
        cell = (row["table"], row["field"], row["row"])
        # One cell, one finding, however many of its dates are to come.
        if cell not in told:
            told.add(cell)
            yield _fault(package, row)


def _fault(package: Package, row: dict[str, Any]) -> Fault:
    table, field = row["table"], row["field"]
    may_be_announced = table in ("visits", "agreements")
    return Fault(
        f"{row['said']} {row['day']}, later than {package.as_of.isoformat()}",
        "correct the date"
        + (", or the status where it is only announced" if may_be_announced else ""),
        table=table,
        row=row["row"],
        field=field,
        value=package.files[table].value_of(row["row"], field),
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
        # The last day alone is known.
        bad(
            Cell("visits", "V0003", "start_date", ""),
            Cell("visits", "V0003", "end_date", "2124-06-20"),
            expect=Expect("datapackage/visits.csv", 4, "end_date", "2124-06-20"),
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
