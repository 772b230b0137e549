"""The text of a source is not present, so its passages cannot be verified.

The texts belong to their publishers and are no part of a package. Who has the document puts it
into the seeds folder, under the name that `file` gives (`--seeds` or RELATIONS_SEEDS name
another folder); then every passage is compared with its digest.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Expect, Remove, bad
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule
from relations.validators.searching.expressions import rows

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    texts = package.texts
    absent = [
        source
        for source in package.cited_sources.values()
        if source.file
        and source.found is None
        and source.source_id not in texts.unsafe
        and source.source_id not in texts.unreadable
    ]
    passages = _passages(package) if absent else {}
    for source in absent:
        many = passages.get(source.source_id, 0)
        yield Fault(
            f"the text `{source.file}` is not present: "
            f"{many} {'passage' if many == 1 else 'passages'} not verified",
            "who has the document puts it into the seeds folder under this name",
            table="sources",
            row=source.row,
            field="file",
            value=source.file,
        )


def _passages(package: Package) -> dict[str, int]:
    """How many rows of evidence cite each source."""
    if package.why_not("evidence.source_id"):
        return {}
    evidence = package.table("evidence").filter(~nw.col("source_id").is_null())
    counted = evidence.group_by("source_id").agg(nw.len().alias("cited"))
    return {row["source_id"]: row["cited"] for row in rows(counted)}


RULE = Rule(
    code="source-text-absent",
    family="evidence",
    severity=Severity.INFO,
    manual=__doc__,
    find=find,
    needs=("sources.source_id", "sources.file"),
    bad=(
        bad(
            Remove("seeds/R0001.txt"),
            expect=Expect("datapackage/sources.csv", 2, "file", "R0001.txt"),
        ),
    ),
)
