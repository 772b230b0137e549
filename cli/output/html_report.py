"""The report as one page that opens from a disk and needs no network.

The findings stand in the page as JSON; `report.js` shows them in pages of a hundred, so that a
hundred thousand open as quickly as thirty. The first ones are written as HTML as well, for a
reader without scripts. The page's own policy forbids every request.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from relations.cli.output.capping import Capped, capped
from relations.cli.output.escaping import brief, json_for_script, markup, visible
from relations.cli.output.excerpt import Excerpt, excerpt
from relations.cli.output.places import path, place
from relations.cli.output.statistics import (
    RuleCount,
    by_rule,
    by_table,
    counted,
    found,
    skipped,
)
from relations.validators.finding import Finding, Location, Report, Severity
from relations.validators.rule import Rule

WITHOUT_SCRIPT = 50
"""How many findings a reader without scripts sees."""
LINE_ROOM = 220
"""How many columns of a line stand around a cell."""
SHOWN_RELATED = 20

ManualPart = str | list[str]


def render(report: Report, *, rules: Sequence[Rule], version: str, max_per_rule: int = 0) -> str:
    """The whole page. ``rules`` are those that ran; ``version`` is that of the tool."""
    manuals = {rule.code: manual_parts(rule) for rule in rules}
    titles = {rule.code: rule.title for rule in rules}
    shown = capped(report.findings, max_per_rule)
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
        *_findings(report, shown, counts, manuals),
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
        data = _data(shown.shown, counts, manuals) | {"total": len(report.findings)}
        parts.append(f'<script type="application/json" id="data">{json_for_script(data)}</script>')
        parts.append(f"<script>{script}</script>")
    return "\n".join([*parts, "</body>", "</html>"]) + "\n"


@cache
def _resource(name: str) -> str:
    """A part of this program that is not written in Python."""
    return Path(__file__).with_name(name).read_text("utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()


def manual_parts(rule: Rule) -> list[ManualPart]:
    """A manual in paragraphs, lists as lists of their items. The title is the first."""
    parts: list[ManualPart] = []
    for block in rule.manual.strip().split("\n\n"):
        lines = [line.strip() for line in block.split("\n")]
        if lines[0].startswith("- "):
            items: list[str] = []
            for line in lines:
                if line.startswith("- "):
                    items.append(line[2:])
                else:
                    items[-1] += " " + line
            parts.append(items)
        else:
            parts.append(" ".join(lines))
    return parts


def _name(report: Report) -> str:
    return report.name or report.path


# -- The page around the findings ------------------------------------------------------------


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
            "the text of the source is not here."
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
                f'<tr><td class="severity">{_tag(each.severity.value)}</td>'
                f'<td><a data-shows href="#rule={markup(each.code)}">'
                f"<code>{markup(each.code)}</code></a>"
                f'<span class="title">{_quoted(titles.get(each.code, ""))}</span></td>'
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


def _tag(severity: str) -> str:
    return f'<span class="severity-tag {severity}">{severity}</span>'


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
            f'<span class="reason">{_quoted(brief(reason))}</span>{which}</li>'
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
            f"{_quoted(brief(finding.message))} "
            f'<span class="reason">{markup(brief(reason))}</span></li>'
            for finding, reason in report.suppressed
        ),
        "</ul></details>",
        "</section>",
    ]


def _catalogue(report: Report, rules: Sequence[Rule]) -> list[str]:
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
            f"{_manual(manual_parts(rule)[1:])}</details>"
            f'<span class="title">{_quoted(rule.title)}</span></li>'
        )
    return [*lines, "</ul>", "</section>"]


# -- The findings ----------------------------------------------------------------------------


def _findings(
    report: Report,
    shown: Capped,
    counts: list[RuleCount],
    manuals: dict[str, list[ManualPart]],
) -> list[str]:
    if not report.findings:
        return []
    first = shown.shown[:WITHOUT_SCRIPT]
    total = len(report.findings)
    note = ""
    if shown.cut:
        cut = "; ".join(markup(each) for each in shown.notes())
        note = f'<p class="status cut">{cut}.</p>'
    what = counted(len(shown.shown), "finding")
    if shown.cut:
        what += f" on this page; {total:,} in all"
    return [
        "<section>",
        '<h2 id="findings" tabindex="-1">Findings</h2>',
        *_filters(report, counts),
        note,
        f'<p class="status" role="status"><strong>1–{len(first):,}</strong> of {what}</p>',
        '<ol class="findings">',
        *(card(each, manuals.get(each.code, [])) for each in first),
        "</ol>",
        *_pages(),
        "</section>",
    ]


def _filters(report: Report, counts: list[RuleCount]) -> list[str]:
    rules = "".join(
        f'<option value="{markup(each.code)}">{markup(each.code)} ({each.findings:,})</option>'
        for each in counts
    )
    tables = "".join(
        f'<option value="{markup(each.table)}">{markup(each.table)} ({each.findings:,})</option>'
        for each in by_table(report)
        if each.findings
    )
    severities = "".join(
        f'<button type="button" data-severity="{severity.value}" aria-pressed="false">'
        f"{counted(report.count(severity), severity.value)}</button>"
        for severity in Severity
        if report.count(severity)
    )
    return [
        '<form class="filters" hidden>',
        '<label>Search<input type="search" name="search" autocomplete="off" '
        'placeholder="a value, an id, a word"></label>',
        f'<label>Rule<select name="rule"><option value="">every rule</option>{rules}'
        "</select></label>",
        f'<label>Table<select name="table"><option value="">every table</option>{tables}'
        "</select></label>",
        '<div class="severities" role="group" aria-label="Severity">',
        severities,
        '<button type="button" class="plain" data-clear hidden>Show all</button>',
        "</div>",
        "</form>",
    ]


def _pages() -> list[str]:
    return [
        '<form class="pages" aria-label="Pages" hidden>',
        '<button type="button" data-turn="first">First</button>',
        '<button type="button" data-turn="previous">Previous</button>',
        '<label>Page <input type="number" min="1" inputmode="numeric"> of '
        "<span data-last></span></label>",
        '<button type="button" data-turn="next">Next</button>',
        '<button type="button" data-turn="last">Last</button>',
        "</form>",
    ]


def card(finding: Finding, manual: list[ManualPart]) -> str:
    """One finding as HTML; `card` in report.js makes the same markup from the data."""
    severity = finding.severity.value
    about = "".join(
        f"<code>{markup(brief(each))}</code>"
        for each in (finding.key, finding.field)
        if each is not None
    )
    lines = [
        f'<li class="finding {severity}">',
        f'<p class="what">{_tag(severity)}'
        f'<span class="message">{_quoted(brief(finding.message))}</span></p>',
        f'<p class="where"><code class="place">{markup(place(finding.location))}</code>{about}</p>',
    ]
    part = _excerpt(finding)
    if part is not None:
        cell = f"<mark>{markup(part.cell)}</mark>" if _has_cell(finding) else ""
        lines.append(
            f'<pre class="line"><span class="number">{finding.location.line}</span>'
            f"{_breakable(part.before)}{cell}{_breakable(part.after)}</pre>"
        )
    if finding.hint:
        fixable = '<span class="fixable"> (--fix does it)</span>' if finding.fixable else ""
        lines.append(f'<p class="hint">{_quoted(brief(finding.hint))}{fixable}</p>')
    if finding.related:
        places = ", ".join(
            f"<code>{markup(place(each))}</code>" for each in finding.related[:SHOWN_RELATED]
        )
        lines.append(f'<p class="related">see {places}</p>')
    lines.append(
        f"<details><summary><code>{markup(finding.code)}</code></summary>"
        f"{_manual(manual)}</details></li>"
    )
    return "".join(lines)


def _breakable(text: str) -> str:
    """Cells of a line, which may go on in the next one after a comma."""
    return markup(text).replace(",", ",<wbr>")


def _excerpt(finding: Finding) -> Excerpt | None:
    location = finding.location
    if finding.excerpt is None or location.line is None:
        return None
    return excerpt(finding.excerpt, location.column, location.end_column, LINE_ROOM)


def _has_cell(finding: Finding) -> bool:
    return finding.location.column is not None


def _manual(parts: Iterable[ManualPart]) -> str:
    said = [
        f"<p>{_quoted(part)}</p>"
        if isinstance(part, str)
        else "<ul>" + "".join(f"<li>{_quoted(item)}</li>" for item in part) + "</ul>"
        for part in parts
    ]
    return f'<div class="manual">{"".join(said)}</div>'


def _quoted(text: str) -> str:
    """What stands between backticks as code, where they are in pairs."""
    parts = markup(text).split("`")
    if len(parts) % 2 == 0:
        return markup(text)
    return "".join(
        f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts)
    )


def _data(
    findings: Iterable[Finding],
    counts: list[RuleCount],
    manuals: dict[str, list[ManualPart]],
) -> dict[str, Any]:
    """What report.js reads. Texts that come again are held once; -1 stands for none."""
    number = {(each.code, each.severity, each.fixable): n for n, each in enumerate(counts)}
    texts: dict[str, int] = {}

    def text(value: str | None) -> int:
        return -1 if value is None else texts.setdefault(value, len(texts))

    def spot(location: Location) -> list[int | None]:
        return [text(visible(path(location))), location.line, location.column]

    rows = []
    for each in findings:
        part = _excerpt(each)
        rows.append(
            [
                number[each.code, each.severity, each.fixable],
                *spot(each.location),
                text(each.table and visible(each.table)),
                text(None if each.key is None else brief(each.key)),
                text(None if each.field is None else brief(each.field)),
                text(brief(each.message)),
                text(brief(each.hint) or None),
                text(part.before if part else None),
                text(part.cell if part and _has_cell(each) else None),
                text(part.after if part else None),
                [spot(place_) for place_ in each.related[:SHOWN_RELATED]],
            ]
        )
    rules = [
        {
            "code": each.code,
            "severity": each.severity.value,
            "fixable": each.fixable,
            "manual": manuals.get(each.code, []),
        }
        for each in counts
    ]
    return {"texts": list(texts), "rules": rules, "findings": rows}
