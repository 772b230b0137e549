"""A digest is not a SHA-256 digest in small hexadecimal letters.

A digest shows that a text is still the one that was cited. It has 64 characters, `0` to `9`
and `a` to `f`, as `sha256sum` and `relations cite` print it. A shorter or longer one is of
another kind or was cut off.
"""

from __future__ import annotations

import re

from relations.validators.example import Cell, Expect, bad
from relations.validators.finding import Severity
from relations.validators.rule import BadCell, Rule

LENGTH = 64
OTHERS = {32: "MD5", 40: "SHA-1", 56: "SHA-224", 96: "SHA-384", 128: "SHA-512"}


def explain(cell: BadCell) -> tuple[str, str]:
    plain = re.sub(r"(?i)^(?:sha-?256[:=]?|0x)\s*", "", cell.value.strip())
    lower = re.sub("[ :]", "", plain).lower()
    if re.fullmatch("[0-9a-f]{64}", lower):
        return "the digest is not written in 64 small hexadecimal letters", f"write `{lower}`"
    if not re.fullmatch("[0-9a-f]+", lower):
        return (
            "the digest has characters other than 0 to 9 and a to f",
            "it was damaged: take the SHA-256 digest anew",
        )
    message = f"the digest has {len(lower)} characters, and a SHA-256 digest has {LENGTH}"
    if len(lower) in OTHERS:
        return message, f"it is as long as an {OTHERS[len(lower)]} digest: take the SHA-256 digest"
    return message, "it was cut off or lengthened: take the SHA-256 digest anew"


RULE = Rule(
    code="malformed-digest",
    family="value",
    severity=Severity.ERROR,
    manual=__doc__,
    explain=explain,
    in_descriptor=True,
    bad=(
        bad(
            Cell("evidence", "C0030", "span_sha256", "14d11c0e"),
            expect=Expect("datapackage/evidence.csv", 31, "span_sha256", "14d11c0e"),
        ),
        bad(
            Cell("sources", "R0001", "sha256", "A" * 64),
            expect=Expect("datapackage/sources.csv", 2, "sha256", "A" * 64),
        ),
    ),
)
