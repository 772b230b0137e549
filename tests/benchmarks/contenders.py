"""Who is measured: the programs, and how what they found is told from what they write."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from measuring import Contender

PROGRAMS = Path(__file__).with_name("programs")
ROOT = Path(__file__).parents[2]
IGNORED = "uncited-row,uncited-cell"

RELATIONS = "relations check"
RELATIONS_CACHED = "relations check, from the cache"
RELATIONS_EDITED = "relations check, after an edit of {}"
EDITED = ("officials", "visits")
"""Tables of which one row is edited, a short one and the longest."""
RELATIONS_CLEAN = "relations check, nothing wrong"
RELATIONS_COMMON = "relations check, what frictionless checks too"
COMMON = (
    "missing-file",
    "unreadable-file",
    "empty-file",
    "not-utf8",
    "unreadable-header",
    "unclosed-quote",
    "stray-quote",
    "ragged-row",
    "blank-row",
    "duplicate-column",
    "unknown-column",
    "missing-column",
    "column-order",
    "descriptor-unreadable",
    "descriptor-stale",
    "missing-value",
    "malformed-id",
    "malformed-code",
    "malformed-numeric-code",
    "malformed-date",
    "malformed-list",
    "unknown-term",
    "not-a-number",
    "out-of-range",
    "malformed-url",
    "malformed-language",
    "malformed-wikidata-id",
    "malformed-digest",
    "duplicate-key",
    "unknown-reference",
)
"""The rules that a Table Schema states too: the form of a file, of a cell, keys and references."""
RELATIONS_WORST = "relations check, every row wrong"
POLARS = "polars reads the files"
POLARS_SCAN = "polars streams through the files"
DUCKDB = "DuckDB reads the files"
PANDERA = "the models in plain Pandera"
FRICTIONLESS = "frictionless validate"
TYPER = 'python -c "import typer"'
HELP = "relations --help"
IMPORT_PANDERA = 'python -c "import pandera.polars"'
OWN = "relations check, our package"
OWN_CACHED = "relations check, our package from the cache"
OWN_FRICTIONLESS = "frictionless validate, our package"

FINDINGS = (0, 1)
"""Exit codes of a check that was made."""

Place = tuple[str, int, str]
"""File, line and field."""


def script(name: str) -> str:
    """The command of that name beside this Python."""
    return str(Path(sys.executable).with_name(name))


def has_cache() -> bool:
    """Whether `relations check` can be told to do without a cache, and so has one."""
    said = subprocess.run(
        [script("relations"), "check", "--help"], capture_output=True, text=True, check=True
    )
    return "--no-cache" in said.stdout


def starting() -> list[Contender]:
    """What a command costs before it does anything, and a package of a few hundred rows."""
    no_cache = ["--no-cache"] if has_cache() else []
    own = [script("relations"), "check", str(ROOT), "--no-progress"]
    made = [
        Contender(TYPER, [sys.executable, "-c", "import typer"], primed=True),
        Contender(HELP, [script("relations"), "--help"], primed=True),
        Contender(IMPORT_PANDERA, [sys.executable, "-c", "import pandera.polars"], primed=True),
        Contender(OWN, [*own, *no_cache], FINDINGS, primed=True),
        Contender(
            OWN_FRICTIONLESS,
            [script("frictionless"), "validate", str(ROOT / "datapackage.json")],
            FINDINGS,
            primed=True,
        ),
    ]
    if no_cache:
        made.append(Contender(OWN_CACHED, own, FINDINGS, primed=True))
    return made


def checking(package: Path, *, cited: bool = False, select: Sequence[str] = ()) -> list[str]:
    """The command that checks a generated package."""
    command = [script("relations"), "check", str(package), "--no-progress"]
    if select:
        return [*command, "--select", ",".join(select)]
    return command + ([] if cited else ["--ignore", IGNORED])


def at_size(
    faulty: Path,
    clean: Path,
    worst: Path,
    edited: Path,
    work: Path,
    *,
    frictionless: bool,
    slow_once: bool,
) -> list[Contender]:
    """Everybody on one size: packages with known faults, with none, and with nothing else.

    ``edited`` has none, and may be edited.
    """
    caches = has_cache()
    no_cache = ["--no-cache"] if caches else []
    python = sys.executable
    expected = faults_of(faulty)
    as_json = ["--output-format", "json"]
    made = [
        Contender(POLARS, [python, str(PROGRAMS / "read_polars.py"), str(faulty)], primed=True),
        Contender(
            POLARS_SCAN, [python, str(PROGRAMS / "scan_polars.py"), str(faulty)], primed=True
        ),
        Contender(
            RELATIONS,
            [*checking(faulty), *no_cache, *as_json],
            FINDINGS,
            work / "relations.json",
            lambda path: _found_by_relations(path, faulty),
        ),
        Contender(RELATIONS_CLEAN, [*checking(clean), *no_cache]),
        Contender(
            RELATIONS_COMMON,
            [*checking(faulty, select=COMMON), *no_cache, *as_json],
            FINDINGS,
            work / "common.json",
            lambda path: _found_by_relations(path, faulty),
        ),
        Contender(
            DUCKDB,
            [python, str(PROGRAMS / "read_duckdb.py"), str(faulty)],
            primed=True,
        ),
        Contender(
            PANDERA,
            [python, str(PROGRAMS / "validate_pandera.py"), str(faulty)],
            output=work / "pandera.json",
            finds=_count(_by_pandera, expected),
        ),
        Contender(RELATIONS_WORST, [*checking(worst), *no_cache], FINDINGS),
    ]
    if caches:
        made.append(
            Contender(
                RELATIONS_CACHED,
                [*checking(faulty), *as_json],
                FINDINGS,
                work / "cached.json",
                lambda path: _found_by_relations(path, faulty),
                primed=True,
            )
        )
        for table in EDITED:
            made.append(
                Contender(
                    RELATIONS_EDITED.format(table),
                    checking(edited),
                    FINDINGS,
                    primed=True,
                    before=_Edits(edited / "datapackage" / f"{table}.csv"),
                )
            )
    if frictionless:
        made.append(
            Contender(
                FRICTIONLESS,
                [script("frictionless"), "validate", str(faulty / "datapackage.json"), "--json"],
                FINDINGS,
                work / "frictionless.json",
                _count(_by_frictionless, expected),
                once=slow_once,
            )
        )
    return made


LONGEST_LINE = 1000
"""Bytes among which the last cell of a table ends."""


class _Edits:
    """Edits the note of a table's last row, each time in another way."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._times = 0

    def __call__(self) -> None:
        self._times += 1
        with self._path.open("r+b") as file:
            # The end alone: the memory of this process is where that of a child begins to count.
            file.seek(-min(LONGEST_LINE, self._path.stat().st_size), os.SEEK_END)
            end = file.tell()
            cells = file.read().removesuffix(b"\n").rpartition(b",")[0]
            file.seek(end)
            file.truncate()
            file.write(b"%b,Edited %d\n" % (cells, self._times))


def of_cited(package: Path) -> list[Contender]:
    """The whole catalogue on a package of which every fact is cited, and its floor."""
    no_cache = ["--no-cache"] if has_cache() else []
    return [
        Contender(
            POLARS, [sys.executable, str(PROGRAMS / "read_polars.py"), str(package)], primed=True
        ),
        Contender(RELATIONS_CLEAN, [*checking(package, cited=True), *no_cache]),
    ]


def faults_of(package: Path) -> list[tuple[str, Place]]:
    """The code and the place of each fault that was put into a package."""
    with (package / "faults.csv").open(encoding="utf-8", newline="") as file:
        return [
            (row["code"], (row["file"], int(row["line"]), row["field"]))
            for row in csv.DictReader(file)
        ]


def _found_by_relations(output: Path, package: Path) -> int:
    """How many faults have a finding of their code at their cell."""
    found = {
        (each["code"], (each["location"]["file"], each["location"]["line"], each["field"]))
        for each in json.loads(output.read_text("utf-8"))["findings"]
    }
    return sum(fault in found for fault in faults_of(package))


def _count(
    places: Callable[[object], Iterable[Place]], expected: list[tuple[str, Place]]
) -> Callable[[Path], int]:
    """How many faults have any finding at their cell: others have no codes of ours."""

    def count(output: Path) -> int:
        found = set(places(json.loads(output.read_text("utf-8"))))
        return sum(place in found for _, place in expected)

    return count


def _by_pandera(written: object) -> Iterable[Place]:
    assert isinstance(written, list)
    yield from map(tuple, written)


def _by_frictionless(written: object) -> Iterable[Place]:
    # Records are counted, and these packages have one on each line.
    assert isinstance(written, dict)
    for task in written["tasks"]:
        for error in task["errors"]:
            fields = [error["fieldName"]] if "fieldName" in error else error.get("fieldNames", [])
            for name in fields:
                yield task["place"], error["rowNumber"], name
