"""The report as a comment on a pull request: totals, a table by rule, the first findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from relations.cli.output.capping import capped
from relations.cli.output.escaping import brief, code_span, markdown
from relations.cli.output.places import place
from relations.cli.output.statistics import by_rule, counted, found, skipped, summary_line
from relations.validators.finding import Finding, Report

COMMENT_BYTES = 65_000
"""A comment may have 65,536 characters."""
MOST_NOTES = 20
SHORT = 200


def render(report: Report, *, max_per_rule: int = 0, limit: int = COMMENT_BYTES) -> str:
    """The report in at most ``limit`` bytes of UTF-8, from 40,000 upwards.

    As many findings are shown as fit; the table says of how many.
    """
    rest = [*_not_judged(report), *_closing(report)]
    everything = Counter({each.code: each.findings for each in by_rule(report)})
    # Room for the parts as they are where every rule is cut off.
    room = limit - _size([*_head(report), *_table(report, Counter()), *rest])
    shown: list[str] = []
    count: Counter[str] = Counter()
    for finding in capped(report, max_per_rule).shown:
        lines = _finding(finding) if shown else ["", "#### Findings", "", *_finding(finding)]
        room -= _size(lines)
        if room < 0:
            break
        shown += lines
        count[finding.code] += 1
    assert count <= everything
    return "\n".join([*_head(report), *_table(report, count), *shown, *rest]) + "\n"


def _size(lines: list[str]) -> int:
    return sum(len(line.encode("utf-8")) + 1 for line in lines)


def _head(report: Report) -> list[str]:
    who = " ".join(code_span(brief(each, SHORT)) for each in (report.name, report.version) if each)
    lines = [f"### relations: {found(report)}" + (f" in {who}" if who else ""), ""]
    lines += [summary_line(report)]
    for failure in report.failures[:MOST_NOTES]:
        said = f"{code_span(failure.code)}: {markdown(brief(failure.error, SHORT))}"
        lines += ["", f"**relations failed** in rule {said}. This says nothing of the data."]
    return [*lines, *_more(len(report.failures), "failure")]


def _table(report: Report, shown: Counter[str]) -> list[str]:
    counts = by_rule(report)
    if not counts:
        return []
    lines = ["", "| severity | rule | findings |", "|---|---|---:|"]
    for each in counts:
        many = f"{each.findings:,}"
        if shown[each.code] < each.findings:
            many = f"{shown[each.code]:,} of {many} shown"
        lines.append(f"| {each.severity.value} | {code_span(each.code)} | {many} |")
    return lines


def _finding(finding: Finding) -> list[str]:
    where = code_span(brief(place(finding.location), SHORT))
    return [
        f"- **{finding.severity.value}** {code_span(finding.code)} at {where}: "
        f"{markdown(brief(finding.message))}",
        *([f"  → {markdown(brief(finding.hint))}"] if finding.hint else []),
    ]


def _not_judged(report: Report) -> list[str]:
    skips = skipped(report)
    lines = ["", "#### Not judged", ""] if skips else []
    for table, reason, codes in skips[:MOST_NOTES]:
        who = code_span(codes[0]) if len(codes) == 1 else counted(len(codes), "rule")
        lines.append(
            f"- {who} on {markdown(brief(table, SHORT))}: {markdown(brief(reason, SHORT))}"
        )
    return [*lines, *_more(len(skips), "reason")]


def _more(number: int, noun: str) -> Iterator[str]:
    if number > MOST_NOTES:
        yield ""
        yield f"And {counted(number - MOST_NOTES, noun)} more."


def _closing(report: Report) -> list[str]:
    if report.findings or report.failures or report.skipped:
        return []
    return ["", f"{counted(report.rules, 'rule')} ran and found nothing."]
