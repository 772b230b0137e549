"""Excel: one sheet a table, with a codebook beside them.

Every cell of text is written as text in a text format, so nothing is taken for a formula, a
date or a number, also when it is edited. The days of dates are real dates; a day before 1900,
which Excel does not have, is text, and so is a number that it would round. All that is written
is the same each time.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relations.schemas.columns import LIST_SEPARATOR
from relations.schemas.standards import address_of
from relations.schemas.tables import TABLES
from relations.validators.exporting.contents import (
    CannotExport,
    Contents,
    OutputColumn,
    layout,
)

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
MOST_EXACT = 2**53
"""Up to which Excel, that has floating point alone, keeps whole numbers."""
FIRST_DAY = dt.date(1900, 3, 1)
"""Excel's days before this one are off by its phantom 29 February 1900, or not there."""
WIDEST, NARROWEST = 60, 6


def write(contents: Contents, target: Path) -> None:
    """Write the workbook into the file ``target``. Raises CannotExport where it is too small."""
    import xlsxwriter

    options = {
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "in_memory": True,
    }
    # Into memory, where most of it is anyway: a zip that cannot be closed, because the disk is
    # full, says so once more when it is thrown away, with a traceback.
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, options) as workbook:
        workbook.set_properties(
            {
                "title": contents.text("title"),
                "comments": contents.text("description"),
                "created": dt.datetime(1980, 1, 1),
            }
        )
        sheets = _Sheets(workbook)
        sheets.add("about", ("what", "value"), _about(contents))
        for table in TABLES:
            sheets.add_table(table, contents)
        sheets.add("codebook", *_codebook())
        sheets.add("vocabularies", *_vocabularies(contents))
    target.write_bytes(made.getvalue())


class _Sheets:
    """The sheets of one workbook, all laid out alike."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self.head: Format = workbook.add_format({"bold": True, "bottom": 1, "num_format": "@"})
        self.text: Format = workbook.add_format({"num_format": "@", "valign": "top"})
        self.number: Format = workbook.add_format({"num_format": "0", "valign": "top"})
        self.day: Format = workbook.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})

    def add_table(self, table: str, contents: Contents) -> None:
        outputs = layout(table)
        rows = contents.typed(table).iter_rows()
        sheet = self.add(table, [output.name for output in outputs], rows)
        for index, output in enumerate(outputs):
            sheet.write_comment(0, index, _comment(output))

    def add(self, name: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Worksheet:
        sheet = self.workbook.add_worksheet(name)
        widths = [len(each) + 3 for each in names]
        for index, each in enumerate(names):
            sheet.write_string(0, index, each, self.head)
        number = 0
        for number, row in enumerate(rows, 1):
            if number >= MOST_ROWS:
                raise CannotExport(f"{name} has more rows than a sheet of Excel can hold")
            for index, value in enumerate(row):
                length = self._write(sheet, name, number, index, value)
                widths[index] = max(widths[index], length + 1)
        for index, width in enumerate(widths):
            sheet.set_column(index, index, min(max(width, NARROWEST), WIDEST), self.text)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, number, len(names) - 1)
        return sheet

    def _write(self, sheet: Worksheet, name: str, row: int, column: int, value: Any) -> int:
        """Write one cell; how many characters wide it shows."""
        if value is None:
            return 0
        if isinstance(value, int) and abs(value) <= MOST_EXACT:
            sheet.write_number(row, column, value, self.number)
            return len(str(value))
        if isinstance(value, dt.date) and value >= FIRST_DAY:
            sheet.write_datetime(row, column, value, self.day)
            return 10
        text = LIST_SEPARATOR.join(value) if isinstance(value, list) else str(value)
        if len(text) > MOST_CHARACTERS:
            raise CannotExport(
                f"a cell of {name} has {len(text)} characters, and Excel holds {MOST_CHARACTERS}"
            )
        sheet.write_string(row, column, text, self.text)
        return max(map(len, text.split("\n")))


def _comment(output: OutputColumn) -> str:
    return output.description.replace("`", "")


def _about(contents: Contents) -> Iterable[tuple[str, str]]:
    for key in ("title", "name", "version", "description", "homepage"):
        if contents.text(key):
            yield key, contents.text(key)
    for license_ in contents.objects("licenses"):
        parts = [license_.get("title") or license_.get("name"), license_.get("path")]
        yield "license", " ".join(part for part in parts if isinstance(part, str))
    for source in contents.objects("sources"):
        yield "source", str(source.get("title", ""))
    if not contents.sound:
        yield "errors", f"exported with {contents.errors} errors found by relations check"
    yield "empty cells", "not known from the sources"
    yield "dates", "as written, then the first and the last day that they may mean"


def _codebook() -> tuple[Sequence[str], Iterable[Sequence[Any]]]:
    names = (
        "table", "column", "description", "kind", "required", "cited", "references",
        "vocabulary", "example", "standard", "match", "address",
    )  # fmt: skip
    return names, (
        (table, output.name, *_described(output)) for table in TABLES for output in layout(table)
    )


def _described(output: OutputColumn) -> tuple[str | None, ...]:
    column = output.column
    if output.is_date:
        return output.description, "day", *([None] * 8)
    standard = column.standard
    return (
        column.description,
        column.kind,
        "yes" if column.required else None,
        "yes" if column.fact else None,
        column.references,
        column.vocabulary.name if column.vocabulary else None,
        column.example,
        standard.term if standard else None,
        standard.match if standard else None,
        address_of(standard.term) if standard else None,
    )


def _vocabularies(contents: Contents) -> tuple[Sequence[str], Iterable[Sequence[Any]]]:
    return ("vocabulary", "term", "meaning", "times used", "columns"), (
        (vocabulary.name, term.term, term.meaning, term.times, ", ".join(vocabulary.used_by))
        for vocabulary in contents.codebook.vocabularies
        for term in vocabulary.terms
    )
