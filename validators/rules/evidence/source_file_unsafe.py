"""The file of a source is no plain file name, or leads out of the seeds folder.

`file` is the name of a file directly in the seeds folder: no folders, no `..`, no drive. A link
there may not lead elsewhere either, and the `seeds/` of a package may be no link out of it:
whoever checks a package that others made must not have other files of the computer opened. Who
keeps the texts elsewhere says so with `--seeds` or RELATIONS_SEEDS.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Cell, Expect, bad
from relations.validators.finding import Severity
from relations.validators.package.sources import LEADS_OUT
from relations.validators.rule import Fault, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    # Row by row: a file is looked for.
    for source in package.cited_sources.values():
        reason = package.texts.unsafe.get(source.source_id)
        if reason:
            yield Fault(
                f"`{source.file}` {reason}",
                "if the folder is yours, name it with --seeds"
                if reason == LEADS_OUT
                else "give the bare name of a file that lies in the seeds folder",
                table="sources",
                row=source.row,
                field="file",
                value=source.file,
            )


RULE = Rule(
    code="source-file-unsafe",
    family="evidence",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=("sources.source_id", "sources.file"),
    bad=(
        bad(
            Cell("sources", "R0001", "file", "../seeds/R0001.txt"),
            expect=Expect("datapackage/sources.csv", 2, "file", "../seeds/R0001.txt"),
        ),
    ),
)
