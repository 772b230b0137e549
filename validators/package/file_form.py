"""In which form a file has its table, by the file's name."""

from __future__ import annotations

CSV, GZIP, PARQUET = ".csv", ".csv.gz", ".parquet"


def is_parquet(name: str) -> bool:
    """Whether a file is called like a Parquet file."""
    return name.lower().endswith(PARQUET)


def is_table(name: str) -> bool:
    """Whether a file is called like that of a table."""
    return name.lower().endswith((CSV, GZIP, PARQUET))
