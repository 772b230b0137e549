"""What is spared of a search, in short tables and in large ones, is nothing but time."""

from __future__ import annotations

import csv
import datetime as dt
import random
import shutil
from dataclasses import replace
from pathlib import Path

import narwhals as nw
import polars as pl
import pytest

from relations.validators.check import check
from relations.validators.example import Example
from relations.validators.finding import Report
from relations.validators.package.package import declared
from relations.validators.registry import RULES
from relations.validators.searching import cell_search, different_cells, short_tables
from relations.validators.searching.expressions import certainly_after
from relations.validators.searching.short_tables import is_after, short_table
from support.editing import EXAMPLE_PACKAGE, edited, rebuild

AS_OF = dt.date(2026, 1, 1)
THIRTY = EXAMPLE_PACKAGE.parent / "thirty"
TRIES = 12
BAD = [
    pytest.param(rule.code, each, id=f"{rule.code}-{number}")
    for rule in RULES
    for number, each in enumerate(rule.bad)
    if rule.family not in ("descriptor", "suppression")
]


def report_of(root: Path, code: str | None = None) -> Report:
    select = [code] if code else []
    report = check(root, select=select, as_of=AS_OF, seeds=root / "seeds")
    assert report.failures == ()
    return replace(report, seconds=0.0)


def assert_searches_find_the_same(
    root: Path, monkeypatch: pytest.MonkeyPatch, code: str | None = None
) -> Report:
    at_a_glance = report_of(root, code)
    with monkeypatch.context() as patched:
        patched.setattr(short_tables, "SHORT", -1)
        assert report_of(root, code) == at_a_glance
        # And as large tables are searched: first what their columns say over and over.
        patched.setattr(different_cells, "SHORT", -1)
        patched.setattr(cell_search, "SHORT", -1)
        assert report_of(root, code) == at_a_glance
    return at_a_glance


@pytest.mark.parametrize(("code", "example"), BAD)
def test_searches_find_the_bad_examples_as_well(
    code: str, example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = assert_searches_find_the_same(edited(example, tmp_path), monkeypatch, code)
    assert len(found.findings) == len(example.expect)


def test_searches_find_the_thirty_and_nothing_in_the_example(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert len(assert_searches_find_the_same(THIRTY, monkeypatch).findings) == 30
    assert assert_searches_find_the_same(EXAMPLE_PACKAGE, monkeypatch).findings == ()


def test_searches_find_the_same_among_scrambled_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: set[str] = set()
    for seed in range(TRIES):
        root = tmp_path / str(seed)
        scramble(root, random.Random(seed))
        said |= {each.code for each in assert_searches_find_the_same(root, monkeypatch).findings}
    # So many kinds of faults come of it that the comparison is worth something.
    assert len(said) > 12


def scramble(root: Path, dice: random.Random) -> None:
    """A copy of the example in which some cells have got what stands in others of their kind."""
    shutil.copytree(EXAMPLE_PACKAGE, root)
    tables: dict[str, list[dict[str, str]]] = {}
    for table in declared():
        with (root / "datapackage" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            tables[table] = list(csv.DictReader(file))
    like: dict[tuple[str, str | None], list[str]] = {}
    for table, columns in declared().items():
        for name, column in columns.items():
            values = [row[name] for row in tables[table] if row[name]]
            like.setdefault((column.kind, column.references or str(column.vocabulary)), []).extend(
                [*values, ""]
            )
    changed = [table for table in tables if table not in ("evidence", "sources")]
    for _ in range(dice.randint(1, 15)):
        table = dice.choice([*changed, "evidence"])
        # Keys stay mostly: where they are not sound, little is judged.
        names = list(declared()[table])[dice.random() < 0.95 :]
        name = dice.choice(names)
        column = declared()[table][name]
        others = like[column.kind, column.references or str(column.vocabulary)]
        dice.choice(tables[table])[name] = dice.choice(others)
    for table, rows in tables.items():
        path = root / "datapackage" / f"{table}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(declared()[table]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    rebuild(root)


def test_what_is_certainly_after_may_be_after() -> None:
    dates = [
        *("2024", "2025", "2024?", "2024~", "2024-05", "2024-06", "2024-05%", "2025-01", ".."),
        *("2024-05-16", "2024-05-17", "2024-12-31", "2025-01-01", "2024-05-16?", "2023-12-31~"),
    ]
    one, two = (pl.DataFrame({name: dates}).lazy() for name in ("one", "two"))
    pairs = nw.from_native(one.join(two, how="cross"))
    certain = pairs.filter(certainly_after("one", "two")).collect().to_native()
    assert certain.height > 25
    assert all(is_after(one, two) for one, two in certain.select("one", "two").iter_rows())
    assert not is_after("2024-05", "2024")
    assert not is_after(None, "2024")


def test_a_table_is_looked_at_anew_when_a_cell_of_it_has_become_unsound() -> None:
    from relations.validators.package.package import Package, open_package
    from relations.validators.package.sources import source_texts

    source, descriptor, root = open_package(EXAMPLE_PACKAGE)
    package = Package.open(source, descriptor, source_texts(root, None), AS_OF)
    seen = short_table(package, "visits")
    assert seen is not None
    assert seen is short_table(package, "visits", raw=True)
    assert seen is short_table(package, "visits")
    assert "V0001" in seen.filled("visit_id")
    package.spoil("visits", "visit_id", [0])
    unsound, whole = short_table(package, "visits"), short_table(package, "visits", raw=True)
    assert unsound is not None
    assert unsound.column("visit_id")[0] is None
    assert whole is seen


def test_a_table_of_large_cells_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    from relations.validators.package.package import Package, open_package
    from relations.validators.package.sources import source_texts

    monkeypatch.setattr(short_tables, "SMALL", 100)
    source, descriptor, root = open_package(EXAMPLE_PACKAGE)
    package = Package.open(source, descriptor, source_texts(root, None), AS_OF)
    assert short_table(package, "visits") is None
    assert not short_tables.none_filled(package, "visits.parent_id")
    assert not short_tables.all_differ(package, "visits", "visit_id")
