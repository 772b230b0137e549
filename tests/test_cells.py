"""The fused pass over cells against its oracle: the Pandera models, run as Pandera runs them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import narwhals as nw
import pandera.errors
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relations.schemas.columns import Column
from relations.schemas.table import columns
from relations.schemas.tables import TABLES
from relations.validators.package.descriptor import Descriptor
from relations.validators.package.files import Folder
from relations.validators.package.package import Package
from relations.validators.package.sources import SourceTexts
from relations.validators.package.table_file import TableFile
from relations.validators.searching.cells import MISSING, failed_cells
from relations.validators.searching.expressions import ROW

Cells = dict[str, str | None]

BAD = (
    "v0001", "V1", "V0001\n", "VV0001", "V0001;V0002", "31", "031", "0310", "Az", "AZ", "AZE",
    "2025-02-29", "2024-02-29", "2025-13", "2025-2-3", "18/02/2025", "45706", "..", "2025?",
    "2025??", "2025;2026-02", "2025; 2026", "2025,2026", "a;", ";a", "a;;b", " a", "a ", ";", "0",
    "-1", "-0", "00", "1", "007", "1.0", "1,067", "9" * 18, "9" * 19, "English", "EN", "en-GB",
    "https://example.org", "http://", "https://example.org/a b", "ftp://example.org", "Q1", "q1",
    "Q0", "0" * 64, "A" * 64, "0" * 63, "held", "Held", "head_of_state;minister",
    "head_of_state,minister", "head_of_state;", "minister;minister", 'say "so"', "two\nlines",
    "Əliyev", "\u00a0", "\U0001f600", "NA", "null",
)  # fmt: skip
"""Values that are right in some column and wrong in most."""


def sound(column: Column) -> list[str]:
    """Some values that the column's own checks let pass."""
    if column.vocabulary:
        terms = list(column.vocabulary)
        return [*terms, ";".join(terms[:2])] if column.is_list else terms
    if column.kind == "date":
        return ["2025", "2025-02~", "2025-02-28%", *([".."] if column.open_end else [])]
    if column.kind == "dates":
        return ["2025", "2025-02-28;2026?"]
    if column.kind == "integer":
        return ["1", "20", "9" * 18]
    if column.kind == "texts":
        return ["a", "a b;c, d"]
    if column.letter:
        return [f"{column.letter}{number:04}" for number in (1, 2, 99999)]
    return [column.example or "Some text, with a comma"]


def tables(table: str) -> st.SearchStrategy[list[Cells]]:
    """Tables of a few rows: cells that are right, wrong, empty, and of any letters."""
    letters = st.text(
        st.one_of(
            st.sampled_from("V0123456789-.;,~?%Q a"),
            st.characters(exclude_categories=("Cs",), exclude_characters="\r\0"),
        ),
        min_size=1,
        max_size=12,
    )
    cells = {
        name: st.one_of(st.sampled_from(sound(column)), st.none(), st.sampled_from(BAD), letters)
        for name, column in columns(TABLES[table]).items()
    }
    return st.lists(st.fixed_dictionaries(cells), min_size=1, max_size=6)


def package_of(table: str, rows: list[Cells]) -> Package:
    """A package of one table, written as CSV and read as any package is."""
    names = list(columns(TABLES[table]))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([[row[name] or "" for name in names] for row in rows])
    package = Package(
        Folder(Path()),
        Descriptor("datapackage.json", b"{}"),
        SourceTexts(Path()),
        dt.date(2026, 1, 1),
    )
    data = text.getvalue().encode("utf-8")
    package.files[table] = TableFile(table, f"{table}.csv", data, tuple(names))
    return package


def found_by_pandera(table: str, frame: pl.DataFrame) -> set[tuple[str, str, int]]:
    """Column, check and row of every failing cell; each cell's first failing check only."""
    try:
        TABLES[table].validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
    else:
        return set()
    order = {
        (name, code): number
        for name, column in columns(TABLES[table]).items()
        for number, code in enumerate([MISSING, *(check.code for check in column.checks)])
    }
    first: dict[tuple[str, int], str] = {}
    for name, code, row in cases.select("column", "check", "index").iter_rows():
        if code == "field_uniqueness":  # a key that stands twice is no fault of its cell
            continue
        code = MISSING if code == "not_nullable" else code
        before = first.get((name, row))
        if before is None or order[name, code] < order[name, before]:
            first[name, row] = code
    return {(name, code, row) for (name, row), code in first.items()}


def failed(package: Package, table: str) -> list[tuple[str, int, str, str | None]]:
    """Code, row, column and value of each failing cell."""
    return [
        (each.code, row, each.field, value)
        for each in failed_cells(package, table)
        for row, value in each.rows.select(ROW, "value").iter_rows()
    ]


def found_by_us(package: Package, table: str) -> set[tuple[str, str, int]]:
    found = failed(package, table)
    cells = {(field, code, row) for code, row, field, _ in found}
    assert len(cells) == len(found)
    return cells


@pytest.mark.parametrize("table", TABLES)
def test_both_find_the_same_cells(table: str) -> None:
    @settings(max_examples=20, deadline=None, derandomize=True, database=None)
    @given(tables(table))
    def compare(rows: list[Cells]) -> None:
        package = package_of(table, rows)
        frame = package.files[table].frame.drop(ROW)
        assert frame.rows(named=True) == rows
        assert found_by_us(package, table) == found_by_pandera(table, frame)

    compare()


@pytest.mark.parametrize("table", TABLES)
def test_both_let_sound_tables_pass(table: str) -> None:
    declared = columns(TABLES[table])
    length = max(len(sound(column)) for column in declared.values())
    rows: list[Cells] = [
        {name: sound(column)[number % len(sound(column))] for name, column in declared.items()}
        for number in range(length)
    ]
    package = package_of(table, rows)
    assert found_by_us(package, table) == set()
    assert found_by_pandera(table, package.files[table].frame.drop(ROW)) == set()


def test_every_check_fails_somewhere_among_the_values() -> None:
    unbroken = []
    for table, model in TABLES.items():
        key, *others = columns(model)
        rows: list[Cells] = [dict.fromkeys(columns(model), value) for value in BAD]
        rows += [{key: None, **dict.fromkeys(others, "x")}, {key: "x", **dict.fromkeys(others)}]
        package = package_of(table, rows)
        found = found_by_us(package, table)
        assert found == found_by_pandera(table, package.files[table].frame.drop(ROW))
        broken = {(field, code) for field, code, _ in found}
        for name, column in columns(model).items():
            codes = [check.code for check in column.checks]
            codes += [MISSING] if column.required else []
            unbroken += [(table, name, code) for code in codes if (name, code) not in broken]
    assert unbroken == []


def test_a_cell_is_named_once_with_its_first_fault() -> None:
    row: Cells = dict.fromkeys(columns(TABLES["terms"]))
    row |= {"term_id": "T0001", "official_id": "P0001", "post": "Speaker"}
    wrong: Cells = {**row, "role": "speaker; deputy", "start_date": "2025-2-30", "end_date": ".."}
    package = package_of("terms", [row, wrong])
    assert failed(package, "terms") == [
        ("malformed-list", 1, "role", "speaker; deputy"),
        ("malformed-date", 1, "start_date", "2025-2-30"),
    ]


def test_a_cell_with_a_finding_of_its_own_is_left_out() -> None:
    row: Cells = dict.fromkeys(columns(TABLES["terms"]))
    row |= {"term_id": "T1", "official_id": "P0001", "post": "Speaker", "start_date": "2025 "}
    package = package_of("terms", [row])
    package.spoil("terms", "start_date", [0])
    assert failed(package, "terms") == [("malformed-id", 0, "term_id", "T1")]


def test_a_column_that_is_not_there_has_no_cells() -> None:
    package = package_of("terms", [dict.fromkeys(columns(TABLES["terms"]), "x")])
    names = tuple(columns(TABLES["terms"]))
    package.files["terms"] = TableFile("terms", "terms.csv", b"term_id,post\nT0001,\n", names)
    assert failed(package, "terms") == [(MISSING, 0, "post", None)]


@settings(deadline=None, derandomize=True, database=None)
@given(st.lists(st.one_of(st.sampled_from(BAD), st.text(max_size=12)), min_size=1, max_size=20))
def test_what_python_takes_for_right_is_right(cells: list[str]) -> None:
    """In printable text they agree, whichever the pattern; of other text Python says nothing."""
    for check, right in CHECKS.items():
        asked = [*cells, *right]
        frame = nw.from_native(pl.DataFrame({"cell": asked}).lazy())
        holds = frame.select(check.holds(nw.col("cell"))).collect()["cell"].to_list()
        for cell, held in zip(asked, holds, strict=True):
            printable = check.terms is not None or cell.isprintable()
            assert check.surely_holds(cell) == (held and printable), (check, cell)


def test_a_long_cell_is_not_searched_by_python() -> None:
    text = columns(TABLES["visits"])["locations"].checks[0]
    assert text.surely_holds("Baku;" * 399 + "Baku")
    assert not text.surely_holds("Baku;" * 400 + "Baku")


CHECKS = {
    check: sound(column)
    for model in TABLES.values()
    for column in columns(model).values()
    for check in column.checks
}
