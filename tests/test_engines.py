"""Every engine finds the same: the report of DuckDB and of Spark is that of polars."""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from relations.schemas.tables import TABLES
from relations.validators.check import check, choose
from relations.validators.engines.collecting import collected
from relations.validators.engines.engine import Engine, NoEngine
from relations.validators.example import Example
from relations.validators.finding import Report
from relations.validators.package.package import declared
from relations.validators.package.parquet_file import ParquetFile
from relations.validators.package.table_file import TableFile
from relations.validators.registry import RULES
from relations.validators.searching.expressions import ROW
from support.commands import Shell
from support.editing import EXAMPLE_PACKAGE, edited, rebuild

AS_OF = dt.date(2026, 1, 1)
THIRTY = EXAMPLE_PACKAGE.parent / "thirty"
EVERYTHING = "RELATIONS_EVERY_EXAMPLE"
"""Set to `duckdb`, `spark` or both to run every example of every rule, which takes long."""

EXAMPLES = [
    (f"{rule.code}-{kind}-{number}", rule.code, example)
    for rule in RULES
    for kind, examples in (("bad", rule.bad), ("good", rule.good))
    for number, example in enumerate(examples)
]
FAMILY = {rule.code: rule.family for rule in RULES}


def some(every: int) -> list[Any]:
    """Each ``every``-th example, and all where that is asked for."""
    return [pytest.param(code, each, id=name) for name, code, each in EXAMPLES[::every]]


def one_of_each_family() -> list[Any]:
    bad = {
        FAMILY[code]: pytest.param(code, each, id=name)
        for name, code, each in reversed(EXAMPLES)
        if each.expect
    }
    return list(bad.values())


def wanted(name: str) -> bool:
    return name in os.environ.get(EVERYTHING, "").split(",")


@pytest.fixture
def duckdb() -> Engine:
    pytest.importorskip("duckdb", reason="duckdb is not installed")
    from relations.validators.engines.in_duckdb import InDuckDB

    return InDuckDB()


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """One Spark for all tests: it takes its time to start."""
    pytest.importorskip("pyspark", reason="pyspark is not installed")
    if not shutil.which("java"):
        pytest.skip("there is no java, which Spark needs")
    from pyspark.sql import SparkSession

    quick = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "OFF",
        "spark.sql.shuffle.partitions": "1",
        # No code is made for a query that sees a dozen rows once.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.adaptive.enabled": "false",
    }
    builder = SparkSession.builder.master("local[2]").appName("tests")
    for key, value in quick.items():
        builder = builder.config(key, value)
    started = builder.getOrCreate()
    yield started
    started.stop()


@pytest.fixture
def spark(session: Any) -> Engine:
    from relations.validators.engines.in_spark import InSpark

    return InSpark(session=session)


def report_of(root: Path, engine: Engine | None, code: str | None = None) -> Report:
    report = check(
        root,
        select=[code] if code else [],
        as_of=AS_OF,
        seeds=root / "seeds",
        engine=engine,
    )
    return replace(report, seconds=0.0)


def assert_same(root: Path, engine: Engine, code: str | None = None) -> Report:
    expected, found = report_of(root, None, code), report_of(root, engine, code)
    assert found.failures == ()
    assert found == expected
    return found


# DuckDB


def test_the_example_package_is_clean_on_duckdb(duckdb: Engine) -> None:
    assert assert_same(EXAMPLE_PACKAGE, duckdb).findings == ()


def test_the_thirty_are_found_on_duckdb(duckdb: Engine) -> None:
    assert len(assert_same(THIRTY, duckdb).findings) == 30


@pytest.mark.parametrize(("code", "example"), some(1 if wanted("duckdb") else 6))
def test_examples_give_the_same_on_duckdb(
    code: str, example: Example, duckdb: Engine, tmp_path: Path
) -> None:
    # Its own rule, and those that hide cells from it: the others are polars' business.
    assert_same(edited(example, tmp_path), duckdb, code)


# Spark


def test_the_thirty_are_found_on_spark(spark: Engine) -> None:
    assert len(assert_same(THIRTY, spark).findings) == 30


@pytest.mark.parametrize(("code", "example"), some(1) if wanted("spark") else one_of_each_family())
def test_examples_give_the_same_on_spark(
    code: str, example: Example, spark: Engine, tmp_path: Path
) -> None:
    assert_same(edited(example, tmp_path), spark, code)


# What an engine reads


def table_of(folder: Path, lines: list[str]) -> tuple[TableFile, Path]:
    path = folder / "statements.csv"
    path.write_bytes("".join(f"{line}\n" for line in lines).encode("utf-8"))
    names = tuple(declared()["statements"])
    return TableFile("statements", "statements.csv", path.read_bytes(), names), path


HEADER = "summary,statement_id,note"
CELLS = (
    "", '""', "plain", '"a, b"', '"a ""word"""', "ﬁ Ωmega 東京 🏛", " spaced ", "NULL", "null", "NA",
    "\\", "\\N", "'", '"\\"', "#comment", "-1", "1e5", "2024-01-01", "true", ";", "a;b",
)  # fmt: skip


def assert_reads_the_same(engine: Engine, folder: Path, rows: int) -> None:
    dice = random.Random(rows)
    lines = [f"{dice.choice(CELLS)},X{number:06},{dice.choice(CELLS)}" for number in range(rows)]
    file, path = table_of(folder, [HEADER, *lines])
    assert file.plain
    assert_frame_equal(collected(engine.read(file, path)).sort(ROW), file.frame)
    assert_frame_equal(collected(engine.read(file, None)).sort(ROW), file.frame)
    path = path.with_suffix(".parquet")
    cells = file.frame.drop(ROW, "topic").with_columns(pl.col("note").fill_null(""))
    cells.write_parquet(path, row_group_size=50_000)
    names = tuple(declared()["statements"])
    parquet = ParquetFile("statements", "statements.parquet", path.read_bytes(), names)
    assert parquet.plain
    assert_frame_equal(collected(engine.read(parquet, path)).sort(ROW), file.frame)
    assert_frame_equal(parquet.frame, file.frame)


@pytest.mark.parametrize("rows", [0, 1, 300_000])
def test_duckdb_reads_what_polars_reads(duckdb: Engine, rows: int, tmp_path: Path) -> None:
    assert_reads_the_same(duckdb, tmp_path, rows)


@pytest.mark.parametrize("rows", [0, 1, 300_000])
def test_spark_reads_what_polars_reads(session: Any, rows: int, tmp_path: Path) -> None:
    from relations.validators.engines.in_spark import InSpark

    # In pieces, so that the rows are numbered across them.
    session.conf.set("spark.sql.files.maxPartitionBytes", 2_000_000)
    assert_reads_the_same(InSpark(session=session, small=0), tmp_path, rows)


@pytest.mark.parametrize(
    "fault",
    [
        "X000002,too few",
        ",,",
        "one,X000002,two,three",
        '"an open mark,X000002,note',
        'a "stray" mark,X000002,note',
        '"over two\nlines",X000002,note',
        "a\rreturn,X000002,note",
        "a\x00nothing,X000002,note",
    ],
)
@pytest.mark.parametrize("name", ["duckdb", "spark"])
def test_where_readers_may_disagree_an_engine_is_given_the_records(
    name: str, fault: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    file, _ = table_of(tmp_path, [HEADER, "one,X000001,", fault, "two,X000003,note"])
    assert not file.plain
    engine: Engine = request.getfixturevalue(name)
    assert_frame_equal(collected(engine.read(file, None)).sort(ROW), file.frame)


def test_duckdb_reads_a_line_of_any_length(duckdb: Engine, tmp_path: Path) -> None:
    lines = [f"{'long' * 600_000},X000001,", "short,X000002,"] * 3
    file, path = table_of(tmp_path, [HEADER, *lines])
    assert file.plain
    assert_frame_equal(collected(duckdb.read(file, path)).sort(ROW), file.frame)


@pytest.mark.parametrize("name", ["duckdb", "spark"])
def test_hidden_cells_are_null(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    file, path = table_of(tmp_path, [HEADER, "one,X000001,", "two,X000002,b", "three,X000003,c"])
    engine: Engine = request.getfixturevalue(name)
    rows = engine.read(file, path)
    hidden = {"note": pl.Series([1], dtype=pl.Int64), "summary": pl.Series([0, 2], dtype=pl.Int64)}
    seen = collected(engine.without(rows, hidden)).sort(ROW)
    assert seen["note"].to_list() == [None, None, "c"]
    assert seen["summary"].to_list() == [None, "two", None]
    # What was built on before stays as it was.
    assert_frame_equal(collected(rows).sort(ROW), file.frame)


@pytest.mark.parametrize("name", ["duckdb", "spark"])
def test_a_large_table_is_checked_by_the_engine_alone(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    root = tmp_path / "package"
    shutil.copytree(EXAMPLE_PACKAGE, root)
    path = root / "datapackage" / "countries.csv"
    lines = path.read_text("utf-8").splitlines()
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    known = {line[:3] for line in lines}
    more = [f"{a}{b}{c}" for a in "Q" for b in letters for c in letters]
    lines += [f"{code},Land {code}" + "," * 7 for code in more if code not in known]
    lines += [lines[1], "xx,Nowhere" + "," * 7]
    path.write_text("\n".join(lines) + "\n", "utf-8", newline="")
    rebuild(root)
    engine = request.getfixturevalue(name)
    if name == "spark":
        engine.small = 0
    found = assert_same(root, engine)
    assert {"duplicate-key", "malformed-code", "unknown-country-code"} <= {
        each.code for each in found.findings
    }


# What is refused


@pytest.mark.usefixtures("duckdb")
def test_what_duckdb_may_keep_in_memory_is_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    from relations.validators.engines.in_duckdb import InDuckDB

    monkeypatch.setenv("RELATIONS_MEMORY", "64M")
    engine = InDuckDB()
    said = engine.database.execute("SELECT current_setting('memory_limit')").fetchall()
    assert said == [("64.0 MiB",)]
    monkeypatch.setenv("RELATIONS_MEMORY", "much")
    with pytest.raises(Exception, match="RELATIONS_MEMORY takes a size such as 500M, not 'much'"):
        InDuckDB()


@pytest.mark.parametrize(
    ("name", "module"), [("duckdb", "duckdb"), ("spark", "pyspark.sql"), ("spark", "pyarrow")]
)
def test_an_engine_that_is_not_installed_is_named_with_its_extra(
    name: str, module: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, f"relations.validators.engines.in_{name}", raising=False)
    done = Shell(tmp_path, monkeypatch)("check", str(EXAMPLE_PACKAGE), "--engine", name)
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1] == (
        f"relations: the engine {name} is not installed: pip install 'bilateral-relations[{name}]'"
    )


def test_a_spark_is_asked_for_with_its_engine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    done = Shell(tmp_path, monkeypatch)("check", str(EXAMPLE_PACKAGE), "--spark-url", "sc://x")
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1] == "relations: --spark-url is for --engine spark"


@pytest.mark.parametrize("name", ["duckdb", "spark"])
def test_an_engine_that_finds_other_records_is_refused(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    file, path = table_of(tmp_path, [HEADER, "one,X000001,", "two,X000002,b"])
    engine = request.getfixturevalue(name)
    engine.small = 0
    with path.open("ab") as more:
        more.write(b"three,X000003,\n")
    with pytest.raises(NoEngine, match=r"finds 3 records in .*statements\.csv and there are 2"):
        engine.read(file, path)
    path.unlink()
    with pytest.raises(NoEngine, match=r"cannot read .*statements\.csv: "):
        engine.read(file, path)


def test_every_table_is_there_on_every_engine() -> None:
    assert set(declared()) == set(TABLES)
    assert len(choose([], [])) == len(RULES)
