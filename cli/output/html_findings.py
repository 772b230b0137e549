"""The findings of an HTML report: as markup, as the data that report.js reads, and what
narrows them down."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from relations.cli.output.capping import Capped
from relations.cli.output.escaping import brief, markup, visible
from relations.cli.output.excerpt import Excerpt, excerpt
from relations.cli.output.places import path, place
from relations.cli.output.statistics import RuleCount, by_table, counted
from relations.validators.described_rule import DescribedRule
from relations.validators.finding import Finding, Location, Report, Severity

WITHOUT_SCRIPT = 50
"""How many findings a reader without scripts sees."""
LINE_ROOM = 220
"""How many columns of a line stand around a cell."""
SHOWN_RELATED = 20

ManualPart = str | list[str]


def manual_parts(rule: DescribedRule) -> list[ManualPart]:
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


def section(
    report: Report,
    shown: Capped,
    counts: list[RuleCount],
    manuals: dict[str, list[ManualPart]],
) -> list[str]:
    """The list with its filters, the first findings written out; nothing where there is none."""
    if not report.findings:
        return []
    first = shown.shown[:WITHOUT_SCRIPT]
    total = len(report.findings) + sum(number for _, number in report.unlisted)
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
        f'<p class="what">{severity_tag(severity)}'
        f'<span class="message">{quoted(brief(finding.message))}</span></p>',
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
        lines.append(f'<p class="hint">{quoted(brief(finding.hint))}{fixable}</p>')
    if finding.related:
        places = ", ".join(
            f"<code>{markup(place(each))}</code>" for each in finding.related[:SHOWN_RELATED]
        )
        lines.append(f'<p class="related">see {places}</p>')
    lines.append(
        f"<details><summary><code>{markup(finding.code)}</code></summary>"
        f"{manual_markup(manual)}</details></li>"
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


def manual_markup(parts: Iterable[ManualPart]) -> str:
    said = [
        f"<p>{quoted(part)}</p>"
        if isinstance(part, str)
        else "<ul>" + "".join(f"<li>{quoted(item)}</li>" for item in part) + "</ul>"
        for part in parts
    ]
    return f'<div class="manual">{"".join(said)}</div>'


def quoted(text: str) -> str:
    """What stands between backticks as code, where they are in pairs."""
    parts = markup(text).split("`")
    if len(parts) % 2 == 0:
        return markup(text)
    return "".join(
        f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts)
    )


def data(
    report: Report,
    shown: Capped,
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
    for each in shown.shown:
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
    return {
        "total": len(report.findings) + sum(number for _, number in report.unlisted),
        "texts": list(texts),
        "rules": rules,
        "findings": rows,
    }


def severity_tag(severity: str) -> str:
    return f'<span class="severity-tag {severity}">{severity}</span>'
