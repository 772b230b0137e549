"""The text of a source is present and cannot be read.

It is a folder, may not be opened, or is not UTF-8, so that its characters cannot be counted. A
document in another encoding, or a PDF, is saved as UTF-8 text first; `sha256` and `char_length`
are those of that text file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Cell, Expect, Write, bad
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    # Row by row: a file is looked for.
    for source in package.cited_sources.values():
        reason = package.texts.unreadable.get(source.source_id)
        # A file that is another than the one described need not be readable as well.
        if reason and not source.digest_differs:
            yield Fault(
                f"`{source.file}` in the seeds folder {reason}",
                "save the document there as UTF-8 text",
                table="sources",
                row=source.row,
                field="file",
                value=source.file,
            )


RULE = Rule(
    code="source-text-unreadable",
    family="evidence",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=("sources.source_id", "sources.file"),
    bad=(
        bad(
            Write("seeds/R0001.txt", b"Caf\xe9\n"),
            Cell(
                "sources",
                "R0001",
                "sha256",
                "852bd196ab733e9dd8242abbec7ac35471fa0c09201969485ea178e1130122ce",
            ),
            expect=Expect("datapackage/sources.csv", 2, "file", "R0001.txt"),
        ),
    ),
)
