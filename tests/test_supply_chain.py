"""What the project brings along, and what its workflows may do."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from relations.validators.curating import new_package
from support.editing import EXAMPLE_PACKAGE

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")

RUNS_DATA = {"eval", "exec", "compile", "__import__"}
LOADS_OBJECTS = {"pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle"}


def steps(source: Any) -> list[dict[str, Any]]:
    """Every step of a workflow or of an action."""
    if "runs" in source:
        return list(source["runs"]["steps"])
    return [step for job in source["jobs"].values() for step in job["steps"]]


WRITTEN_BY_INIT = new_package._WORKFLOW.format(distribution="a", version="1.0")
SOURCES = {
    **{path.name: path.read_text("utf-8") for path in [*WORKFLOWS, ROOT / "action.yml"]},
    "the workflow of a new package": WRITTEN_BY_INIT,
}


@pytest.mark.parametrize("text", SOURCES.values(), ids=SOURCES)
def test_every_step_of_others_is_pinned_by_its_digest(text: str) -> None:
    used = [step["uses"] for step in steps(yaml.safe_load(text)) if "uses" in step]
    assert used
    assert [each for each in used if each != "./" and not PINNED.fullmatch(each)] == []
    # The version stands beside it, for people and for what updates it.
    assert len(re.findall(r"@[0-9a-f]{40}  # v\d+\.\d+\.\d+$", text, re.MULTILINE)) == len(
        [each for each in used if each != "./"]
    )


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_read_and_no_more(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text("utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    assert [job for job in workflow["jobs"].values() if "permissions" in job] == []
    checkouts = [each for each in steps(workflow) if "checkout" in each.get("uses", "")]
    assert all(each["with"]["persist-credentials"] is False for each in checkouts)


def test_no_expression_of_a_workflow_stands_in_a_shell() -> None:
    for path in [*WORKFLOWS, ROOT / "action.yml"]:
        for step in steps(yaml.safe_load(path.read_text("utf-8"))):
            assert "${{" not in step.get("run", ""), path


@pytest.mark.skipif(sys.platform == "win32", reason="the step is written for bash")
@pytest.mark.parametrize(
    ("package", "said"),
    [
        ("package", "exit-code=0\nsarif=true\n"),
        ("nothere", "exit-code=2\n"),
        # What looks like an option is no option.
        ("--fix", "exit-code=2\n"),
        ("--help", "exit-code=2\n"),
        ("; touch hurt", "exit-code=2\n"),
    ],
)
def test_the_step_of_the_action_that_checks(package: str, said: str, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE_PACKAGE, tmp_path / "package")
    (tmp_path / "relations").write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -m relations.cli "$@"\n'
    )
    (tmp_path / "relations").chmod(0o755)
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    [step] = [each for each in steps(action) if each.get("id") == "check"]
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", step["run"]],
        cwd=tmp_path,
        env={
            **os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
            "PACKAGE": package, "FAIL_ON": "error", "SARIF": "true", "GITHUB_OUTPUT": "output",
        },
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "output").read_text() == said
    assert (tmp_path / "relations.sarif").exists() == ("sarif" in said)
    assert not (tmp_path / "hurt").exists()


@pytest.mark.parametrize(
    "name",
    ["datapackage/visits.csv", "datapackage/visits.csv.gz", "datapackage/visits.parquet",
     "datapackage.json", "relations.toml", "seeds/R0001.md"],
)  # fmt: skip
def test_the_hook_runs_for_each_file_of_a_package(name: str) -> None:
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert re.search(hook["files"], name)
    assert not re.search(hook["files"], f"docs/{name}")


def test_each_dependency_has_a_lower_bound_and_nothing_else() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [each for needs in project["optional-dependencies"].values() for each in needs]
    for need in [*project["dependencies"], *extras]:
        assert re.fullmatch(r"[\w-]+(?:\[\w+\])?>=[\d.]+", need), need


def test_nothing_in_the_data_can_be_run() -> None:
    found = [
        (path.name, name)
        for layer in ("schemas", "validators", "cli")
        for path in sorted((ROOT / layer).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in dangers(node)
    ]
    assert found == []


def dangers(node: ast.AST) -> set[str]:
    """What a node of a program calls or imports that could run what it reads."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return {name} & RUNS_DATA
        case ast.Call(func=ast.Attribute(value=ast.Name(id="yaml"), attr="load"), keywords=given):
            loaders = [ast.unparse(each.value) for each in given if each.arg == "Loader"]
            return set() if loaders in (["yaml.BaseLoader"], ["yaml.SafeLoader"]) else {"yaml.load"}
        case ast.Import(names=names):
            return {each.name.partition(".")[0] for each in names} & LOADS_OBJECTS
        case ast.ImportFrom(module=str(module)):
            return {module.partition(".")[0]} & LOADS_OBJECTS
        case _:
            return set()
