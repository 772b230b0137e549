"""A report as plain JSON and back, with nothing lost; only one without failures is kept."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

from relations.validators.described_rule import DescribedRule
from relations.validators.finding import Finding, Location, Report, Severity, Skip, Spans, Unlisted


def record(report: Report) -> dict[str, Any]:
    """All that a report says, but for the time it took."""
    lines = Lines()
    return {
        "name": report.name,
        "version": report.version,
        "path": report.path,
        "spans": astuple(report.spans),
        "findings": [finding_record(each, lines) for each in report.findings],
        "suppressed": [[finding_record(each, lines), reason] for each, reason in report.suppressed],
        "skipped": [astuple(each) for each in report.skipped],
        "row_counts": report.row_counts,
        "ran": [
            [each.code, each.family, each.severity.value, each.manual, each.needs]
            for each in report.ran
        ],
        "lines": list(lines.numbers),
        "unlisted": [unlisted_record(*each) for each in report.unlisted],
    }


def report(record: dict[str, Any]) -> Report:
    """The report of which this is the record. Raises where it is none."""
    lines = record["lines"]
    return Report(
        name=record["name"],
        version=record["version"],
        path=record["path"],
        spans=Spans(*record["spans"]),
        findings=tuple(finding_of(each, lines) for each in record["findings"]),
        skipped=tuple(Skip(*each) for each in record["skipped"]),
        row_counts=tuple((table, rows) for table, rows in record["row_counts"]),
        ran=tuple(
            DescribedRule(code, family, Severity(severity), manual, needs=tuple(needs))
            for code, family, severity, manual, needs in record["ran"]
        ),
        suppressed=tuple(
            (finding_of(each, lines), reason) for each, reason in record["suppressed"]
        ),
        unlisted=tuple(map(unlisted_of, record["unlisted"])),
    )


class Lines:
    """Physical lines, each kept once: many findings may lie in one, and it may be long."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def number(self, line: str | None) -> int | None:
        return None if line is None else self.numbers.setdefault(line, len(self.numbers))


def finding_record(finding: Finding, lines: Lines) -> list[Any]:
    """A finding; the line that it lies in stands among the ``lines``."""
    return [
        finding.code,
        finding.severity.value,
        finding.message,
        finding.hint,
        _location(finding.location),
        finding.table,
        finding.key,
        finding.field,
        finding.value,
        [_location(each) for each in finding.related],
        finding.fixable,
        finding.fingerprint,
        lines.number(finding.excerpt),
    ]


def finding_of(values: list[Any], lines: list[str]) -> Finding:
    """The finding of which these are the values."""
    code, severity, message, hint, location, table, key, field, value, *more = values
    related, fixable, print_, line = more
    return Finding(
        code,
        Severity(severity),
        message,
        hint,
        Location(*location),
        table,
        key,
        field,
        value,
        tuple(Location(*each) for each in related),
        fixable,
        print_,
        None if line is None else lines[line],
    )


def unlisted_record(each: Unlisted, count: int) -> list[Any]:
    """What some findings that are only counted have in common, and how many they are."""
    return [each.code, each.severity.value, each.table, each.fixable, count]


def unlisted_of(values: list[Any]) -> tuple[Unlisted, int]:
    """The same back again."""
    code, severity, table, fixable, count = values
    return Unlisted(code, Severity(severity), table, fixable), count


def _location(location: Location) -> list[Any]:
    return [location.file, location.line, location.column, location.end_column]
