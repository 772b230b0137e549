"""The report as one page that opens from a disk and needs no network.

The findings stand in the page as JSON; `report.js` shows them in pages of a hundred, so that a
hundred thousand open as quickly as thirty. The first ones are written as HTML as well, for a
reader without scripts. The page's own policy forbids every request.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from relations.cli.output import html_findings
from relations.cli.output.capping import capped
from relations.cli.output.escaping import brief, json_for_script, markup
from relations.cli.output.html_findings import (
    manual_markup,
    manual_parts,
    quoted,
    severity_tag,
)
from relations.cli.output.places import place
from relations.cli.output.statistics import (
    RuleCount,
    by_rule,
    by_table,
    counted,
    found,
    skipped,
)
from relations.validators.described_rule import DescribedRule
from relations.validators.finding import Report, Severity


def render(
    report: Report, *, rules: Sequence[DescribedRule], version: str, max_per_rule: int = 0
) -> str:
    """The whole page. ``rules`` are those that ran; ``version`` is that of the tool."""
    manuals = {rule.code: manual_parts(rule) for rule in rules}
    titles = {rule.code: rule.title for rule in rules}
    shown = capped(report, max_per_rule)
    counts = by_rule(report)
    style, script = _resource("report.css"), _resource("report.js")
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    parts = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{markup(brief(_name(report), 80))}: {found(report)}</title>",
        f"<style>{style}</style>",
        "</head>",
        "<body>",
        *_masthead(report),
        '<main class="wide">',
        *_failures(report),
        *_overview(report, counts, titles),
        *html_findings.section(report, shown, counts, manuals),
        *_not_judged(report),
        *_suppressed(report),
        *_catalogue(report, rules),
        "</main>",
        '<footer><div class="wide">',
        f"<p>Made by relations {markup(version)} in {report.seconds:.1f} seconds. "
        "This page loads nothing from the network.</p>",
        "</div></footer>",
    ]
    if report.findings:
        data = html_findings.data(report, shown, counts, manuals)
        parts.append(f'<script type="application/json" id="data">{json_for_script(data)}</script>')
        parts.append(f"<script>{script}</script>")
    return "\n".join([*parts, "</body>", "</html>"]) + "\n"


@cache
def _resource(name: str) -> str:
    """A part of this program that is not written in Python."""
    return Path(__file__).with_name(name).read_text("utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()


def _name(report: Report) -> str:
    return report.name or report.path


def _masthead(report: Report) -> list[str]:
    version = f" {markup(report.version)}" if report.version else ""
    lines = [
        '<a class="skip-link" href="#findings">To the findings</a>' if report.findings else "",
        '<header><div class="wide">',
        f'<p class="name"><code>{markup(brief(_name(report), 120))}</code>{version}</p>',
        f"<h1>{_verdict(report)}</h1>",
        '<dl class="figures">',
        *_figures(report),
        "</dl>",
        *_spans_note(report),
        "</div></header>",
    ]
    return [line for line in lines if line]


def _verdict(report: Report) -> str:
    if report.failures:
        return f"The check is not complete: {counted(len(report.failures), 'rule')} failed."
    if report.findings:
        said = [
            counted(report.count(severity), severity.value)
            for severity in Severity
            if report.count(severity)
        ]
        return " and ".join([", ".join(said[:-1]), said[-1]] if said[1:] else said) + "."
    if report.skipped:
        return "Nothing found, but not everything could be judged."
    return "Everything is sound."


def _figures(report: Report) -> list[str]:
    spans = report.spans
    figures = [
        (severity.value, f"{severity.value}s", f"{report.count(severity):,}")
        for severity in Severity
        if severity is not Severity.INFO or report.count(severity)
    ]
    lines = [
        f'<div class="{kind if value != "0" else "none"}"><dt>{name}</dt><dd>{value}</dd></div>'
        for kind, name, value in figures
    ]
    for name, number in (
        ("tables", report.tables),
        ("rows", report.rows),
        ("rules", report.rules),
    ):
        lines.append(f"<div><dt>{name}</dt><dd>{number:,}</dd></div>")
    lines.append(
        f"<div><dt>spans verified</dt><dd>{spans.verified:,} "
        f'<span class="of">of {spans.cited:,}</span></dd></div>'
    )
    return lines


def _spans_note(report: Report) -> list[str]:
    spans = report.spans
    said = []
    if differing := spans.cited - spans.verified - spans.unverified:
        verb = "differs" if differing == 1 else "differ"
        said.append(f"{counted(differing, 'cited span')} {verb} from the text of the source.")
    if spans.unverified:
        said.append(
            f"{counted(spans.unverified, 'cited span')} could not be verified: "
            "the text that was cited is not here."
        )
    return [f'<p class="note">{" ".join(said)}</p>'] if said else []


def _failures(report: Report) -> list[str]:
    if not report.failures:
        return []
    return [
        '<section class="failures" aria-labelledby="failures">',
        '<h2 id="failures">Rules that failed</h2>',
        '<p class="note">A fault of the tool, which says nothing of the data.</p>',
        '<ul class="lines failed">',
        *(
            f"<li><code>{markup(each.code)}</code> {markup(brief(each.error))}</li>"
            for each in report.failures
        ),
        "</ul>",
        "</section>",
    ]


def _overview(report: Report, counts: list[RuleCount], titles: dict[str, str]) -> list[str]:
    lines = ['<div class="overview">']
    if counts:
        lines += [
            '<section aria-labelledby="by-rule">',
            '<h2 id="by-rule">By rule</h2>',
            '<table><thead><tr><th scope="col">severity</th><th scope="col">rule</th>'
            '<th scope="col" class="number">findings</th></tr></thead><tbody>',
            *(
                f'<tr><td class="severity">{severity_tag(each.severity.value)}</td>'
                f'<td><a data-shows href="#rule={markup(each.code)}">'
                f"<code>{markup(each.code)}</code></a>"
                f'<span class="title">{quoted(titles.get(each.code, ""))}</span></td>'
                f'<td class="number">{each.findings:,}</td></tr>'
                for each in counts
            ),
            "</tbody></table>",
            "</section>",
        ]
    severities = [each for each in Severity if each is not Severity.INFO or report.count(each)]
    lines += [
        '<section aria-labelledby="by-table">',
        '<h2 id="by-table">By table</h2>',
        '<table><thead><tr><th scope="col">table</th><th scope="col" class="number">rows</th>',
        *(f'<th scope="col" class="number">{each.value}s</th>' for each in severities),
        "</tr></thead><tbody>",
    ]
    for table in by_table(report):
        name = f"<code>{markup(table.table)}</code>"
        if table.findings:
            name = f'<a data-shows href="#table={markup(table.table)}">{name}</a>'
        rows = "" if table.rows is None else f"{table.rows:,}"
        numbers = dict(zip(Severity, (table.errors, table.warnings, table.infos), strict=True))
        cells = "".join(_number(numbers[each]) for each in severities)
        lines.append(f'<tr><td>{name}</td><td class="number">{rows}</td>{cells}</tr>')
    return [*lines, "</tbody></table>", "</section>", "</div>"]


def _number(value: int) -> str:
    return f'<td class="number{"" if value else " zero"}">{value:,}</td>'


def _not_judged(report: Report) -> list[str]:
    if not report.skipped:
        return []
    lines = [
        '<section aria-labelledby="not-judged">',
        '<h2 id="not-judged">Not judged</h2>',
        '<ul class="lines">',
    ]
    for table, reason, codes in skipped(report):
        who = f"<code>{markup(codes[0])}</code>"
        which = ""
        if len(codes) > 1:
            who = counted(len(codes), "rule")
            names = ", ".join(f"<code>{markup(code)}</code>" for code in codes)
            which = f'<details><summary>which</summary><div class="codes">{names}</div></details>'
        lines.append(
            f"<li>{who} on <code>{markup(table)}</code>: "
            f'<span class="reason">{quoted(brief(reason))}</span>{which}</li>'
        )
    return [*lines, "</ul>", "</section>"]


def _suppressed(report: Report) -> list[str]:
    if not report.suppressed:
        return []
    return [
        '<section aria-labelledby="suppressed">',
        '<h2 id="suppressed">Settled by a person</h2>',
        f"<details><summary>{counted(len(report.suppressed), 'finding')}</summary>",
        '<ul class="lines">',
        *(
            f"<li><code>{markup(place(finding.location))}</code> "
            f"{quoted(brief(finding.message))} "
            f'<span class="reason">{markup(brief(reason))}</span></li>'
            for finding, reason in report.suppressed
        ),
        "</ul></details>",
        "</section>",
    ]


def _catalogue(report: Report, rules: Sequence[DescribedRule]) -> list[str]:
    """The rules that ran, each with its manual: what was looked for where nothing was found."""
    found_something = {each.code for each in report.findings}
    not_judged = {each.code for each in report.skipped} | {each.code for each in report.failures}
    silent = [rule for rule in rules if rule.code not in found_something | not_judged]
    if not silent:
        return []
    lines = [
        '<section aria-labelledby="silent">',
        f'<h2 id="silent">{counted(len(silent), "rule")} that found nothing</h2>',
        '<ul class="lines catalogue">',
    ]
    for rule in silent:
        lines.append(
            f"<li><details><summary><code>{markup(rule.code)}</code></summary>"
            f"{manual_markup(manual_parts(rule)[1:])}</details>"
            f'<span class="title">{quoted(rule.title)}</span></li>'
        )
    return [*lines, "</ul>", "</section>"]
