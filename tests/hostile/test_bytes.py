"""Files made to break a reader: each gives its finding, in bounded time and memory.

Each is checked in a process of its own, which has two minutes. `RELATIONS_HOSTILE=all` adds those
that take long.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.editing import EXAMPLE_PACKAGE
from support.watched import watched_apart

MIB = 1024**2
VISITS = EXAMPLE_PACKAGE / "datapackage" / "visits.csv"
TEXT = VISITS.read_text("utf-8")
HEADER, FIRST, *REST = TEXT.splitlines()
DESCRIPTOR: dict[str, Any] = json.loads((EXAMPLE_PACKAGE / "datapackage.json").read_text("utf-8"))
STALE = ("descriptor-stale", "datapackage.json")
AT = "datapackage/visits.csv"

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


def suppressions(text: str) -> Make:
    return lambda root: (root / "relations.toml").write_text(text, "utf-8")


def source(data: bytes) -> Make:
    return lambda root: (root / "seeds" / "R0001.txt").write_bytes(data)


def long_number(root: Path) -> None:
    path = root / "datapackage" / "evidence.csv"
    path.write_text(path.read_text("utf-8").replace("R0001,84,", f"R0001,{'9' * 1000},", 1))


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
    "bidi": (titled("a\u202eb"), [("invisible-character", AT, 2)]),
    "zero width": (titled("a\u200bb"), [("invisible-character", AT, 2)]),
    "astral": (titled("\U0001f600 \U00020000"), []),
    "ends of lines of every kind": (
        titled('"a\x0bb\x0cc\x85d\u2028e\u2029f\rg"'),
        [("control-character", AT, 2)],
    ),
    "a number of a thousand digits": (
        long_number,
        [("not-a-number", "datapackage/evidence.csv", 2)],
    ),
    "JSON nested 100,000 deep": (
        descriptor('{"a":' * 100_000 + "1" + "}" * 100_000),
        [("descriptor-unreadable", "datapackage.json", None)],
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
    "a profile at an address": (with_members(profile="http://127.0.0.1:9/profile.json"), []),
    "suppressions of 10 MB": (
        suppressions('[[suppress]]\nrule = "' + "x" * 10 * MIB + '"\n'),
        [("suppression-unreadable", "relations.toml", None)],
    ),
    "suppressions nested 100,000 deep": (
        suppressions("a = " + "[" * 100_000 + "]" * 100_000),
        [("suppression-unreadable", "relations.toml", None)],
    ),
    "a source that is no text": (
        source(bytes(range(256)) * 400),
        [("source-text-differs", "datapackage/sources.csv", 2)],
    ),
}

LONG: dict[str, tuple[Make, list[tuple[str, str, int | None]]]] = {
    "a cell of 200 MB": (titled("x" * 200 * MIB), []),
    "ten million blank lines": (
        visits(TEXT.encode("utf-8") + b"\n" * 10_000_000),
        [("blank-row", AT, 6)],
    ),
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
