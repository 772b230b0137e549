"""Export the example package, or a copy of it with edits, as the command does."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest

from relations.validators.exporting.export import export
from relations.validators.exporting.formats import FORMATS, Format
from support.editing import EXAMPLE_PACKAGE, read_table, rebuild, write_table

AS_OF = dt.date(2026, 1, 1)


def format_of(name: str) -> Format:
    return next(each for each in FORMATS if each.name == name)


def exported(name: str, target: Path, root: Path = EXAMPLE_PACKAGE, **options: Any) -> Path:
    """The export at ``target``; its folder is made where it is not there.

    Skips the test where the extra that the format needs is not installed.
    """
    if missing := format_of(name).missing:
        pytest.skip(missing)
    target.parent.mkdir(parents=True, exist_ok=True)
    options.setdefault("seeds", EXAMPLE_PACKAGE / "seeds")
    return export(format_of(name), root, target, as_of=AS_OF, **options)


def with_cells(folder: Path, *cells: tuple[str, str, str, str]) -> Path:
    """A copy of the example package with cells (table, key, column, value) changed."""
    root = folder / "package"
    shutil.copytree(EXAMPLE_PACKAGE, root)
    for table, key, column, value in cells:
        rows = read_table(root, table)
        row = next(each for each in rows if next(iter(each.values())) == key)
        assert column in row
        row[column] = value
        write_table(root, table, rows)
    rebuild(root)
    return root
