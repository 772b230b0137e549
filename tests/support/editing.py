"""Apply the edits of a rule's example to a copy of the example package."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

from relations.schemas.table import columns
from relations.schemas.tables import TABLES
from relations.validators.building.resources import rebuilt, serialized
from relations.validators.example import (
    Cell,
    Columns,
    Drop,
    Edit,
    Example,
    Move,
    Remove,
    Replace,
    Row,
    Write,
)
from relations.validators.package.sources import span_digest
from relations.validators.searching.coverage import CITED_TABLES, HELD

EXAMPLE_PACKAGE = Path(__file__).parent.parent / "packages" / "example"


def edited(example: Example, folder: Path) -> Path:
    """A copy of the example package below ``folder`` with the edits made; its root."""
    root = folder / "package"
    shutil.copytree(EXAMPLE_PACKAGE, root)
    for edit in example.edits:
        _apply(root, edit)
        if example.evidence and isinstance(edit, Cell | Row):
            key = edit.key if isinstance(edit, Cell) else next(iter(edit.cells.values()))
            _cite(root, edit.table, key)
            if isinstance(edit, Row) and edit.table == "sources":
                _use(root, key)
        if example.evidence and isinstance(edit, Drop):
            _forget(root, edit.table, edit.key)
    if example.built:
        rebuild(root)
    return root


def rebuild(root: Path) -> None:
    """Bring the descriptor up to date, as `relations build` does."""
    path = root / "datapackage.json"
    names = {table: f"datapackage/{table}.csv" for table in TABLES}
    files = {
        table: (name, (root / name).read_bytes())
        for table, name in names.items()
        if (root / name).is_file()
    }
    header = json.loads(path.read_bytes())
    path.write_bytes(serialized(rebuilt(header, files)))


def read_table(root: Path, table: str) -> list[dict[str, str]]:
    """The rows of a table as dictionaries of strings."""
    text = (root / "datapackage" / f"{table}.csv").read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def write_table(
    root: Path, table: str, rows: list[dict[str, str]], names: tuple[str, ...] = ()
) -> None:
    """Write a table in the columns ``names``, by default those of the model."""
    names = names or tuple(columns(TABLES[table]))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, lineterminator="\n", restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    (root / "datapackage" / f"{table}.csv").write_text(text.getvalue(), "utf-8", newline="")


def _apply(root: Path, edit: Edit) -> None:
    if isinstance(edit, Columns):
        write_table(root, edit.table, read_table(root, edit.table), edit.names)
        return
    if isinstance(edit, Cell | Row | Drop | Move):
        rows = read_table(root, edit.table)
        key = next(iter(columns(TABLES[edit.table])))
        if isinstance(edit, Row):
            assert set(edit.cells) <= set(columns(TABLES[edit.table])), edit
            rows.append(dict(edit.cells))
            rows.sort(key=lambda row: (len(row[key]), row[key]))
        else:
            row = next(row for row in rows if row[key] == edit.key)
            if isinstance(edit, Cell):
                assert edit.column in row, edit
                row[edit.column] = edit.value
            else:
                rows.remove(row)
            if isinstance(edit, Move):
                rows.append(row)
        write_table(root, edit.table, rows)
        return
    path = root / edit.file
    if isinstance(edit, Replace):
        data = path.read_bytes()
        assert data.count(edit.old) == 1, (
            f"{edit.old!r} is {data.count(edit.old)} times in {edit.file}"
        )
        path.write_bytes(data.replace(edit.old, edit.new))
    elif isinstance(edit, Write):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(edit.content)
    elif isinstance(edit, Remove):
        path.unlink()


def _cite(root: Path, table: str, key: str) -> None:
    """Add the evidence that a row must have and lacks; take out that of cells now empty."""
    if table not in CITED_TABLES:
        return
    declared = columns(TABLES[table])
    key_column = next(iter(declared))
    row = next((row for row in read_table(root, table) if row[key_column] == key), None)
    if row is None:
        return
    facts = [
        name
        for name, column in declared.items()
        if column.fact and row.get(name) and (table, name, row[name]) != HELD
    ]
    evidence = read_table(root, "evidence")
    about = (table, key)
    evidence = [
        each
        for each in evidence
        if (each["table"], each["row_id"]) != about or not each["column"] or row.get(each["column"])
    ]
    present = {each["column"] for each in evidence if (each["table"], each["row_id"]) == about}
    text = (EXAMPLE_PACKAGE / "seeds" / "R0001.txt").read_text("utf-8")
    number = max(int(each["evidence_id"][1:]) for each in evidence)
    for column in ["", *facts]:
        if column in present:
            continue
        number += 1
        evidence.append(
            {
                "evidence_id": f"C{number:04}",
                "table": table,
                "row_id": key,
                "column": column,
                "source_id": "R0001",
                "char_start": "0",
                "char_end": "20",
                "span_sha256": span_digest(text, 0, 20),
                "basis": "stated",
                "stance": "supports",
                "voice": "author",
            }
        )
    write_table(root, "evidence", evidence)


def _use(root: Path, source_id: str) -> None:
    """Cite a source for an official, so that it does not stand there unused."""
    evidence = read_table(root, "evidence")
    number = max(int(each["evidence_id"][1:]) for each in evidence) + 1
    first = {**evidence[0], "evidence_id": f"C{number:04}", "source_id": source_id}
    write_table(root, "evidence", [*evidence, first])


def _forget(root: Path, table: str, key: str) -> None:
    """Take out the evidence of a row that is gone."""
    about = (table, key)
    evidence = read_table(root, "evidence")
    kept = [each for each in evidence if (each["table"], each["row_id"]) != about]
    if len(kept) < len(evidence):
        write_table(root, "evidence", kept)
