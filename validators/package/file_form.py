"""In which form a file has its table, by the file's name."""

from __future__ import annotations

CSV, GZIP, PARQUET = ".csv", ".csv.gz", ".parquet"
MOST_COLUMNS = 1_000
"""A header with more names is that of no table here, and is not read any further."""
LONGEST_NAME = 1_000
"""Characters of a name in a header: the same goes for one that has more."""


def is_parquet(name: str) -> bool:
    """Whether a file is called like a Parquet file."""
    return name.lower().endswith(PARQUET)


def is_table(name: str) -> bool:
    """Whether a file is called like that of a table."""
    return name.lower().endswith((CSV, GZIP, PARQUET))
