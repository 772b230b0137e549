"""One way through: cli → validators → schemas, and only the command line knows Typer."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = ("schemas", "validators", "cli")
HEAVY = ("polars", "pandera", "frictionless", "jsonschema", "pandas", "duckdb", "pyspark")


def modules(layer: str) -> list[Path]:
    found = sorted((ROOT / layer).rglob("*.py"))
    assert found
    return found


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: import by full name"
            names.add(node.module or "")
    return names


@pytest.mark.parametrize(
    ("layer", "allowed"),
    [
        ("schemas", {"schemas"}),
        ("validators", {"validators", "schemas"}),
        ("cli", {"cli", "validators", "schemas"}),
    ],
)
def test_a_layer_imports_only_itself_and_those_below(layer: str, allowed: set[str]) -> None:
    for path in modules(layer):
        ours = {name.split(".")[1] for name in imported(path) if name.startswith("relations.")}
        assert ours <= allowed, path


def test_only_the_app_knows_typer() -> None:
    knowing = {
        path.relative_to(ROOT).as_posix()
        for layer in LAYERS
        for path in modules(layer)
        if any(name.partition(".")[0] in ("typer", "click") for name in imported(path))
    }
    assert knowing == {"cli/app.py"}


def test_a_rule_asks_the_package_and_nothing_else() -> None:
    """What it read elsewhere would not be seen to change: its findings are kept from check to
    check as long as all is as it was that the package was asked for."""
    outside = {"datetime", "io", "os", "random", "shutil", "subprocess", "tempfile", "time"}
    for path in sorted((ROOT / "validators" / "rules").rglob("*.py")):
        assert not imported(path) & outside, path
        names = {node.id for node in ast.walk(ast.parse(path.read_text("utf-8")))
                 if isinstance(node, ast.Name)}  # fmt: skip
        assert not names & {"open", "Path"}, path


def test_no_module_is_named_like_one_of_the_standard_library_it_imports() -> None:
    for layer in LAYERS:
        for path in modules(layer):
            tops = {name.partition(".")[0] for name in imported(path)}
            assert path.stem not in tops, path
            assert path.stem != "utils", path


def test_every_package_with_code_is_listed_for_the_wheel() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    folders = {
        path.parent.relative_to(ROOT).as_posix() for layer in LAYERS for path in modules(layer)
    }
    assert set(settings["package-dir"].values()) == folders
    assert set(settings["packages"]) == set(settings["package-dir"])
    for layer in LAYERS:
        assert not (ROOT / layer / "__init__.py").exists(), "it would shadow a package of PyPI"


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["rules"], ["rules", "ragged-row"]]
)
def test_what_must_be_instant_imports_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import sys\n"
        "from relations.cli.app import app\n"
        f"try: app({arguments!r})\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"
    assert done.stdout
