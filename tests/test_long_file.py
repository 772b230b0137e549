"""A long file, read in parts, says of itself what it says when it is read at once."""

from __future__ import annotations

import gc
import io
import os
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from fuzzing.targets import CORPUS
from relations.validators.check import check, examine
from relations.validators.example import Example
from relations.validators.finding import Report
from relations.validators.package import long_file, memory, table_reading
from relations.validators.package.limits import MIB
from relations.validators.package.long_file import LongFile
from relations.validators.package.package import declared
from relations.validators.package.record_count import records
from relations.validators.package.table_file import TableFile
from relations.validators.registry import RULES
from relations.validators.searching import narrowing
from support.commands import Shell
from support.editing import EXAMPLE_PACKAGE, edited

COLUMNS = tuple(declared()["visits"])
VISITS = (EXAMPLE_PACKAGE / "datapackage" / "visits.csv").read_bytes()
SIZES = (1, 40, 300, 10_000)
EXAMPLES = [
    pytest.param(rule.code, example, id=f"{rule.code}-{number}")
    for rule in RULES
    for number, example in enumerate(rule.bad)
]


def in_parts(data: bytes, part: int, table: str = "visits") -> LongFile:
    return LongFile(table, f"{table}.csv", tuple(declared()[table]), io.BytesIO(data), part=part)


def assert_same(data: bytes, part: int) -> None:
    whole = TableFile("visits", "visits.csv", data, COLUMNS)
    long = in_parts(data, part)
    assert (long.size, long.digest) == (whole.size, whole.digest)
    assert (long.readable, long.undecodable, long.header, long.absent) == (
        whole.readable,
        whole.undecodable,
        whole.header,
        whole.absent,
    )
    assert long.height == whole.height
    if not whole.readable:
        return
    assert long.broken == whole.broken
    assert long.carriage_returns == whole.carriage_returns
    assert long.line_count == whole.line_count
    assert (long.records, long.is_sound, long.rows_lost) == (
        whole.records,
        whole.is_sound,
        whole.rows_lost,
    )
    assert (long.has_quotes, long.has_bom, long.ends_its_last_line, long.empty, long.plain) == (
        whole.has_quotes,
        whole.has_bom,
        whole.ends_its_last_line,
        whole.empty,
        whole.plain,
    )
    assert long.has_long_cells == whole.has_long_cells
    assert (long.unusual, long.composing) == (whole.unusual, whole.composing)
    assert long.header_text == whole.header_text
    assert_frame_equal(long.frame, whole.frame)
    assert_frame_equal(pl.concat(long.batches()), whole.frame)
    for row in range(whole.height):
        assert long.key_of(row) == whole.key_of(row)
        assert [long.value_of(row, name) for name in COLUMNS] == [
            whole.value_of(row, name) for name in COLUMNS
        ]
        assert long.line_of(row) == whole.line_of(row)
        assert [long.cell_at(row, name) for name in (None, *COLUMNS)] == [
            whole.cell_at(row, name) for name in (None, *COLUMNS)
        ]
    for line in range(whole.line_count + 3):
        assert long.row_at(line) == whole.row_at(line)
        assert long.excerpt(line) == whole.excerpt(line)


MADE = {
    "as it is": VISITS,
    "two lines in a cell": VISITS.replace(b"Day in Tartu", b'"Day\nin\n\nTartu"'),
    "a mark that is not closed": VISITS.replace(b"Day in Tartu", b'"Day in Tartu'),
    "a mark that is astray": VISITS.replace(b"Day in Tartu", b'Day "in" Tartu'),
    "marks without need": VISITS.replace(b"Day in Tartu", b'"Day in Tartu"'),
    "a cell too many": VISITS.replace(b"Day in Tartu", b"Day, in Tartu"),
    "blank lines": VISITS.replace(b"\n", b"\n\n"),
    "ends of Windows": VISITS.replace(b"\n", b"\r\n"),
    "a byte order mark": b"\xef\xbb\xbf" + VISITS,
    "no UTF-8 at the end": VISITS + b"V0009,\xff" + b"," * 13 + b"\n",
    "no end": VISITS.removesuffix(b"\n"),
    "a header of two lines": VISITS.replace(b"note\n", b'"no\nte"\n', 1),
    "no key": VISITS.replace(b"visit_id", b"id", 1),
    "another header": VISITS.replace(b",", b"x", 40),
    "the header alone": VISITS[: VISITS.index(b"\n") + 1],
}


@pytest.mark.parametrize("part", SIZES)
@pytest.mark.parametrize("name", MADE)
def test_it_is_the_same_file(name: str, part: int) -> None:
    assert_same(MADE[name], part)


@pytest.mark.parametrize("path", sorted((CORPUS / "table_file").iterdir()), ids=lambda p: p.stem)
def test_it_is_the_same_file_however_it_is_broken(path: Path) -> None:
    data = VISITS + path.read_bytes()
    for part in SIZES:
        assert_same(data, part)


@pytest.mark.parametrize("seed", range(40))
def test_it_is_the_same_file_with_marks_and_ends_anywhere(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(VISITS * 2)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(VISITS.index(b"\n") + 1, len(data))
        data[at : at + chance.randint(0, 1)] = chance.choice(
            [b'"', b'""', b",", b"\n", b"\r\n", b"\r", b'",', b'"\n', "\u0301".encode(), b"x"]
        )
    for part in SIZES:
        assert_same(bytes(data), part)


def test_it_is_read_in_more_than_one_part() -> None:
    assert [part.rows for part in in_parts(VISITS, 300).parts] != [4]
    assert sum(part.rows for part in in_parts(VISITS, 300).parts) == 4


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (b"", 0),
        (b"a\n", 0),
        (b"a\nb", 1),
        (b"a\nb\n", 1),
        (b'a\n"b\nc"\n', 1),
        (b'a\n"b""\nc"\nd\n', 2),
        (b'a\n"b\nc\n', 2),
        (b"a\n\n\n", 2),
    ],
)
def test_records_are_counted_however_the_bytes_are_cut(data: bytes, rows: int, size: int) -> None:
    assert records(data[at : at + size] for at in range(0, len(data), size)) == rows


def all_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every table is read in parts of a few rows, and searched a few rows at a time."""
    monkeypatch.setattr(table_reading, "may_hold", lambda _: 0)
    monkeypatch.setattr(long_file, "PART", 300)
    monkeypatch.setattr(narrowing, "SHARE", 2)
    monkeypatch.setattr(narrowing, "STRETCH", 2)


def report_of(root: Path, code: str | None = None) -> Report:
    report = check(root, select=[code] if code else [], seeds=root / "seeds")
    return replace(report, seconds=0.0)


@pytest.mark.parametrize(("code", "example"), EXAMPLES)
def test_a_check_of_long_files_finds_the_same(
    code: str, example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = edited(example, tmp_path)
    expected = report_of(root, code)
    all_long(monkeypatch)
    found = report_of(root, code)
    assert found.failures == ()
    assert found == expected


@pytest.mark.parametrize("name", ["example", "thirty"])
def test_a_whole_check_of_long_files_finds_the_same(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = EXAMPLE_PACKAGE.parent / name
    expected = report_of(root)
    all_long(monkeypatch)
    assert report_of(root) == expected


def test_duckdb_finds_the_same_of_long_files(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("duckdb", reason="duckdb is not installed")
    from relations.validators.engines.in_duckdb import InDuckDB

    root = EXAMPLE_PACKAGE.parent / "thirty"
    expected = report_of(root)
    all_long(monkeypatch)
    found = check(root, seeds=root / "seeds", engine=InDuckDB())
    assert replace(found, seconds=0.0) == expected


def test_a_report_of_long_files_is_kept_and_answers_until_one_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "package"
    shutil.copytree(EXAMPLE_PACKAGE, root)
    all_long(monkeypatch)
    monkeypatch.setattr("relations.validators.caching.seen.AT_ONCE", 10)
    made = []
    monkeypatch.setattr(
        "relations.validators.check.examine",
        lambda *given, **more: made.append(given) or examine(*given, **more),  # type: ignore[func-returns-value]
    )
    first = check(root, cache=True)
    assert replace(check(root, cache=True), seconds=first.seconds) == first
    assert len(made) == 1
    visits = root / "datapackage" / "visits.csv"
    visits.write_bytes(visits.read_bytes().replace(b"Day in Tartu", b"A day in Tartu"))
    assert check(root, cache=True).row_counts == first.row_counts
    assert len(made) == 2


def test_it_is_said_how_far_the_reading_has_come() -> None:
    said: list[tuple[int, int]] = []
    columns = tuple(declared()["visits"])
    file = LongFile(
        "visits", "visits.csv", columns, io.BytesIO(VISITS), lambda *far: said.append(far), 300
    )
    assert len(said) == len(file.parts)
    assert said[-1] == (4, len(VISITS))
    assert said == sorted(said)


def test_the_parts_go_with_the_table() -> None:
    file = in_parts(VISITS, 300)
    folder = file.parts[0].cells.parent
    assert len(list(folder.iterdir())) == len(file.parts)
    del file
    gc.collect()
    assert not folder.exists()


@pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")
def test_parts_that_have_no_room_are_one_line(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE_PACKAGE, tmp_path / "package")
    program = (
        "import resource, signal, sys\n"
        "from relations.cli.app import main\n"
        "from relations.validators.package import table_reading\n"
        "table_reading.may_hold = lambda _: 0\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (64, resource.RLIM_INFINITY))\n"
        "sys.argv[1:] = ['check', '--no-cache']\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path / "package",
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("relations: datapackage/countries.csv cannot be laid aside in ")
    assert done.stderr.count("\n") == 1
    assert [each.name for each in tmp_path.iterdir()] == ["package"]


def test_long_files_are_fixed_and_added_to_as_others_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roots = [tmp_path / name for name in ("short", "long")]
    for root in roots:
        shutil.copytree(EXAMPLE_PACKAGE, root)
        visits = root / "datapackage" / "visits.csv"
        visits.write_bytes(visits.read_bytes().replace(b"Tallinn;Tartu", b'"Tallinn;Tartu "'))
        if root.name == "long":
            all_long(monkeypatch)
        shell = Shell(root, monkeypatch)
        shell("check", "--fix", "--no-cache")
        shell("add", "organizations", "--set", "name=Another", "--set", "classification=other")
    states = [
        {each.relative_to(root): each.read_bytes() for each in root.rglob("*.csv")}
        for root in roots
    ]
    assert states[0] == states[1]
    assert b",Tallinn;Tartu," in states[1][Path("datapackage/visits.csv")]
    assert b",Another," in states[1][Path("datapackage/organizations.csv")]


def test_what_may_be_held_is_a_part_of_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "memory", lambda: 3200 * MIB)
    assert memory.may_hold(0) == 100 * MIB
    assert memory.may_hold(150 * MIB) == 50 * MIB
    # What is as short as a part is held.
    assert memory.may_hold(2**50) == 8 * MIB


def test_a_container_may_have_less_than_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = memory.memory.__wrapped__
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(memory, "CGROUPS", (str(limit), str(tmp_path / "nothing")))
    of_machine = counted()
    assert of_machine > 64 * MIB
    for stated, found in (("67108864\n", 64 * MIB), ("max\n", of_machine), ("", of_machine)):
        limit.write_text(stated, "ascii")
        assert counted() == found


def test_tables_are_held_until_there_is_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def may_hold(held: int) -> int:
        return 2_000 - held

    monkeypatch.setattr(table_reading, "may_hold", may_hold)
    shutil.copytree(EXAMPLE_PACKAGE, tmp_path / "package")
    report, package = examine(tmp_path / "package")
    held = 0
    for table, file in package.files.items():
        assert file.is_long == (file.size > 2_000 - held), table
        held += 0 if file.is_long else file.size
    assert any(file.is_long for file in package.files.values())
    assert not all(file.is_long for file in package.files.values())
    assert report.findings == ()
