"""The generated parts of pages that people write: what stands between two markers.

    <!-- relations:tables -->
    …
    <!-- /relations:tables -->

Everything else on the page is left as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from relations.validators.registry import RULES
from relations.validators.rule import FAMILIES, Rule

PAGES = ("README.md", "validators/rules/README.md")
"""The pages of a package that may have generated parts."""

ELSEWHERE = ("benchmark",)
"""Parts that are measured, not derived: tests/benchmarks/run.py writes them, and they stay."""

_PART = re.compile(r"(<!-- relations:(\w+) -->\n).*?(<!-- /relations:\2 -->)", re.DOTALL)


def refreshed(page: str, descriptor: dict[str, Any]) -> str:
    """The page with every generated part made anew. An unknown part raises KeyError."""

    def make(match: re.Match[str]) -> str:
        if match[2] in ELSEWHERE:
            return match[0]
        return match[1] + PARTS[match[2]](descriptor) + match[3]

    return _PART.sub(make, page)


def tables(descriptor: dict[str, Any]) -> str:
    """The tables of the package with their rows and what they hold."""
    lines = ["| table | rows | what a row is |", "|---|---:|---|"]
    for resource in descriptor["resources"]:
        what = resource["description"].rstrip(".")
        lines.append(f"| [{resource['name']}]({resource['path']}) | {resource['rows']} | {what} |")
    return "\n".join(lines) + "\n"


def families(_: dict[str, Any]) -> str:
    """How many rules each family has."""
    count = Counter(rule.family for rule in RULES)
    said = ", ".join(f"{family} {count[family]}" for family in FAMILIES if count[family])
    return f"{len(RULES)} rules: {said}.\n"


def rules(_: dict[str, Any]) -> str:
    """Every rule: a table of all, then each with its manual and examples."""
    parts = [
        "| code | family | severity | fixable | in the descriptor |",
        "|---|---|---|---|---|",
    ]
    parts += [
        f"| [`{rule.code}`](#{rule.code}) | {rule.family} | {rule.severity.value} "
        f"| {_yes(rule.fixable)} | {_yes(rule.in_descriptor)} |"
        for rule in RULES
    ]
    for rule in RULES:
        parts += ["", f"### {rule.code}", "", manual(rule).rstrip("\n")]
    return "\n".join(parts) + "\n"


def manual(rule: Rule) -> str:
    """One rule, explained: title, reasons, examples. Markdown."""
    text = rule.manual.strip()
    facts = [f"{rule.family} rule", rule.severity.value]
    if rule.fixable:
        facts.append("fixable with `--fix`")
    if rule.in_descriptor:
        facts.append("any Data Package tool can find it")
    lines = [text, "", f"*{', '.join(facts)}*"]
    if rule.bad:
        lines += ["", "Bad:", ""]
        for example in rule.bad:
            edits = "; ".join(str(edit) for edit in example.edits)
            places = ", ".join(
                f"{each.file}"
                + (f":{each.line}" if each.line else "")
                + (f" {each.field}" if each.field else "")
                for each in example.expect
            )
            lines.append(f"- {edits} → {places}")
    if rule.good:
        lines += ["", "Good:", ""]
        lines += ["- " + "; ".join(str(edit) for edit in each.edits) for each in rule.good]
    return "\n".join(lines) + "\n"


def _yes(value: bool) -> str:
    return "yes" if value else ""


PARTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "tables": tables,
    "families": families,
    "rules": rules,
}
