"""Of a large table the same keys are offered as of one that is held."""

from __future__ import annotations

from pathlib import Path

import pytest

from relations.validators.check import check
from relations.validators.example import Cell, Example
from relations.validators.finding import Finding
from relations.validators.searching import near_keys
from support.editing import edited

WRONG: tuple[Example, ...] = (
    Example((Cell("engagements", "E0001", "visit_id", "V001"),), ()),
    Example((Cell("visits", "V0004", "parent_id", "V0010"),), ()),
    Example((Cell("visits", "V0004", "parent_id", "v0001"),), ()),
    Example((Cell("visits", "V0001", "host_country", "ETS"),), ()),
    Example((Cell("visits", "V0001", "lead_official_id", "P9999"),), ()),
    Example((Cell("evidence", "C0030", "row_id", "V0030"),), ()),
    Example((Cell("evidence", "C0022", "table", "terms"),), ()),
)
CODES = ("unknown-reference", "evidence-of-unknown-row")


def found(root: Path) -> list[Finding]:
    report = check(root, select=CODES, seeds=root / "seeds")
    assert report.failures == ()
    return list(report.findings)


@pytest.mark.parametrize("example", WRONG, ids=lambda each: str(each.edits[0]))
def test_the_same_is_offered(
    example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = edited(example, tmp_path)
    # Among many keys only what is one slip away is meant.
    monkeypatch.setattr("relations.validators.nearest.FEW", 0)
    held = found(root)
    assert held or "v0001" in str(example)
    monkeypatch.setattr(near_keys, "LARGE", 0)
    assert found(root) == held


@pytest.mark.parametrize(
    ("column", "value", "hint"),
    [
        ("host_country", "Iceland", "did you mean `ISL`?"),
        ("host_country", "iceland", "did you mean `ISL`?"),
        ("host_country", "FI", "did you mean `FIN`?"),
        ("lead_official_id", "Arnar Hallsson", "did you mean `P0001`?"),
        ("lead_official_id", "Sigrún Dalberg", "did you mean `P0004`?"),
        # Its own name: a row is not its own parent.
        ("parent_id", "State visit to Estonia", "add it to visits, or correct the reference"),
    ],
)
def test_a_row_may_be_called_by_its_name(
    column: str, value: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = edited(Example((Cell("visits", "V0001", column, value),), ()), tmp_path)
    assert [(each.field, each.hint) for each in found(root)] == [(column, hint)]
    monkeypatch.setattr(near_keys, "LARGE", 0)
    assert [each.hint for each in found(root)] == [hint]


def test_a_name_that_two_have_says_nothing(tmp_path: Path) -> None:
    edits = (
        Cell("officials", "P0002", "name", "Arnar Hallsson"),
        Cell("visits", "V0001", "lead_official_id", "Arnar Hallsson"),
    )
    [finding] = found(edited(Example(edits, ()), tmp_path))
    assert finding.hint == "add it to officials, or correct the reference"


def test_of_too_many_nothing_is_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = edited(WRONG[1], tmp_path)
    monkeypatch.setattr(near_keys, "LARGE", 0)
    assert [each.hint for each in found(root)] == ["did you mean `V0001`?"]
    monkeypatch.setattr(near_keys, "MOST", 0)
    assert [each.hint for each in found(root)] == ["add it to visits, or correct the reference"]
