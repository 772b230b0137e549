"""Every way to write a report, with the rules of support.reports and a fixed version."""

from __future__ import annotations

from collections.abc import Callable

from relations.cli.output import (
    concise,
    full,
    github,
    gitlab,
    html_report,
    json_report,
    junit,
    markdown,
    sarif,
    statistics,
)
from relations.validators.finding import Report
from support.reports import RULES, VERSION

RENDERED: dict[str, Callable[[Report], str]] = {
    "full.txt": lambda report: full.render(report, width=100),
    "concise.txt": lambda report: concise.render(report),
    "json": lambda report: json_report.render(report, version=VERSION),
    "sarif": lambda report: sarif.render(report, rules=RULES, version=VERSION),
    "junit.xml": lambda report: junit.render(report, rules=RULES),
    "github.txt": lambda report: github.render(report),
    "gitlab.json": lambda report: gitlab.render(report),
    "markdown.md": lambda report: markdown.render(report),
    "html": lambda report: html_report.render(report, rules=RULES, version=VERSION),
    "summary.md": lambda report: github.summary(report),
    "statistics.txt": lambda report: statistics.render(report, rules=RULES),
}
"""By the ending of its golden file."""
