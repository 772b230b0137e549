"""What a report says in numbers: by rule, by table, in one line. Totals are always true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from relations.cli.output.escaping import brief, visible
from relations.validators.described_rule import DescribedRule
from relations.validators.finding import Report, Severity, Skip, Spans

PACKAGE = "package"
"""Stands for the table of what is about the package as a whole."""


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often a rule found something."""

    code: str
    severity: Severity
    findings: int
    fixable: bool


@dataclass(frozen=True, slots=True)
class TableCount:
    """What was found in a table; ``rows`` is None for the package as a whole."""

    table: str
    rows: int | None
    errors: int
    warnings: int
    infos: int

    @property
    def findings(self) -> int:
        """All severities together."""
        return self.errors + self.warnings + self.infos


def by_rule(report: Report) -> list[RuleCount]:
    """The rules with findings: the worst first, then the most frequent."""
    count = Counter((each.code, each.severity, each.fixable) for each in report.findings)
    for each, number in report.unlisted:
        count[each.code, each.severity, each.fixable] += number
    rules = [
        RuleCount(code, severity, found, fixable)
        for (code, severity, fixable), found in count.items()
    ]
    return sorted(rules, key=lambda rule: (rule.severity.rank, -rule.findings, rule.code))


def by_table(report: Report) -> list[TableCount]:
    """Every table of the package in its order, then what belongs to none, if anything."""
    count = Counter((each.table or PACKAGE, each.severity) for each in report.findings)
    for each, number in report.unlisted:
        count[each.table, each.severity] += number
    rows: dict[str, int | None] = dict(report.row_counts)
    for table, _ in count:
        if table != PACKAGE:
            rows.setdefault(table, 0)
    if any(table == PACKAGE for table, _ in count):
        rows[PACKAGE] = None
    return [
        TableCount(table, height, *(count[table, severity] for severity in Severity))
        for table, height in rows.items()
    ]


def skipped(report: Report) -> list[tuple[str, str, tuple[str, ...]]]:
    """The rules that were not judged, together where table and reason agree: both, and codes."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for skip in report.skipped:
        grouped.setdefault((_on(skip), skip.reason), []).append(skip.code)
    return [(table, reason, tuple(codes)) for (table, reason), codes in grouped.items()]


def _on(skip: Skip) -> str:
    return skip.table or "the package"


def skipped_lines(report: Report) -> list[str]:
    """`34 rules not judged on visits: …`, a line for each table and reason."""
    lines = []
    for table, reason, codes in skipped(report):
        who = codes[0] if len(codes) == 1 else f"{counted(len(codes), 'rule')}"
        lines.append(f"{visible(who)} not judged on {visible(table)}: {brief(reason)}")
    return lines


def counted(number: int, noun: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def found(report: Report) -> str:
    """`2 errors, 0 warnings`; infos where there are any."""
    said = [
        counted(report.count(Severity.ERROR), "error"),
        counted(report.count(Severity.WARNING), "warning"),
    ]
    if infos := report.count(Severity.INFO):
        said.append(counted(infos, "info"))
    return ", ".join(said)


def verified(spans: Spans) -> str:
    """How many cited spans stand in the texts, and why not the others."""
    if not spans.cited:
        return "no spans cited"
    line = f"{spans.verified:,} of {counted(spans.cited, 'span')} verified"
    reasons = []
    if differing := spans.cited - spans.verified - spans.unverified:
        reasons.append(f"{differing:,} not as the text has it")
    if spans.unverified:
        verb = "cites" if spans.unverified == 1 else "cite"
        reasons.append(f"the text that {spans.unverified:,} {verb} is not here")
    return line + (f" ({', '.join(reasons)})" if reasons else "")


def summary_line(report: Report) -> str:
    """All totals in one line."""
    line = (
        f"{found(report)} in {counted(report.tables, 'table')}, {counted(report.rows, 'row')}; "
        f"{verified(report.spans)}"
    )
    if report.suppressed:
        line += f"; {counted(len(report.suppressed), 'finding')} suppressed"
    return line


def render(report: Report, *, rules: Sequence[DescribedRule]) -> str:
    """A line for each rule that found something: how often, how bad, what, whether fixable."""
    counts = by_rule(report)
    titles = {rule.code: rule.title for rule in rules}
    number = max([len(f"{each.findings:,}") for each in counts], default=1)
    code = max([len(each.code) for each in counts], default=1)
    lines = [
        f"{each.findings:>{number},}  {each.severity.value:<7}  {each.code:<{code}}  "
        f"{'[fixable] ' if each.fixable else ''}{titles.get(each.code, '')}".rstrip()
        for each in counts
    ]
    return "\n".join([*lines, summary_line(report)]) + "\n"
