"""The rules in Spark: for packages that have outgrown one machine."""

from __future__ import annotations

import os
import shutil
from contextlib import AbstractContextManager, nullcontext
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl

from relations.validators.engines.engine import NoEngine, first_line, other_records
from relations.validators.package.file_form import is_parquet
from relations.validators.searching.expressions import ROW

try:
    import pyarrow as pa
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession
    from pyspark.sql import functions as sql
except ImportError as error:
    raise NoEngine(
        "the engine spark is not installed: pip install 'bilateral-relations[spark]'"
    ) from error

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

    from relations.validators.engines.engine import Hidden
    from relations.validators.package.table_file import TableFile

LOCAL = "local[*]"
CONNECT = "sc://"
SMALL = 1024**2
"""Files smaller than this, in bytes, are sent along with each search: no job reads them."""

_BLOCK, _NUMBER = "_block", "_number"


class InSpark:
    """Runs the rules in a Spark session.

    That is the one given, or one at ``url``: a Connect server (``sc://…``) or a master
    (``spark://…``, ``local[4]``); by default what SPARK_REMOTE or SPARK_MASTER names, and else
    Spark in this process. Files of ``small`` bytes and more are read by Spark itself.
    """

    name = "spark"

    def __init__(
        self, url: str | None = None, *, session: SparkSession | None = None, small: int = SMALL
    ) -> None:
        self.session = session or _session(url)
        self.small = small

    def read(self, file: TableFile, path: Path | None) -> nw.LazyFrame[Any]:
        if path is None or file.size < self.small:
            rows = self.session.createDataFrame(_arrow(file.frame))
        else:
            read = self._read_parquet if is_parquet(path.name) else self._read_csv
            try:
                rows = read(file, path).persist()
            except PySparkException as error:
                raise NoEngine(f"Spark cannot read {path}: {first_line(error)}") from error
            file.let_go()
        frame: nw.LazyFrame[Any] = nw.from_native(rows)
        return frame

    def _read_csv(self, file: TableFile, path: Path) -> DataFrame:
        names = [f"_c{index}" for index in range(len(file.header))]
        cells = self.session.read.csv(
            path.absolute().as_uri(),
            schema=", ".join(f"{name} STRING" for name in names),
            header=True,
            quote='"',
            escape='"',
            lineSep="\n",
            nullValue="",
            emptyValue="",
            mode="FAILFAST",
            maxCharsPerColumn=-1,
        )
        columns = [
            sql.nullif(sql.col(names[file.header.index(name)]), sql.lit("")).alias(name)
            if name in file.header
            else sql.lit(None).cast("string").alias(name)
            for name in file.declared
        ]
        # Spark gives out a file in blocks, and numbers only what it reads in one go. Where its
        # block begins puts a row into the order of the file.
        numbered = cells.select(
            sql.col("_metadata.file_block_start").alias(_BLOCK),
            sql.monotonically_increasing_id().alias(_NUMBER),
            *columns,
        )
        blocks = (
            numbered.groupBy(_BLOCK)
            .agg(sql.min(_NUMBER).alias("first"), sql.count("*").alias("rows"))
            .orderBy(_BLOCK)
            .collect()
        )
        before = [0, *accumulate(block["rows"] for block in blocks)]
        if before[-1] != file.height:
            raise other_records("Spark", path, before[-1], file)
        shifts: list[Column] = []
        for block, number in zip(blocks, before, strict=False):
            shifts += [sql.lit(block[_BLOCK]), sql.lit(number - block["first"])]
        row = sql.col(_NUMBER) + sql.create_map(*shifts)[sql.col(_BLOCK)] if shifts else sql.lit(0)
        return numbered.select(row.cast("bigint").alias(ROW), *file.declared)

    def _read_parquet(self, file: TableFile, path: Path) -> DataFrame:
        columns = [
            sql.nullif(sql.col(name), sql.lit("")).alias(name)
            if name in file.header
            else sql.lit(None).cast("string").alias(name)
            for name in file.declared
        ]
        row = sql.col("_metadata.row_index").cast("bigint").alias(ROW)
        rows = self.session.read.parquet(path.absolute().as_uri()).select(row, *columns)
        found = rows.count()
        if found != file.height:
            raise other_records("Spark", path, found, file)
        return rows

    def searching(self, *, long: bool) -> AbstractContextManager[object]:  # noqa: ARG002
        return nullcontext()

    def without(self, frame: nw.LazyFrame[Any], hidden: Hidden) -> nw.LazyFrame[Any]:
        cells: DataFrame = frame.to_native()
        for number, (column, rows) in enumerate(hidden.items()):
            hit = f"_hidden{number}"
            table = _arrow(rows.to_frame(hit))
            cells = cells.join(
                sql.broadcast(self.session.createDataFrame(table)),
                sql.col(ROW) == sql.col(hit),
                "left",
            )
            cells = cells.withColumn(column, sql.when(sql.col(hit).isNull(), sql.col(column)))
            cells = cells.drop(hit)
        seen: nw.LazyFrame[Any] = nw.from_native(cells)
        return seen


def _session(url: str | None) -> SparkSession:
    if url is None:
        found = SparkSession.getActiveSession()
        if found:
            return found
        url = os.environ.get("SPARK_REMOTE") or os.environ.get("SPARK_MASTER") or LOCAL
    if not url.startswith(CONNECT) and not (shutil.which("java") or "JAVA_HOME" in os.environ):
        raise NoEngine("the engine spark needs Java 17 or later, and there is none here")
    builder = SparkSession.builder.appName("relations")
    if url.startswith(CONNECT):
        builder = builder.remote(url)
    else:
        builder = builder.master(url)
        if url.startswith("local"):
            builder = (
                builder.config("spark.ui.enabled", "false")
                .config("spark.ui.showConsoleProgress", "false")
                .config("spark.log.level", "ERROR")
                .config("spark.sql.shuffle.partitions", "4")
            )
    try:
        return builder.getOrCreate()
    except (PySparkException, OSError) as error:
        raise NoEngine(f"there is no Spark at {url}: {first_line(error)}") from error


def _arrow(frame: pl.DataFrame) -> pa.Table:
    """A polars frame as Arrow has it; Spark knows no string views."""
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())
