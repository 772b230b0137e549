"""Rules about files, beyond their examples: counts, words, places, and no second finding."""

from __future__ import annotations

import datetime as dt
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relations.validators.check import check
from relations.validators.example import Cell, Columns, Edit, Move, Replace, Row, Write, bad
from relations.validators.finding import Finding, Report
from relations.validators.package.header import StrangeName, read_header
from relations.validators.registry import RULES
from relations.validators.rules.file.invisible_character import INVISIBLE
from relations.validators.rules.file.mixed_script import alphabet
from relations.validators.rules.file.not_utf8 import guessed
from relations.validators.rules.file.stray_space import SPACES
from support.editing import edited

CODES = tuple(rule.code for rule in RULES if rule.family == "file")
STATEMENTS = "datapackage/statements.csv"
HEADER = (
    b"statement_id,official_id,organization_id,engagement_id,date,topic,subjects,summary,note\n"
)


def after(folder: Path, *edits: Edit) -> Report:
    """What the rules about files say after some edits; the descriptor is built anew."""
    root = edited(bad(*edits, expect=(), evidence=False), folder)
    report = check(root, select=CODES, as_of=dt.date(2026, 1, 1))
    assert report.failures == ()
    return report


def found(folder: Path, *edits: Edit) -> Finding:
    """The only finding after some edits."""
    (finding,) = after(folder, *edits).findings
    return finding


def with_note(folder: Path, note: str) -> list[tuple[str, str]]:
    report = after(folder, Cell("statements", "X0002", "note", note))
    assert all(
        (each.key, each.field, each.value) == ("X0002", "note", note) for each in report.findings
    )
    return [(each.code, each.message) for each in report.findings]


def place(finding: Finding) -> tuple[str, int | None, int | None]:
    return finding.code, finding.location.line, finding.location.column


# Encodings and ends of lines


@pytest.mark.parametrize(
    ("text", "codec", "expected"),
    [
        ("id,name\n1,Reykjavík\n2,Sigrún\n", "cp1252", "Windows-1252"),
        ("id,name\n1,Reykjavík\n2,Æsa Þór\n", "iso-8859-1", "Windows-1252"),
        ("id,name\n1,Минск\n2,Александр\n", "cp1251", "Windows-1251"),
        ("id,name\n1,Reykjavík\n", "utf-16", "UTF-16"),
        ("id,name\n1,Reykjavík\n", "utf-16-le", "UTF-16"),
        ("id,name\n1,Française\n", "mac_roman", "Mac Roman"),
    ],
)
def test_the_encoding_is_guessed(text: str, codec: str, expected: str) -> None:
    assert guessed(text.encode(codec))[0] == expected


def test_a_file_that_is_not_utf8_shows_a_word_as_it_was_meant(tmp_path: Path) -> None:
    data = HEADER + 'X0001,,,,,other,,"It praised Reykjavík, and Sigrún.",\n'.encode("cp1252")
    finding = found(tmp_path, Write(STATEMENTS, data))
    assert place(finding) == ("not-utf8", 2, 37)
    assert finding.message == "byte 0xED is not UTF-8"
    assert finding.hint == (
        "save the file as UTF-8; it is probably Windows-1252, in which this word reads `Reykjavík`"
    )


@pytest.mark.parametrize(
    ("end", "message"),
    [
        (b"\r\n", "3 lines of the file end with a carriage return"),
        (b"\r", "3 lines of the file end with a carriage return"),
    ],
)
def test_carriage_returns_are_one_finding_with_their_count(
    end: bytes, message: str, tmp_path: Path
) -> None:
    data = HEADER + b"X0001,,,,,other,,One.,\nX0002,,,,,other,,Two.,\n"
    finding = found(tmp_path, Write(STATEMENTS, data.replace(b"\n", end)))
    assert (finding.code, finding.location.line, finding.message) == ("carriage-return", 1, message)


def test_a_carriage_return_within_a_line_is_a_control_character(tmp_path: Path) -> None:
    data = HEADER + b"X0001,,,,,other,,One\rtwo.,\n"
    finding = found(tmp_path, Write(STATEMENTS, data))
    assert place(finding) == ("control-character", 2, 18)
    assert finding.message == "character 4 is the control character U+000D"


def test_windows_encoding_and_line_ends_are_one_finding_until_the_file_can_be_read(
    tmp_path: Path,
) -> None:
    data = (HEADER + "X0001,,,,,other,,Zoë.,".encode("cp1252")).replace(b"\n", b"\r\n")
    assert place(found(tmp_path, Write(STATEMENTS, data))) == ("not-utf8", 2, 20)


# Records


def test_blank_rows_that_follow_one_another_are_one_finding(tmp_path: Path) -> None:
    data = HEADER + b"\n,,,,,,,,\nX0001,,,,,other,,One.,\n \nX0002,,,,,other,,Two.,\n\n"
    report = after(tmp_path, Write(STATEMENTS, data))
    assert [(place(each), each.message) for each in report.findings] == [
        (("blank-row", 2, None), "the row is blank and 1 more after it"),
        (("blank-row", 5, None), "the row is blank"),
        (("blank-row", 7, None), "the row is blank"),
    ]


def test_a_comma_at_the_end_of_every_row_is_one_finding(tmp_path: Path) -> None:
    data = HEADER + b"X0001,,,,,other,,One.,,\nX0002,,,,,other,,Two.,,\n"
    finding = found(tmp_path, Write(STATEMENTS, data))
    assert place(finding) == ("ragged-row", 2, None)
    assert finding.message == "each of the 2 rows has 10 cells where the header has 9"


def test_rows_that_are_ragged_in_their_own_ways_are_named_one_by_one(tmp_path: Path) -> None:
    data = HEADER + b"X0001,,,,,other,,One.,,\nX0002,,,,,other,,Two.\n"
    assert [place(each) for each in after(tmp_path, Write(STATEMENTS, data)).findings] == [
        ("ragged-row", 2, None),
        ("ragged-row", 3, None),
    ]


def test_quotes_that_nobody_needs_are_one_finding_with_their_count(tmp_path: Path) -> None:
    data = HEADER + b'X0001,,,,,"other",,"One, ""two"",\nthree.",\n"X0002",,,,,other,,"Two.",""\n'
    finding = found(tmp_path, Write(STATEMENTS, data))
    assert place(finding) == ("needless-quotes", 2, 11)
    assert finding.message == "4 cells stand in quotation marks without need"


def test_quotes_are_not_judged_where_one_is_left_over(tmp_path: Path) -> None:
    data = HEADER + b'X0001,,,,,"other",,"One.,\nX0002,,,,,other,,Two.,\n'
    assert place(found(tmp_path, Write(STATEMENTS, data))) == ("unclosed-quote", 2, 20)


# Headers


DECLARED = ("visit_id", "title", "host_country", "start_date", "note")


@pytest.mark.parametrize(
    ("header", "repeated", "unknown", "missing"),
    [
        (DECLARED, (), (), ()),
        # Like a missing name, wherever it stands.
        (
            ("title", "start_dat", "visit_id", "host_country", "note"),
            (),
            (StrangeName(1, "start_dat", "start_date"),),
            (),
        ),
        # Like none, in the place of a missing one.
        (
            ("visit_id", "title", "gastland", "start_date", "note"),
            (),
            (StrangeName(2, "gastland", "host_country"),),
            (),
        ),
        # One name written over another.
        (
            ("visit_id", "title", "title", "start_date", "note"),
            (StrangeName(2, "title", "host_country"),),
            (),
            (),
        ),
        # Missing here and strange there, with nothing in common.
        (
            ("visit_id", "title", "start_date", "note", "", "x"),
            (),
            (StrangeName(4, "", None), StrangeName(5, "x", None)),
            ("host_country",),
        ),
    ],
)
def test_a_strange_name_stands_for_one_missing_column(
    header: tuple[str, ...],
    repeated: tuple[StrangeName, ...],
    unknown: tuple[StrangeName, ...],
    missing: tuple[str, ...],
) -> None:
    reading = read_header(header, DECLARED)
    assert (reading.repeated, reading.unknown, reading.missing) == (repeated, unknown, missing)


def test_a_misspelled_column_is_one_finding_where_it_stands(tmp_path: Path) -> None:
    finding = found(tmp_path, Replace("datapackage/visits.csv", b",start_date,", b",Startdate,"))
    assert place(finding) == ("unknown-column", 1, 89)
    assert finding.message == "`Startdate` is no column of visits"
    assert finding.hint == "did you mean `start_date`?"


def test_a_column_without_a_name_is_named_by_its_number(tmp_path: Path) -> None:
    data = HEADER.replace(b"\n", b",\n") + b"X0001,,,,,other,,One.,,\n"
    finding = found(tmp_path, Write(STATEMENTS, data))
    assert place(finding) == ("unknown-column", 1, 89)
    assert finding.message == "column 10 has no name"


def test_the_file_of_another_table_is_named(tmp_path: Path) -> None:
    finding = found(
        tmp_path,
        Write(
            STATEMENTS, b"membership_id,organization_id,country,step,kind,date,session_id,note\n"
        ),
    )
    assert place(finding) == ("unreadable-header", 1, None)
    assert finding.message == "the first line is not the header of statements but of memberships"


def test_a_column_too_many_and_another_order_are_two_findings(tmp_path: Path) -> None:
    names = ("membership_id", "country", "organization_id", "step", "kind", "date", "session_id")
    report = after(tmp_path, Columns("memberships", (*names, "note", "remarks")))
    assert [(each.code, each.field) for each in report.findings] == [
        ("column-order", "country"),
        ("unknown-column", "remarks"),
    ]


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_another_separator_is_one_finding(separator: str, tmp_path: Path) -> None:
    data = (HEADER + b"X0001,,,,,other,,One.,\n").decode().replace(",", separator)
    finding = found(tmp_path, Write(STATEMENTS, data.replace("One", '"One, 1" two').encode()))
    assert (finding.code, finding.value) == ("spreadsheet-separator", separator)


# Characters


@pytest.mark.parametrize("space", SPACES)
def test_every_white_space_at_an_end_is_found(space: str, tmp_path: Path) -> None:
    # In quotation marks: a carriage return would end the line without them.
    data = HEADER + f'X0001,,,,,other,,"One,{space}",\n'.encode()
    finding = found(tmp_path, Write(STATEMENTS, data))
    assert place(finding) == ("stray-space", 2, 18)
    assert finding.value == f"One,{space}"


@pytest.mark.parametrize("note", ["\none", "one\n", "one,\n"])
def test_a_line_end_at_an_end_of_a_cell_is_white_space(note: str, tmp_path: Path) -> None:
    assert [code for code, _ in with_note(tmp_path, note)] == ["stray-space"]


@pytest.mark.parametrize("note", ["one, two", ' "one" ,x'.strip(), "one\ntwo", "a b , c"])
def test_white_space_within_a_cell_is_right(note: str, tmp_path: Path) -> None:
    assert with_note(tmp_path, note) == []


def test_a_decomposed_letter_is_named_by_its_place(tmp_path: Path) -> None:
    assert with_note(tmp_path, "in Reykjavi\u0301k") == [
        ("not-nfc", "character 11 is not in the composed form (NFC)")
    ]


@pytest.mark.parametrize(
    ("note", "message"),
    [
        ("a\u200bb", "character 2 is invisible: U+200B, zero width space"),
        ("a\u00adb", "character 2 is invisible: U+00AD, soft hyphen"),
        ("ab\u202ec", "character 3 is invisible: U+202E, right-to-left override"),
        ("a\u2066b", "character 2 is invisible: U+2066, left-to-right isolate"),
        ("a\ufeffb", "character 2 is invisible: U+FEFF, zero width no-break space"),
        ("\ufeffb", "character 1 is invisible: U+FEFF, zero width no-break space"),
        ("a\u200db", "character 2 is invisible: U+200D, zero width joiner"),
        ("\u0645\u06cc\u200c", "character 3 is invisible: U+200C, zero width non-joiner"),
        ("a\U000e0041b", "character 2 is invisible: U+E0041, tag latin capital letter a"),
    ],
)
def test_what_nobody_sees_is_named(note: str, message: str, tmp_path: Path) -> None:
    assert with_note(tmp_path, note) == [("invisible-character", message)]


@pytest.mark.parametrize(
    "note", ["\u0645\u06cc\u200c\u0631\u0648\u062f", "\u0915\u094d\u200d\u0937", "❤\ufe0f"]
)
def test_a_joiner_between_letters_that_need_it_is_right(note: str, tmp_path: Path) -> None:
    assert with_note(tmp_path, note) == []


def test_whatever_unicode_calls_a_format_character_is_invisible_or_seen() -> None:
    formats = {chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == "Cf"}
    seen = {each for each in formats if not INVISIBLE.match(each)}
    # Signs with a shape of their own: of numbers, of hieroglyphs, of shorthand and of music.
    assert {unicodedata.name(each).split()[0] for each in seen} == {
        "ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN", "SHORTHAND", "MUSICAL",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("note", "message"),
    [
        (
            "in \u0410zerbaijan",
            "the Latin word `\u0410zerbaijan` has the Cyrillic letter `\u0410` (U+0410), "
            "character 4 of the cell",
        ),
        (
            "\u041c\u0438\u043d\u0441k",
            "the Cyrillic word `\u041c\u0438\u043d\u0441k` has the Latin letter `k` (U+006B), "
            "character 5 of the cell",
        ),
        (
            "Eston\u03b9a",
            "the Latin word `Eston\u03b9a` has the Greek letter `\u03b9` (U+03B9), "
            "character 6 of the cell",
        ),
        (
            "\u0259li and \u04d9li",
            "the Latin word `\u04d9li` has the Cyrillic letter `\u04d9` (U+04D9), "
            "character 9 of the cell",
        ),
    ],
)
def test_a_letter_of_another_alphabet_is_named(note: str, message: str, tmp_path: Path) -> None:
    assert with_note(tmp_path, note) == [("mixed-script", message)]


@pytest.mark.parametrize(
    "note",
    [
        "NATO-\u0441\u043a\u0438\u0439",
        "\u0422\u0443-154\u0411 and 2B",
        "\u5728APEC\u4f1a\u8bae, ASEAN\uc740",
        "\u00b5m, 1\u00aa, \u02bbAlawi, na\u00efve, \u01c6ep",
        "\u0627\u0644\u0646\u0627\u062aNATO",
    ],
)
def test_words_of_two_alphabets_side_by_side_are_right(note: str, tmp_path: Path) -> None:
    assert with_note(tmp_path, note) == []


@given(st.text(st.sampled_from("abкдαβé\u0301-1 ,"), max_size=8))
@settings(max_examples=200, deadline=None)
def test_only_what_unicode_calls_a_letter_has_an_alphabet(text: str) -> None:
    for each in text:
        assert (alphabet(each) is None) is (not unicodedata.category(each).startswith("L"))


@pytest.mark.parametrize(
    ("note", "formula"),
    [
        ("=1+1", True),
        ("+994 12 000", True),
        ("@SUM(1)", True),
        ("-A1", True),
        ("- told twice", True),
        ("=1,2", True),
        ("-5", False),
        ("-.5", False),
        ("=", False),
        ("a=b", False),
        ("see, =1+1", False),
    ],
)
def test_what_a_spreadsheet_would_run(note: str, formula: bool, tmp_path: Path) -> None:
    codes = [code for code, _ in with_note(tmp_path, note)]
    assert codes == (["formula-like-cell"] if formula else [])


def test_one_cell_has_one_finding_for_its_characters(tmp_path: Path) -> None:
    assert [code for code, _ in with_note(tmp_path, " \u0410zer\u200bbaijan\t")] == ["stray-space"]


# Order


def test_rows_out_of_order_are_one_finding_with_their_count(tmp_path: Path) -> None:
    finding = found(tmp_path, Move("officials", "P0001"), Move("officials", "P0002"))
    assert finding.message == "`P0001` stands after `P0004`"
    finding = found(tmp_path / "2", Move("officials", "P0003"), Move("officials", "P0001"))
    assert place(finding) == ("row-order", 4, 1)
    assert finding.message == "`P0003` stands after `P0004`; so do 1 more"


def test_a_spoilt_or_malformed_key_has_no_place_in_the_order(tmp_path: Path) -> None:
    report = after(
        tmp_path,
        Row("statements", {"statement_id": "X0003 ", "summary": "Said."}),
        Row("statements", {"statement_id": "Y", "summary": "Said."}),
        Row("statements", {"statement_id": "X" + "9" * 30, "summary": "Said."}),
        Move("statements", "X0003 "),
        Move("statements", "X0001"),
    )
    assert [(each.code, each.key) for each in report.findings] == [
        ("stray-space", "X0003 "),
        ("row-order", "X0001"),
    ]
