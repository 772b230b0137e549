"""Faults of files, records and headers: what no table of rows can hold."""

from __future__ import annotations

import csv
import io
import random

from relations.schemas.tables import TABLES
from support.generated.broken import Broken, Fault
from support.generated.made import COLUMNS, KEYS, Made

Records = list[list[str]]
"""The cells of a file as they are written, quotation marks included; the header first."""


def _records(data: bytes) -> Records:
    rows = csv.reader(io.StringIO(data.decode("utf-8"), newline=""))
    return [[_written(cell) for cell in row] for row in rows]


def _written(cell: str) -> str:
    if not any(mark in cell for mark in ',"\n'):
        return cell
    return '"' + cell.replace('"', '""') + '"'


def _file(records: Records) -> bytes:
    return "".join(",".join(record) + "\n" for record in records).encode("utf-8")


def _table(made: Made, dice: random.Random, least: int = 1) -> str:
    return dice.choice([table for table in TABLES if len(made.rows[table]) >= least])


def _broken(made: Made, table: str, data: bytes, code: str, name: str | None = None) -> Broken:
    return Broken(made, {(code, table, None, name)}, files={table: data})


def short_row(made: Made, dice: random.Random) -> Broken | None:
    table = _table(made, dice)
    records = _records(made.file(table))
    del records[dice.randrange(1, len(records))][dice.randrange(1, len(COLUMNS[table]))]
    return _broken(made, table, _file(records), "ragged-row")


def long_row(made: Made, dice: random.Random) -> Broken | None:
    table = _table(made, dice)
    records = _records(made.file(table))
    record = dice.choice(records[1:])
    record.insert(dice.randrange(1, len(record) + 1), dice.choice(["", "more", '"a, b"']))
    return _broken(made, table, _file(records), "ragged-row")


def unclosed_quote(made: Made, dice: random.Random) -> Broken | None:
    table = _table(made, dice)
    records = _records(made.file(table))
    record = dice.choice(records[1:])
    plain = [at for at, cell in enumerate(record) if at and '"' not in cell]
    if not plain or any("\n" in cell for cell in record):
        return None
    place = dice.choice(plain)
    record[place] = '"' + record[place]
    if any('"' in cell for cell in record[place + 1 :]):
        # A mark that follows closes it: whether it is stray or unclosed is another question.
        return None
    return _broken(made, table, _file(records), "unclosed-quote")


def stray_quote(made: Made, dice: random.Random) -> Broken | None:
    table = _table(made, dice)
    records = _records(made.file(table))
    cells = [
        (number, place)
        for number, record in enumerate(records)
        for place, cell in enumerate(record)
        if number and cell and '"' not in cell
    ]
    number, place = dice.choice(cells)
    cell = records[number][place]
    at = dice.randint(1, len(cell))
    records[number][place] = cell[:at] + '"' + cell[at:]
    return _broken(made, table, _file(records), "stray-quote")


def blank_row(made: Made, dice: random.Random) -> Broken | None:
    table = _table(made, dice)
    records = _records(made.file(table))
    # Quotation marks around nothing would be needless besides.
    blank = dice.choice([[""], [" "], [""] * len(COLUMNS[table]), [" "] * len(COLUMNS[table])])
    records.insert(dice.randrange(1, len(records) + 1), blank)
    return _broken(made, table, _file(records), "blank-row")


def byte_order_mark(made: Made, dice: random.Random) -> Broken | None:
    table = _table(made, dice, 0)
    return _broken(made, table, b"\xef\xbb\xbf" + made.file(table), "byte-order-mark")


def carriage_returns(made: Made, dice: random.Random) -> Broken | None:
    table = _table(made, dice, 0)
    return _broken(made, table, made.file(table).replace(b"\n", b"\r\n"), "carriage-return")


def no_final_newline(made: Made, dice: random.Random) -> Broken | None:
    table = _table(made, dice, 0)
    return _broken(made, table, made.file(table).removesuffix(b"\n"), "no-final-newline")


def not_utf8(made: Made, dice: random.Random) -> Broken | None:
    table = _table(made, dice, 0)
    data = made.file(table)
    at = dice.randrange(len(data))
    while 0x80 <= data[at] < 0xC0:
        at -= 1
    return _broken(made, table, data[:at] + b"\xff" + data[at:], "not-utf8")


def empty_file(made: Made, dice: random.Random) -> Broken | None:
    table = _table(made, dice, 0)
    return _broken(made, table, dice.choice([b"", b"\n", b"\n\n"]), "empty-file")


def other_separator(made: Made, dice: random.Random) -> Broken | None:
    table = _table(made, dice, 0)
    mark = dice.choice([b";", b"\t", b"|"])
    return _broken(made, table, made.file(table).replace(b",", mark), "spreadsheet-separator")


def no_header(made: Made, dice: random.Random) -> Broken | None:
    table = _table(made, dice)
    lines = made.file(table).split(b"\n", 1)
    return _broken(made, table, lines[1], "unreadable-header")


def unknown_column(made: Made, dice: random.Random) -> Broken | None:
    table = _table(made, dice, 0)
    records = _records(made.file(table))
    place = dice.randrange(1, len(records[0]) + 1)
    for record in records:
        record.insert(place, "")
    records[0][place] = "colour"
    return _broken(made, table, _file(records), "unknown-column", "colour")


def missing_column(made: Made, dice: random.Random) -> Broken | None:
    table = _table(made, dice, 0)
    records = _records(made.file(table))
    place = dice.randrange(len(records[0]))
    name = records[0][place]
    for record in records:
        del record[place]
    return _broken(made, table, _file(records), "missing-column", name)


def column_twice(made: Made, dice: random.Random) -> Broken | None:
    table = _table(made, dice, 0)
    records = _records(made.file(table))
    place = dice.randrange(len(records[0]))
    for record in records:
        record.append(record[place])
    return _broken(made, table, _file(records), "duplicate-column", records[0][place])


def rows_out_of_order(made: Made, dice: random.Random) -> Broken | None:
    table = _table(made, dice, 2)
    rows = made.rows[table]
    rows.append(rows.pop(dice.randrange(len(rows) - 1)))
    key = KEYS[table]
    return Broken(made, {("row-order", table, rows[-1][key], key)})


FILE_FAULTS: dict[str, Fault] = {
    "a row is too short": short_row,
    "a row is too long": long_row,
    "a quotation mark is not closed": unclosed_quote,
    "a quotation mark is stray": stray_quote,
    "a row is blank": blank_row,
    "a byte-order mark": byte_order_mark,
    "carriage returns": carriage_returns,
    "the last line does not end": no_final_newline,
    "a byte is not UTF-8": not_utf8,
    "a file is empty": empty_file,
    "another separator": other_separator,
    "the header is lost": no_header,
    "a column too many": unknown_column,
    "a column is lost": missing_column,
    "a column stands twice": column_twice,
    "rows are out of order": rows_out_of_order,
}
