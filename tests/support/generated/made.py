"""A package as rows of text: what is generated, broken, and written to a folder."""

from __future__ import annotations

import copy
import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

from relations.schemas.table import columns
from relations.schemas.tables import TABLES
from relations.validators.building.resources import rebuilt, serialized

Row = dict[str, str]
"""A row by its columns; every column of the model is there, empty or not."""

COLUMNS = {table: columns(model) for table, model in TABLES.items()}
KEYS = {table: next(iter(declared)) for table, declared in COLUMNS.items()}
HEADER = {
    "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
    "name": "generated",
    "title": "Generated relations",
    "version": "1.0.0",
    "licenses": [{"name": "CC0-1.0"}],
    "contributors": [{"title": "Nobody"}],
    "sources": [{"title": "Generated texts"}],
}


@dataclass
class Made:
    """The rows of each table in the order of the file, and the texts of the sources.

    ``texts`` has the text of each source by its id, ``present`` the names of the files in the
    seeds folder, likewise.
    """

    rows: dict[str, list[Row]] = field(
        default_factory=lambda: {table: [] for table in TABLES}, repr=False
    )
    texts: dict[str, str] = field(default_factory=dict, repr=False)
    present: dict[str, str] = field(default_factory=dict, repr=False)

    def copy(self) -> Made:
        """One that can be changed without this one."""
        return Made(copy.deepcopy(self.rows), dict(self.texts), dict(self.present))

    def row(self, table: str, key: str) -> Row:
        """The row with this key."""
        return next(row for row in self.rows[table] if row[KEYS[table]] == key)

    def filled(self, table: str, *names: str) -> list[Row]:
        """The rows of a table in which these columns are filled."""
        return [row for row in self.rows[table] if all(row[name] for name in names)]

    def file(self, table: str) -> bytes:
        """A table's file."""
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(COLUMNS[table]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows[table])
        return text.getvalue().encode("utf-8")

    def write(
        self,
        root: Path,
        files: dict[str, bytes] | None = None,
        texts: dict[str, bytes] | None = None,
    ) -> Path:
        """Write the package into ``root``, which is made, and give it back.

        ``files`` stand in place of those of some tables, ``texts`` of those of some sources.
        """
        data = {table: self.file(table) for table in TABLES} | (files or {})
        (root / "datapackage").mkdir(parents=True)
        (root / "seeds").mkdir()
        named = {table: (f"datapackage/{table}.csv", each) for table, each in data.items()}
        for name, each in named.values():
            (root / name).write_bytes(each)
        (root / "datapackage.json").write_bytes(serialized(rebuilt(HEADER, named)))
        for source_id, name in self.present.items():
            text = (texts or {}).get(source_id, self.texts[source_id].encode("utf-8"))
            (root / "seeds" / name).write_bytes(text)
        return root
