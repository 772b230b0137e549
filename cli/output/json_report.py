"""The report for programs: one JSON object, described by `report.schema.json` beside this."""

from __future__ import annotations

from typing import Any

from relations.cli.output.capping import unlisted
from relations.cli.output.escaping import json_text
from relations.validators.finding import Finding, Location, Report, Severity

VERSION = 1
"""Of the object's shape: raised when a member changes its meaning or goes away."""


def render(report: Report, *, version: str) -> str:
    """The whole report; every list has one element a line. ``version`` is that of the tool."""
    return json_text(as_object(report, version=version), expand=2) + "\n"


def as_object(report: Report, *, version: str) -> dict[str, Any]:
    """What is printed, as plain dictionaries and lists. The same report gives the same object."""
    return {
        "version": VERSION,
        "tool": {"name": "relations", "version": version},
        "package": {"name": report.name, "version": report.version, "path": report.path},
        "summary": {
            "errors": report.count(Severity.ERROR),
            "warnings": report.count(Severity.WARNING),
            "infos": report.count(Severity.INFO),
            "suppressed": len(report.suppressed),
            "tables": report.tables,
            "rows": report.rows,
            "rules": report.rules,
            "spans": {
                "cited": report.spans.cited,
                "verified": report.spans.verified,
                "unverified": report.spans.unverified,
            },
        },
        "findings": [_finding(each) for each in report.findings],
        "suppressed": [{**_finding(each), "reason": reason} for each, reason in report.suppressed],
        "skipped": [
            {"code": each.code, "table": each.table, "reason": each.reason}
            for each in (*report.skipped, *unlisted(report))
        ],
        "failures": [{"code": each.code, "error": each.error} for each in report.failures],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "hint": finding.hint,
        "location": _location(finding.location),
        "table": finding.table,
        "key": finding.key,
        "field": finding.field,
        "value": finding.value,
        "related": [_location(each) for each in finding.related],
        "fixable": finding.fixable,
        "fingerprint": finding.fingerprint,
    }


def _location(location: Location) -> dict[str, Any]:
    return {
        "file": location.file,
        "line": location.line,
        "column": location.column,
        "end_column": location.end_column,
    }
