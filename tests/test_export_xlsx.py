"""The workbook, opened with openpyxl."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest

from relations.schemas.tables import TABLES
from relations.validators.exporting import workbook
from relations.validators.exporting.contents import CannotExport, layout
from relations.validators.package.package import declared
from support.editing import EXAMPLE_PACKAGE, read_table
from support.exporting import exported, with_cells


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    path = exported("xlsx", tmp_path_factory.mktemp("xlsx") / "out.xlsx")
    return openpyxl.load_workbook(path)


def cells(book: openpyxl.Workbook, sheet: str) -> list[dict[str, object]]:
    head, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_a_sheet_a_table_and_the_codebook(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == ["about", *TABLES, "codebook", "vocabularies"]
    for table, columns in declared().items():
        rows = cells(book, table)
        assert [
            {name: "" if row[name] is None else str(row[name]) for name in columns} for row in rows
        ] == read_table(EXAMPLE_PACKAGE, table)
    described = [(row["table"], row["column"]) for row in cells(book, "codebook")]
    assert described == [(table, each.name) for table in TABLES for each in layout(table)]
    terms = {(row["vocabulary"], row["term"]): row for row in cells(book, "vocabularies")}
    assert terms["visit_type", "state"]["times used"] == 1
    assert {row["what"]: row["value"] for row in cells(book, "about")}["version"] == "1.0.0"


def test_days_are_days_and_text_is_text(book: openpyxl.Workbook) -> None:
    sheet = book["visits"]
    by_name = {cell.value: cell.column for cell in sheet[1]}
    written = sheet.cell(4, by_name["start_date"])
    first, last = (sheet.cell(4, by_name[f"start_date_{end}"]) for end in ("earliest", "latest"))
    assert (written.value, written.data_type, written.number_format) == ("2024-06~", "s", "@")
    assert (first.value, first.number_format) == (dt.datetime(2024, 6, 1), "yyyy-mm-dd")
    assert last.value == dt.datetime(2024, 6, 30)
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:S5")
    assert (
        "First day that start_date may mean"
        in sheet.cell(1, by_name["start_date_earliest"]).comment.text
    )
    length = book["sources"].cell(2, 16)
    assert book["sources"].cell(1, 16).value == "char_length"
    assert (length.value, length.data_type) == (1067, "n")
    width = sheet.column_dimensions["B"].width
    assert 30 <= width <= workbook.WIDEST + 1


def test_nothing_runs_and_nothing_is_taken_for_something_else(tmp_path: Path) -> None:
    hostile = ["=1+1", "+1", "-1", "@SUM(A1)", "1/2", "00123", "TRUE", "1E5", "http://example.org",
               "_x0041_", '=HYPERLINK("http://example.org","x")', "3-4"]  # fmt: skip
    root = with_cells(
        tmp_path,
        *(
            ("participants", f"N{number:04}", "note", text)
            for number, text in enumerate(hostile, 1)
        ),
    )
    path = exported("xlsx", tmp_path / "out.xlsx", root, allow_errors=True)
    sheet = openpyxl.load_workbook(path)["participants"]
    column = next(cell.column for cell in sheet[1] if cell.value == "note")
    found = [sheet.cell(row, column) for row in range(2, 2 + len(hostile))]
    assert [cell.value for cell in found] == hostile
    assert {(cell.data_type, cell.number_format) for cell in found} == {("s", "@")}
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == len(TABLES) + 3
        assert not any(b"<f" in archive.read(name) for name in sheets)
        assert not any(b"<hyperlink" in archive.read(name) for name in sheets)


def test_a_day_that_excel_does_not_have_is_text(tmp_path: Path) -> None:
    root = with_cells(tmp_path, ("countries", "EST", "valid_from", "1900-02"))
    path = exported("xlsx", tmp_path / "out.xlsx", root)
    row = cells(openpyxl.load_workbook(path), "countries")[0]
    assert (row["valid_from_earliest"], row["valid_from_latest"]) == ("1900-02-01", "1900-02-28")


def test_a_cell_that_excel_cannot_hold_is_refused(tmp_path: Path) -> None:
    root = with_cells(tmp_path, ("visits", "V0001", "note", "a" * 32_768))
    with pytest.raises(CannotExport) as refused:
        exported("xlsx", tmp_path / "out.xlsx", root)
    assert str(refused.value) == "a cell of visits has 32768 characters, and Excel holds 32767"
    assert not (tmp_path / "out.xlsx").exists()
