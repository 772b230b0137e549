"""Options of the test suite."""

from __future__ import annotations

import pytest

SURROUNDINGS = ("RELATIONS_SEEDS", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY")


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the surroundings say to the command must not decide a test."""
    for name in SURROUNDINGS:
        monkeypatch.delenv(name, raising=False)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the files in tests/golden anew; then look at what changed",
    )
