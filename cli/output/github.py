"""The report as GitHub workflow commands, which become annotations of a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from relations.cli.output import markdown
from relations.cli.output.capping import capped
from relations.cli.output.escaping import brief, command_message, command_property
from relations.cli.output.places import path
from relations.cli.output.statistics import skipped_lines, summary_line
from relations.validators.finding import Finding, Report, Severity

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
SUMMARY_BYTES = 1_000_000
"""A step's summary may have 1 MiB; one step may append to what another wrote."""


def render(report: Report, *, max_per_rule: int = 0, base: str = "") -> str:
    """One command a finding: errors first, and the first of every rule before its second.

    GitHub shows ten errors, ten warnings and ten notices of a step: so each rule has its turn.
    ``base`` leads to the package's folder from the root of the repository.
    """
    shown = capped(report, max_per_rule)
    lines = [
        f"::error title=relations failed::in rule {command_message(failure.code)}, "
        f"which says nothing of the data: {command_message(brief(failure.error))}"
        for failure in report.failures
    ]
    for severity in Severity:
        of_severity = [each for each in shown.shown if each.severity is severity]
        lines += [_command(each, base) for each in _taking_turns(of_severity)]
    # A plain line must not look like a command: these begin with a rule's code or a number.
    lines += [*shown.notes(), *skipped_lines(report), summary_line(report)]
    return "\n".join(lines) + "\n"


def summary(report: Report) -> str:
    """What a step appends to the page of its run (GITHUB_STEP_SUMMARY). Markdown."""
    return markdown.render(report, limit=SUMMARY_BYTES)


def _taking_turns(findings: Sequence[Finding]) -> Iterator[Finding]:
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.code, []).append(finding)
    for turn in zip_longest(*by_rule.values()):
        yield from (each for each in turn if each is not None)


def _command(finding: Finding, base: str) -> str:
    location = finding.location
    properties = {"file": path(location, base)}
    if location.line is not None:
        properties["line"] = properties["endLine"] = str(location.line)
        # Without its end a column would be drawn to a line that may not be the same.
        if location.column is not None and location.end_column is not None:
            properties["col"] = str(location.column)
            properties["endColumn"] = str(location.end_column)
    properties["title"] = finding.code
    given = ",".join(f"{name}={command_property(value)}" for name, value in properties.items())
    hint = f" ({brief(finding.hint)})" if finding.hint else ""
    message = command_message(brief(finding.message) + hint)
    return f"::{COMMANDS[finding.severity]} {given}::{message}"
