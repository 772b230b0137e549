"""What the project brings along, and what its workflows may do."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from relations.validators.curating import new_package

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
