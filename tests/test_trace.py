"""`relations trace`: a row, and what every cell of it rests on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from relations.validators.tracing.sentences import sentences
from support.commands import Shell
from support.editing import EXAMPLE_PACKAGE, read_table, rebuild, write_table
from support.fresh import ARTICLE, fresh

PASSAGE = "an official\nvisit of two days, the fourth and the fifth"
START = ARTICLE.index(PASSAGE)
END = START + len(PASSAGE)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    shell = Shell(fresh(tmp_path, visit=True), monkeypatch)
    assert shell("cite", PASSAGE, "--for", "V0001", "--for", "V0001/visit_type").code == 0
    done = shell(
        "cite", PASSAGE, "--for", "V0001/start_date", "--basis", "inferred",
        "--note", "The year stands before it.",
    )  # fmt: skip
    assert done.code == 0
    return shell


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    root = tmp_path / "example"
    shutil.copytree(EXAMPLE_PACKAGE, root)
    return Shell(root, monkeypatch)


def test_a_row_with_its_evidence(shell: Shell) -> None:
    done = shell("trace", "V0001")
    assert done.code == 0
    assert (
        done.out
        == f"""\
visits V0001  Official visit to Iceland
datapackage/visits.csv:2

the row as a whole
  C0001  stated, author  R0001 {START}:{END}  verified
    …minister of Norway, Kari Lunde, travelled to Reykjavík for \
[an official visit of two days, the fourth and the fifth]. \
She and her host spoke about fisheries – and…
title             Official visit to Iceland
visiting_country  NOR
host_country      ISL
visit_type        official
  C0002  stated, author  R0001 {START}:{END}  the passage of C0001
start_date        2021-03-04
  C0003  inferred, author  R0001 {START}:{END}  the passage of C0001
    The year stands before it.
end_date          2021-03-05
  not cited
status            held

points to
  countries NOR (visiting_country)  Norway
  countries ISL (host_country)  Iceland
"""
    )


def test_where_the_text_is_not_at_hand_range_and_digest_remain(shell: Shell) -> None:
    (shell.folder / "seeds" / "article.txt").unlink()
    done = shell("trace", "visits/V0001")
    digest = read_table(shell.folder, "evidence")[0]["span_sha256"]
    assert (
        f"  C0001  stated, author  R0001 {START}:{END}  the text is not at hand\n"
        f"    sha256 {digest}\n"
    ) in done.out
    assert "Kari" not in done.out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"span_sha256": "0" * 64}, "the text has something else there"),
        ({"char_end": "9999"}, "no range of the text"),
        ({"char_start": "x"}, "its range cannot be read"),
    ],
)
def test_a_passage_that_is_not_as_cited_is_not_shown(
    change: dict[str, str], said: str, shell: Shell
) -> None:
    rows = read_table(shell.folder, "evidence")
    write_table(shell.folder, "evidence", [{**rows[0], **change}, *rows[1:]])
    first = shell("trace", "V0001").out.split("the row as a whole\n")[1].splitlines()[0]
    assert first.startswith("  C0001  stated, author  R0001")
    assert first.endswith(said)


def test_a_wrong_digest_is_said_beside_a_right_one_of_the_same_passage(shell: Shell) -> None:
    rows = read_table(shell.folder, "evidence")
    rows[1]["span_sha256"] = "1" * 64
    write_table(shell.folder, "evidence", rows)
    out = shell("trace", "V0001").out
    assert (
        f"  C0002  stated, author  R0001 {START}:{END}  the text has something else there\n"
        f"    sha256 {'1' * 64}\n"
    ) in out
    assert f"  C0003  inferred, author  R0001 {START}:{END}  the passage of C0001\n" in out


def test_another_text_is_said_to_be_one(shell: Shell) -> None:
    (shell.folder / "seeds" / "article.txt").write_text("Something else.", "utf-8")
    assert "the file is not the text that was cited" in shell("trace", "V0001").out


def test_links_go_both_ways(example: Shell) -> None:
    out = example("trace", "P0004").out
    assert out.split("\npoints to\n")[1] == (
        "  countries ISL (country)  Iceland\n"
        "\n"
        "pointed at by\n"
        "  terms T0004 (official_id)  Speaker\n"
        "  visits V0002 (lead_official_id)  Delegation to the seventh session\n"
        "  participants N0005 (official_id)\n"
        "  participants N0007 (official_id)\n"
        "  statements X0001 (official_id)  She asked for closer work of the parliaments.\n"
    )
    out = example("trace", "C0018").out
    assert "  visits V0001 (row_id)  State visit to Estonia\n" in out
    assert example("trace", "ISL").out.startswith("countries ISL  Iceland\n")


def test_for_a_program(shell: Shell) -> None:
    found = json.loads(shell("trace", "V0001", "--output-format", "json").out)
    assert (found["version"], found["table"], found["key"]) == (1, "visits", "V0001")
    assert found["location"] == {"file": "datapackage/visits.csv", "line": 2}
    cells = {cell["column"]: cell for cell in found["cells"]}
    assert cells["end_date"] == {
        "column": "end_date", "value": "2021-03-05", "due": True, "evidence": [],
    }  # fmt: skip
    [evidence] = cells["start_date"]["evidence"]
    assert (evidence["basis"], evidence["state"]) == ("inferred", "verified")
    assert (evidence["char_start"], evidence["char_end"]) == (START, END)
    assert evidence["passage"] == PASSAGE


def test_for_a_page(shell: Shell) -> None:
    out = shell("trace", "V0001", "--output-format", "markdown").out
    assert out.startswith(
        "## visits `V0001` Official visit to Iceland\n\n"
        "- the row as a whole\n"
        f"  - `C0001` stated, author, `R0001 {START}:{END}`, verified\n"
        "    > an official visit of two days, the fourth and the fifth\n"
    )
    assert "- `end_date` 2021-03-05 – **not cited**\n" in out


def test_cells_can_do_nothing_to_a_terminal_or_a_page(shell: Shell) -> None:
    rows = read_table(shell.folder, "visits")
    rows[0]["title"] = "\x1b[2J<script>![x](y)"
    write_table(shell.folder, "visits", rows)
    assert "\x1b" not in shell("trace", "V0001").out
    page = shell("trace", "V0001", "--output-format", "markdown").out
    assert "\x1b" not in page
    assert "`\\x1b[2J<script>![x](y)`" in page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["V0002"], "there is no row 'V0002'; did you mean `V0001`?"),
        (["visit/V0001"], "there is no table 'visit'; did you mean `visits`?"),
        ([], "give the key of a row, or --coverage"),
        (["V0001", "--coverage"], "give the key of a row, or --coverage"),
    ],
)
def test_what_cannot_be_traced(arguments: list[str], said: str, shell: Shell) -> None:
    done = shell("trace", *arguments)
    assert (done.code, done.out, done.err) == (2, "", f"relations: {said}\n")


def test_coverage_counts_facts_and_finds_what_is_unread(shell: Shell) -> None:
    found = json.loads(shell("trace", "--coverage", "--output-format", "json").out)
    visits = next(each for each in found["tables"] if each["table"] == "visits")
    assert visits == {
        "table": "visits",
        "rows": 1,
        "facts": 4,
        "cited": 3,
        "stated": 2,
        "inferred": 1,
        "verified": 3,
        "twice": 0,
        "uncited": ["visits/V0001/end_date"],
        "contradicted": [],
    }
    [source] = found["sources"]
    assert source == {
        "source_id": "R0001",
        "title": "Two neighbours in the north",
        "passages": 1,
        "present": True,
        "characters": len(ARTICLE),
        "cited": len(PASSAGE),
        "sentences": 3,
        "unread": [[0, 27], [ARTICLE.index("She"), len(ARTICLE) - 1]],
    }
    out = shell("trace", "--coverage").out
    assert "not cited: 1\n  visits/V0001/end_date\n" in out
    assert f"  0:27  Two neighbours in the north\n  {ARTICLE.index('She')}:" in out
    page = shell("trace", "--coverage", "--output-format", "markdown").out
    assert "| visits | 1 | 4 | 3 | 2 | 1 | 3 | 0 | 0 |\n" in page
    assert "neighbours" not in page.replace("Two neighbours in the north", "", 1)


def test_coverage_agrees_with_the_rules_on_the_example(example: Shell) -> None:
    found = json.loads(example("trace", "--coverage", "--output-format", "json").out)
    assert [name for each in found["tables"] for name in each["uncited"]] == []
    evidence = read_table(example.folder, "evidence")
    # A row is cited by evidence of its cells too; every other fact once by its own.
    own = sum(bool(row["column"]) for row in evidence)
    rows = {(row["table"], row["row_id"]) for row in evidence}
    assert sum(each["cited"] for each in found["tables"]) == own + len(rows)


def test_cited_twice_and_contradicted(shell: Shell) -> None:
    done = shell(
        "cite", "fisheries", "--for", "V0001/start_date", "--stance", "contradicts",
        "--note", "It says otherwise.",
    )  # fmt: skip
    assert done.code == 0, done
    found = json.loads(shell("trace", "--coverage", "--output-format", "json").out)
    visits = next(each for each in found["tables"] if each["table"] == "visits")
    assert visits["twice"] == 1
    assert visits["contradicted"] == ["visits/V0001/start_date"]
    assert "  C0004  contradicts, stated, author  " in shell("trace", "V0001").out


def test_without_texts_coverage_says_so(shell: Shell) -> None:
    (shell.folder / "seeds" / "article.txt").unlink()
    out = shell("trace", "--coverage").out
    assert out.endswith(
        "\nR0001  Two neighbours in the north\n  1 passages cited; the text is not at hand\n"
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("A heading\n\nA sentence.", ["A heading", "A sentence."]),
        ("He said \u201cno.\u201d Then he left.", ["He said \u201cno.\u201d", "Then he left."]),
        ("J. Smith came. He left.", ["J. Smith came.", "He left."]),
        ("On 5 p. m. of that day.", ["On 5 p. m. of that day."]),
        ("Version 2.0 is out.", ["Version 2.0 is out."]),
        (" \n ", []),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == parts


def test_a_rebuilt_descriptor_changes_nothing(shell: Shell) -> None:
    before = shell("trace", "V0001").out
    rebuild(shell.folder)
    assert shell("trace", "V0001").out == before
