"""Evidence: spans and their texts, what is uncited, and one finding for one defect."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import shutil
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relations.cli.output.statistics import verified
from relations.validators.check import check
from relations.validators.finding import Report, Spans
from relations.validators.package.passages import PassageSearch
from relations.validators.package.sources import (
    CitedSource,
    SourceText,
    SourceTexts,
    span_digest,
)
from relations.validators.package.spans import _place, check_spans
from support.editing import EXAMPLE_PACKAGE, read_table, rebuild, write_table

AS_OF = dt.date(2026, 1, 1)
EVIDENCE = "datapackage/evidence.csv"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE_PACKAGE, tmp_path / "package"))


def run(root: Path, **more: object) -> Report:
    rebuild(root)
    report = check(root, as_of=AS_OF, **{"seeds": root / "seeds", **more})  # type: ignore[arg-type]
    assert report.failures == ()
    return report


def empty(root: Path) -> Path:
    """A folder without any text."""
    (root / "elsewhere").mkdir(exist_ok=True)
    return root / "elsewhere"


def change(root: Path, table: str, key: str, /, **cells: str) -> None:
    rows = read_table(root, table)
    (row,) = (row for row in rows if next(iter(row.values())) == key)
    assert set(cells) <= set(row)
    row.update(cells)
    write_table(root, table, rows)


def said(report: Report) -> list[tuple[str, str | None, str | None]]:
    return [(each.code, each.key, each.field) for each in report.findings]


def skips(report: Report) -> list[tuple[str, str | None, str]]:
    return [(each.code, each.table, each.reason) for each in report.skipped]


TEXT = (EXAMPLE_PACKAGE / "seeds" / "R0001.txt").read_text("utf-8")


# --- a passage with another digest ----------------------------------------------------------


@pytest.mark.parametrize(
    ("shift", "message", "hint"),
    [
        (-1, "begins 1 character later than", "char_start is 627 and char_end 656"),
        (-2, "begins 2 characters later than", "char_start is 627 and char_end 656"),
        (400, "begins 400 characters earlier than", "char_start is 627 and char_end 656"),
    ],
)
def test_a_displaced_passage_is_found(shift: int, message: str, hint: str, root: Path) -> None:
    change(root, "evidence", "C0077", char_start=str(627 + shift), char_end=str(656 + shift))
    report = run(root)
    (finding,) = report.findings
    assert finding.code == "digest-mismatch"
    assert (
        finding.message
        == f"the passage cited {message} the passage at {627 + shift} to {656 + shift} of R0001"
    )
    assert finding.hint == hint
    assert report.spans == Spans(79, 78, 0)


def test_a_digest_of_another_row_names_the_row(root: Path) -> None:
    other = next(row for row in read_table(root, "evidence") if row["evidence_id"] == "C0003")
    change(root, "evidence", "C0077", span_sha256=other["span_sha256"])
    (finding,) = run(root).findings
    assert finding.message == "the digest is that of another passage, which C0003 cites"
    assert finding.hint == (
        "copied from there? of the passage at 627 to 656 of R0001, its digest is "
        + span_digest(TEXT, 627, 656)
    )
    assert [(each.file, each.line) for each in finding.related] == [(EVIDENCE, 4)]


def test_a_range_in_bytes_is_told_in_characters(root: Path) -> None:
    start, end = len(TEXT[:627].encode()), len(TEXT[:656].encode())
    assert start == 628
    change(
        root, "evidence", "C0078", char_start=str(start), char_end=str(end),
        span_sha256=span_digest(TEXT, 627, 656),
    )  # fmt: skip
    (finding,) = run(root).findings
    assert finding.message == (
        "the passage at 628 to 657 of R0001 is counted in bytes, not in characters"
    )
    assert finding.hint == "char_start is 627 and char_end 656"


def test_a_digest_with_a_line_end_is_recognised(root: Path) -> None:
    digest = hashlib.sha256(TEXT[627:656].encode() + b"\n").hexdigest()
    change(root, "evidence", "C0077", span_sha256=digest)
    (finding,) = run(root).findings
    assert finding.message == (
        "the digest is that of the passage at 627 to 656 of R0001 and a line end after it"
    )


def test_a_digest_of_nothing_known_gives_the_right_one(root: Path) -> None:
    change(root, "evidence", "C0077", span_sha256="0" * 64)
    (finding,) = run(root).findings
    assert finding.message == "the passage at 627 to 656 of R0001 has another digest"
    assert span_digest(TEXT, 627, 656) in finding.hint


def test_the_search_for_passages_has_a_budget() -> None:
    text = "".join(chr(32 + index % 90) + str(index) for index in range(2000))
    search = PassageSearch(budget=500)
    assert search.displaced(text, 100, 120, span_digest(text, 107, 127)) == (107, 127)
    assert search.last_shift == 7
    left = search.budget
    assert search.displaced(text, 300, 320, span_digest(text, 307, 327)) == (307, 327)
    assert search.budget == left - 1
    assert search.displaced(text, 300, 320, "0" * 64) is None
    assert search.budget == 0
    assert search.displaced(text, 300, 320, span_digest(text, 307, 327)) is None


# --- counting spans, against the plain reading ----------------------------------------------

TEXTS = {"R0001": "Tallinn, été, Bakı \U0001f30d!", "R0002": "abcabc", "R0003": None}
numbers = st.one_of(st.none(), st.integers(-1, 25).map(str), st.just("x"))
digests = st.one_of(
    st.none(),
    st.builds(
        lambda name, start, end: span_digest(TEXTS[name] or "", start, end),
        st.sampled_from(["R0001", "R0002"]),
        st.integers(0, 5),
        st.integers(5, 20),
    ),
)
spans = st.tuples(
    st.one_of(st.none(), st.sampled_from(["R0001", "R0002", "R0003", "R9999"])),
    numbers,
    numbers,
    digests,
)


def cited(name: str, text: str | None, row: int) -> CitedSource:
    if text is None:
        return CitedSource(row, name, f"{name}.txt", None, 10, None)
    data = text.encode()
    found = SourceText(name, f"{name}.txt", data, hashlib.sha256(data).hexdigest(), text)
    return CitedSource(row, name, found.file, found.sha256, len(text), found)


@settings(max_examples=300, deadline=None)
@given(st.lists(spans, max_size=12))
def test_spans_are_counted_as_one_by_one(
    rows: list[tuple[str | None, str | None, str | None, str | None]],
) -> None:
    sources = {name: cited(name, text, row) for row, (name, text) in enumerate(TEXTS.items())}
    columns = ["source_id", "char_start", "char_end", "span_sha256"]
    frame = pl.DataFrame(
        {name: [row[index] for row in rows] for index, name in enumerate(columns)},
        schema=dict.fromkeys(columns, pl.String()),
    ).with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("_row"))
    count = verified = unverified = 0
    differ = []
    for index, (name, start, end, stated) in enumerate(rows):
        if None in (name, start, end, stated) or "x" in (start, end):
            continue
        count += 1
        text = TEXTS.get(name or "")
        first, last = int(start or ""), int(end or "")
        if text is None:
            unverified += 1
        elif not 0 <= first < last <= len(text):
            continue
        elif span_digest(text, first, last) == stated:
            verified += 1
        else:
            differ.append((index, name, first, last, stated, span_digest(text, first, last)))
    total, found, _ = check_spans([frame], sources)
    assert total == Spans(count, verified, unverified)
    assert [
        (each.row, each.source_id, each.start, each.end, each.stated, each.found) for each in found
    ] == differ


@pytest.mark.parametrize("long", [2**20, 2**40])
def test_each_range_of_each_text_has_a_number_of_its_own(long: int) -> None:
    texts = [range(long)] * 3
    spans = list(itertools.product(range(3), (0, 1, long - 1), (1, 2, long)))
    frame = pl.DataFrame(spans, schema=["_source", "start", "end"], orient="row")
    places = frame.select(_place(texts).alias("place"))["place"]  # type: ignore[arg-type]
    assert places.dtype == (pl.Int64 if long < 2**30 else pl.Int128)
    assert places.to_list() == sorted(set(places.to_list()))


def test_passages_too_long_to_compare_are_left_and_that_is_said(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relations.validators.package.spans.MOST", 100)
    report = run(root)
    left = report.spans.unverified
    assert 0 < left < report.spans.cited == report.spans.verified + left
    assert [each.reason for each in report.skipped] == [
        f"the passages cited have more than 100 characters: {left} were not compared"
    ]


def test_a_span_beyond_its_text_is_not_taken_for_one_without_a_text(root: Path) -> None:
    change(root, "evidence", "C0077", char_end="99999")
    report = run(root)
    assert said(report) == [("span-outside-source", "C0077", "char_end")]
    assert report.spans == Spans(79, 78, 0)
    assert verified(report.spans) == "78 of 79 spans verified (1 not as the text has it)"


# --- the texts of the sources ---------------------------------------------------------------


def test_without_the_text_one_finding_says_how_many_passages_are_not_verified(root: Path) -> None:
    report = run(root, seeds=empty(root))
    assert said(report) == [("source-text-absent", "R0001", "file")]
    assert report.findings[0].message == (
        "the text `R0001.txt` is not present: 79 passages not verified"
    )
    assert report.spans == Spans(79, 0, 79)


def test_another_text_is_one_finding_and_its_passages_are_not_judged(root: Path) -> None:
    (root / "seeds" / "R0001.txt").write_text("Something else.\n")
    report = run(root)
    assert said(report) == [("source-text-differs", "R0001", "sha256")]
    assert "and 16 characters, not 1067" in report.findings[0].message
    assert report.spans == Spans(79, 0, 79)
    assert skips(report) == [
        (code, "evidence", "the text of R0001 is not the one that was cited")
        for code in ("span-outside-source", "digest-mismatch")
    ]


@pytest.mark.parametrize(
    ("made", "hint"),
    [
        (lambda data: data.replace(b"\n", b"\r\n"), "save the file with LF alone as line end"),
        (lambda data: b"\xef\xbb\xbf" + data, "save the file without its byte-order mark"),
    ],
)
def test_a_text_saved_anew_says_how_to_save_it(made: object, hint: str, root: Path) -> None:
    path = root / "seeds" / "R0001.txt"
    path.write_bytes(made(path.read_bytes()))  # type: ignore[operator]
    (finding,) = run(root).findings
    assert finding.code == "source-text-differs"
    assert finding.hint == f"{hint}: then it is the text that was cited"


def test_a_wrong_length_of_the_right_text_does_not_stop_the_verification(root: Path) -> None:
    change(root, "sources", "R0001", char_length="100")
    report = run(root)
    assert said(report) == [("source-text-differs", "R0001", "char_length")]
    assert report.findings[0].hint == "char_length is 1067: characters are counted, not bytes"
    assert report.spans == Spans(79, 79, 0)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../R0001.txt", "is no plain file name"),
        ("/etc/hostname", "is no plain file name"),
        ("texts/R0001.txt", "is no plain file name"),
        ("..", "is no plain file name"),
        ("C:R0001.txt", "is no plain file name"),
        ("link.txt", "is a link that leads out of the seeds folder"),
    ],
)
def test_a_file_outside_the_seeds_is_not_opened(name: str, reason: str, root: Path) -> None:
    outside = root.parent / "R0001.txt"
    shutil.copy(root / "seeds" / "R0001.txt", outside)
    (root / "seeds" / "link.txt").symlink_to(outside)
    change(root, "sources", "R0001", file=name)
    report = run(root)
    assert said(report) == [("source-file-unsafe", "R0001", "file")]
    assert report.findings[0].message == f"`{name}` {reason}"
    assert report.spans == Spans(79, 0, 79)


def test_what_is_there_and_cannot_be_read_is_said_as_such(root: Path) -> None:
    path = root / "seeds" / "R0001.txt"
    path.unlink()
    path.mkdir()
    report = run(root)
    assert said(report) == [("source-text-unreadable", "R0001", "file")]
    assert report.findings[0].message == "`R0001.txt` in the seeds folder is a folder, not a file"


@pytest.mark.parametrize("name", ["a\0b", "x" * 300, "circle.txt"])
def test_no_name_of_a_file_crashes_the_check(name: str, tmp_path: Path) -> None:
    (tmp_path / "circle.txt").symlink_to(tmp_path / "circle.txt")
    texts = SourceTexts(tmp_path)
    assert texts.get("R0001", name) is None
    assert {**texts.unsafe, **texts.unreadable}.keys() == {"R0001"}


# --- what is uncited, and what cannot be told -----------------------------------------------


def test_of_a_row_without_any_evidence_the_row_alone_is_reported(root: Path) -> None:
    rows = read_table(root, "evidence")
    write_table(root, "evidence", [row for row in rows if row["row_id"] != "V0003"])
    report = run(root)
    assert said(report) == [("uncited-row", "V0003", None)]
    assert report.findings[0].hint == (
        "cite a passage: relations cite SOURCE TEXT --for visits/V0003"
    )


def test_the_command_that_cites_a_cell_is_named(root: Path) -> None:
    rows = read_table(root, "evidence")
    write_table(root, "evidence", [row for row in rows if row["evidence_id"] != "C0033"])
    (finding,) = run(root).findings
    assert (finding.code, finding.value) == ("uncited-cell", "2024-06~")
    assert finding.hint == (
        "cite a passage: relations cite SOURCE TEXT --for visits/V0003/start_date"
    )


@pytest.mark.parametrize(
    ("cells", "finding", "skipped"),
    [
        # The row is known, the table is not: that row alone is left.
        ({"table": "visit"}, ("unknown-term", "C0030", "table"), []),
        ({"table": "terms"}, ("evidence-of-unknown-row", "C0030", "table"), []),
        # The table is known, the row is not.
        ({"row_id": "V0013"}, ("evidence-of-unknown-row", "C0030", "row_id"), ["uncited-row"]),
        ({"row_id": ""}, ("missing-value", "C0030", "row_id"), ["uncited-row"]),
        # The row is known: its evidence counts for it, whatever the column.
        ({"column": "levl"}, ("evidence-of-unknown-column", "C0030", "column"), []),
    ],
)
def test_one_unsound_cell_of_the_only_evidence_of_a_row_is_one_finding(
    cells: dict[str, str], finding: tuple[str, str, str], skipped: list[str], root: Path
) -> None:
    rows = read_table(root, "evidence")
    kept = [row for row in rows if row["row_id"] != "V0003" or row["evidence_id"] == "C0030"]
    write_table(root, "evidence", kept)
    change(root, "visits", "V0003", visit_type="", level="", start_date="")
    change(root, "evidence", "C0030", **cells)
    report = run(root, ignore=["evidence-of-empty-cell"])
    assert said(report) == [finding]
    expected = skipped or (["uncited-row"] if "table" in cells else [])
    assert skips(report) == [
        (code, "visits", "evidence on line 31 is not sound") for code in expected
    ]


def test_rows_that_are_uncited_for_certain_are_reported_beside_a_doubt(root: Path) -> None:
    rows = read_table(root, "evidence")
    gone = {"C0022", "C0033", "C0037"}
    write_table(root, "evidence", [row for row in rows if row["evidence_id"] not in gone])
    # About an unknown column of V0001: its start may be cited there, the others' are not.
    change(root, "evidence", "C0018", column="begin")
    report = run(root)
    assert said(report) == [
        ("evidence-of-unknown-column", "C0018", "column"),
        ("uncited-cell", "V0003", "start_date"),
        ("uncited-cell", "V0004", "start_date"),
    ]
    assert skips(report) == [("uncited-cell", "visits", "evidence on line 19 is not sound")]


def test_a_lost_row_of_evidence_may_be_the_one_that_cites(root: Path) -> None:
    path = root / "datapackage" / "evidence.csv"
    data = path.read_bytes()
    row = next(line for line in data.split(b"\n") if line.startswith(b"C0033,"))
    path.write_bytes(data.replace(row, row + b",one too many"))
    report = run(root)
    assert [each.code for each in report.findings] == ["ragged-row"]
    assert ("uncited-cell", "visits", f"a row of {EVIDENCE} cannot be read") in skips(report)


def test_evidence_of_an_empty_cell_is_taken_for_that_of_its_uncited_neighbour(root: Path) -> None:
    change(root, "evidence", "C0022", column="parent_id")
    (finding,) = run(root).findings
    assert (finding.code, finding.key, finding.field) == ("uncited-cell", "V0001", "start_date")
    assert finding.hint == "C0022 is about the empty parent_id: was it meant for this cell?"
    assert [(each.file, each.line) for each in finding.related] == [(EVIDENCE, 23)]


def test_what_is_inferred_and_contradicts_lacks_one_note(root: Path) -> None:
    change(root, "evidence", "C0022", basis="inferred", stance="contradicts")
    assert said(run(root)) == [("inferred-without-note", "C0022", "note")]
    assert said(run(root, select=["unexplained-contradiction"])) == []
    change(root, "evidence", "C0022", note="From the itinerary.")
    assert said(run(root)) == [("unsupported-cell", "V0001", "start_date")]


def test_evidence_that_stands_twice_may_be_that_of_an_uncited_cell(root: Path) -> None:
    change(root, "evidence", "C0022", column="end_date")
    report = run(root)
    assert said(report) == [("duplicate-fact", "C0023", "evidence_id")]
    assert skips(report) == [
        ("uncited-cell", "visits", "the evidence on lines 23 and 24 is the same")
    ]


def test_a_passage_outside_its_absent_text_conflicts_with_nothing(root: Path) -> None:
    change(root, "evidence", "C0032", char_end="5000")
    report = run(root, seeds=empty(root), ignore=["source-text-absent"])
    assert said(report) == [("span-outside-source", "C0032", "char_end")]


def test_a_digest_pasted_without_its_text_is_one_finding(root: Path) -> None:
    # C0041 and C0075 cite one range; the digest is that of five rows of another length.
    digest = next(row for row in read_table(root, "evidence") if row["evidence_id"] == "C0034")
    change(root, "evidence", "C0041", span_sha256=digest["span_sha256"])
    report = run(root, seeds=empty(root), ignore=["source-text-absent"])
    assert said(report) == [("conflicting-digests", "C0041", "span_sha256")]
    assert report.findings[0].message == (
        "the passage at 857 to 875 of R0001 has another digest in C0075"
    )
    # One row against one in both ways: to blame is who is at odds in both.
    change(root, "evidence", "C0041", span_sha256=span_digest(TEXT, 1011, 1065))
    report = run(root, seeds=empty(root), ignore=["source-text-absent"])
    assert said(report) == [("conflicting-digests", "C0041", "span_sha256")]
