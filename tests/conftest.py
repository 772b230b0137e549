"""Options of the test suite."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("long", max_examples=5_000)
"""For a long night; the tests that know of it take their share of these examples."""

SURROUNDINGS = (
    "RELATIONS_SEEDS", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE",
    "CI_PROJECT_DIR",
)  # fmt: skip


def pytest_configure() -> None:
    """What the surroundings say to the command must not decide a test, nor a fixture.

    The folder with the document is kept for the one test that reads it.
    """
    if seeds := os.environ.get("RELATIONS_SEEDS"):
        os.environ["RELATIONS_DOCUMENTS"] = seeds
    for name in SURROUNDINGS:
        os.environ.pop(name, None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the files in tests/golden anew; then look at what changed",
    )
