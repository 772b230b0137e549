"""`relations add`: a row and its evidence, given or asked for; nothing until all is valid."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from relations.cli.asking import Answers, Terminal, ask_row
from relations.cli.output.ansi import Paint
from relations.validators.check import check
from relations.validators.curating.bench import open_bench
from relations.validators.curating.questions import meant, questions
from relations.validators.registry import RULES
from support.commands import Shell
from support.editing import read_table
from support.fresh import ARTICLE, VISIT, cells, fresh, snapshot

PASSAGE = "Kari Lunde, travelled to Reykjavík for an official visit of two days"
DAYS = "the fourth and the fifth"


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(fresh(tmp_path), monkeypatch)


def about(root: Path) -> list[tuple[str, ...]]:
    names = ("table", "row_id", "column", "char_start", "basis", "voice", "note")
    return [tuple(row[name] for name in names) for row in read_table(root, "evidence")]


def test_one_command_for_a_visit_and_all_of_its_evidence(shell: Shell) -> None:
    done = shell(
        "add", "visits", *cells(VISIT), "--cite", PASSAGE, "--cite", f"start_date,end_date={DAYS}",
        "--infer", "start_date,end_date=The month and year open the sentence.",
        "--voice", "reported",
    )  # fmt: skip
    assert done.code == 0, done
    assert done.out == (
        "V0001 added to visits, cited by 4 rows of evidence\n"
        "written: datapackage/visits.csv, datapackage/evidence.csv, and what is built from them\n"
    )
    [row] = read_table(shell.folder, "visits")
    assert {name: value for name, value in row.items() if value} == {"visit_id": "V0001", **VISIT}
    where, days = (str(ARTICLE.index(text)) for text in ("Kari", DAYS))
    how = "The month and year open the sentence."
    assert about(shell.folder) == [
        ("visits", "V0001", "", where, "stated", "reported", ""),
        ("visits", "V0001", "visit_type", where, "stated", "reported", ""),
        ("visits", "V0001", "start_date", days, "inferred", "reported", how),
        ("visits", "V0001", "end_date", days, "inferred", "reported", how),
    ]
    assert check(shell.folder).findings == ()


def test_without_evidence_the_row_is_written_and_what_is_missing_said(shell: Shell) -> None:
    done = shell("add", "officials", "--set", "name=Kari Lunde", "--set", "country=NOR")
    assert done.code == 0
    assert done.out == (
        "P0001 added to officials\n"
        "written: datapackage/officials.csv, and what is built from them\n"
        "still to come:\n"
        "  officials P0001: error[uncited-row] no evidence says where this row comes from "
        "(cite a passage: relations cite SOURCE TEXT --for officials/P0001)\n"
    )
    assert [each.code for each in check(shell.folder).findings] == ["uncited-row", "unused-source"]


@pytest.mark.parametrize(
    ("given", "code", "place"),
    [
        ({"host_country": "SWE"}, "unknown-reference", "visits V0001 host_country"),
        ({"visit_type": "offical"}, "unknown-term", "visits V0001 visit_type"),
        ({"start_date": "2021-02-30"}, "impossible-date", "visits V0001 start_date"),
        ({"end_date": "2021-03-03"}, "end-before-start", "visits V0001 end_date"),
        ({"title": ""}, "missing-value", "visits V0001 title"),
        ({"visit_id": "W0001"}, "malformed-id", "visits W0001 visit_id"),
    ],
)
def test_what_the_rules_refuse_is_refused_in_their_words(
    given: dict[str, str], code: str, place: str, shell: Shell
) -> None:
    before = snapshot(shell.folder)
    done = shell("add", "visits", *cells({**VISIT, **given}))
    assert done.code == 1
    assert snapshot(shell.folder) == before
    first, finding, *rest = done.out.splitlines()
    assert first == "nothing was written: the rules refuse it"
    assert finding.startswith(f"  {place}: error[{code}] ")
    assert rest == []
    # The same words as a check has for that row in the file.
    visits = shell.folder / "datapackage" / "visits.csv"
    header = visits.read_text("utf-8").strip().split(",")
    row = {"visit_id": "V0001", **VISIT, **given}
    line = ",".join(row.get(name, "") for name in header)
    visits.write_text(visits.read_text("utf-8") + line + "\n", "utf-8")
    [found] = [each for each in check(shell.folder).findings if each.code == code]
    assert finding.split("] ", 1)[1] == f"{found.message} ({found.hint})"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["visit", "--set", "title=x"],
            "there is no table 'visit'; did you mean `visits`?",
        ),
        (
            ["visits", "--set", "begin_date=2021"],
            "visits has no column 'begin_date'; did you mean `end_date`?",
        ),
        (["visits", "--set", "title"], "'title' is not of the form column=value"),
        (
            ["visits", "--set", "title=a", "--set", "title=b"],
            "title is given twice; a list in a cell is separated by `;`",
        ),
        (
            ["visits", "--set", "title=a", "--cite", f"start_date={PASSAGE}"],
            "start_date is empty: there is nothing to cite",
        ),
        (
            ["visits", "--set", "title=a", "--cite", f"title,stat_date={PASSAGE}"],
            "visits has no column 'stat_date'; did you mean `start_date`?",
        ),
        (
            ["visits", *cells(VISIT), "--cite", PASSAGE, "--infer", "stat_date=somehow"],
            "visits has no column 'stat_date'; did you mean `start_date`?",
        ),
        (
            ["visits", *cells(VISIT), "--infer", "start_date=somehow"],
            "no passage is given from which start_date is inferred",
        ),
        (
            ["visits", *cells(VISIT), "--cite", PASSAGE, "--infer", "somehow"],
            "'somehow' is not of the form column=how, with columns of visits",
        ),
        (["visits"], "there is no terminal to ask on: give the cells with --set COLUMN=VALUE"),
        (
            ["countries", "--set", "name=Sweden"],
            "a row of countries has a published code for its key: give --set country=CODE",
        ),
    ],
)
def test_what_was_asked_for_wrongly(arguments: list[str], said: str, shell: Shell) -> None:
    before = snapshot(shell.folder)
    done = shell("add", *arguments)
    assert (done.code, done.out, done.err) == (2, "", f"relations: {said}\n")
    assert snapshot(shell.folder) == before


def test_the_rules_that_wait_for_rows_to_come() -> None:
    assert [rule.code for rule in RULES if rule.awaits] == [
        "not-two-parties", "uncited-row", "uncited-cell", "unused-source",
    ]  # fmt: skip


def test_an_agreement_waits_for_its_parties_and_takes_no_third(shell: Shell) -> None:
    agreement = {"title": "Accord on fish", "instrument": "agreement", "scope": "bilateral"}
    done = shell("add", "agreements", *cells(agreement), "--cite", PASSAGE)
    assert done.code == 0
    assert "still to come:\n  agreements A0001 scope: error[not-two-parties] " in done.out
    party = {"agreement_id": "A0001", "role": "party"}
    for code in ("NOR", "ISL"):
        done = shell("add", "participants", *cells({**party, "country": code}), "--cite", PASSAGE)
        assert done.code == 0, done
    assert check(shell.folder).findings == ()
    assert shell("add", "countries", "--set", "country=SWE").code == 0
    before = snapshot(shell.folder)
    done = shell("add", "participants", *cells({**party, "country": "SWE"}), "--cite", PASSAGE)
    assert done.code == 1
    assert done.out.splitlines()[1].startswith("  agreements A0001 scope: error[not-two-parties] ")
    assert snapshot(shell.folder) == before


def test_a_passage_that_is_there_twice_refuses_the_row(shell: Shell) -> None:
    before = snapshot(shell.folder)
    done = shell("add", "officials", "--set", "name=Kari Lunde", "--cite", "and")
    assert done.code == 1
    assert done.out.startswith("the passage is there 3 times; ")
    assert snapshot(shell.folder) == before
    at = ARTICLE.index("Kari")
    done = shell("add", "officials", "--set", "name=Kari Lunde", "--cite", f"{at}:{at + 10}")
    assert done.code == 0


def test_a_country_is_filled_in_from_the_lists_and_finds_its_place(shell: Shell) -> None:
    assert shell("add", "countries", "--set", "country=JPN").code == 0
    assert [row["country"] for row in read_table(shell.folder, "countries")] == [
        "ISL", "JPN", "NOR",
    ]  # fmt: skip
    assert read_table(shell.folder, "countries")[1] == {
        "country": "JPN",
        "name": "Japan",
        "iso2": "JP",
        "iso_numeric": "392",
        "cow_code": "740",
        "gw_code": "740",
        "valid_from": "",
        "valid_to": "",
        "note": "",
    }
    assert [each.code for each in check(shell.folder).findings] == ["unused-source"]


def test_an_id_is_not_given_again_while_evidence_speaks_of_it(shell: Shell) -> None:
    for name in ("Kari Lunde", "Ola Vik"):
        shell("add", "officials", "--set", f"name={name}", "--cite", "Kari Lunde")
    officials = shell.folder / "datapackage" / "officials.csv"
    kept = officials.read_text("utf-8").splitlines(keepends=True)[:2]
    officials.write_text("".join(kept), "utf-8")
    done = shell("add", "officials", "--set", "name=Liv Dal")
    assert done.out.startswith("P0003 added to officials\n")


def test_cells_are_written_composed_and_without_space_around_them(shell: Shell) -> None:
    decomposed = "Sigru\u0301n Dalberg"
    assert shell("add", "officials", "--set", f"name= {decomposed} ").code == 0
    assert read_table(shell.folder, "officials")[0]["name"] == "Sigr\u00fan Dalberg"


@pytest.mark.parametrize("note", ["one\ntwo", "one, two", 'the "first"', 'one\n\n"two", three'])
def test_a_cell_that_needs_quotation_marks_has_them(note: str, shell: Shell) -> None:
    for name in ("Kari Lunde", "Liv Dal"):
        done = shell("add", "officials", "--set", f"name={name}", "--set", f"note={note}")
        assert (done.code, done.err) == (0, "")
    rows = read_table(shell.folder, "officials")
    assert [row["note"] for row in rows] == [note, note]
    assert [each.code for each in check(shell.folder).findings] == [
        "uncited-row",
        "uncited-row",
        "unused-source",
    ]


def test_what_a_file_says_can_do_nothing_to_a_terminal(shell: Shell) -> None:
    sources = shell.folder / "datapackage" / "sources.csv"
    sources.write_text(
        sources.read_text("utf-8").replace("article.txt", "\x1b[2Jarticle.txt"), "utf-8"
    )
    done = shell("add", "officials", "--set", "name=Kari Lunde", "--cite", "Kari Lunde")
    assert done.code == 2
    assert "\\x1b[2Jarticle.txt, is not there" in done.err
    assert "\x1b" not in done.err


def test_a_table_with_faults_is_not_written_to(shell: Shell) -> None:
    officials = shell.folder / "datapackage" / "officials.csv"
    officials.write_bytes(officials.read_bytes().replace(b"\n", b"\r\n"))
    before = snapshot(shell.folder)
    done = shell("add", "officials", "--set", "name=Kari Lunde")
    assert (done.code, done.err) == (
        2,
        "relations: datapackage/officials.csv has a byte-order mark or line ends that are not line "
        "feeds: mend first what `relations check` says of it\n",
    )
    assert snapshot(shell.folder) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["countries", "--set", "country=NOR"], "countries has a row NOR already"),
        (
            ["sources", "--set", "source_id=R0001"],
            "sources has a row R0001 already; leave it out, and R0002 is given",
        ),
        (
            ["officials", "--set", "name=X", "--set", "country=NOR", "--cite", " "],
            "a passage has words: none are given",
        ),
        (["visits"], "there is no terminal to ask on: give the cells with --set COLUMN=VALUE"),
        (["visitz"], "there is no table 'visitz'; did you mean `visits`?"),
    ],
)
def test_what_cannot_be_added_is_said_as_it_is(
    arguments: list[str], said: str, shell: Shell
) -> None:
    before = snapshot(shell.folder)
    done = shell("add", *arguments)
    assert (done.code, done.out, done.err) == (2, "", f"relations: {said}\n")
    assert snapshot(shell.folder) == before


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_is_written_through(shell: Shell) -> None:
    folder = shell.folder / "datapackage"
    (folder / "officials.csv").rename(folder / "people.txt")
    (folder / "officials.csv").symlink_to("people.txt")
    done = shell("add", "officials", "--set", "name=Kari Lunde", "--set", "country=NOR")
    assert done.code == 0, done.err
    assert (folder / "officials.csv").is_symlink()
    assert [row["name"] for row in read_table(shell.folder, "officials")] == ["Kari Lunde"]
    assert "Kari Lunde" in (folder / "people.txt").read_text("utf-8")


class Typist:
    """Answers questions by the column or the words that they begin with."""

    def __init__(self, answers: dict[str, str | list[str]]) -> None:
        self.answers = {
            name: iter([each] if isinstance(each, str) else each) for name, each in answers.items()
        }
        self.asked: list[str] = []
        self.offered: dict[str, list[str]] = {}
        self.said: list[str] = []

    def ask(self, prompt: str, choices: Sequence[str]) -> str:
        assert len(self.asked) < 100, "asked over and over"
        name = next(
            (each for each in self.answers if re.match(rf"{re.escape(each)}\b", prompt)), ""
        )
        asked = prompt.partition(":")[0].partition(" (")[0]
        self.asked.append(asked)
        self.offered[asked] = list(choices)
        answers: Iterator[str] = self.answers.get(name, iter(()))
        return next(answers, "")

    def terminal(self) -> Terminal:
        return Terminal(self.ask, self.said.append, Paint(False))


def asked(root: Path, table: str, typist: Typist, source: str = "") -> Answers:
    answers = Answers()
    ask_row(open_bench(root), table, typist.terminal(), answers, source)
    return answers


def test_every_column_is_asked_for_and_keys_and_terms_are_offered(shell: Shell) -> None:
    typist = Typist({"title": "A visit", "visiting_country": "NOR", "host_country": "ISL"})
    answers = asked(shell.folder, "visits", typist)
    assert answers.cells == {
        "title": "A visit", "visiting_country": "NOR", "host_country": "ISL",
    }  # fmt: skip
    columns = list(read_header(shell.folder, "visits"))
    assert typist.asked[: len(columns) - 1] == columns[1:]
    assert typist.offered["visiting_country"] == ["ISL", "NOR"]
    assert typist.offered["status"] == ["announced", "held", "postponed", "cancelled"]
    assert "   1 ISL  Iceland" in typist.said
    assert answers.supports == []


def read_header(root: Path, table: str) -> list[str]:
    path = root / "datapackage" / f"{table}.csv"
    return path.read_text("utf-8").partition("\n")[0].split(",")


def test_what_the_rules_refuse_is_asked_again(shell: Shell) -> None:
    typist = Typist(
        {
            "title": ["", "A visit"],
            "visiting_country": ["Norwegen", "Norway"],
            "host_country": "1",
            "visit_type": ["offical", "off", "official"],
            "start_date": ["4.3.2021", "2021-03-04"],
            "end_date": ["2021-03-01", "2021-03-05"],
        }
    )
    answers = asked(shell.folder, "visits", typist)
    assert answers.cells == {
        "title": "A visit", "visiting_country": "NOR", "host_country": "ISL",
        "visit_type": "official", "start_date": "2021-03-04", "end_date": "2021-03-05",
    }  # fmt: skip
    refused = [line.strip() for line in typist.said if line.endswith("]")]
    assert [line.rpartition("[")[2] for line in refused] == [
        "missing-value]", "unknown-reference]", "unknown-term]", "unknown-term]",
        "malformed-date]", "end-before-start]",
    ]  # fmt: skip
    assert refused[-1] == (
        "the end, 2021-03-01, is before the start, 2021-03-04 (correct one of the two) "
        "[end-before-start]"
    )
    # What an answer was taken for is said.
    assert "  NOR  Norway" in typist.said


@pytest.mark.parametrize(
    ("column", "answer", "means"),
    [
        # What has the form of a key is one, though a name begins so.
        ("visiting_country", "ICE", "ICE"),
        ("visiting_country", "ISL", "ISL"),
        ("visiting_country", "ice", "ISL"),
        ("visiting_country", "norw", "NOR"),
        # Never from within a word.
        ("visiting_country", "land", "land"),
        ("visiting_country", "o", "o"),
        ("visiting_country", "(", "("),
        ("visit_type", "sta", "state"),
        # Nor by a word of what a term means.
        ("level", "no", "no"),
        ("level", "head_of", "head_of"),
        ("level", "2", "head_of_government"),
        ("level", "99", "99"),
    ],
)
def test_what_an_answer_means(column: str, answer: str, means: str, shell: Shell) -> None:
    every = {each.column: each for each in questions(open_bench(shell.folder), "visits")}
    assert meant(every[column], answer) == means


def test_passages_are_asked_for_and_shown(shell: Shell) -> None:
    typist = Typist(
        {
            "title": "A visit",
            "visiting_country": "NOR",
            "host_country": "ISL",
            "start_date": "2021-03-04",
            "end_date": "2021-03-05",
            "Passage that supports the row": ["no such words", "and", PASSAGE],
            "Passage for start_date": DAYS,
            "Passage for end_date": "=",
            "Inferred, not stated": ["start_date, titel", "start_date,end_date"],
            "How is start_date inferred": ["", "From the month before."],
        }
    )
    answers = asked(shell.folder, "visits", typist)
    where, days = ARTICLE.index("Kari"), ARTICLE.index(DAYS)
    assert [(each.columns, each.span.start) for each in answers.supports] == [
        ((), where),
        (("start_date",), days),
        (("end_date",), days),
    ]
    how = "From the month before."
    assert answers.inferred == {"start_date": how, "end_date": how}
    assert "R0001 has no such passage, nor the beginning of it" in "\n".join(typist.said)
    assert "the passage is there 3 times" in "\n".join(typist.said)
    assert "  titel: no filled column of this row" in typist.said


def test_the_source_is_asked_for_only_where_there_are_several(shell: Shell) -> None:
    official = {"name": "Kari Lunde", "country": "NOR"}
    passage = {"Passage that supports the row": "Kari Lunde"}
    typist = Typist({**official, **passage})
    assert [each.span.source_id for each in asked(shell.folder, "officials", typist).supports] == [
        "R0001"
    ]
    assert "Source" not in typist.asked
    assert "  R0001  Two neighbours in the north" in typist.said
    (shell.folder.parent / "second.txt").write_text("Kari Lunde again.\n", "utf-8")
    assert shell("cite", "--add", "../second.txt").code == 0
    typist = Typist({**official, "Source": ["R0003", "R0002"], **passage})
    assert [each.span.source_id for each in asked(shell.folder, "officials", typist).supports] == [
        "R0002"
    ]
    assert "  there is no source 'R0003'; did you mean `R0002`?" in typist.said
    typist = Typist({**official, **passage})
    answers = asked(shell.folder, "officials", typist, "R0002")
    assert [each.span.source_id for each in answers.supports] == ["R0002"]
    assert "Source" not in typist.asked


def test_a_source_without_its_text_leaves_the_row_to_be_cited_later(shell: Shell) -> None:
    (shell.folder / "seeds" / "article.txt").unlink()
    typist = Typist({"name": "Kari Lunde", "country": "NOR"})
    answers = asked(shell.folder, "officials", typist)
    assert (answers.cells, answers.supports) == ({"name": "Kari Lunde", "country": "NOR"}, [])
    assert typist.said[-1].startswith("  the text of R0001, ")


TERMINALS = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
OFFICIAL = ["Kari Lunde", "", "", "", "", "NOR", "", ""]
"""The answers for the columns of officials."""


@TERMINALS
def test_on_a_real_terminal(shell: Shell) -> None:
    status, shown = typed(shell, [*OFFICIAL, "Kari Lunde", ""], "officials", "--voice", "reported")
    assert status == 0, shown
    assert "P0001 added to officials, cited by a row of evidence" in shown
    assert "as a command" not in shown
    assert read_table(shell.folder, "officials")[0]["name"] == "Kari Lunde"
    assert read_table(shell.folder, "evidence")[0]["voice"] == "reported"
    assert check(shell.folder).findings == ()


CONTROL_D = "\x04"


@TERMINALS
def test_answers_are_not_lost_when_there_are_no_more(shell: Shell) -> None:
    before = snapshot(shell.folder)
    status, shown = typed(shell, ["Kari O'Lunde", "Lunde", CONTROL_D], "officials")
    assert status == 2, shown
    assert shown.endswith(
        "relations: no more answers; nothing was written\n"
        "what was answered, as a command to go on from:\n"
        "relations add officials \\\n"
        "  --set 'name=Kari O'\"'\"'Lunde' \\\n"
        "  --set family_name=Lunde\n"
    )
    assert snapshot(shell.folder) == before


@TERMINALS
def test_answers_are_not_lost_when_the_rules_refuse_all_of_them(shell: Shell) -> None:
    before = snapshot(shell.folder)
    answers = [*OFFICIAL, "Kari Lunde", "country", "By her office."]
    status, shown = typed(shell, answers, "officials", "--voice", "whispered")
    assert status == 1, shown
    command = shown.partition("as a command to go on from:\n")[2]
    assert command == (
        "relations add officials \\\n"
        "  --set 'name=Kari Lunde' \\\n"
        "  --set country=NOR \\\n"
        "  --from R0001 \\\n"
        "  --cite 73:83 \\\n"
        "  --infer 'country=By her office.' \\\n"
        "  --voice whispered\n"
    )
    assert ARTICLE[73:83] == "Kari Lunde"
    assert "error[unknown-term] `whispered` is not a term of voice" in shown
    assert snapshot(shell.folder) == before
    arguments = shlex.split(command.replace("\\\n", "").replace("whispered", "reported"))
    assert shell(*arguments[1:]).code == 0
    assert len(read_table(shell.folder, "evidence")) == 2


@TERMINALS
def test_what_cannot_be_written_to_is_said_before_the_first_question(shell: Shell) -> None:
    status, shown = typed(shell, [], "offcials")
    assert (status, shown) == (
        2, "relations: there is no table 'offcials'; did you mean `officials`?\n",
    )  # fmt: skip
    status, shown = typed(shell, [], "officials", "--from", "R0009")
    assert (status, shown) == (
        2, "relations: there is no source 'R0009'; did you mean `R0001`?\n",
    )  # fmt: skip
    (shell.folder / "datapackage" / "visits.csv").unlink()
    status, shown = typed(shell, [], "officials")
    assert (status, shown.partition(":")[0], shown.count("\n")) == (2, "relations", 1)
    assert "datapackage/visits.csv is not there" in shown


def typed(shell: Shell, answers: Sequence[str], *arguments: str) -> tuple[int, str]:
    """`relations add` on a pseudo-terminal: how it ended, and all that was to be seen."""
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "relations.cli", "add", *arguments],
        cwd=shell.folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "dumb", "NO_COLOR": "1"},
    )
    os.close(theirs)
    shown = b""
    for answer in answers:
        shown += _until(ours, b"> ")
        os.write(ours, answer.encode() + (b"" if answer == CONTROL_D else b"\n"))
    shown += _rest(ours)
    status = process.wait(timeout=60)
    os.close(ours)
    return status, shown.decode().replace("\r\n", "\n")


def _until(handle: int, mark: bytes) -> bytes:
    seen = b""
    while not seen.endswith(mark):
        seen += os.read(handle, 1)
    return seen


def _rest(handle: int) -> bytes:
    seen = b""
    try:
        while more := os.read(handle, 1000):
            seen += more
    except OSError:
        # Linux says so at the end of a pseudo-terminal.
        return seen
    return seen
