"""What must hold of the CSV reader for any bytes at all."""

from __future__ import annotations

import csv
import io

from relations.validators.package.table_file import BOM, TableFile, quoted, raw_cells, unquoted
from relations.validators.searching.expressions import ROW

COLUMNS = ("id", "a", "b")
NAME = "datapackage/any.csv"
KINDS = {"ragged", "blank", "unclosed-quote", "stray-quote"}

csv.field_size_limit(1 << 30)


def holds(data: bytes) -> None:
    file = read(data)
    if not decodes(data):
        names_the_byte_at_fault(file, data)
        return
    assert file.undecodable is None
    faults_lie_in_the_file(file)
    if file.readable:
        cells_are_where_they_are_said_to_be(file)
        every_row_is_read_as_the_csv_module_reads_it(file)
        every_line_is_accounted_for(file)
        what_was_read_is_read_again(file)
        a_sound_file_is_sound(file)
    else:
        assert file.frame.is_empty()


def read(data: bytes) -> TableFile:
    return TableFile("any", NAME, data, COLUMNS)


def decodes(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def names_the_byte_at_fault(file: TableFile, data: bytes) -> None:
    assert file.undecodable is not None
    line, column, value = file.undecodable
    assert value >= 0x80
    assert not file.readable
    assert file.frame.is_empty()
    body = data.removeprefix(BOM)
    # The sound text before the byte is as long as the place says, and ends before that byte.
    lines = body.split(b"\n")
    assert 1 <= line <= len(lines)
    for end in range(len(lines[line - 1]) + 1):
        before = lines[line - 1][:end]
        if decodes(before) and len(before.decode("utf-8")) == column - 1:
            assert lines[line - 1][end] == value
            assert not decodes(b"\n".join([*lines[: line - 1], lines[line - 1][: end + 4]]))
            break
    else:
        raise AssertionError(f"no character {column} in line {line}")


def faults_lie_in_the_file(file: TableFile) -> None:
    lines = file.lines.to_list()
    assert "\n".join(lines) == file.text.removesuffix("\n")
    for each in file.broken:
        assert each.kind in KINDS
        assert 1 <= each.line <= len(lines)
        assert 1 <= each.column <= max(1, len(lines[each.line - 1]))
        if each.kind in ("unclosed-quote", "stray-quote"):
            assert lines[each.line - 1][each.column - 1] == '"'
        if each.kind == "ragged":
            assert each.cells not in (0, len(file.header))
    places = [each.line for each in file.broken]
    assert places == sorted(places)
    assert file.rows_lost is any(each.kind != "blank" for each in file.broken)
    assert file.excerpt(len(lines) + 1) is None


def from_place(lines: list[str], line: int, column: int) -> str:
    """The cell that begins at a place, read character by character until it ends."""
    text = "\n".join([lines[line - 1][column - 1 :], *lines[line:]])
    if not text.startswith('"'):
        return text[: min(text.find(mark) % (len(text) + 1) for mark in ",\n")]
    position, said = 1, ""
    while True:
        closing = text.index('"', position)
        said += text[position:closing]
        if text[closing + 1 : closing + 2] != '"':
            assert text[closing + 1 : closing + 2] in ("", ",", "\n")
            return said
        said, position = said + '"', closing + 2


def cells_are_where_they_are_said_to_be(file: TableFile) -> None:
    lines = file.lines.to_list()
    for index, name in enumerate(file.header):
        line, column, _ = file.header_at(index)
        assert column is not None
        assert from_place(lines, line, column) == name
    for row in range(file.frame.height):
        start = file.line_of(row)
        assert file.row_at(start) == row
        assert file.cell_at(row, None) == (start, None, None)
        for name in COLUMNS:
            line, column, end = file.cell_at(row, name)
            value = file.value_of(row, name)
            assert value != ""
            if name in file.absent:
                assert (line, column, end, value) == (start, None, None, None)
                continue
            assert column is not None
            assert file.row_at(line) == row
            assert from_place(lines, line, column) == (value or "")
            if end is not None:
                assert unquoted(lines[line - 1][column - 1 : end - 1]) == (value or "")


def by_csv(text: str) -> list[list[str]]:
    """The records of a text as Python reads them, a carriage return being a character."""
    carrier = next(mark for mark in map(chr, range(0xE000, 0xF900)) if mark not in text)
    rows = csv.reader(io.StringIO(text.replace("\r", carrier), newline=""), strict=True)
    return [[cell.replace(carrier, "\r") for cell in row] for row in rows]


def every_row_is_read_as_the_csv_module_reads_it(file: TableFile) -> None:
    texts = file.row_texts()
    assert len(texts) == file.frame.height
    assert file.frame[ROW].to_list() == list(range(file.frame.height))
    assert by_csv(file.header_text) == [list(file.header)]
    for row, text in enumerate(texts):
        [cells] = by_csv(text)
        assert len(cells) == len(file.header)
        assert list(map(unquoted, raw_cells(text))) == cells
        for name in COLUMNS:
            said = cells[file.header.index(name)] if name in file.header else ""
            assert file.value_of(row, name) == (said or None)


def every_line_is_accounted_for(file: TableFile) -> None:
    """No line vanishes: it belongs to the header, to a row, or to what a fault says is broken."""
    begun = {file.line_of(row): text.count("\n") for row, text in enumerate(file.row_texts())}
    faults = {each.line for each in file.broken}
    line, lost = file.header_text.count("\n") + 2, False
    while line <= len(file.lines):
        if line in begun:
            line, lost = line + begun[line] + 1, False
            continue
        lost = lost or any(line <= each for each in faults)
        assert lost or line in faults or any(each <= line for each in faults), line
        line += 1


def what_was_read_is_read_again(file: TableFile) -> None:
    records = [[value or "" for value in row[1:]] for row in file.frame.iter_rows()]
    # What has nothing in our columns is a blank row there.
    records = [row for row in records if "".join(row).strip()]
    text = "".join(",".join(map(quoted, row)) + "\n" for row in [list(COLUMNS), *records])
    again = read(text.encode("utf-8"))
    assert again.header == COLUMNS
    if again.broken:
        # A cell has a line that is a row by itself, so it seems not to have been closed.
        assert again.broken[0].kind == "unclosed-quote"
        assert any("\n" in cell for row in records for cell in row)
        return
    assert [[value or "" for value in row[1:]] for row in again.frame.iter_rows()] == records


def a_sound_file_is_sound(file: TableFile) -> None:
    """Records of one line each, of the right width and in sound quotes, are not called broken."""
    for line in file.lines:
        width = cells_in(line)
        if width != len(file.header):
            return
    assert all(each.kind == "blank" for each in file.broken), file.broken
    blank = [not by_csv(line) or not "".join(by_csv(line)[0]).strip() for line in file.lines[1:]]
    assert len(file.broken) <= sum(blank)


def cells_in(line: str) -> int:
    """How many cells a line has by RFC 4180, read mark by mark; 0 where it is no record."""
    count, position = 0, 0
    while True:
        count += 1
        if line.startswith('"', position):
            position = line.find('"', position + 1)
            while line.startswith('""', position):
                position = line.find('"', position + 2)
            if position < 0:
                return 0
            position += 1
        else:
            position = min(line.find(mark, position) % (len(line) + 1) for mark in ',"')
        if position == len(line):
            return count
        if line[position] != ",":
            return 0
        position += 1
