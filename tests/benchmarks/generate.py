"""Make a package of any size to measure with: invented, without a fault but those asked for.

    python tests/benchmarks/generate.py DIR --visits 1000000 --evidence 500000

It is written in pieces, so that memory does not grow with it, and the same seed gives the same
bytes. With fewer evidence rows than facts some rows and cells are uncited; check such a package
with `--ignore uncited-row,uncited-cell`. With `--cited` every row and fact has its evidence.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from faults import Fault, apply, plan, wrong_evidence, wrong_visits
from relations.schemas.descriptor import PROFILE
from relations.schemas.table import columns
from relations.schemas.tables import TABLES
from relations.validators.building.resources import HASH, described, serialized
from relations.validators.searching.coverage import CITED_TABLES
from world import SOURCE, Row, World

PIECE = 200_000
FAULTS = "faults.csv"


class TableSink:
    """A table's file, written piece by piece, with the counts that the descriptor has of it."""

    def __init__(self, root: Path, table: str) -> None:
        self.path = f"datapackage/{table}.csv"
        self.names = list(columns(TABLES[table]))
        self._file = (root / self.path).open("wb")
        self._hash = hashlib.sha256()
        self._bytes = 0
        self.rows = 0
        self._write((",".join(self.names) + "\n").encode())

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._hash.update(data)
        self._bytes += len(data)

    def add(self, frame: pl.DataFrame) -> None:
        """Write more rows; columns that the table does not have are left out."""
        text = io.BytesIO()
        frame.select(self.names).write_csv(text, include_header=False)
        self._write(text.getvalue())
        self.rows += len(frame)

    def close(self) -> dict[str, Any]:
        """The counts of the whole file."""
        self._file.close()
        digest = HASH + self._hash.hexdigest()
        return {"bytes": self._bytes, "hash": digest, "rows": self.rows}


def generate(
    root: Path,
    *,
    visits: int,
    evidence: int,
    seed: int = 1,
    cited: bool = False,
    multiline: bool = False,
    faults: int = 0,
    every_row_fails: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Write a package into ``root``, a folder that is not there yet or is empty."""
    world = World(visits, evidence, seed=seed, cited=cited, multiline=multiline)
    (root / "datapackage").mkdir(parents=True)
    (root / "seeds").mkdir()
    (root / "seeds" / f"{SOURCE}.txt").write_text(world.source, "utf-8", newline="")
    short = dict(world.short())
    planned = plan(world, faults, short) if faults else []
    marks = _Marks(planned)
    counts: dict[str, dict[str, Any]] = {}
    citing = TableSink(root, "evidence")

    def cite(table: str, about: pl.DataFrame) -> None:
        before = citing.rows
        if table == "visits":
            about = marks.made("evidence", about, lambda at, _: before + at + 2)
            about = wrong_evidence(about) if every_row_fails else about
        citing.add(about)

    for table, rows in short.items():
        frame = _frame(table, rows)
        sink = TableSink(root, table)
        sink.add(marks.made(table, frame, lambda at, _: at + 2))
        counts[table] = sink.close()
        if cited and table in CITED_TABLES:
            cite(table, world.cite(table, frame, citing.rows))
    sink = TableSink(root, "visits")
    for first in range(0, visits, PIECE):
        frame = world.visits(first, min(first + PIECE, visits))
        about = world.evidence(frame, citing.rows)
        frame = marks.made("visits", frame, lambda _, number: world.line_of_visit(number))
        sink.add(wrong_visits(frame) if every_row_fails else frame)
        cite("visits", about)
        say(f"{sink.rows:,} of {visits:,} visits, {citing.rows:,} evidence rows")
    counts["visits"] = sink.close()
    counts["evidence"] = citing.close()
    if faults:
        marks.write(root / FAULTS)
    (root / "datapackage.json").write_bytes(serialized(_descriptor(counts)))


class _Marks:
    """The faults that were planned, put into the tables as these are written."""

    def __init__(self, planned: list[Fault]) -> None:
        self._of: dict[str, dict[int, Fault]] = {}
        for fault in planned:
            self._of.setdefault(fault.kind.table, {})[fault.number] = fault
        self._written: list[dict[str, Any]] = []

    def made(
        self, table: str, frame: pl.DataFrame, line: Callable[[int, int], int]
    ) -> pl.DataFrame:
        """The frame with its faults; ``line`` is that of a position and of a row's number."""
        faults = self._of.get(table)
        if not faults:
            return frame
        hit = pl.col("_i").is_in(list(faults)) & pl.col("_i").is_first_distinct()
        found = frame.with_row_index("_at").filter(hit)
        places: dict[int, Row] = {}
        key = next(iter(columns(TABLES[table])))
        for at, number, ident in found.select("_at", "_i", key).iter_rows():
            fault = faults[number]
            places[at] = fault.cells
            self._written.append(
                {
                    "code": fault.kind.code,
                    "file": f"datapackage/{table}.csv",
                    "line": line(at, number),
                    "field": fault.kind.field,
                    "table": table,
                    "key": fault.cells.get(key, ident),
                }
            )
        return apply(frame, places)

    def write(self, path: Path) -> None:
        """One row per fault: the finding that it must give."""
        place = ("file", "line", "code")
        rows = sorted(
            self._written, key=lambda row: tuple(str(row[each]).zfill(12) for each in place)
        )
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def _frame(table: str, rows: list[Row]) -> pl.DataFrame:
    names = list(columns(TABLES[table]))
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String))
    return frame.with_columns(_i=pl.int_range(len(rows)))


def _descriptor(counts: dict[str, dict[str, Any]]) -> dict[str, Any]:
    header = {
        "$schema": PROFILE,
        "name": "benchmark",
        "title": "Invented relations, for measuring",
        "description": "Nothing in it happened.",
        "version": "1.0.0",
        "licenses": [
            {
                "name": "CC0-1.0",
                "title": "CC0 1.0",
                "path": "https://creativecommons.org/publicdomain/zero/1.0/",
            }
        ],
        "contributors": [{"title": "The relations contributors", "roles": ["creator"]}],
        "sources": [{"title": "Invented chronicle"}],
    }
    resources = [described(table, f"datapackage/{table}.csv", counts[table]) for table in TABLES]
    return header | {"resources": resources}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description="Make an invented package to measure with.", allow_abbrev=False
    )
    parser.add_argument("dir", type=Path, help="a folder that is not there yet")
    parser.add_argument("--visits", type=int, default=1_000_000, help="rows of visits")
    parser.add_argument("--evidence", type=int, help="rows of evidence; default: half as many")
    parser.add_argument("--cited", action="store_true", help="cite every row and every fact")
    parser.add_argument("--multiline", action="store_true", help="some notes have two lines")
    parser.add_argument("--faults", type=int, default=0, help=f"put so many in, told in {FAULTS}")
    parser.add_argument("--every-row-fails", action="store_true", help="of visits and evidence")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    evidence = given.visits // 2 if given.evidence is None else given.evidence
    if given.dir.exists() and any(given.dir.iterdir()):
        parser.error(f"{given.dir} is not empty")
    generate(
        given.dir,
        visits=given.visits,
        evidence=evidence,
        seed=given.seed,
        cited=given.cited,
        multiline=given.multiline,
        faults=given.faults,
        every_row_fails=given.every_row_fails,
        say=lambda what: print(what, file=sys.stderr, flush=True),
    )


if __name__ == "__main__":
    main()
