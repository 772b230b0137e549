"""All that the page of a package shows, as frozen values; the command line renders them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from relations.schemas.tables import TABLES
from relations.validators.browsing.citation import CITATION_FILE, Citation, citation
from relations.validators.browsing.meetings import Meeting, Pair, meetings, pairs
from relations.validators.browsing.people import Person, people
from relations.validators.browsing.records import Record, Table
from relations.validators.browsing.tables import Library, library
from relations.validators.browsing.timeline import Timeline, timeline
from relations.validators.building import codebook, licence_file
from relations.validators.building.codebook import Codebook, describe
from relations.validators.finding import Report
from relations.validators.package.files import DESCRIPTOR, Unreadable, UnsafePath, read_regular
from relations.validators.package.package import Package
from relations.validators.packing.release import default_name, release_bytes
from relations.validators.stop import CannotDo, NotChecked, NotSound

DATA_FOLDER, EXPORT_FOLDER = "data", "exports"
"""Where the site keeps the package itself and the exports of it."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file that the site offers: its name, its address within the site, and its bytes."""

    name: str
    address: str
    data: bytes
    what: str
    rows: int | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence of the package."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Facts:
    """How many facts rest on what: evidence rows by basis, stance and voice."""

    evidence: int
    stated: int
    inferred: int
    contradicting: int
    voices: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Site:
    """One package, ready to be rendered."""

    name: str
    title: str
    description: str
    version: str
    homepage: str
    licences: tuple[Licence, ...]
    keywords: tuple[str, ...]
    as_of: dt.date
    report: Report
    tables: tuple[Table, ...]
    timeline: Timeline
    people: tuple[Person, ...]
    meetings: tuple[Meeting, ...]
    pairs: tuple[Pair, ...]
    topics: tuple[tuple[str, tuple[Record, ...]], ...]
    facts: Facts
    codebook: Codebook
    citation: Citation
    files: tuple[Download, ...]
    release: Download | None
    """All in one zip, the same as `relations pack` writes; None where that would refuse."""
    why_no_release: str
    """Why it would, in one line; empty where it would not."""
    exports: tuple[Download, ...]
    with_passages: bool

    def table(self, name: str) -> Table:
        """One table."""
        return next(table for table in self.tables if table.name == name)


def gather(
    report: Report,
    package: Package,
    *,
    exports: Path | None = None,
    with_passages: bool = False,
) -> Site:
    """What the page of a package shows: ``report`` and ``package`` are of one check.

    ``exports`` is a folder whose files are offered for download as well. Raises OSError or
    Unreadable where it cannot be read.
    """
    content = package.descriptor.content
    rows = library(package, with_passages=with_passages)
    met = meetings(rows)
    release, refusal = _release(report, package)
    return Site(
        name=report.name,
        title=_text(content.get("title")) or report.name or package.descriptor.name,
        description=_text(content.get("description")),
        version=report.version,
        homepage=_text(content.get("homepage")),
        licences=tuple(_licences(content.get("licenses"))),
        keywords=tuple(each for each in _list(content.get("keywords")) if isinstance(each, str)),
        as_of=package.as_of,
        report=report,
        tables=tuple(rows.tables.values()),
        timeline=timeline(rows, package.as_of),
        people=people(rows, met, package.as_of),
        meetings=met,
        pairs=pairs(met),
        topics=tuple(_topics(rows)),
        facts=_facts(rows),
        codebook=_codebook(package),
        citation=citation(package.source, content),
        files=tuple(_files(package)),
        release=release,
        why_no_release=refusal,
        exports=tuple(_exports(exports)),
        with_passages=with_passages,
    )


def _topics(rows: Library) -> Iterable[tuple[str, tuple[Record, ...]]]:
    """The statements by topic, the most frequent first."""
    found: dict[str, list[Record]] = {}
    for record in rows.records("statements"):
        found.setdefault(record.value("topic"), []).append(record)
    for topic in sorted(found, key=lambda each: (-len(found[each]), each)):
        yield topic, tuple(found[topic])


def _facts(rows: Library) -> Facts:
    evidence = rows.records("evidence")
    basis = Counter(record.value("basis") for record in evidence)
    voices = Counter(record.value("voice") for record in evidence)
    return Facts(
        evidence=len(evidence),
        stated=basis["stated"],
        inferred=basis["inferred"],
        contradicting=sum(record.value("stance") == "contradicts" for record in evidence),
        voices=tuple(sorted(voices.items(), key=lambda each: (-each[1], each[0]))),
    )


def _codebook(package: Package) -> Codebook:
    import polars as pl

    return describe(
        package.descriptor.content,
        {table: package.descriptor.path_of(table) for table in TABLES},
        {
            table: package.files[table].frame if table in package.files else pl.DataFrame()
            for table in TABLES
        },
    )


def _files(package: Package) -> Iterable[Download]:
    descriptor = package.descriptor
    yield Download(
        DESCRIPTOR,
        f"{DATA_FOLDER}/{DESCRIPTOR}",
        descriptor.data,
        "The descriptor: every table and column, for any Data Package tool",
    )
    for table in TABLES:
        file = package.files.get(table)
        if file:
            yield Download(
                file.name,
                f"{DATA_FOLDER}/{file.name}",
                file.data,
                f"The table {table}",
                file.frame.height,
            )
    for name, what in _BESIDE.items():
        try:
            data = package.source.read(name)
        except (FileNotFoundError, Unreadable, UnsafePath):
            # Offered where it is there; the citation says what is wrong with it.
            continue
        yield Download(name, f"{DATA_FOLDER}/{name}", data, what)


_BESIDE = {
    codebook.FILE: "The codebook: every table, column and term",
    licence_file.FILE: "The licence of the data",
    CITATION_FILE: "How to cite, for machines",
}


def _release(report: Report, package: Package) -> tuple[Download | None, str]:
    """The zip, or why there is none: a page may be built of what is not fit to be released."""
    try:
        data = release_bytes(report, package)
    except (CannotDo, NotChecked, NotSound) as error:
        return None, str(error)
    name = default_name(report)
    return Download(name, name, data, "Everything in one zip"), ""


def _exports(folder: Path | None) -> Iterable[Download]:
    for path in sorted(folder.rglob("*")) if folder else ():
        name = path.relative_to(folder or path).as_posix()
        if path.is_file() and not any(part.startswith(".") for part in name.split("/")):
            yield Download(
                name,
                f"{EXPORT_FOLDER}/{name}",
                read_regular(path),
                _KINDS.get(path.suffix.lower(), "An export"),
            )


_KINDS = {
    ".sqlite": "SQLite database",
    ".db": "SQLite database",
    ".parquet": "Parquet table",
    ".xlsx": "Excel workbook",
    ".jsonld": "JSON-LD",
    ".json": "JSON",
    ".csv": "CSV table",
    ".zip": "Zip archive",
}


def _licences(listed: object) -> Iterable[Licence]:
    for each in _list(listed):
        if isinstance(each, dict):
            title = _text(each.get("title")) or _text(each.get("name"))
            if title:
                yield Licence(title, _text(each.get("path")))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
