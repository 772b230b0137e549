"""What digests let through: every row that is like another, whatever else."""

from __future__ import annotations

import datetime as dt
import random
import subprocess
import sys
from collections import Counter
from itertools import combinations
from pathlib import Path

import polars as pl
import pytest

from relations.validators.engines import digests
from relations.validators.engines.collecting import detached, from_disk, ran
from relations.validators.searching.expressions import ROW

Cell = str | None


def frame(rows: list[dict[str, Cell]]) -> pl.LazyFrame:
    schema = dict.fromkeys(rows[0], pl.String())
    return pl.LazyFrame(rows, schema=schema).with_row_index(ROW)


@pytest.mark.parametrize("seed", range(20))
def test_rows_that_agree_are_let_through(seed: int) -> None:
    chance = random.Random(seed)
    cells = ["a", "b", "ab", "", None, "c" * 30]
    rows = [{name: chance.choice(cells) for name in ("one", "two", "three")} for _ in range(40)]
    times = Counter(tuple(row.values()) for row in rows)
    several = [at for at, row in enumerate(rows) if times[tuple(row.values())] > 1]
    found = digests.alike(frame(rows), ("one", "two", "three")).collect()[ROW].to_list()
    assert set(several) <= set(found)
    # And hardly any other: for so few, none.
    assert found == several


def test_many_rows_are_compared_a_share_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    cells: list[dict[str, Cell]] = [{"one": str(number % 700)} for number in range(1_000)]
    whole = digests.alike(frame(cells), ("one",)).collect()
    monkeypatch.setattr(digests, "AT_ONCE", 50)
    assert digests.alike(frame(cells), ("one",)).collect().equals(whole)
    assert whole[ROW].to_list() == [*range(300), *range(700, 1_000)]


def test_rows_that_hold_the_same_in_other_columns_do_not_agree() -> None:
    rows: list[dict[str, Cell]] = [{"one": "a", "two": "b"}, {"one": "b", "two": "a"}]
    assert digests.alike(frame(rows), ("one", "two")).collect().is_empty()


@pytest.mark.parametrize("seed", range(20))
def test_rows_that_agree_and_say_another_thing_are_let_through(seed: int) -> None:
    chance = random.Random(seed)
    cells = ["a", "b", "ab", "", None]
    rows = [
        {name: chance.choice(cells) for name in ("one", "two", "says")} for _ in range(seed + 2)
    ]
    said: dict[tuple[Cell, Cell], set[Cell]] = {}
    for row in rows:
        if row["says"] is not None:
            said.setdefault((row["one"], row["two"]), set()).add(row["says"])
    apart = [
        at
        for at, row in enumerate(rows)
        if row["says"] is not None and len(said[row["one"], row["two"]]) > 1
    ]
    found = digests.divided(frame(rows), ("one", "two"), "says").collect()[ROW].to_list()
    assert found == apart


@pytest.mark.parametrize("seed", range(40))
def test_stays_that_share_a_day_are_let_through(seed: int) -> None:
    chance = random.Random(seed)
    rows: list[dict[str, Cell]] = []
    for _ in range(30):
        first = dt.date(2019, 12, 20) + dt.timedelta(days=chance.randint(0, 900))
        last = first + dt.timedelta(days=chance.choice([0, 1, 3, 20, 45, 100, 1_000, -5]))
        rows.append({
            "who": chance.choice(["P0001", "P0002"]),
            "where": chance.choice(["EST", "FIN", "ISL"]),
            "first": first.isoformat(),
            "last": last.isoformat() if chance.random() < 0.9 else "2020-0?-1?",
        })  # fmt: skip
    found = digests.touching(frame(rows), ("who", "where"), "first", "last").collect()
    sharing = {
        at
        for pair in combinations(range(len(rows)), 2)
        if shares_a_day(*(rows[each] for each in pair))
        for at in pair
    }
    assert sharing <= set(found[ROW])


def shares_a_day(one: dict[str, Cell], other: dict[str, Cell]) -> bool:
    if (one["who"], one["where"]) != (other["who"], other["where"]):
        return False
    first, last, since, until = (str(row[day]) for row in (one, other) for day in ("first", "last"))
    return first <= until and since <= last


def test_stays_far_apart_are_not_let_through() -> None:
    rows: list[dict[str, Cell]] = [
        {"who": "P0001", "first": "2020-01-05", "last": "2020-02-03"},
        {"who": "P0001", "first": "2020-03-01", "last": "2020-03-02"},
        {"who": "P0002", "first": "2020-01-05", "last": "2020-01-05"},
    ]
    assert digests.touching(frame(rows), ("who",), "first", "last").collect().is_empty()


def test_found_texts_are_the_same_when_they_are_copied() -> None:
    cells = frame([{"one": "", "two": None}, {"one": "é" * 30, "two": "b"}])
    plain = cells.collect()
    assert detached(cells).collect().equals(plain)
    with from_disk():
        assert ran(cells).equals(plain)


HOLDING = """
import sys
import polars as pl
from relations.validators.engines.collecting import from_disk, ran
from relations.validators.engines.digests import alike
from support.watched import peak
before = peak()
cells = pl.scan_parquet(sys.argv[1])
with from_disk():
    found = ran(alike(cells, ("one", "two")))
print({20_000 * part for part in range(40)} <= set(found["_row"]), len(found), peak() - before)
"""


def test_rows_that_are_found_do_not_hold_the_others(tmp_path: Path) -> None:
    """Of forty parts of four megabytes, one row each: that no part stays with its row."""
    for part in range(40):
        numbers = pl.int_range(part * 20_000, (part + 1) * 20_000, eager=True)
        text = pl.concat_str(pl.lit("x" * 200), pl.col(ROW).cast(pl.String))
        cells = pl.DataFrame({ROW: numbers}).with_columns(
            pl.when(pl.col(ROW) % 20_000 == 0).then(pl.lit("x" * 200)).otherwise(text).alias("one"),
            pl.lit("y").alias("two"),
        )
        cells.write_parquet(tmp_path / f"{part:02}.parquet", compression="lz4", statistics=False)
    done = subprocess.run(
        [sys.executable, "-c", HOLDING, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent,
    )
    right, found, more = done.stdout.split()
    assert right == "True"
    assert int(found) < 1_000
    assert int(more) < 120 * 2**20
