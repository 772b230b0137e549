"""The rules in DuckDB: tables on disk, and a bound on memory whatever their size."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.engines.engine import NoEngine, first_line, other_records
from relations.validators.package.file_form import is_parquet
from relations.validators.package.limits import GIB, Limit
from relations.validators.searching.expressions import ROW

try:
    import duckdb
except ImportError as error:
    raise NoEngine(
        "the engine duckdb is not installed: pip install 'bilateral-relations[duckdb]'"
    ) from error

if TYPE_CHECKING:
    import polars as pl

    from relations.validators.engines.engine import Hidden
    from relations.validators.package.table_file import TableFile

MEMORY = Limit("RELATIONS_MEMORY", GIB, "what DuckDB keeps in memory", unit="bytes")


class InDuckDB:
    """Keeps the tables in a database of its own, in a folder that goes with it.

    What does not fit into the memory allowed, RELATIONS_MEMORY, goes to that folder too.
    """

    name = "duckdb"

    def __init__(self) -> None:
        folder = tempfile.mkdtemp(prefix="relations-")
        self.database = duckdb.connect(
            f"{folder}/tables.duckdb",
            config={
                "memory_limit": f"{MEMORY.value}B",
                "temp_directory": f"{folder}/spilt",
                # Nothing is to be fetched from anywhere.
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
        self.database.execute("SET enable_progress_bar = false")
        self._made = 0
        weakref.finalize(self, _clear, self.database, folder)

    def read(self, file: TableFile, path: Path | None) -> nw.LazyFrame[Any]:
        name = self._name()
        # Told of lines longer than 2 MiB, it holds many times their length.
        if path is None or not (is_parquet(path.name) or file.has_short_lines):
            for number, some in enumerate(file.batches()):
                rows = _Arrow(some)  # noqa: F841
                begin = f"INSERT INTO {name}" if number else f"CREATE TABLE {name} AS"
                self.database.execute(f"{begin} SELECT * FROM rows")
        else:
            try:
                if is_parquet(path.name):
                    self._read_parquet(name, file, path)
                else:
                    self._read_csv(name, file, path)
            except duckdb.Error as error:
                raise NoEngine(f"DuckDB cannot read {path}: {first_line(error)}") from error
            found = self.database.table(name).count("*").fetchall()[0][0]
            if found != file.height:
                raise other_records("DuckDB", path, found, file)
            file.let_go()
        return nw.from_native(self.database.table(name))

    def _read_csv(self, name: str, file: TableFile, path: Path) -> None:
        columns = ", ".join(f"'{index}': 'VARCHAR'" for index in range(len(file.header)))
        cells = ", ".join(
            f'"{file.header.index(each)}" AS "{each}"'
            if each in file.header
            else f'NULL::VARCHAR AS "{each}"'
            for each in file.declared
        )
        self.database.execute(
            f'CREATE TABLE {name} AS SELECT row_number() OVER () - 1 AS "{ROW}", {cells} '
            f"FROM read_csv($path, columns = {{{columns}}}, auto_detect = false, header = true, "
            "delim = ',', quote = '\"', escape = '\"', nullstr = '', new_line = '\\n', "
            "strict_mode = true)",
            {"path": str(path)},
        )

    def _read_parquet(self, name: str, file: TableFile, path: Path) -> None:
        cells = ", ".join(
            f'nullif("{each}", \'\') AS "{each}"'
            if each in file.header
            else f'NULL::VARCHAR AS "{each}"'
            for each in file.declared
        )
        self.database.execute(
            f'CREATE TABLE {name} AS SELECT row_number() OVER () - 1 AS "{ROW}", {cells} '
            "FROM read_parquet($path)",
            {"path": str(path)},
        )

    def searching(self, *, long: bool) -> AbstractContextManager[object]:  # noqa: ARG002
        return nullcontext()

    def without(self, frame: nw.LazyFrame[Any], hidden: Hidden) -> nw.LazyFrame[Any]:
        relation = frame.to_native()
        cells = []
        for column in relation.columns:
            if column not in hidden:
                cells.append(f'"{column}"')
                continue
            name = self._name()
            rows = _Arrow(hidden[column].to_frame("row"))  # noqa: F841
            self.database.execute(f"CREATE TABLE {name} AS SELECT * FROM rows")
            hit = f'"{ROW}" IN (SELECT "row" FROM {name})'
            cells.append(f'CASE WHEN {hit} THEN NULL ELSE "{column}" END AS "{column}"')
        seen: nw.LazyFrame[Any] = nw.from_native(relation.project(", ".join(cells)))
        return seen

    def _name(self) -> str:
        self._made += 1
        return f"t{self._made}"


@dataclass(frozen=True, slots=True)
class _Arrow:
    """A polars frame by its Arrow interface alone: DuckDB would take pyarrow to read another."""

    frame: pl.DataFrame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.frame.__arrow_c_stream__(requested_schema)


def _clear(database: duckdb.DuckDBPyConnection, folder: str) -> None:
    database.close()
    shutil.rmtree(folder, ignore_errors=True)
