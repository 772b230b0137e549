"""Checks that make some of their steps alone: the same report as one made anew, always."""

from __future__ import annotations

import datetime as dt
import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from relations.validators.caching import steps
from relations.validators.caching.seen import Seen
from relations.validators.caching.steps import Past, Remembering
from relations.validators.check import check, examine
from relations.validators.example import Cell, Drop, Example
from relations.validators.finding import Report
from relations.validators.package import package as package_module
from relations.validators.registry import RULES
from support.editing import EXAMPLE_PACKAGE, edited

AS_OF = dt.date(2026, 1, 1)
BAD = [
    pytest.param(each, id=f"{rule.code}-{n}") for rule in RULES for n, each in enumerate(rule.bad)
]
EDITS = [each for rule in RULES for each in rule.bad if each.built]
TOGETHER = 60
"""How many pairs of edits are tried one after the other."""


def remembered(root: Path, past: Past, **more: object) -> tuple[Report, Past, list[str]]:
    """The report, what is to be remembered of it as it comes back from the disk, the steps made."""
    watch = Remembering(past, Seen())
    report, _ = examine(root, watch=watch, **{"as_of": AS_OF, **more})  # type: ignore[arg-type]
    kept = steps.past(json.loads(json.dumps(steps.record(watch.present))))
    return plain(report), kept, watch.made


def anew(root: Path, **more: object) -> Report:
    return plain(check(root, **{"as_of": AS_OF, **more}))  # type: ignore[arg-type]


def plain(report: Report) -> Report:
    """A report without its time, and without where the package lies."""
    return replace(report, seconds=0.0, path="")


@pytest.fixture(scope="module")
def before() -> tuple[Report, Past]:
    """What is remembered of the example package, in which nothing is wrong."""
    report, past, made = remembered(EXAMPLE_PACKAGE, Past())
    assert report == anew(EXAMPLE_PACKAGE)
    assert len(made) == len(set(made)) == len(past.steps)
    return report, past


def test_where_nothing_has_changed_no_step_is_made(before: tuple[Report, Past]) -> None:
    report, past = before
    assert remembered(EXAMPLE_PACKAGE, past) == (report, past, [])


@pytest.mark.parametrize("example", BAD)
def test_an_edit_and_its_undoing_are_told_as_by_a_check_made_anew(
    example: Example, before: tuple[Report, Past], tmp_path: Path
) -> None:
    sound, past = before
    root = edited(example, tmp_path)
    report, after, _ = remembered(root, past)
    assert report == anew(root)
    assert remembered(EXAMPLE_PACKAGE, after)[0] == sound


def test_a_second_edit_is_told_beside_the_first(tmp_path: Path) -> None:
    chance = random.Random(6)
    for number in range(TOGETHER):
        first, second = chance.sample(EDITS, 2)
        both = replace(first, edits=(*first.edits, *second.edits))
        roots = []
        for name, example in (("one", first), ("two", both)):
            folder = tmp_path / f"{number}-{name}"
            folder.mkdir()
            try:
                roots.append(edited(example, folder))
            except (KeyError, StopIteration, ValueError):
                # What the second would change is no more there.
                break
        else:
            _, past, _ = remembered(roots[0], Past())
            report, past, _ = remembered(roots[1], past)
            assert report == anew(roots[1]), both
            assert remembered(roots[0], past)[0] == anew(roots[0]), both


def test_what_changes_asks_for_the_steps_about_it_alone(
    before: tuple[Report, Past], tmp_path: Path
) -> None:
    root = edited(Example((Cell("memberships", "M0001", "note", "Seen again."),)), tmp_path)
    _, _, made = remembered(root, before[1])
    of_one_table = {each.partition(" ")[2] for each in made} - {""}
    assert of_one_table <= {"memberships", "of memberships", "evidence", "of evidence"}
    assert "duplicate-key memberships" in made
    for code in ("repeated-visit", "similar-names", "office-not-held", "duplicate-key visits"):
        assert code in before[1].steps
        assert code not in made


def test_a_table_for_which_no_step_asks_is_not_read(
    before: tuple[Report, Past], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = edited(Example((), built=False), tmp_path)
    title = (root / "datapackage.json").read_bytes().replace(b'"title": "', b'"title": "Of ', 1)
    (root / "datapackage.json").write_bytes(title)
    opened = []
    read = package_module.read_table

    def reading(table: str, *more: object) -> object:
        opened.append(table)
        return read(table, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(package_module, "read_table", reading)
    report, _, made = remembered(root, before[1])
    assert report.row_counts == before[0].row_counts
    assert {each for each in made if " " in each} == set()
    assert "descriptor-invalid" in made
    assert opened == []


def test_another_day_asks_for_the_steps_about_days_alone(before: tuple[Report, Past]) -> None:
    day = dt.date(2020, 1, 1)
    report, _, made = remembered(EXAMPLE_PACKAGE, before[1], as_of=day)
    assert report == anew(EXAMPLE_PACKAGE, as_of=day)
    assert "later-than-as-of" in made
    assert "repeated-visit" not in made
    assert report.findings


def test_what_was_unknown_when_a_source_was_first_looked_at_is_so_when_it_is_looked_at_later(
    tmp_path: Path,
) -> None:
    """The text is compared as the row stood then, whoever of the rules asks for it first."""
    wrong = Cell("sources", "R0001", "sha256", "0" * 64)
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    first = edited(Example((wrong,)), tmp_path / "one")
    _, past, _ = remembered(first, Past())
    second = edited(Example((wrong, Drop("evidence", "C0005"))), tmp_path / "two")
    report, _, made = remembered(second, past)
    assert report == anew(second)
    assert "source-text-differs" not in made
    assert "digest-mismatch" in made
    assert "source-text-differs" in {each.code for each in report.findings}


def test_more_single_faults_than_are_listed_are_counted_as_in_a_check_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relations.validators.run.MOST_SINGLE", 1)
    rows = [Cell("visits", f"V000{n}", "host_country", "ZZZ") for n in (1, 2)]
    rows.append(Cell("engagements", "E0001", "date", "2031-01-01"))
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    first = edited(Example(tuple(rows[:1])), tmp_path / "one")
    second = edited(Example(tuple(rows)), tmp_path / "two")
    _, past, _ = remembered(first, Past(), listed=1)
    assert remembered(second, past, listed=1)[0] == anew(second, listed=1)


def test_a_step_with_more_findings_than_are_worth_it_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "MOST_KEPT", 0)
    root = edited(Example((Cell("visits", "V0001", "visit_type", "State"),)), tmp_path)
    report, past, made = remembered(root, Past())
    left = set(made) - set(past.steps)
    assert left == {"unknown-term visits", "cells of visits"}
    again, _, made = remembered(root, past)
    assert (again, set(made)) == (report, left)


def test_a_step_that_crashed_is_made_again(
    before: tuple[Report, Past], monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = next(rule for rule in RULES if rule.code == "unknown-reference")

    def crash(_: object) -> list[object]:
        raise RuntimeError("no")

    crashing = tuple(replace(each, find=crash) if each is rule else each for each in RULES)
    with monkeypatch.context() as patch:
        patch.setattr("relations.validators.check.RULES", crashing)
        report, past, _ = remembered(EXAMPLE_PACKAGE, Past())
    assert [each.code for each in report.failures] == ["unknown-reference"]
    assert remembered(EXAMPLE_PACKAGE, past) == (*before, ["unknown-reference"])
