"""What the rules do not say: cells that are in doubt, and rows that may be hidden."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from relations.schemas.tables import TABLES
from relations.validators.check import check
from relations.validators.example import Cell, Drop, Edit, Example, Remove, Replace
from relations.validators.finding import Skip
from relations.validators.registry import RULES
from relations.validators.searching.culprit import blamed, by_culprit
from support.editing import edited

AS_OF = dt.date(2026, 1, 1)


def package(folder: Path, *edits: Edit) -> Path:
    return edited(Example(edits), folder)


def codes(root: Path, **choice: list[str]) -> list[str]:
    report = check(root, as_of=AS_OF, seeds=root / "seeds", **choice)
    assert report.failures == ()
    return [finding.code for finding in report.findings]


TOO_LATE = Cell("visits", "V0001", "start_date", "2023-05-10")
"""After the visit's own end, its meeting, its agreement and its leg."""


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({}, ["end-before-start"]),
        ({"select": ["end-before-start"]}, ["end-before-start"]),
        ({"select": ["outside-visit"]}, []),
        ({"ignore": ["end-before-start"]}, []),
    ],
)
def test_a_doubtful_cell_is_no_better_when_its_rule_is_not_asked(
    choice: dict[str, list[str]], said: list[str], tmp_path: Path
) -> None:
    assert codes(package(tmp_path, TOO_LATE), **choice) == said


def test_an_unasked_rule_is_not_among_those_that_ran(tmp_path: Path) -> None:
    report = check(package(tmp_path, TOO_LATE), as_of=AS_OF, select=["outside-visit"])
    assert report.codes == ("outside-visit",)


ENDED = Cell("terms", "T0001", "end_date", "2021-07-31")
BROKEN = Replace("datapackage/terms.csv", b"T0003,P0003", b"T0003,,P0003")


def test_an_office_that_cannot_be_read_may_be_the_one_held(tmp_path: Path) -> None:
    assert codes(package(tmp_path / "read", ENDED)) == ["office-not-held"]
    root = package(tmp_path / "hidden", ENDED, BROKEN)
    report = check(root, as_of=AS_OF, seeds=root / "seeds", select=["office-not-held"])
    assert report.findings == ()
    assert report.skipped == (
        Skip("office-not-held", "terms", "a row of datapackage/terms.csv cannot be read"),
    )


def test_nothing_is_skipped_where_nothing_was_found(tmp_path: Path) -> None:
    root = package(tmp_path, BROKEN)
    report = check(root, as_of=AS_OF, seeds=root / "seeds", select=["office-not-held"])
    assert (report.findings, report.skipped) == ((), ())


def test_a_party_that_names_no_agreement_may_be_the_missing_one(tmp_path: Path) -> None:
    astray = Cell("participants", "N0011", "agreement_id", "")
    root = package(tmp_path, astray, Drop("participants", "N0002"))
    report = check(root, as_of=AS_OF, seeds=root / "seeds")
    assert [finding.code for finding in report.findings] == ["not-one-event"]
    assert report.skipped == (
        Skip("not-two-parties", "agreements", "a party in participants names no agreement"),
    )


def wrong(term: str, visits: int, of: int) -> list[dict[str, object]]:
    return [{"term": term, "visit": f"{term}-{n}", "comparable": of} for n in range(visits)]


@pytest.mark.parametrize(
    ("visits", "of", "groups"), [(1, 1, 1), (2, 2, 1), (2, 4, 1), (2, 5, 2), (3, 5, 1)]
)
def test_the_shared_row_is_to_blame_for_two_or_more_and_half_of_all(
    visits: int, of: int, groups: int
) -> None:
    parted = list(by_culprit(wrong("T1", visits, of), ["term"], "comparable"))
    assert len(parted) == groups
    assert sum(map(len, parted)) == visits


def test_some_are_to_blame_only_where_nothing_agrees_with_them() -> None:
    rows = [*wrong("T1", 2, 3), *wrong("T2", 2, 2)]
    groups, others = blamed(rows, ["term"], "comparable", all_of_them=True)
    assert [[row["visit"] for row in group] for group in groups] == [["T2-0", "T2-1"]]
    assert [row["visit"] for row in others] == ["T1-0", "T1-1"]


@pytest.mark.parametrize("table", list(TABLES))
def test_a_table_that_is_not_there_makes_no_rule_fail(table: str, tmp_path: Path) -> None:
    codes_of = {rule.code for rule in RULES if rule.family in ("date", "consistency")}
    root = package(tmp_path, Remove(f"datapackage/{table}.csv"))
    report = check(root, as_of=AS_OF, seeds=root / "seeds", select=codes_of)
    assert report.failures == ()
    assert report.findings == ()
    assert report.skipped
    assert {skip.table for skip in report.skipped} <= set(TABLES)
