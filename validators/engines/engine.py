"""What searches the tables: an engine gives each table as a frame that narwhals can search.

A rule is written once, on narwhals frames, and every engine must give the same findings.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import narwhals as nw

from relations.validators.stop import CannotDo

if TYPE_CHECKING:
    import polars as pl

    from relations.validators.package.table_file import TableFile

    Hidden = Mapping[str, pl.Series]
    """For each column the numbers of the rows whose cell is not to be judged."""


class NoEngine(CannotDo):
    """An engine cannot be had, or cannot read a table; the message is one plain line."""


class Engine(Protocol):
    """Where the rules run."""

    name: str

    def read(self, file: TableFile, path: Path | None) -> nw.LazyFrame[Any]:
        """The rows of a table as its file has them: the declared columns as strings, `_row`.

        ``path`` is where the file lies, if an engine that reads it record by record and one
        that splits it at its lines get the same from it; None: ``file`` gives the records.
        """

    def searching(self, *, long: bool) -> AbstractContextManager[object]:
        """While tables are searched, one of which is ``long``: what is to be set up for it."""

    def without(self, frame: nw.LazyFrame[Any], hidden: Hidden) -> nw.LazyFrame[Any]:
        """The same rows with the cells null that are ``hidden``."""


def other_records(engine: str, path: Path, found: int, file: TableFile) -> NoEngine:
    """The refusal where an engine does not find the records that the file has."""
    return NoEngine(
        f"{engine} finds {found} records in {path} and there are {file.height}: "
        "was it changed meanwhile? If not, use --engine polars"
    )


def first_line(error: Exception) -> str:
    """What an error of an engine says, without where in the engine it was."""
    return str(error).strip().partition("\n")[0]
