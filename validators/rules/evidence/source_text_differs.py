"""The text of a source is not the one that `sources` describes.

Its digest or its length is another: a later version of the article, a file saved anew with other
line ends, or a slip in the row. Where the digest differs, no passage of it is judged, since all
of them may have moved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from relations.validators.example import Cell, Expect, Replace, bad
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package
    from relations.validators.package.sources import CitedSource

BOM = b"\xef\xbb\xbf"


def find(package: Package) -> Iterator[Fault]:
    # Row by row: a file is looked for.
    for source in package.cited_sources.values():
        if source.digest_differs:
            yield _other_text(source)
        elif source.length_differs:
            yield _other_length(source)


def _other_text(source: CitedSource) -> Fault:
    assert source.found is not None
    length = ""
    if source.length_differs:
        length = f" and {len(source.found.text or '')} characters, not {source.length}"
    return Fault(
        f"`{source.file}` in the seeds folder has the digest {source.found.sha256}{length}: "
        f"it is not the text that was cited",
        _what_would_be_right(source),
        table="sources",
        row=source.row,
        field="sha256",
        value=source.sha256,
    )


def _what_would_be_right(source: CitedSource) -> str:
    assert source.found is not None
    data = source.found.data
    for name, other in (
        ("without its byte-order mark", data.removeprefix(BOM)),
        ("with LF alone as line end", data.replace(b"\r\n", b"\n")),
        ("with CRLF as line end", data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")),
    ):
        if hashlib.sha256(other).hexdigest() == source.sha256:
            return f"save the file {name}: then it is the text that was cited"
    return (
        "put the text that was cited there, or state this one's digest and length "
        "and look up every passage again"
    )


def _other_length(source: CitedSource) -> Fault:
    assert source.found is not None
    assert source.found.text is not None
    length = len(source.found.text)
    return Fault(
        f"`{source.file}` in the seeds folder has {length} characters, not {source.length}",
        f"char_length is {length}: characters are counted, not bytes",
        table="sources",
        row=source.row,
        field="char_length",
        value=str(source.length),
    )


RULE = Rule(
    code="source-text-differs",
    family="evidence",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=("sources.source_id", "sources.file"),
    bad=(
        bad(
            Replace("seeds/R0001.txt", b"On the eleventh", b"On  the eleventh"),
            expect=Expect(
                "datapackage/sources.csv",
                2,
                "sha256",
                "94d3e3314868452f15250a6dd86a0d4e8525904fcd7d139e019fbaa2469e6f4c",
            ),
        ),
        bad(
            Cell("sources", "R0001", "char_length", "1069"),
            expect=Expect("datapackage/sources.csv", 2, "char_length", "1069"),
        ),
    ),
)
