"""The engines by name; only who asks for one imports what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relations.validators.engines.engine import NoEngine

if TYPE_CHECKING:
    from relations.validators.engines.engine import Engine

NAMES = ("polars", "duckdb", "spark")


def engine_of(name: str, spark_url: str | None = None) -> Engine:
    """The engine of this name. ``spark_url`` is the session or master that Spark is asked for.

    Raises NoEngine with one line where it cannot be had.
    """
    if name not in NAMES:
        raise NoEngine(f"there is no engine {name!r}, but {', '.join(NAMES)}")
    if spark_url and name != "spark":
        raise NoEngine("--spark-url is for --engine spark")
    if name == "duckdb":
        from relations.validators.engines.in_duckdb import InDuckDB

        return InDuckDB()
    if name == "spark":
        from relations.validators.engines.in_spark import InSpark

        return InSpark(spark_url)
    from relations.validators.engines.in_polars import InPolars

    return InPolars()
