"""Everything that the README shows, run as shown."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from support.transcripts import completed, differences, replay

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "README.md"
README = PAGE.read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    found = [text for kind, text in BLOCKS if kind == language]
    assert found, language
    return found


def lay_out(root: Path) -> None:
    """Put there what a clone has of the package."""
    shutil.copy(ROOT / "datapackage.json", root)
    shutil.copytree(ROOT / "datapackage", root / "datapackage")
    shutil.copytree(ROOT / "seeds", root / "seeds", ignore=shutil.ignore_patterns("*.txt"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    lay_out(tmp_path)
    return tmp_path


def surroundings() -> dict[str, str]:
    unwanted = ("RELATIONS_SEEDS", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "NO_COLOR")
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    here = str(Path(sys.executable).parent)
    return environment | {"PATH": here + os.pathsep + environment["PATH"], "COLUMNS": "100"}


def test_the_transcripts_say_what_the_commands_say(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    steps = replay(PAGE, tmp_path, {"a copy of this package": lay_out})
    if request.config.getoption("--update-golden"):
        PAGE.write_text(completed(README, steps), "utf-8")
    assert differences(steps) == []


@pytest.mark.parametrize("block", blocks("python"))
def test_a_snippet_runs(block: str, copy: Path) -> None:
    for name in re.findall(r"^import (\w+)", block, re.MULTILINE):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed")
    done = subprocess.run(
        [sys.executable, "-c", block],
        cwd=copy,
        env=surroundings(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_settings_are_sound() -> None:
    for block in blocks("toml"):
        assert tomllib.loads(block)
    for block in blocks("yaml"):
        assert yaml.safe_load(block)


def test_the_two_commands_are_what_ci_runs() -> None:
    (block,) = blocks("sh")
    commands = [line for line in block.splitlines() if line.startswith("$ ")]
    assert len(commands) == 2
    assert commands[0].endswith(".venv/bin/relations check")
    assert ".venv/bin/python -m pytest" in commands[1]
    assert "## Two commands" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target
