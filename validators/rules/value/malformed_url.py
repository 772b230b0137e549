"""An address is not a whole web address.

A whole address begins with `http://` or `https://`, names a host, and has no space in it. A
reader, and a program, can then open it as it stands.
"""

from __future__ import annotations

import re

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import BadCell, Rule


def explain(cell: BadCell) -> tuple[str, str]:
    meant = _meant(cell.value)
    if meant and re.fullmatch((cell.column.pattern or "")[1:-1], meant):
        hint = f"did you mean `{meant}`?"
    elif re.search(r"https?://\S+\s+https?://", cell.value):
        hint = "give one address, the one at which it was published"
    else:
        hint = "write it in full, as in `https://example.org/article`"
    return f"`{cell.value}` is not a web address", hint


def _meant(value: str) -> str | None:
    plain = value.strip().strip("<>\"'")
    if link := re.fullmatch(r"\[[^\]]*\]\(([^)\s]+)\)", plain):
        plain = link[1]
    if doi := re.fullmatch(r"(?i)(?:doi:\s*)?(10\.[0-9]{4,9}/\S+)", plain):
        return f"https://doi.org/{doi[1]}"
    if match := re.fullmatch(r"(?i)(https?)\s*[:;]?\s*[/\\]+\s*(\S.*)", plain):
        plain = f"{match[1].lower()}://{match[2]}"
    elif re.fullmatch(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:[/?#].*)?", plain):
        plain = f"https://{plain}"
    else:
        return None
    return plain.replace(" ", "%20") if "://" not in plain[8:] else None


RULE = Rule(
    code="malformed-url",
    family="value",
    severity=Severity.ERROR,
    manual=__doc__,
    explain=explain,
    in_descriptor=True,
    good=(good(Cell("sources", "R0001", "url", "http://example.org/?page=3#top")),),
    bad=(
        bad(
            Cell("sources", "R0001", "url", "www.example.org/chronicle"),
            expect=Expect("datapackage/sources.csv", 2, "url", "www.example.org/chronicle"),
        ),
        bad(
            Cell("sources", "R0001", "url", "https://example.org/a chronicle"),
            expect=Expect("datapackage/sources.csv", 2, "url", "https://example.org/a chronicle"),
        ),
    ),
)
