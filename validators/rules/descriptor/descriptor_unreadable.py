"""The descriptor cannot be read.

`datapackage.json` is broken as JSON, is no object, or is not UTF-8, so nothing of what it says
is known. The tables are then looked for where convention has them, `datapackage/visits.csv`
and so on, and judged there; the other rules about the descriptor are skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Replace, Write, bad
from relations.validators.finding import Severity
from relations.validators.package.files import DESCRIPTOR
from relations.validators.rule import Fault, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package


IN_WORDS = {
    "Expecting value": "a value should stand here",
    "Expecting property name enclosed in double quotes": "a name in double quotation marks should "
    "stand here; perhaps there is a comma too many before it",
    "Illegal trailing comma before end of object": "a comma stands before the closing brace",
    "Illegal trailing comma before end of array": "a comma stands before the closing bracket",
    "Expecting ':' delimiter": "a colon should stand here",
    "Expecting ',' delimiter": "a comma, or the end of the list or object, should stand here",
    "Extra data": "something stands after the end of the object",
    "Unterminated string starting at": "the quotation mark that opens here is never closed",
    "Invalid control character at": "a line end or a tab stands within quotation marks",
    "Invalid \\escape": "a backslash stands before a character that needs none",
    "Invalid \\escape: ": "a backslash stands before a character that needs none",
    "Invalid \\uXXXX escape": "four hexadecimal digits should follow here",
}
"""What Python's parser of JSON says, for readers."""


def find(package: Package) -> Iterator[Fault]:
    descriptor = package.descriptor
    if descriptor.fault:
        yield Fault(
            f"the descriptor cannot be read: {IN_WORDS.get(descriptor.fault, descriptor.fault)}",
            "correct it here, or take it from an earlier version",
            file=descriptor.name,
            line=descriptor.line,
            column=descriptor.column,
        )


RULE = Rule(
    code="descriptor-unreadable",
    family="descriptor",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    in_descriptor=True,
    bad=(
        bad(
            Replace(DESCRIPTOR, b'"version": "1.0.0",', b'"version": "1.0.0"'),
            built=False,
            expect=Expect(DESCRIPTOR, 7),
        ),
        bad(Write(DESCRIPTOR, b"[]\n"), built=False, expect=Expect(DESCRIPTOR)),
        bad(
            Replace(DESCRIPTOR, b"Invented chronicle", "Chronicle Í".encode("cp1252")),
            built=False,
            expect=Expect(DESCRIPTOR, 24),
        ),
    ),
)
