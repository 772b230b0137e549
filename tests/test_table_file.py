"""The reader against two others: Python's csv module, and a scan character by character."""

from __future__ import annotations

import csv
import datetime as dt
import io
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from relations.validators.check import check
from relations.validators.example import Replace, bad
from relations.validators.package import table_file
from relations.validators.package.table_file import BOM, BrokenRecord, TableFile
from relations.validators.searching.expressions import ROW
from support.editing import edited

COLUMNS = ("visit_id", "title", "note")
HEADER = "visit_id,title,note\n"
NAME = "datapackage/visits.csv"

texts = st.text(st.sampled_from('ab "",,\n\n\r-1é😀\u2028\ufeff'), max_size=8)
plain = st.text(st.sampled_from("ab é😀"), max_size=5)


@st.composite
def tables(draw: st.DrawFn, least: int = 0) -> list[list[tuple[str, bool]]]:
    """Rows of three cells, each with its text and whether it stands in quotes that it may lack.

    Keys are not empty, so no row is blank; a lone carriage return stands in quotes alone.
    """
    rows = draw(st.lists(st.tuples(texts, texts, st.booleans()), min_size=least, max_size=6))
    return [
        [(f"V{number:04}", False), (title, draw(st.booleans())), (note, quoted)]
        for number, (title, note, quoted) in enumerate(rows, 1)
    ]


def written(cell: tuple[str, bool]) -> str:
    text, quoted = cell
    if quoted or any(each in text for each in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text


def lines_of(rows: list[list[tuple[str, bool]]]) -> list[str]:
    return [",".join(map(written, row)) for row in rows]


def read(text: str | bytes) -> TableFile:
    data = text.encode("utf-8") if isinstance(text, str) else text
    return TableFile("visits", NAME, data, COLUMNS)


def cells(file: TableFile) -> list[list[str]]:
    return [[cell or "" for cell in row[1:]] for row in file.frame.rows()]


@dataclass
class Scanned:
    """One cell as a scan finds it: text, line, column, end column where it ends on its line."""

    text: str
    line: int
    column: int
    end: int | None


def scan(text: str) -> list[list[Scanned]]:
    """Every record of a sound file, read one character at a time."""
    records: list[list[Scanned]] = [[]]
    line, column = 1, 1
    start, content, inside, closed = (1, 1), "", False, False
    for index, character in enumerate(text):
        here = (line, column)
        if inside:
            if character == '"':
                if text[index + 1 : index + 2] == '"' and not closed:
                    closed = True
                elif closed:
                    content, closed = content + '"', False
                else:
                    inside = False
            else:
                content += character
        elif character == '"':
            inside = True
        elif character in ",\n":
            end = column if start[0] == line else None
            records[-1].append(Scanned(content, *start, end))
            if character == "\n":
                records.append([])
                start = (line + 1, 1)
            else:
                start = (line, column + 1)
            content = ""
        else:
            content += character
        line, column = (line + 1, 1) if character == "\n" else (here[0], column + 1)
    assert not records[-1], "the file ends with a line feed"
    return records[:-1]


@given(tables())
@settings(max_examples=200, deadline=None)
def test_a_sound_file_reads_as_the_csv_module_reads_it(rows: list[list[tuple[str, bool]]]) -> None:
    text = HEADER + "".join(f"{line}\n" for line in lines_of(rows))
    # A carriage return before a line feed belongs to the end of the line.
    while "\r\n" in text:
        text = text.replace("\r\n", "\n")
    file = read(text)
    assert cells(file) == list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert file.broken == []
    assert file.frame[ROW].to_list() == list(range(len(rows)))
    for line_end in ("\r\n", "\r\r\n"):
        assert cells(read(text.replace("\n", line_end))) == cells(file)
    assert cells(read(text.removesuffix("\n"))) == cells(file)
    assert cells(read(b"\xef\xbb\xbf" + text.encode())) == cells(file)


@given(tables())
@settings(max_examples=200, deadline=None)
def test_every_cell_is_where_a_scan_finds_it(rows: list[list[tuple[str, bool]]]) -> None:
    text = HEADER + "".join(f"{line}\n" for line in lines_of(rows))
    while "\r\n" in text:
        text = text.replace("\r\n", "\n")
    file = read(text)
    header, *records = scan(text)
    assert [file.header_at(index) for index in range(3)] == [
        (each.line, each.column, each.end) for each in header
    ]
    for row, record in enumerate(records):
        assert file.line_of(row) == record[0].line
        assert file.cell_at(row, None) == (record[0].line, None, None)
        for name, expected in zip(COLUMNS, record, strict=True):
            assert file.value_of(row, name) == (expected.text or None)
            assert file.cell_at(row, name) == (expected.line, expected.column, expected.end)


DAMAGES = {
    "unclosed-quote": lambda key, title, note: f'{key},"{title},{note}',
    "unclosed-quote at the end": lambda key, title, note: f'{key},{title},"{note}',
    "stray-quote": lambda key, title, note: f'{key},{title}b" x,{note}',
    "stray-quote twice": lambda key, title, note: f'{key},a "{title}" b,{note}',
    "stray-quote after a quoted cell": lambda key, title, note: f'{key},"{title}" b,{note}',
    "ragged": lambda key, title, note: f"{key},{title},b,{note}",
    "ragged and short": lambda key, title, _: f"{key},{title}",
    "blank": lambda *_: "",
    "blank but for commas": lambda *_: ",,",
}


@pytest.mark.parametrize("damage", DAMAGES)
@given(rows=tables(), broken=st.integers(0, 6), title=plain, note=plain)
@settings(max_examples=50, deadline=None)
def test_a_broken_record_costs_itself_alone(
    damage: str, rows: list[list[tuple[str, bool]]], broken: int, title: str, note: str
) -> None:
    records = lines_of(rows)
    place = min(broken, len(records))
    # The row after it is plain: text that closes the mark may make one sound row of several.
    records.insert(place, "V9999,after,it")
    records.insert(place, DAMAGES[damage]("V9998", title, note))
    text = HEADER + "".join(f"{record}\n" for record in records)
    while "\r\n" in text:
        text = text.replace("\r\n", "\n")
    file = read(text)
    kind, line = damage.split()[0], 2 + "".join(f"{each}\n" for each in records[:place]).count("\n")
    assert [(each.kind, each.line) for each in file.broken] == [(kind, line)]
    sound = HEADER + "".join(f"{each}\n" for each in records[:place] + records[place + 1 :])
    while "\r\n" in sound:
        sound = sound.replace("\r\n", "\n")
    assert cells(file) == cells(read(sound))
    assert file.rows_lost is (kind != "blank")
    row = cells(file).index(["V9999", "after", "it"])
    assert file.cell_at(row, "title")[0] == line + 1


@given(
    st.lists(
        st.text(st.sampled_from('ab1",\n\r; \ufeff\x00é'), max_size=12)
        | st.sampled_from(["V0001,a,b", 'V0002,"a', '",b', 'V0003,"a\nb",c', ",,", "\n\n"]),
        max_size=12,
    ),
    st.sampled_from(["", HEADER, "visit_id;title;note\n", '"visit_id","title"\r\n', '"visit_id']),
)
@settings(max_examples=300, deadline=None)
def test_whatever_stands_in_a_file_every_row_is_read_from_its_own_lines(
    parts: list[str], header: str
) -> None:
    file = read(header + "\n".join(parts))
    assert all(1 <= each.line <= len(file.lines) for each in file.broken)
    places = [file.line_of(row) for row in range(file.frame.height)]
    assert places == sorted(set(places))
    assert not {each.line for each in file.broken}.intersection(places)
    for row, line in enumerate(places):
        for name in set(COLUMNS) - set(file.absent):
            here, column, end = file.cell_at(row, name)
            assert here >= line
            if column and end:
                text = file.lines[here - 1][column - 1 : end - 1]
                bare = text[1:-1].replace('""', '"') if text.startswith('"') else text
                assert bare == (file.value_of(row, name) or "")


def test_a_quote_closed_by_that_of_a_later_row_is_the_first_rows_fault() -> None:
    file = read(HEADER + 'V0001,"open,x\nV0002,"a, b",y\nV0003,"c\nd",z\n')
    assert file.broken == [BrokenRecord("unclosed-quote", 2, 7)]
    assert cells(file) == [["V0002", "a, b", "y"], ["V0003", "c\nd", "z"]]


def test_a_quote_that_swallows_whole_rows_is_unclosed() -> None:
    file = read(HEADER + 'V0001,"open,x\nV0002,b,y\nV0003,c",z\n')
    assert file.broken == [
        BrokenRecord("unclosed-quote", 2, 7),
        BrokenRecord("stray-quote", 4, 8),
    ]
    assert cells(file) == [["V0002", "b", "y"]]


def test_a_stray_quote_in_the_second_line_of_a_cell_is_one_fault() -> None:
    file = read(HEADER + 'V0001,"one\nhe said "hi" there",x\nV0002,b,y\n')
    assert file.broken == [BrokenRecord("stray-quote", 3, 9)]
    assert cells(file) == [["V0002", "b", "y"]]


def test_a_stray_quote_before_a_cell_of_several_lines_is_one_fault() -> None:
    file = read(HEADER + 'V0001,5" gun,"one\ntwo, three\nfour"\nV0002,b,y\n')
    assert file.broken == [BrokenRecord("stray-quote", 2, 8)]
    assert cells(file) == [["V0002", "b", "y"]]


def test_a_ragged_row_of_several_lines_is_one_fault() -> None:
    file = read(HEADER + 'V0001,"one\ntwo",x,more\nV0002,b,y\n')
    assert file.broken == [BrokenRecord("ragged", 2, 1, 4)]
    assert cells(file) == [["V0002", "b", "y"]]


def test_an_unclosed_quote_in_the_last_row() -> None:
    file = read(HEADER + 'V0001,a,x\nV0002,b,"y\n\n')
    assert file.broken == [BrokenRecord("unclosed-quote", 3, 9)]
    assert cells(file) == [["V0001", "a", "x"]]


def test_a_cell_of_five_thousand_lines() -> None:
    long = "\n".join(["line"] * 5_000)
    file = read(HEADER + f'V0001,"{long}",after\nV0002,b,y\n')
    assert file.broken == []
    assert file.value_of(0, "title") == long
    assert file.cell_at(0, "title") == (2, 7, None)
    assert file.cell_at(0, "note") == (5_001, 7, 12)
    assert file.cell_at(1, "note") == (5_002, 9, 10)


def test_an_unclosed_quote_ten_thousand_lines_before_the_next() -> None:
    many = "".join(f"V{number},b,y\n" for number in range(10_000, 20_000))
    file = read(HEADER + 'V0001,"a,x\n' + many + 'V0002,"c, d",z\n')
    assert file.broken == [BrokenRecord("unclosed-quote", 2, 7)]
    assert file.frame.height == 10_001


def test_carriage_returns_end_lines_or_belong_to_cells() -> None:
    assert read("visit_id,title,note\r\nV0001,a,x\r\n").carriage_returns == (2, 1)
    assert read(HEADER + "V0001,a,x\nV0002,b,y\r\r\n").carriage_returns == (1, 3)
    assert read(HEADER + "V0001,a,x\r").carriage_returns == (1, 2)
    old = read("visit_id,title,note\rV0001,a,x\rV0002,b,y\r")
    assert old.carriage_returns == (3, 1)
    assert cells(old) == [["V0001", "a", "x"], ["V0002", "b", "y"]]
    lone = read(HEADER + "V0001,a\rb,x\n")
    assert lone.carriage_returns is None
    assert cells(lone) == [["V0001", "a\rb", "x"]]
    assert lone.cell_at(0, "note") == (2, 11, 12)


@pytest.mark.parametrize("text", ["", "\n", "\n\n", "\r\n", "\ufeff"])
def test_a_file_without_a_header_has_no_rows(text: str) -> None:
    file = read(text)
    assert (file.header, file.readable, file.frame.height) == ((), False, 0)
    assert file.frame.columns == [ROW, *COLUMNS]
    assert file.absent == COLUMNS
    assert file.broken == []


@pytest.mark.parametrize("text", [HEADER, HEADER.strip(), "visit_id,title,note\r\n"])
def test_a_header_alone_is_a_table_without_rows(text: str) -> None:
    file = read(text)
    assert (file.header, file.readable, file.frame.height) == (COLUMNS, True, 0)


def test_a_first_line_that_names_no_column_is_no_header() -> None:
    file = read("V0001,a,x\nV0002,b,y\n")
    assert not file.readable
    assert file.absent == COLUMNS
    assert file.frame.height == 0


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("visit_id;title;note\nV0001;a, b;x\n", ";"),
        ("visit_id\ttitle\tnote\nV0001\ta\tx\n", "\t"),
        ('"visit_id";"title";"note"\nV0001;"a;b";x\n', ";"),
        ("sep=;\nvisit_id;title;note\n", ";"),
    ],
)
def test_another_separator_is_seen_and_nothing_is_read(text: str, separator: str) -> None:
    file = read(text)
    assert file.separator == separator
    assert not file.readable
    assert file.broken == []


def test_a_broken_header_is_the_only_fault() -> None:
    file = read('visit_id,"title,note\nV0001,a,x\nV0002,b\n')
    assert file.broken == [BrokenRecord("unclosed-quote", 1, 10)]
    assert not file.readable


def test_columns_that_are_repeated_missing_or_unknown() -> None:
    file = read("visit_id,title,title,more\nV0001,first,second,x\n")
    assert file.header == ("visit_id", "title", "title", "more")
    assert file.absent == ("note",)
    assert cells(file) == [["V0001", "first", ""]]
    assert file.cell_at(0, "title") == (2, 7, 12)
    assert file.header_at(2) == (1, 16, 21)


def test_a_byte_that_is_no_utf8_is_named_by_line_and_column() -> None:
    file = read(HEADER.encode() + "V0001,Reykjavík é".encode() + b"\xe9,x\n")
    assert file.undecodable == (2, 18, 0xE9)
    assert not file.readable
    assert file.unusual == frozenset()


def test_unusual_characters_are_all_but_printable_ascii() -> None:
    file = read(HEADER + "V0001,a\tb é,~ \u200b\x7f\nV0002,\x00,b\n")
    assert file.unusual == frozenset("\té\u200b\x7f\x00")
    assert read(HEADER + "V0001,a,~ !\n").unusual == frozenset()


def test_an_unclosed_quote_is_one_finding_and_the_other_rows_are_judged(tmp_path: Path) -> None:
    example = bad(
        Replace(NAME, b"V0001,State visit", b'V0001,"State visit'),
        Replace(NAME, b"Official visit to Iceland,EST,ISL", b"Official visit to Iceland,EST,ISX"),
        expect=(),
    )
    report = check(edited(example, tmp_path), as_of=dt.date(2026, 1, 1))
    assert [
        (each.code, each.location.line, each.location.column, each.key)
        for each in report.findings
        if each.location.file == NAME
    ] == [("unclosed-quote", 2, 7, None), ("unknown-reference", 4, 37, "V0003")]


def test_no_text_that_has_a_composed_form_is_taken_for_composed() -> None:
    """By Unicode's own data: whatever is decomposed, of all its letters and syllables."""
    for code in (*range(0x80, 0xAC00), *range(0xAC00, 0xD7A4, 97), *range(0xF900, 0x30000)):
        decomposed = unicodedata.normalize("NFD", chr(code))
        usual = unicodedata.normalize("NFC", decomposed)
        if decomposed != usual:
            assert table_of(f"id,name\nA1,{decomposed}\n").composing, hex(code)
            if len(usual) == 1 and unicodedata.category(usual).startswith("L"):
                assert not table_of(f"id,name\nA1,{usual}\n").composing, hex(code)


def table_of(text: str) -> TableFile:
    return TableFile("t", "t.csv", text.encode("utf-8"), ("id", "name"))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (['"a, b"', "c"], (1, False, True)),
        (['"a ""b"""', "c"], (0, True, True)),
        (['"a"', '"b, c"'], (1, False, False)),
        (['""', '"b, c"'], (1, True, False)),
        (['"a\rb"', '","'], (1, False, True)),
        (['"a"b', '"c, d"'], None),
        (['"a, b"'], None),
        (['"a, b"', "c", "d"], None),
    ],
)
def test_lines_with_quotes_are_told_alike_in_short_files_and_in_long_ones(
    row: list[str], said: tuple[int, bool, bool] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = f"key,title\n{','.join(row)}\nV0002,Without\n".encode()
    for short in (len(body), 0):
        monkeypatch.setattr(table_file, "SHORT", short)
        assert table_file._quoted(body, 1) == said


PIECES = (
    b"V0001", b"V0002,a,b\n", b"\n", b"\n", b",", b",", b",,", b'"', b'""', b'"a, b"', b"\r",
    b"\r\n", b" ", b"\t", b"\xc2\xa0", b"a", "é".encode(), b"\xff", b"\xc3", BOM, b"x\x01", b";",
)  # fmt: skip


@given(
    st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join),
    st.sampled_from([b"", HEADER.encode(), BOM + HEADER.encode()]),
)
@settings(max_examples=1_500, deadline=None)
@example(b"V0001,a\n\n", HEADER.encode())
@example(b"V0001\nV0002,a,b,c,d\n", HEADER.encode())
@example(b"V0001," + b"\xff,b\n", HEADER.encode())
@example(b'V0001,"a, b",\nV0002,\xc3,b\n', HEADER.encode())
def test_a_long_file_is_read_as_a_short_one(rows: bytes, header: bytes) -> None:
    def read_as(short: int) -> tuple[object, ...]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(table_file, "SHORT", short)
            file = read(header + rows)
        return (
            file.frame.rows(), file.broken, file.undecodable, file.carriage_returns, file.header,
            file.absent, file.separator, file.one_line_each, file.header_cells, file.height,
            [(piece.to_list(), above) for piece, above in file.quoted_lines()],
        )  # fmt: skip

    assert read_as(0) == read_as(2**20)


def test_millions_of_blank_lines_are_no_rows() -> None:
    file = read(HEADER + "V0001,a,b\n" + "\n" * 200_000 + "V0002,a,b\n")
    assert [record.lines for record in file.broken] == [200_000]
    assert cells(file) == [["V0001", "a", "b"], ["V0002", "a", "b"]]


def test_lines_are_not_looked_at_again_where_all_quotes_are_needed() -> None:
    assert list(read(HEADER + 'V0001,"a, b",\n').quoted_lines()) == []
    ((lines, above),) = read(HEADER + 'V0001,"a, b",\nV0002,"c",\n').quoted_lines()
    assert (lines[2], above) == ('V0002,"c",', 0)
