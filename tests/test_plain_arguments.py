"""Arguments that are read without Typer are read as Typer reads them, or left to it."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from relations.cli.app import EngineName, FailOn, OutputFormat, app, check
from relations.cli.plain_arguments import plain_arguments


def by_typer(given: list[str]) -> dict[str, Any]:
    command = get_command(app).commands["check"]  # type: ignore[attr-defined]
    return dict(command.make_context("check", list(given)).params)


def defaults() -> dict[str, Any]:
    return by_typer([])


PLAIN: dict[str, dict[str, Any]] = {
    "some/folder": {"path": "some/folder"},
    "--output-format json": {"output_format": OutputFormat.json},
    "--output-format=full": {"output_format": OutputFormat.full},
    "--output-file report.html": {"output_file": Path("report.html")},
    "--select stray-space,not-nfc": {"select": "stray-space,not-nfc"},
    "--ignore=a=b": {"ignore": "a=b"},
    "--fail-on warning": {"fail_on": FailOn.warning},
    "--fix": {"fix": True},
    "--diff": {"diff": True},
    "--statistics": {"statistics": True},
    "--seeds texts": {"seeds": Path("texts")},
    "--as-of 2026-01-31": {"as_of": "2026-01-31"},
    "--max-per-rule 0": {"max_per_rule": 0},
    "--max-per-rule=12": {"max_per_rule": 12},
    "--progress": {"progress": True},
    "--no-progress": {"progress": False},
    "--no-cache": {"no_cache": True},
    "--engine duckdb": {"engine": EngineName.duckdb},
    "--spark-url sc://localhost": {"spark_url": "sc://localhost"},
}


def test_every_parameter_can_be_given_plainly() -> None:
    assert {name for read in PLAIN.values() for name in read} == set(defaults())


PAIRS = [
    f"{first} {second}"
    for first, second in itertools.pairwise([*PLAIN, *PLAIN])
    if not set(PLAIN[first]) & set(PLAIN[second])
]


@pytest.mark.parametrize("given", [*PLAIN, *PAIRS])
def test_what_is_plain_is_read_as_typer_reads_it(given: str) -> None:
    read = plain_arguments(check, given.split())
    assert read is not None
    wanted = by_typer(given.split())
    assert {**defaults(), **read} == wanted
    assert {name: type(read[name]) for name in read} == {name: type(wanted[name]) for name in read}


@pytest.mark.parametrize("given", PLAIN)
def test_each_alone_means_what_it_says(given: str) -> None:
    assert plain_arguments(check, given.split()) == PLAIN[given]


def test_nothing_is_plain() -> None:
    assert plain_arguments(check, []) == {}


@pytest.mark.parametrize(
    "given",
    [
        ["--help"],
        ["-h"],
        ["--no-such-option"],
        ["--no-such-option=1"],
        ["--output-format", "word"],
        ["--output-format", "JSON"],
        ["--output-format"],
        ["--output-format="],
        ["--select", ""],
        ["--select", "--fix"],
        ["--select", "a", "--select", "b"],
        ["--fix", "--fix"],
        ["--fix=yes"],
        ["--no-progress", "--progress"],
        ["--max-per-rule", "-1"],
        ["--max-per-rule", "1.5"],
        ["--max-per-rule", "٣"],
        ["--max-per-rule", "1_0"],
        ["one", "two"],
        ["--", "one"],
        ["-"],
        [""],
    ],
)
def test_anything_else_is_left_to_typer(given: list[str]) -> None:
    assert plain_arguments(check, given) is None


def test_a_file_that_may_not_be_read_is_left_to_typer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    assert plain_arguments(check, ["--seeds", str(tmp_path)]) is None
    assert plain_arguments(check, ["--seeds", str(tmp_path / "not-there")]) is not None


def test_what_windows_expands_is_left_to_typer(monkeypatch: pytest.MonkeyPatch) -> None:
    assert plain_arguments(check, ["a*"]) == {"path": "a*"}
    monkeypatch.setattr("relations.cli.plain_arguments.os.name", "nt")
    assert plain_arguments(check, ["a*"]) is None
    assert plain_arguments(check, ["a"]) == {"path": "a"}
