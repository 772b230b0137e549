"""The report as JUnit XML: one test case for each rule on each table that it judges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from relations.cli.output.capping import unlisted
from relations.cli.output.escaping import brief, markup
from relations.cli.output.places import place
from relations.cli.output.statistics import PACKAGE, counted
from relations.validators.described_rule import DescribedRule
from relations.validators.finding import Finding, Report, Severity

WHOLE_PACKAGE_FAMILIES = ("descriptor", "suppression")
OTHER_FAULTS = "relations"
"""The suite for a fault of the tool outside of any rule."""


@dataclass
class _Case:
    """One rule on one table."""

    code: str
    table: str
    findings: list[Finding] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    unlisted: list[str] = field(default_factory=list)


def render(
    report: Report, *, rules: Sequence[DescribedRule], fail_on: Severity = Severity.ERROR
) -> str:
    """The whole report. A case fails from ``fail_on`` upwards; what is milder is its output."""
    suites: dict[str, list[_Case]] = {table: [] for table, _ in report.row_counts}
    for case in _cases(report, rules):
        suites.setdefault(case.table, []).append(case)
    written = [_suite(table, cases, fail_on) for table, cases in suites.items() if cases]
    totals = [sum(suite.counts[index] for suite in written) for index in range(3)]
    name = markup(f"relations check {report.name}".rstrip())
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<testsuites name="{name}" tests="{totals[0]}" failures="{totals[1]}" '
            f'errors="{totals[2]}">',
            *(line for suite in written for line in suite.lines),
            "</testsuites>\n",
        ]
    )


def _cases(report: Report, rules: Sequence[DescribedRule]) -> Iterator[_Case]:
    tables = [table for table, _ in report.row_counts]
    cases = {
        (rule.code, table): _Case(rule.code, table)
        for rule in rules
        for table in _judged(rule, tables)
    }

    def case(code: str, table: str | None) -> _Case:
        key = (code, table or PACKAGE)
        return cases.setdefault(key, _Case(*key))

    for finding in report.findings:
        case(finding.code, finding.table).findings.append(finding)
    needs = {rule.code: _needed(rule) for rule in rules}
    for skip in report.skipped:
        # What one table lacks keeps the rule from all the tables that it needs together.
        together = needs.get(skip.code, ())
        for table in together if skip.table in together else (skip.table,):
            case(skip.code, table).reasons.append(skip.reason)
    for more in unlisted(report):
        case(more.code, more.table).unlisted.append(more.reason)
    known = {rule.code for rule in rules}
    for failure in report.failures:
        if failure.code not in known:
            case(failure.code, OTHER_FAULTS).errors.append(failure.error)
            continue
        for each in cases.values():
            if each.code == failure.code:
                each.errors.append(failure.error)
    yield from cases.values()


def _needed(rule: DescribedRule) -> tuple[str, ...]:
    return tuple(dict.fromkeys(need.partition(".")[0] for need in rule.needs))


def _judged(rule: DescribedRule, tables: Sequence[str]) -> Sequence[str]:
    if rule.family in WHOLE_PACKAGE_FAMILIES:
        return (PACKAGE,)
    return _needed(rule) or tables or (PACKAGE,)


@dataclass(frozen=True)
class _Written:
    counts: tuple[int, int, int]
    lines: tuple[str, ...]


def _suite(table: str, cases: list[_Case], fail_on: Severity) -> _Written:
    lines: list[str] = []
    failures = errors = skipped = 0
    for case in cases:
        serious = [each for each in case.findings if each.severity.at_least(fail_on)]
        mild = [each for each in case.findings if not each.severity.at_least(fail_on)]
        if case.errors:
            errors += 1
            outcome = _outcome("error", case.errors[0], case.errors)
        elif serious:
            failures += 1
            outcome = _outcome("failure", _gist(serious), [*map(_line, serious), *case.unlisted])
        elif case.reasons and not case.findings:
            skipped += 1
            outcome = _outcome("skipped", case.reasons[0], case.reasons)
        else:
            outcome = ""
        told = [*map(_line, mild), *([] if serious else case.unlisted)]
        output = f"<system-out>{_text(told)}</system-out>" if told else ""
        name = markup(f"{table}: {case.code}")
        opened = f'    <testcase classname="relations.{markup(table)}" name="{name}"'
        inside = outcome + output
        lines.append(f"{opened}>{inside}</testcase>" if inside else f"{opened}/>")
    head = (
        f'  <testsuite name="{markup(table)}" tests="{len(cases)}" failures="{failures}" '
        f'errors="{errors}" skipped="{skipped}">'
    )
    return _Written((len(cases), failures, errors), (head, *lines, "  </testsuite>"))


def _outcome(kind: str, message: str, lines: list[str]) -> str:
    return f'<{kind} message="{markup(brief(message))}">{_text(lines)}</{kind}>'


def _gist(findings: list[Finding]) -> str:
    first = findings[0].message
    return first if len(findings) == 1 else f"{counted(len(findings), 'finding')}: {first}"


def _line(finding: Finding) -> str:
    hint = f" ({finding.hint})" if finding.hint else ""
    return f"{place(finding.location)}: {finding.severity.value} {finding.message}{hint}"


def _text(lines: list[str]) -> str:
    """Lines as content of XML: only the breaks between them are line breaks."""
    return "\n".join(markup(line) for line in lines)
