"""What is measured with: clean packages, and faults that are found where they were put."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from relations.validators.building.build import plan
from relations.validators.building.generated_parts import refreshed
from relations.validators.check import check
from relations.validators.finding import Report
from relations.validators.registry import RULES

ROOT = Path(__file__).parents[1]
BENCHMARKS = ROOT / "tests" / "benchmarks"
GENERATE = BENCHMARKS / "generate.py"
AS_OF = dt.date(2026, 1, 1)
UNCITED = ("uncited-row", "uncited-cell")
SHAPES = pytest.mark.parametrize("cited", [False, True], ids=["few-cited", "all-cited"])


def generated(root: Path, *options: str, cited: bool = False) -> Path:
    shape = ["--cited"] if cited else []
    subprocess.run(
        [sys.executable, GENERATE, root, "--multiline", *shape, *options],
        check=True,
        capture_output=True,
    )
    return root


def checked(root: Path, *, cited: bool) -> Report:
    report = check(root, ignore=() if cited else UNCITED, as_of=AS_OF)
    assert report.failures == ()
    return report


@SHAPES
def test_nothing_is_wrong_that_was_not_asked_for(cited: bool, tmp_path: Path) -> None:
    root = generated(tmp_path / "made", "--visits", "600", cited=cited)
    report = checked(root, cited=cited)
    assert report.findings == ()
    assert report.skipped == ()
    rows = dict(report.row_counts)
    assert rows["visits"] == 600
    assert (rows["evidence"] == 300) is not cited
    assert report.spans.verified == report.spans.cited == rows["evidence"]
    notes = (root / "datapackage" / "visits.csv").read_text("utf-8")
    assert notes.count("\n") > 601  # a note of two lines


@SHAPES
def test_the_descriptor_is_what_build_makes(cited: bool, tmp_path: Path) -> None:
    root = generated(tmp_path / "made", "--visits", "200", cited=cited)
    (descriptor,) = (each for each in plan(root) if each.name == "datapackage.json")
    assert not descriptor.stale


@SHAPES
def test_every_fault_is_found_at_its_cell_and_no_other(cited: bool, tmp_path: Path) -> None:
    root = generated(tmp_path / "made", "--visits", "1200", "--faults", "60", cited=cited)
    with (root / "faults.csv").open(encoding="utf-8", newline="") as file:
        put = [
            (row["code"], row["file"], int(row["line"]), row["table"], row["key"], row["field"])
            for row in csv.DictReader(file)
        ]
    found = [
        (each.code, each.location.file, each.location.line, each.table, each.key, each.field)
        for each in checked(root, cited=cited).findings
    ]
    assert sorted(found) == sorted(put)
    families = {rule.code: rule.family for rule in RULES}
    several = Counter(families[code] for code, *_ in put)
    assert min(several[each] for each in ("file", "value", "key", "date", "consistency")) >= 3
    assert several["evidence"] >= 3


def test_every_row_fails(tmp_path: Path) -> None:
    root = generated(tmp_path / "made", "--visits", "200", "--every-row-fails")
    report = checked(root, cited=False)
    cells = Counter((each.table, each.field) for each in report.findings)
    for table, rows, least in (("visits", 200, 13), ("evidence", 100, 9)):
        assert sum(count == rows for (where, _), count in cells.items() if where == table) >= least


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    def digests(name: str, seed: str) -> dict[str, str]:
        root = generated(tmp_path / name, "--visits", "600", "--faults", "30", "--seed", seed)
        return {
            path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in root.rglob("*")
            if path.is_file()
        }

    one = digests("one", "7")
    assert len(one) == 13 + len(("datapackage.json", "faults.csv", "seeds/R0001.txt"))
    assert digests("same", "7") == one
    assert digests("other", "8")["datapackage/visits.csv"] != one["datapackage/visits.csv"]


def test_build_leaves_what_was_measured() -> None:
    page = "<!-- relations:benchmark -->\nfast\n<!-- /relations:benchmark -->\n"
    assert refreshed(page, {"resources": []}) == page


def test_the_pages_show_what_was_measured_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    import contenders
    from results import Results

    results = Results.load(BENCHMARKS / "results.json")
    for name, text in results.files().items():
        assert (BENCHMARKS / name).read_text("utf-8") == text
    readme = (ROOT / "README.md").read_text("utf-8")
    assert results.in_readme(readme) == readme
    for group in results.groups:
        found = {row.name: row.found for row in group.rows if row.found is not None}
        common = found.pop(contenders.RELATIONS_COMMON, None)
        assert common == found.get(contenders.FRICTIONLESS, common)
        for name, number in found.items():
            if name.startswith("relations"):
                assert number == group.faults > 0


def test_the_steps_of_a_check_are_timed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    from costs import costs_of, table

    root = generated(tmp_path / "made", "--visits", "200")
    costs = costs_of(root, tmp_path, repeats=1, limit=60.0)
    names = [each.name for each in costs]
    assert names[:2] == ["to start", "to read the files"]
    assert names[-1] == "the report"
    codes = {rule.code for rule in RULES} - {*UNCITED, "unused-suppression"}
    assert codes <= set(names)
    shown = table(costs, 2.0).splitlines()
    whole = sum(each.seconds for each in costs)
    assert shown[-1].startswith(f"| all | {whole:.3f} |")
    assert shown[-1].endswith(f"| {whole / 2:.2f} |")
    assert sum("|" in line for line in shown) == len(shown)
    assert costs_of(tmp_path / "no such folder", tmp_path, repeats=1, limit=60.0) == []


@pytest.mark.parametrize(
    ("program", "limit", "words"),
    [
        ("import sys; print('why', file=sys.stderr); sys.exit(3)", 60.0, "exit code 3: why"),
        ("import time; time.sleep(60)", 0.1, "stopped after"),
    ],
)
def test_a_program_that_fails_is_not_measured(
    program: str, limit: float, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    from measuring import Contender, in_turn

    contender = Contender("failing", [sys.executable, "-c", program], allowed=(0, 1))
    in_turn([contender], 2, limit)
    assert contender.failed.startswith(words)
    assert contender.runs == []
    assert not contender.measured
