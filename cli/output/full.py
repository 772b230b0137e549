"""The report for a person at a terminal: each finding with its line and the cell marked."""

from __future__ import annotations

from itertools import groupby

from relations.cli.output.ansi import Paint
from relations.cli.output.capping import capped
from relations.cli.output.escaping import brief, line_start, visible
from relations.cli.output.excerpt import columns_of, excerpt
from relations.cli.output.places import path, place
from relations.cli.output.statistics import (
    counted,
    found,
    skipped_lines,
    summary_line,
    verified,
)
from relations.validators.finding import Finding, Report, Severity

SHOWN_RELATED = 5


def render(
    report: Report,
    *,
    width: int = 100,
    color: bool = False,
    max_per_rule: int = 0,
    base: str = "",
) -> str:
    """The whole report, for a terminal of ``width`` columns.

    At most ``max_per_rule`` findings of a rule are shown (0: all). ``base`` is the folder of
    the package as seen from where the reader is.
    """
    paint = Paint(color)
    shown = capped(report, max_per_rule)
    blocks: list[str] = []
    for _, findings in groupby(shown.shown, key=lambda each: each.location.file):
        blocks.extend(_file(list(findings), width, paint, base))
    if shown.cut:
        blocks.append("\n".join(paint("dim", each) for each in shown.notes()))
    blocks.extend(
        paint("error", "relations failed")
        + f" in rule {visible(failure.code)}, which says nothing of the data: "
        + brief(failure.error)
        for failure in report.failures
    )
    if skips := skipped_lines(report):
        blocks.append("\n".join(paint("dim", each) for each in skips))
    if not report.findings and not report.failures:
        blocks.append(_nothing_found(report, width, paint))
    blocks.append(_colored_summary(report, paint))
    return "\n\n".join(blocks) + "\n"


def _file(findings: list[Finding], width: int, paint: Paint, base: str) -> list[str]:
    """A heading with the file's name, then a block for each finding."""
    name = line_start(path(findings[0].location, base))
    return [
        paint("bold", name),
        *("\n".join(_finding(each, width, paint, base)) for each in findings),
    ]


def _finding(finding: Finding, width: int, paint: Paint, base: str) -> list[str]:
    severity = finding.severity.value
    lines = [
        paint(severity, f"{severity}[{finding.code}]") + f" {brief(finding.message)}",
    ]
    about = " ".join(visible(each) for each in (finding.key, finding.field) if each)
    where = visible(place(finding.location, base))
    lines.append(paint("dim", "  --> ") + where + (paint("dim", f"  {about}") if about else ""))
    gutter = 5
    if finding.excerpt is not None and finding.location.line is not None:
        number = str(finding.location.line)
        gutter = max(gutter, len(number) + 2)
        lines.extend(_marked_line(finding, number, gutter, width, paint))
    margin = " " * gutter
    if finding.hint:
        mark = " (--fix does it)" if finding.fixable else ""
        hint = brief(finding.hint) + mark
        lines.append(paint("dim", f"{margin}= ") + paint("hint", hint))
    for related in finding.related[:SHOWN_RELATED]:
        lines.append(paint("dim", f"{margin}= see ") + visible(place(related, base)))
    if (more := len(finding.related) - SHOWN_RELATED) > 0:
        lines.append(paint("dim", f"{margin}= and {counted(more, 'place')} more"))
    return lines


def _marked_line(finding: Finding, number: str, gutter: int, width: int, paint: Paint) -> list[str]:
    assert finding.excerpt is not None
    location = finding.location
    part = excerpt(finding.excerpt, location.column, location.end_column, width - gutter - 2)
    rule = paint("dim", f"{number:>{gutter - 1}} | ")
    lines = [f"{rule}{part.before}{part.cell}{part.after}".rstrip()]
    if location.column is not None:
        carets = "^" * max(1, columns_of(part.cell))
        margin = " " * (gutter - 1) + " | "
        lines.append(
            paint("dim", margin)
            + " " * columns_of(part.before)
            + paint(finding.severity.value, carets)
        )
    return lines


def _nothing_found(report: Report, width: int, paint: Paint) -> str:
    who = " ".join(visible(each) for each in (report.name or report.path, report.version) if each)
    if report.skipped:
        head = f"Nothing found in {who}, but not everything could be judged."
    else:
        head = paint("good", "✓") + f" {paint('bold', who)} is sound."
    facts = [
        ("tables", _tables(report, width - 10)),
        ("rows", f"{report.rows:,}"),
        ("evidence", verified(report.spans)),
        ("rules", f"{report.rules:,}"),
        ("time", f"{report.seconds:.1f} s"),
    ]
    return "\n".join(
        [head, "", *(f"  {paint('dim', f'{name:<8}')}  {fact}" for name, fact in facts)]
    )


def _tables(report: Report, room: int) -> str:
    """How many tables, and the rows of each, wrapped into ``room``."""
    lines = [f"{report.tables}: "]
    for index, (table, rows) in enumerate(report.row_counts):
        comma = "," if index + 1 < report.tables else ""
        entry = f"{visible(table)} {rows:,}{comma}"
        if columns_of(lines[-1]) + columns_of(entry) > room and lines[-1].strip():
            lines.append("")
        lines[-1] += entry + " "
    return f"\n{' ' * 12}".join(line.rstrip(" :") for line in lines)


def _colored_summary(report: Report, paint: Paint) -> str:
    said = found(report)
    if report.count(Severity.ERROR) or report.failures:
        style = Severity.ERROR.value
    elif report.count(Severity.WARNING):
        style = Severity.WARNING.value
    else:
        style = "good"
    return paint(style, said) + summary_line(report).removeprefix(said)
