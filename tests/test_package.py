"""The Azerbaijan–Belarus package as it stands."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from relations.validators.check import check
from relations.validators.finding import Severity

ROOT = Path(__file__).parent.parent
SEEDS = os.environ.get("RELATIONS_DOCUMENTS")
"""RELATIONS_SEEDS as the suite was started with: see conftest.py."""


def test_it_has_no_error_and_no_warning(tmp_path: Path) -> None:
    report = check(ROOT, seeds=tmp_path)
    assert report.failures == ()
    assert report.skipped == ()
    assert [each.code for each in report.findings] == ["source-text-absent"]
    assert report.findings[0].severity is Severity.INFO
    assert report.spans.unverified == report.spans.cited > 0


@pytest.mark.skipif(SEEDS is None, reason="RELATIONS_SEEDS is not set: the document is not here")
def test_every_passage_is_where_the_evidence_says() -> None:
    report = check(ROOT, seeds=SEEDS)
    assert report.findings == ()
    assert report.spans.verified == report.spans.cited > 0
