"""The targets by their names, each a function of bytes that raises where something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fuzzing import dates_target, descriptor_target, table_file_target

CORPUS = Path(__file__).parent / "corpus"
"""A folder for each target, with small files that were made for it or that found something."""

TARGETS: dict[str, Callable[[bytes], None]] = {
    "dates": dates_target.holds,
    "descriptor": descriptor_target.holds,
    "table_file": table_file_target.holds,
}
