"""The report as SARIF 2.1.0, for code scanning and editors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import quote

from relations.cli.output.capping import unlisted
from relations.cli.output.escaping import json_text, sarif_message
from relations.cli.output.places import path, region
from relations.validators.described_rule import DescribedRule
from relations.validators.finding import Failure, Finding, Location, Report, Severity, Skip
from relations.validators.package.files import is_address

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
PROBLEM_SEVERITIES = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "recommendation",
}
FINGERPRINT = "relations/v1"


def render(report: Report, *, rules: Sequence[DescribedRule], version: str, base: str = "") -> str:
    """The whole report. ``rules`` are those that ran; ``base`` leads to the package's folder
    from the root of the repository; ``version`` is that of the tool."""
    index = {rule.code: number for number, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "relations",
                "version": version,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "invocations": [
            {
                "executionSuccessful": not report.failures,
                "toolExecutionNotifications": [
                    *(_failure(each, index) for each in report.failures),
                    *(_skip(each, index) for each in (*report.skipped, *unlisted(report))),
                ],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, index, base) for each in report.findings],
    }
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, expand=4) + "\n"


def _rule(rule: DescribedRule) -> dict[str, Any]:
    text = rule.manual.strip()
    return {
        "id": rule.code,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": text},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {
            "tags": [rule.family],
            "problem.severity": PROBLEM_SEVERITIES[rule.severity],
        },
    }


def _result(finding: Finding, index: dict[str, int], base: str) -> dict[str, Any]:
    text = finding.message + (f" ({finding.hint})" if finding.hint else "")
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index[finding.code],
        "level": LEVELS[finding.severity],
        "message": {"text": sarif_message(text)},
        "locations": [_location(finding.location, base, finding.excerpt)],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
    }
    if finding.related:
        result["relatedLocations"] = [
            {"id": number, **_location(each, base)}
            for number, each in enumerate(finding.related, start=1)
        ]
    about = {
        name: value
        for name in ("table", "key", "field", "value")
        if (value := getattr(finding, name)) is not None
    }
    if about:
        result["properties"] = about
    return result


def _location(location: Location, base: str, line: str | None = None) -> dict[str, Any]:
    marked = region(location, line)
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(location, base)},
            "region": {
                "startLine": marked.start_line,
                "startColumn": marked.start_column,
                "endLine": marked.end_line,
                "endColumn": marked.end_column,
            },
        }
    }


def _uri(location: Location, base: str) -> str:
    if is_address(base):
        # A URI as it stands.
        return f"{base}/{_quoted(path(location))}"
    name = path(location, base)
    if PurePosixPath(name).is_absolute():
        return "file://" + _quoted(name)
    if PureWindowsPath(name).is_absolute():
        return "file:///" + _quoted(name)
    return _quoted(name)


@cache
def _quoted(file: str) -> str:
    return quote(file.encode("utf-8", "replace"))


def _failure(failure: Failure, index: dict[str, int]) -> dict[str, Any]:
    text = f"relations failed in rule {failure.code}: {failure.error}"
    return _notification("error", text, failure.code, index)


def _skip(skip: Skip, index: dict[str, int]) -> dict[str, Any]:
    text = f"{skip.code} was not judged on {skip.table or 'the package'}: {skip.reason}"
    return _notification("note", text, skip.code, index)


def _notification(level: str, text: str, code: str, index: dict[str, int]) -> dict[str, Any]:
    notification: dict[str, Any] = {"level": level, "message": {"text": sarif_message(text)}}
    if code in index:
        notification["associatedRule"] = {"id": code, "index": index[code]}
    return notification
