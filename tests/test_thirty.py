"""A package that is wrong in thirty ways at once: thirty findings, in every format."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from relations.cli.output.formats import RenderOptions, render
from relations.validators.check import check
from relations.validators.finding import Report, Severity

THIRTY = Path(__file__).parent / "packages" / "thirty"
EXPECTED = json.loads((THIRTY / "expected.json").read_bytes())
OPTIONS = RenderOptions(width=100, color=False, max_per_rule=20)


@pytest.fixture(scope="module")
def report() -> Report:
    return check(THIRTY, as_of=dt.date(2026, 1, 1), seeds=THIRTY / "seeds")


def test_exactly_the_thirty_are_found(report: Report) -> None:
    found = [
        {
            "code": each.code,
            "file": each.location.file,
            "line": each.location.line,
            "field": each.field,
            "value": each.value,
        }
        for each in report.findings
    ]
    assert len(EXPECTED) == 30
    assert found == EXPECTED
    assert report.failures == ()
    # A country stands twice, so that another may be missing: nothing is said of references to it.
    assert [(each.code, each.table) for each in report.skipped] == [
        ("unknown-reference", "countries")
    ]


def places(pairs: list[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(pairs)


WANTED = places([(each["code"], each["line"]) for each in EXPECTED])


def test_json_has_them(report: Report) -> None:
    found = json.loads(render("json", report, OPTIONS))["findings"]
    assert places([(each["code"], each["location"]["line"]) for each in found]) == WANTED


def test_sarif_has_them(report: Report) -> None:
    (run,) = json.loads(render("sarif", report, OPTIONS))["runs"]
    found = [
        (each["ruleId"], each["locations"][0]["physicalLocation"]["region"]["startLine"])
        for each in run["results"]
    ]
    assert places(found) == WANTED


def test_gitlab_has_them(report: Report) -> None:
    found = json.loads(render("gitlab", report, OPTIONS))
    assert (
        places([(each["check_name"], each["location"]["lines"]["begin"]) for each in found])
        == WANTED
    )
    assert len({each["fingerprint"] for each in found}) == 30


def test_junit_has_them(report: Report) -> None:
    suite = ElementTree.fromstring(render("junit", report, OPTIONS))
    text = ElementTree.tostring(suite, encoding="unicode")
    for each in EXPECTED:
        assert f"{each['file']}:{each['line']}" in text
    cases = [(case.get("classname"), case.get("name")) for case in suite.iter("testcase")]
    assert len(cases) == len(set(cases))


def test_github_has_them(report: Report) -> None:
    lines = render("github", report, OPTIONS).splitlines()
    commands = [line for line in lines if line.startswith(("::error ", "::warning ", "::notice "))]
    assert len(commands) == 30
    errors = report.count(Severity.ERROR)
    assert all(line.startswith("::error ") for line in commands[:errors])
    # Only ten are shown of each: they are of ten rules.
    assert len({line.split("title=")[1].split("::")[0] for line in commands[:10]}) == 10


@pytest.mark.parametrize("name", ["full", "concise", "markdown", "html"])
def test_what_people_read_has_them(name: str, report: Report) -> None:
    text = render(name, report, OPTIONS)
    for each in EXPECTED:
        assert each["code"] in text
        assert each["file"] in text
    assert f"{report.count(Severity.ERROR)} errors" in text
