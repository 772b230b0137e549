"""Showing the first findings of each rule where there are more than people read, or than a check
lists."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from relations.validators.finding import Finding, Report, Skip


@dataclass(frozen=True, slots=True)
class Capped:
    """``shown`` keeps the order; ``cut`` names each rule with more: code, shown, all."""

    shown: tuple[Finding, ...]
    cut: tuple[tuple[str, int, int], ...]

    def notes(self) -> list[str]:
        """`unknown-reference: 12 of 200 shown`, a line for each rule that was cut."""
        return [f"{code}: {some:,} of {all_:,} shown" for code, some, all_ in self.cut]


def unlisted(report: Report) -> list[Skip]:
    """What a report for programs says of findings that are counted and not listed.

    One for each rule and table; said where it says what was not judged.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for each, number in report.unlisted:
        counts[each.code, each.table] += number
    return [
        Skip(code, table, f"{number:,} more findings are counted here and not listed")
        for (code, table), number in sorted(counts.items())
    ]


def capped(report: Report, max_per_rule: int) -> Capped:
    """At most ``max_per_rule`` findings of each rule; 0: all that are listed."""
    count: Counter[str] = Counter()
    shown: list[Finding] = []
    for finding in report.findings:
        count[finding.code] += 1
        if not max_per_rule or count[finding.code] <= max_per_rule:
            shown.append(finding)
    told = Counter(finding.code for finding in shown)
    for each, number in report.unlisted:
        count[each.code] += number
    return Capped(
        tuple(shown),
        tuple((code, told[code], all_) for code, all_ in count.items() if all_ > told[code]),
    )
