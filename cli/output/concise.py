"""The report for pipes and editors: one line a finding."""

from __future__ import annotations

from relations.cli.output.capping import capped
from relations.cli.output.escaping import brief, line_start, visible
from relations.cli.output.places import place
from relations.cli.output.statistics import skipped_lines, summary_line
from relations.validators.finding import Finding, Report


def render(report: Report, *, max_per_rule: int = 0, base: str = "") -> str:
    """`file:line:column: error[code] message (hint)`, then what was not judged, and totals."""
    shown = capped(report, max_per_rule)
    lines = [_line(finding, base) for finding in shown.shown]
    lines += shown.notes()
    lines += [
        f"relations failed in rule {visible(failure.code)}: {brief(failure.error)}"
        for failure in report.failures
    ]
    lines += skipped_lines(report)
    return "\n".join([*lines, summary_line(report)]) + "\n"


def _line(finding: Finding, base: str) -> str:
    where = line_start(place(finding.location, base))
    hint = f" ({brief(finding.hint)})" if finding.hint else ""
    message = brief(finding.message)
    return f"{where}: {finding.severity.value}[{finding.code}] {message}{hint}"
