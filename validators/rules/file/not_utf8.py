"""A file is not UTF-8.

Somebody saved it in an older encoding, usually from a spreadsheet, and every letter beyond
English has become something else: `Reykjavík` or `Əliyev` cannot be read. The finding names
the first byte that cannot be text in UTF-8, and the encoding that the file probably has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Replace, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule, in_file

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.table_file import TableFile

# Bytes that Windows-1252 leaves empty and Mac Roman gives to letters.
_NOT_WINDOWS = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_LETTER_RUNS = re.compile(rb"[\x80-\xff]+")
_WORD = re.compile(r"\w*[^\W\x00-\x7f]\w*")


def find(_: Package, file: TableFile) -> Iterator[Fault]:
    if file.undecodable:
        line, column, value = file.undecodable
        yield Fault(
            f"byte 0x{value:02X} is not UTF-8",
            _hint(file),
            table=file.table,
            file=file.name,
            line=line,
            column=column,
            value=f"0x{value:02X}",
        )


def _hint(file: TableFile) -> str:
    name, codec = guessed(file.sample)
    hint = f"save the file as UTF-8; it is probably {name}"
    word = _WORD.search(file.sample.decode(codec, "replace")) if codec else None
    return f"{hint}, in which this word reads `{word[0]}`" if word else hint


def guessed(data: bytes) -> tuple[str, str]:
    """What a file that is no UTF-8 probably is: a name for people, and Python's name for it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data.count(0) * 4 > len(data):
        return "UTF-16", "utf-16"
    runs = _LETTER_RUNS.findall(data)
    # In Cyrillic whole words lie beyond ASCII, in a Latin script a letter here and there.
    if sum(map(len, runs)) > 3 * len(runs):
        return "Windows-1251", "cp1251"
    if _NOT_WINDOWS.search(data):
        return "Mac Roman", "mac_roman"
    return "Windows-1252", "cp1252"


RULE = Rule(
    code="not-utf8",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find_in=in_file(find),
    in_descriptor=True,
    good=(good(Replace("datapackage/statements.csv", b"warm.", "wärm.".encode())),),
    bad=(
        bad(
            Replace("datapackage/statements.csv", b"warm.", "wärm.".encode("cp1252")),
            expect=Expect("datapackage/statements.csv", 3, None, "0xE4"),
        ),
    ),
)
