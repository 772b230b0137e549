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


def test_of_too_many_nothing_is_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = edited(WRONG[1], tmp_path)
    monkeypatch.setattr(near_keys, "LARGE", 0)
    assert [each.hint for each in found(root)] == ["did you mean `V0001`?"]
    monkeypatch.setattr(near_keys, "MOST", 0)
    assert [each.hint for each in found(root)] == ["add it to visits, or correct the reference"]
