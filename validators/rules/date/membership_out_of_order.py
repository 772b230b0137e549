"""The steps of a membership are out of order.

A country applies, is admitted, and may then be suspended or withdraw. An application that comes
after the admission, or a withdrawal before any, has a wrong date, a wrong step or a wrong country.
An application is compared with admissions of the same kind alone: who has been an observer may
well apply to become a full member. A country that left and came back has a withdrawal between, or
an earlier admission of its own; add that step, undated where its day is not known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.schemas.dates import Answer, not_after, parse
from relations.validators.example import Cell, Expect, Row, bad, good
from relations.validators.finding import Severity, Skip
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.expressions import ROW, certainly_after, rows
from relations.validators.searching.hidden_rows import unless_hidden
from relations.validators.searching.short_tables import no_row

if TYPE_CHECKING:
    from relations.validators.package.package import Package

CODE = "membership-out-of-order"
STANDING = ("organization_id", "country")
Step = dict[str, Any]


def _is_admission(step: str, _: str) -> bool:
    return step == "admission"


def find(package: Package) -> Iterator[Fault | Skip]:
    links = (f"memberships.{name}" for name in (*STANDING, "step", "kind"))
    yield from unless_hidden(package, CODE, _search(package), *links)


def _search(package: Package) -> Iterator[Fault]:
    if no_row(package, "memberships", _is_admission, "step", "date"):
        return
    steps = package.table("memberships").select(
        ROW, "membership_id", *STANDING, "step", "kind", "date"
    )
    admitted = steps.filter(nw.col("step") == "admission").select(
        *STANDING, admitted=nw.col("date")
    )
    suspects = steps.join(admitted, on=list(STANDING), how="inner").filter(
        ((nw.col("step") == "application") & certainly_after("date", "admitted"))
        | (nw.col("step").is_in(["suspension", "withdrawal"]) & certainly_after("admitted", "date"))
    )
    standings = suspects.select(*STANDING).unique()
    histories: dict[tuple[str, ...], list[Step]] = defaultdict(list)
    # Few countries are left, and what is right for one depends on all of its steps.
    for row in rows(steps.join(standings, on=list(STANDING), how="inner")):
        histories[tuple(row[name] for name in STANDING)].append(row)
    for history in histories.values():
        yield from _judge(history)


def _judge(history: list[Step]) -> Iterator[Fault]:
    applications = _steps(history, "application")
    admissions = _steps(history, "admission")
    leavings = [*_steps(history, "suspension"), *_steps(history, "withdrawal")]
    told: set[int] = set()
    for application in applications:
        same = [each for each in admissions if each["kind"] == application["kind"]]
        if not same or not all(_is_before(each, application) for each in same):
            continue
        first = same[0]
        between = (
            each
            for each in leavings
            if not _is_before(each, first) and not _is_before(application, each)
        )
        if next(between, None) is None:
            told.add(first[ROW])
            yield _fault(first, application)
    for leaving in leavings:
        if all(_is_before(leaving, each) for each in admissions):
            first = admissions[0]
            if first[ROW] not in told:
                told.add(first[ROW])
                yield _fault(leaving, first)


def _steps(history: list[Step], name: str) -> list[Step]:
    return [step for step in history if step["step"] == name]


def _is_before(first: Step, second: Step) -> bool:
    """Whether ``first`` was certainly taken before ``second``."""
    if first["date"] is None or second["date"] is None:
        return False
    return not_after(parse(second["date"]), parse(first["date"])) is Answer.FAILS


def _fault(early: Step, late: Step) -> Fault:
    """``early`` should have come after ``late``."""
    place = Place("memberships", late[ROW], "date")
    return Fault(
        f"the {early['step']} is dated {early['date']}, before the {late['step']}, {late['date']} "
        f"({late['membership_id']})",
        "correct one of the two, or add the step that is missing between them",
        table="memberships",
        row=early[ROW],
        field="date",
        value=early["date"],
        related=(place,),
        doubted=(place,),
    )


def _step(key: str, step: str, date: str, kind: str = "observer") -> Row:
    return Row(
        "memberships",
        {
            "membership_id": key,
            "organization_id": "G0005",
            "country": "ISL",
            "step": step,
            "kind": kind,
            "date": date,
        },
    )


RULE = Rule(
    code=CODE,
    family="date",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=(
        "memberships.organization_id",
        "memberships.country",
        "memberships.step",
        "memberships.kind",
        "memberships.date",
    ),
    spoils=True,
    good=(
        good(_step("M0003", "application", "2024-01", "full")),
        good(_step("M0003", "withdrawal", "2024-01"), _step("M0004", "application", "2024-03")),
        good(_step("M0003", "withdrawal", "2020"), _step("M0004", "admission", "")),
    ),
    bad=(
        bad(
            Cell("memberships", "M0001", "date", "2023-11"),
            expect=Expect("datapackage/memberships.csv", 3, "date", "2023-10-06"),
        ),
        bad(
            _step("M0003", "withdrawal", "2023-05"),
            expect=Expect("datapackage/memberships.csv", 4, "date", "2023-05"),
        ),
    ),
)
