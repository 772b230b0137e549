"""The report in GitLab's Code Quality format, which becomes a widget of a merge request."""

from __future__ import annotations

import hashlib
from typing import Any

from relations.cli.output.capping import unlisted
from relations.cli.output.escaping import json_text, visible
from relations.cli.output.places import DESCRIPTOR, path, region
from relations.validators.finding import Failure, Finding, Location, Report, Severity, Skip

SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report, *, base: str = "") -> str:
    """A list with one object a finding. ``base`` leads to the package's folder from the root."""
    issues = [_failure(each, base) for each in report.failures]
    issues += [_finding(each, base) for each in report.findings]
    issues += [_more(each, base) for each in unlisted(report)]
    return json_text(_told_apart(issues), expand=1) + "\n"


def _finding(finding: Finding, base: str) -> dict[str, Any]:
    hint = f" ({finding.hint})" if finding.hint else ""
    return {
        "description": visible(finding.message + hint),
        "check_name": finding.code,
        "fingerprint": finding.fingerprint,
        "severity": SEVERITIES[finding.severity],
        "location": _location(finding.location, base),
    }


def _failure(failure: Failure, base: str) -> dict[str, Any]:
    text = f"relations failed in rule {failure.code}, which says nothing of the data: "
    return {
        "description": visible(text + failure.error),
        "check_name": "relations-failed",
        "fingerprint": _digest(failure.code),
        "severity": "blocker",
        "location": _location(Location(DESCRIPTOR), base),
    }


def _more(more: Skip, base: str) -> dict[str, Any]:
    return {
        "description": visible(f"{more.table}: {more.reason}"),
        "check_name": more.code,
        "fingerprint": _digest(f"{more.code}\x1f{more.table}\x1funlisted"),
        "severity": SEVERITIES[Severity.ERROR],
        "location": _location(Location(DESCRIPTOR), base),
    }


def _location(location: Location, base: str) -> dict[str, Any]:
    marked = region(location)
    return {
        "path": visible(path(location, base)),
        "lines": {"begin": marked.start_line, "end": marked.end_line},
    }


def _told_apart(issues: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """GitLab drops all but one issue of a fingerprint: a second one gets its own."""
    seen: dict[str, int] = {}
    for issue in issues:
        own = issue["fingerprint"]
        seen[own] = seen.get(own, -1) + 1
        if seen[own]:
            issue["fingerprint"] = _digest(f"{own}\x1f{seen[own]}")
    return issues


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
