"""Files made to break a reader: each gives its finding, in bounded time and memory.

Each is checked in a process of its own, which has two minutes for what takes seconds, and asks
nothing of the network. Many were found to take minutes, or gigabytes, once. `RELATIONS_HOSTILE=all`
adds those that take long.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.editing import EXAMPLE_PACKAGE, read_table, write_table
from support.watched import watched_apart

MIB = 1024**2
VISITS = EXAMPLE_PACKAGE / "datapackage" / "visits.csv"
TEXT = VISITS.read_text("utf-8")
HEADER, FIRST, *REST = TEXT.splitlines()
DESCRIPTOR: dict[str, Any] = json.loads((EXAMPLE_PACKAGE / "datapackage.json").read_text("utf-8"))
STALE = ("descriptor-stale", "datapackage.json")
AT = "datapackage/visits.csv"
EVIDENCE = "datapackage/evidence.csv"

ORPHANS = [
    ("unknown-reference", "datapackage/agreements.csv", 2),
    ("unknown-reference", "datapackage/engagements.csv", 2),
    ("unknown-reference", "datapackage/engagements.csv", 3),
    *(("evidence-of-unknown-row", EVIDENCE, line) for line in (*range(19, 40), 80)),
    ("unknown-reference", "datapackage/participants.csv", 6),
    ("unknown-reference", "datapackage/participants.csv", 7),
]
"""What is said where there are no visits."""

Make = Callable[[Path], object]


def visits(data: bytes) -> Make:
    return lambda root: (root / AT).write_bytes(data)


def titled(title: str) -> Make:
    """The first visit with another title, as it stands in the file."""
    cells = FIRST.split(",")
    cells[1] = title
    return visits("\n".join([HEADER, ",".join(cells), *REST, ""]).encode("utf-8"))


def descriptor(text: str) -> Make:
    return lambda root: (root / "datapackage.json").write_text(text, "utf-8")


def with_members(**members: object) -> Make:
    return descriptor(json.dumps({**DESCRIPTOR, **members}))


def with_pattern() -> Make:
    """A constraint that takes a reader of regular expressions for ever."""
    content = json.loads(json.dumps(DESCRIPTOR))
    field = content["resources"][5]["schema"]["fields"][1]
    field["constraints"] = {"pattern": "(a+)+$"}

    def make(root: Path) -> None:
        titled("a" * 60 + "!")(root)
        descriptor(json.dumps(content))(root)

    return make


def with_schema(schema: object) -> Make:
    resources = json.loads(json.dumps(DESCRIPTOR["resources"]))
    resources[5]["schema"] = schema
    return with_members(resources=resources)


def suppressions(text: str) -> Make:
    return lambda root: (root / "relations.toml").write_text(text, "utf-8")


def source(data: bytes) -> Make:
    return lambda root: (root / "seeds" / "R0001.txt").write_bytes(data)


def cell(table: str, column: str, value: str) -> Make:
    """Another value in the first row of a table."""

    def make(root: Path) -> None:
        rows = read_table(root, table)
        rows[0][column] = value
        write_table(root, table, rows)

    return make


def lines(*of: str) -> Make:
    return visits("\n".join([HEADER, *of, ""]).encode("utf-8"))


def many(count: int, broken: str = "", at: int = -1) -> list[str]:
    """So many visits, of which one may be broken."""
    start = FIRST.partition(",")[2]
    return [f"V{n:06},{broken if n == at else ''}{start}" for n in range(1, count + 1)]


def passages(root: Path) -> None:
    """Each row of evidence cites nearly the whole of a text of 2 MB."""
    text = "x" * 2_000_000
    (root / "seeds" / "R0001.txt").write_text(text, "utf-8")
    sources, evidence = read_table(root, "sources"), read_table(root, "evidence")
    sources[0] |= {
        "sha256": hashlib.sha256(text.encode()).hexdigest(), "char_length": f"{len(text)}",
    }  # fmt: skip
    write_table(root, "sources", sources)
    cites = {**evidence[0], "span_sha256": "0" * 64}
    write_table(
        root,
        "evidence",
        [
            {
                **cites,
                "evidence_id": f"C{n:06}",
                "char_start": f"{n}",
                "char_end": f"{len(text) - n}",
            }
            for n in range(1, 20_001)
        ],
    )


CASES: dict[str, tuple[Make, list[tuple[str, str, int | None]]]] = {
    "NUL": (titled("a\0b"), [("control-character", AT, 2)]),
    "invalid UTF-8": (
        visits(TEXT.encode("utf-8").replace(b"Tallinn", b"Tall\xffinn", 1)),
        [("not-utf8", AT, 2)],
    ),
    "UTF-16": (visits(TEXT.encode("utf-16")), [("not-utf8", AT, 1)]),
    "UTF-16 without a mark": (visits(TEXT.encode("utf-16-le")), [("not-utf8", AT, 4)]),
    "a lone quotation mark": (titled('"State'), [("unclosed-quote", AT, 2)]),
    "ten thousand lone quotation marks": (titled('a"' * 10_000), [("stray-quote", AT, 2)]),
    "a lone quotation mark at the end": (
        visits(TEXT.encode("utf-8") + b'"'),
        [("no-final-newline", AT, 6), ("unclosed-quote", AT, 6)],
    ),
    "a cell of 20 MB": (titled("x" * 20 * MIB), []),
    "a million columns": (
        visits((",".join(f"c{n}" for n in range(1_000_000)) + "\n").encode()),
        [("unreadable-header", AT, 1)],
    ),
    "a million columns beside ours": (
        visits((",".join([HEADER, *(f"c{n}" for n in range(1_000_000))]) + "\n").encode()),
        [("unreadable-header", AT, 1)],
    ),
    "a header of 10 MB": (visits(b"x" * 10 * MIB + b"\n"), [("unreadable-header", AT, 1)]),
    "nothing": (visits(b""), [("empty-file", AT, None)]),
    "a million blank lines": (
        visits(TEXT.encode("utf-8") + b"\n" * 1_000_000),
        [("blank-row", AT, 6)],
    ),
    "ten million blank lines": (
        visits(TEXT.encode("utf-8") + b"\n" * 10_000_000),
        [("blank-row", AT, 6)],
    ),
    "five million lines of Windows that are blank": (
        visits(TEXT.encode("utf-8") + b"\r\n" * 5_000_000),
        [("blank-row", AT, 6), ("carriage-return", AT, 6)],
    ),
    # Of what is wrong in one way with so many rows, 20,000 are listed, and the others counted.
    "300,000 rows with a stray mark": (
        lines(*['V,"a"b'] * 300_000),
        [("stray-quote", AT, n) for n in range(2, 20_002)],
    ),
    "a million rows of one cell": (
        visits(TEXT.encode("utf-8") + b"a\n" * 1_000_000),
        [("ragged-row", AT, n) for n in range(6, 20_006)],
    ),
    "bidi": (titled("a\u202eb"), [("invisible-character", AT, 2)]),
    "zero width": (titled("a\u200bb"), [("invisible-character", AT, 2)]),
    "astral": (titled("\U0001f600 \U00020000"), []),
    "ends of lines of every kind": (
        titled('"a\x0bb\x0cc\x85d\u2028e\u2029f\rg"'),
        [("control-character", AT, 2)],
    ),
    "only a header": (visits(HEADER.encode() + b"\n"), ORPHANS),
    "a header with names of 10,000 characters": (
        visits(",".join(["visit_id", *(f"{n:010000}" for n in range(900))]).encode() + b"\n"),
        [("unreadable-header", AT, 1)],
    ),
    "a lone quotation mark in the first line": (
        visits(b'"' + TEXT.encode("utf-8")),
        [("unclosed-quote", AT, 1)],
    ),
    "marks that open on every line": (
        lines(*(f'V{n:06},a","b' for n in range(1, 20_001))),
        [("unclosed-quote", AT, n) for n in range(2, 20_002)],
    ),
    "ten thousand columns of one name": (
        visits((HEADER + ",a" * 10_000 + "\n").encode()),
        [("unreadable-header", AT, 1)],
    ),
    "a number of a thousand digits": (
        cell("evidence", "char_start", "9" * 1000),
        [("not-a-number", EVIDENCE, 2)],
    ),
    "a range of 10^17 characters": (
        cell("evidence", "char_end", f"{10**17}"),
        [("span-outside-source", EVIDENCE, 2)],
    ),
    "a range of 10^18 characters": (
        cell("evidence", "char_end", f"{10**18}"),
        [("not-a-number", EVIDENCE, 2)],
    ),
    "a range below zero": (
        cell("evidence", "char_start", f"-{10**18}"),
        [("not-a-number", EVIDENCE, 2)],
    ),
    "a name of a megabyte": (cell("officials", "name", "x" * MIB), []),
    "a name of 100,000 words": (cell("officials", "name", "ab " * 100_000 + "ab"), []),
    "a date of 5 MB": (
        cell("visits", "start_date", "9" * 5 * MIB),
        [("malformed-date", AT, 2)],
    ),
    "a million addresses in one": (
        cell("sources", "url", "x " + "http://" * MIB),
        [("malformed-url", "datapackage/sources.csv", 2)],
    ),
    "a number with a million spaces in it": (
        cell("agreements", "number_of_instruments", f"1{' ' * MIB}x"),
        [("not-a-number", "datapackage/agreements.csv", 2)],
    ),
    "an id of 5 MB": (
        cell("visits", "session_id", "S" * 5 * MIB),
        [("unknown-reference", AT, 2)],
    ),
    "a term of 5 MB": (cell("visits", "status", "held" * MIB), [("unknown-term", AT, 2)]),
    "a letter with 400,000 marks": (
        titled("a" + "\u0301\u0327" * 200_000),
        [("not-nfc", AT, 2)],
    ),
    "an official with 400,000 marks": (
        cell("officials", "name", "a" + "\u0301\u0327" * 200_000),
        [("not-nfc", "datapackage/officials.csv", 2)],
    ),
    "JSON nested 100,000 deep": (
        descriptor('{"a":' * 100_000 + "1" + "}" * 100_000),
        [("descriptor-unreadable", "datapackage.json", None)],
    ),
    "JSON nested 101 deep": (
        with_members(more=json.loads("[" * 101 + "]" * 101)),
        [("descriptor-unreadable", "datapackage.json", None)],
    ),
    "JSON nested 100 deep": (with_members(more=json.loads("[" * 99 + "]" * 99)), []),
    "500,000 values within 900 lists": (
        descriptor('{"a":' + "[" * 900 + ",".join("1" * 500_000) + "]" * 900 + "}"),
        [("descriptor-unreadable", "datapackage.json", None)],
    ),
    "a name twice": (
        descriptor(json.dumps(DESCRIPTOR)[:-1] + ', "title": "Another"}'),
        [("repeated-json-key", "datapackage.json", 1)],
    ),
    "a name 20,000 times": (
        descriptor(json.dumps(DESCRIPTOR)[:-1] + ', "a": 1' * 20_001 + "}"),
        [("repeated-json-key", "datapackage.json", 1)] * 20_000,
    ),
    "20,000 nameless contributors": (
        with_members(contributors=[{}] * 20_000),
        [("descriptor-invalid", "datapackage.json", 1)] * 20_000,
    ),
    "half a million nameless contributors": (
        with_members(contributors=[{}] * 500_000),
        [("descriptor-unreadable", "datapackage.json", None)],
    ),
    "20,000 resources that lead out": (
        with_members(
            resources=[
                *DESCRIPTOR["resources"],
                *({"name": f"r{n}", "path": f"../r{n}.csv"} for n in range(20_000)),
            ]
        ),
        [
            (code, "datapackage.json", 1)
            for _ in range(20_000)
            for code in ("unknown-resource", "unsafe-path")
        ],
    ),
    "no number": (
        descriptor('{"name": NaN}'),
        [("descriptor-unreadable", "datapackage.json", 1)],
    ),
    "a number of 5,000 digits": (
        descriptor('{"name": ' + "9" * 5000 + "}"),
        [("descriptor-unreadable", "datapackage.json", 1)],
    ),
    "a descriptor of 50 MB": (
        descriptor('{"a": "' + "x" * 50 * MIB + '"}'),
        [("descriptor-unreadable", "datapackage.json", None)],
    ),
    "a pattern that never ends": (with_pattern(), [("schema-differs", "datapackage.json", 1)]),
    "a standard at an address": (
        with_members(**{"$schema": "http://127.0.0.1:9/schema.json"}),
        [("descriptor-invalid", "datapackage.json", 1)],
    ),
    "a standard in a file": (
        with_members(**{"$schema": "file:///etc/passwd"}),
        [("descriptor-invalid", "datapackage.json", 1)],
    ),
    "a reference to a file": (with_members(**{"$ref": "file:///etc/passwd"}), []),
    "a schema at an address": (
        with_schema("http://127.0.0.1:9/schema.json"),
        [("schema-differs", "datapackage.json", 1)],
    ),
    "a schema in a file": (
        with_schema("/etc/passwd"),
        [("schema-differs", "datapackage.json", 1)],
    ),
    "a profile at an address": (with_members(profile="http://127.0.0.1:9/profile.json"), []),
    "suppressions of 10 MB": (
        suppressions('[[suppress]]\nrule = "' + "x" * 10 * MIB + '"\n'),
        [("suppression-unreadable", "relations.toml", None)],
    ),
    "suppressions nested 100,000 deep": (
        suppressions("a = " + "[" * 100_000 + "]" * 100_000),
        [("suppression-unreadable", "relations.toml", None)],
    ),
    "a name of 200,000 parts": (
        suppressions("a." * 200_000 + "a = 1\n"),
        [("suppression-unreadable", "relations.toml", 1)],
    ),
    "a number of 10,000 digits": (
        suppressions(f"a = {'9' * 10_000}\n"),
        [("suppression-unreadable", "relations.toml", None)],
    ),
    "20,000 unknown settings": (
        suppressions("".join(f"a{n} = 1\n" for n in range(20_000))),
        [("suppression-unreadable", "relations.toml", n) for n in range(1, 20_001)],
    ),
    "20,000 entries": (
        suppressions('[[suppress]]\nrule = "x"\n' * 20_000),
        [
            (code, "relations.toml", line)
            for line in range(1, 40_001, 2)
            for code in ("suppression-without-reason", "unknown-rule-suppressed")
        ],
    ),
    "60,000 headings in a text": (
        suppressions(
            "[[suppress]]\nrule = 'x'\nreason = '''\n" + "[[suppress]]\n" * 60_000 + "'''\n"
        ),
        [("unknown-rule-suppressed", "relations.toml", 1)],
    ),
    "a source that is no text": (
        source(bytes(range(256)) * 400),
        [("source-text-differs", "datapackage/sources.csv", 2)],
    ),
}

LONG: dict[str, tuple[Make, list[tuple[str, str, int | None]]]] = {
    "a cell of 200 MB": (titled("x" * 200 * MIB), []),
    "a source of 200 MB": (
        source(b"x" * 200 * MIB),
        [("source-text-differs", "datapackage/sources.csv", 2)],
    ),
}

ASKED = {**CASES, **LONG} if os.environ.get("RELATIONS_HOSTILE") == "all" else CASES


@pytest.mark.parametrize(("make", "expected"), ASKED.values(), ids=ASKED)
def test_it_gives_its_finding_and_no_other(
    make: Make, expected: list[tuple[str, str, int | None]], tmp_path: Path
) -> None:
    root = tmp_path / "package"
    shutil.copytree(EXAMPLE_PACKAGE, root)
    make(root)
    size = sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
    asked = ("--no-cache", "--output-format", "json", "--as-of", "2026-01-01")
    done = watched_apart(root, "check", str(root), *asked)
    report = json.loads(done.out)
    found = [
        (each["code"], each["location"]["file"], each["location"]["line"])
        for each in report["findings"]
        # That a file is not as the descriptor counts it is said of whatever was changed.
        if (each["code"], each["location"]["file"]) != STALE
    ]
    assert found == expected
    assert report["failures"] == []
    errors = [each for each in report["findings"] if each["severity"] == "error"]
    assert (done.code, done.err) == (1 if errors else 0, "")
    assert done.asked == ()
    # A check of next to nothing takes 120 MB; a line takes more than its bytes to keep.
    assert 0 < done.peak < 300 * MIB + 150 * size


@pytest.mark.parametrize("at", [1, 50_000, 100_000])
def test_a_lone_quotation_mark_among_100_000_lines_costs_its_line_alone(
    at: int, tmp_path: Path
) -> None:
    root = tmp_path / "package"
    shutil.copytree(EXAMPLE_PACKAGE, root)
    lines(*many(100_000, '"', at=at))(root)
    codes = "unclosed-quote,stray-quote,ragged-row,blank-row,missing-value,duplicate-key"
    done = watched_apart(root, "check", "--no-cache", "--output-format", "json", "--select", codes)
    report = json.loads(done.out)
    assert [(each["code"], each["location"]["line"]) for each in report["findings"]] == [
        ("unclosed-quote", at + 1)
    ]
    assert report["summary"]["rows"] >= 99_999
    assert (done.code, done.err) == (1, "")
    assert 0 < done.peak < 500 * MIB
