"""`relations cite`: from words to evidence, and from a text to a source."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from relations.validators.check import check
from relations.validators.curating.language import guessed
from support.commands import Shell
from support.editing import read_table
from support.fresh import ARTICLE, fresh, snapshot

PASSAGE = "an official\nvisit of two days, the fourth and the fifth"
START = ARTICLE.index(PASSAGE)
END = START + len(PASSAGE)
DIGEST = hashlib.sha256(PASSAGE.encode()).hexdigest()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return fresh(tmp_path)


@pytest.fixture
def shell(root: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(root, monkeypatch)


@pytest.fixture
def visit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(fresh(tmp_path, visit=True), monkeypatch)


def test_a_passage_is_located(shell: Shell) -> None:
    done = shell("cite", "R0001", "an official visit of two days, the fourth and the fifth")
    assert done.code == 0
    assert done.out == (
        f"R0001 {START}:{END}\n"
        f"sha256 {DIGEST}\n"
        "  …minister of Norway, Kari Lunde, travelled to Reykjavík for "
        "[an official visit of two days, the fourth and the fifth]. "
        "She and her host spoke about fisheries – and…\n"
    )


@pytest.mark.parametrize("source", ["R0001", "article.txt", "seeds/article.txt"])
def test_a_source_goes_by_id_or_file(source: str, shell: Shell) -> None:
    done = shell("cite", source, "Kari Lunde", "--output-format", "json")
    at = ARTICLE.index("Kari Lunde")
    assert json.loads(done.out) == {
        "source_id": "R0001",
        "char_start": at,
        "char_end": at + 10,
        "span_sha256": hashlib.sha256(b"Kari Lunde").hexdigest(),
        "text": "Kari Lunde",
    }


def test_the_only_source_need_not_be_named_and_words_may_be_piped(shell: Shell) -> None:
    named = shell("cite", "R0001", "Kari Lunde").out
    assert shell("cite", "Kari Lunde").out == named
    assert shell("cite", "-", typed="Kari\nLunde\n").out == named
    at = ARTICLE.index("Kari Lunde")
    assert shell("cite", "--at", f"{at}:{at + 10}").out == named


def test_several_hits_are_numbered_and_picked(shell: Shell) -> None:
    done = shell("cite", "and")
    assert done.code == 1
    first, *hits = done.out.splitlines()
    assert first == "the passage is there 3 times; pick one with --hit, or write more of it"
    assert [hit.split()[0] for hit in hits] == ["1", "2", "3"]
    second = ARTICLE.index("and", ARTICLE.index("and") + 1)
    assert hits[1].startswith(f"2  {second}:{second + 3}  …")
    assert shell("cite", "and", "--hit", "2").out.startswith(f"R0001 {second}:{second + 3}\n")
    done = shell("cite", "and", "--hit", "4")
    assert (done.code, done.err) == (
        2,
        "relations: there is no hit 4: the passage is there 3 times\n",
    )


def test_a_passage_that_is_not_there_says_how_far_it_is(shell: Shell) -> None:
    done = shell("cite", "Kari Lunde, went to Oslo")
    assert done.code == 1
    at = ARTICLE.index("Kari")
    assert done.out == (
        f"R0001 has no such passage. It begins like this, at {at}:\n"
        "  …in the north In March 2021 the prime minister of Norway, "
        "[Kari Lunde,] travelled to Reykjavík for an official visit of two days,…\n"
        "and goes on otherwise than: went to Oslo\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["R0002", "words"], "there is no source 'R0002'; did you mean `R0001`?"),
        (["R0001"], "give the words of a passage, or its range with --at"),
        (["--at", "12"], "'12' is no range: write START:END, as in 120:164"),
        (
            ["--at", "12:9000"],
            f"12:9000 is no range of R0001, which has the characters 0:{len(ARTICLE)}",
        ),
        (
            ["Kari Lunde", "--for", "visit/V0001"],
            "'visit/V0001' names no table; did you mean `visits`?",
        ),
        (
            ["Kari Lunde", "--for", "visits"],
            "'visits' is not of the form TABLE/ROW or TABLE/ROW/COLUMN",
        ),
    ],
)
def test_what_cannot_be_cited_is_refused(arguments: list[str], said: str, shell: Shell) -> None:
    before = snapshot(shell.folder)
    done = shell("cite", *arguments)
    assert (done.code, done.out, done.err) == (2, "", f"relations: {said}\n")
    assert snapshot(shell.folder) == before


def test_evidence_is_added_and_the_descriptor_kept_true(visit: Shell) -> None:
    done = visit(
        "cite", "R0001", "the fourth and the fifth", "--for", "visits/V0001/start_date,end_date",
        "--basis", "inferred", "--voice", "author", "--note", "The year is in the sentence before.",
    )  # fmt: skip
    assert done.code == 0, done
    passage = "the fourth and the fifth"
    at = ARTICLE.index(passage)
    assert read_table(visit.folder, "evidence") == [
        {
            "evidence_id": f"C000{number}",
            "table": "visits",
            "row_id": "V0001",
            "column": column,
            "source_id": "R0001",
            "char_start": str(at),
            "char_end": str(at + len(passage)),
            "span_sha256": hashlib.sha256(passage.encode()).hexdigest(),
            "basis": "inferred",
            "stance": "supports",
            "voice": "author",
            "note": "The year is in the sentence before.",
        }
        for number, column in ((1, "start_date"), (2, "end_date"))
    ]
    assert done.out == (
        f"C0001 to C0002: R0001 {at}:{at + len(passage)} for "
        "visits/V0001/start_date, visits/V0001/end_date\n"
        "written: datapackage/evidence.csv, and what is built from them\n"
        "still to come:\n"
        "  visits V0001 visit_type: error[uncited-cell] no evidence says where this visit_type "
        "comes from (cite a passage: relations cite SOURCE TEXT --for visits/V0001/visit_type)\n"
    )
    assert [each.code for each in check(visit.folder).findings] == ["uncited-cell"]


def test_what_was_added_for_a_program(visit: Shell) -> None:
    done = visit("cite", PASSAGE, "--for", "V0001", "--output-format", "json")
    found = json.loads(done.out)
    assert found["evidence"] == [{"evidence_id": "C0001", "for": "visits/V0001"}]
    assert (found["char_start"], found["char_end"]) == (START, END)
    done = visit("cite", PASSAGE, "--output-format", "markdown")
    assert (done.code, done.err) == (2, "relations: a passage is written in full or as json\n")


def test_facts_are_the_row_and_all_that_is_due(visit: Shell) -> None:
    assert visit("cite", "fourth", "--for", "V0001/start_date").code == 0
    assert visit("cite", PASSAGE, "--for", "V0001/facts").code == 0
    assert [row["column"] for row in read_table(visit.folder, "evidence")] == [
        "start_date", "", "visit_type", "end_date",
    ]  # fmt: skip
    assert check(visit.folder).findings == ()
    done = visit("cite", PASSAGE, "--for", "V0001/facts")
    assert (done.code, done.err) == (
        2,
        "relations: every fact of visits/V0001 is cited already\n",
    )
    done = visit("cite", PASSAGE, "--for", "visits/V0001")
    assert (done.code, done.err) == (
        2,
        "relations: visits/V0001 is cited from there already: C0002\n",
    )


@pytest.mark.parametrize(
    ("target", "options", "code", "field"),
    [
        ("visits/V0009", [], "evidence-of-unknown-row", "row_id"),
        ("visits/V0001/begin", [], "evidence-of-unknown-column", "column"),
        ("V0001", ["--basis", "inferred"], "inferred-without-note", "note"),
        ("V0001", ["--voice", "autor"], "unknown-term", "voice"),
    ],
)
def test_what_the_rules_refuse_is_refused_in_their_words(
    target: str, options: list[str], code: str, field: str, visit: Shell
) -> None:
    before = snapshot(visit.folder)
    done = visit("cite", PASSAGE, "--for", target, *options)
    assert done.code == 1
    assert snapshot(visit.folder) == before
    first, finding = done.out.splitlines()
    assert first == "nothing was written: the rules refuse it"
    assert finding.startswith(f"  evidence C0001 {field}: error[{code}] ")
    # The same words as a check has for such a row.
    words = finding.split("] ", 1)[1]
    evidence = visit.folder / "datapackage" / "evidence.csv"
    table, _, rest = target.partition("/") if "/" in target else ("visits", "", target)
    row_id, _, column = rest.partition("/")
    given = dict(zip(options[::2], options[1::2], strict=True))
    evidence.write_text(
        evidence.read_text("utf-8")
        + f"C0001,{table},{row_id},{column},R0001,{START},{END},{DIGEST},"
        + f"{given.get('--basis', 'stated')},supports,{given.get('--voice', 'author')},\n",
        "utf-8",
    )
    checked = [each for each in check(visit.folder).findings if each.code == code]
    assert [f"{each.message} ({each.hint})" for each in checked] == [words]


def test_what_the_rules_only_warn_of_is_written_and_said(visit: Shell) -> None:
    done = visit("cite", PASSAGE, "--for", "V0001/facts", "--for", "V0001/level")
    assert done.code == 0
    assert done.out.splitlines()[2:] == [
        "evidence C0005 column: warning[evidence-of-empty-cell] the level of V0001 is "
        "empty (fill it, or say what the passage is evidence of)"
    ]


def test_faults_that_were_there_before_do_not_hinder(visit: Shell) -> None:
    officials = visit.folder / "datapackage" / "officials.csv"
    officials.write_text(officials.read_text("utf-8") + "P0001,,,,,,XXX,,\n", "utf-8")
    done = visit("cite", PASSAGE, "--for", "V0001/facts")
    assert done.code == 0, done
    assert len(read_table(visit.folder, "evidence")) == 4


def test_a_new_row_finds_its_place_and_leaves_the_others_alone(visit: Shell) -> None:
    evidence = visit.folder / "datapackage" / "evidence.csv"
    header = evidence.read_text("utf-8")
    digest = hashlib.sha256(b"Norway").hexdigest()
    at = ARTICLE.index("Norway")
    # Quoted where there was no need: another program wrote it so, and it stays.
    row = f'"C0007",visits,V0001,,R0001,{at},{at + 6},{digest},stated,supports,author,"a, b\nc"\n'
    evidence.write_text(header + row, "utf-8", newline="")
    assert visit("cite", PASSAGE, "--for", "V0001/start_date").code == 0
    assert evidence.read_text("utf-8") == header + row + (
        f"C0008,visits,V0001,start_date,R0001,{START},{END},{DIGEST},stated,supports,author,\n"
    )


def test_a_text_that_is_not_there_is_asked_for(shell: Shell) -> None:
    (shell.folder / "seeds" / "article.txt").unlink()
    done = shell("cite", "Kari Lunde")
    assert done.code == 2
    assert done.err.startswith("relations: the text of R0001, ")
    assert done.err.endswith("is not there; put it there, or name its folder with --seeds\n")


def test_a_text_that_is_another_is_not_cited(shell: Shell) -> None:
    (shell.folder / "seeds" / "article.txt").write_text("Kari Lunde", "utf-8")
    done = shell("cite", "Kari Lunde")
    assert done.code == 2
    assert done.err.endswith("is not the text that R0001 is about\n")


def test_a_new_source(tmp_path: Path, shell: Shell) -> None:
    text = "Une visite\n\nLe ministre est venu à Oslo avec les membres de la délégation et\n" * 3
    (tmp_path / "une visite.txt").write_text(text, "utf-8", newline="")
    done = shell(
        "cite", "--add", "../une visite.txt", "--set", "url=https://example.org/v",
        "--set", "published=2024",
    )  # fmt: skip
    assert done.code == 0, done
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert read_table(shell.folder, "sources")[1] == {
        "source_id": "R0002",
        "title": "Une visite",
        "author": "",
        "publisher": "",
        "url": "https://example.org/v",
        "published": "2024",
        "language": "fr",
        "type": "",
        "retrieved": "",
        "file": "une visite.txt",
        "sha256": digest,
        "char_length": str(len(text)),
        "note": "",
    }
    assert (shell.folder / "seeds" / "une visite.txt").read_text("utf-8") == text
    note = (shell.folder / "seeds" / "R0002.md").read_text("utf-8")
    assert note.startswith("# R0002: Une visite\n")
    assert f"SHA-256 `{digest}`" in note
    descriptor = json.loads((shell.folder / "datapackage.json").read_bytes())
    assert descriptor["sources"][-1] == {"title": "Une visite", "path": "https://example.org/v"}
    assert done.out.splitlines()[:3] == [
        "R0002: Une visite",
        f"  une visite.txt, {len(text)} characters, language fr",
        "written: seeds/une visite.txt, seeds/R0002.md, datapackage/sources.csv, "
        "and what is built from them",
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("again.txt", ARTICLE.encode(), "../again.txt is a source already: R0001"),
        (
            "article.txt",
            b"Another text.\n",
            "R0001 has a file named article.txt; give this one another name",
        ),
        (
            "latin.txt",
            b"Reykjav\xedk",
            "../latin.txt is not UTF-8 (byte 7): save its text as plain UTF-8 first",
        ),
        ("empty.txt", b" \n", "../empty.txt has no text that could be cited"),
        ("mark.txt", b"\xef\xbb\xbf", "../mark.txt has no text that could be cited"),
        ("none.txt", None, "no such file: ../none.txt"),
        (
            "Story.MD",
            b"A story of two countries.\n",
            "../Story.MD is named as the notes under seeds/ are, which are published: "
            "give the text another name, as Story.txt",
        ),
    ],
)
def test_a_text_that_is_no_new_source(
    name: str, content: bytes | None, said: str, tmp_path: Path, shell: Shell
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    before = snapshot(shell.folder)
    done = shell("cite", "--add", f"../{name}")
    assert (done.code, done.err) == (2, f"relations: {said}\n")
    assert snapshot(shell.folder) == before


def test_a_text_that_git_would_publish_is_refused(tmp_path: Path, shell: Shell) -> None:
    import subprocess

    subprocess.run(["git", "init", "--quiet", str(shell.folder)], check=True)
    with (shell.folder / "seeds" / ".gitignore").open("a") as file:
        file.write("!told.*\n")
    (tmp_path / "told.txt").write_text("A story of two countries.\n", "utf-8")
    done = shell("cite", "--add", "../told.txt")
    assert done.code == 2
    assert "git would take" in done.err
    assert not (shell.folder / "seeds" / "told.txt").exists()
    (tmp_path / "story.txt").write_text("A story of two countries.\n", "utf-8")
    assert shell("cite", "--add", "../story.txt").code == 0


@pytest.mark.parametrize(
    ("first", "title"),
    [
        ("A\ttable  of\u00a0ports ", "A table of ports"),
        ("\ufeffCafe\u0301s", "Cafés"),
        ("- Minutes", "second"),
        ("=SUM(1)", "second"),
        ("A" * 121, "second"),
    ],
)
def test_a_title_is_the_first_line_where_that_could_be_one(
    first: str, title: str, shell: Shell
) -> None:
    (shell.folder / "second.txt").write_text(f"{first}\nmore\n", "utf-8")
    done = shell("cite", "--add", "second.txt")
    assert (done.code, done.err) == (0, "")
    assert "formula-like-cell" not in done.out
    assert read_table(shell.folder, "sources")[1]["title"] == title


def test_a_language_is_guessed_only_where_it_is_clear() -> None:
    assert guessed(ARTICLE) == "en"
    assert guessed("Президент прибыл в столицу с визитом и провёл встречу. " * 4) == "ru"
    assert guessed("Prezident ölkəyə səfər etdi və bir görüş keçirdi, bu ilə bağlı. " * 3) == "az"
    assert guessed("lorem ipsum dolor sit amet " * 10) == ""
    assert guessed("of the") == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--add", "TEXT", "Other text", "--for", "V0001", "--basis", "inferred"],
            "--add makes a source and cites nothing: leave out TEXT and --for and --basis",
        ),
        (["--add", "TEXT", "--at", "1:2"],
         "--add makes a source and cites nothing: leave out --at"),
        (["--set", "type=other", "Kari Lunde"],
         "--set says something of a new source: give the file of it with --add"),
        (["Kari Lunde", "--basis", "sure"],
         "--basis says something of evidence: give what it is for with --for"),
        (["Kari Lunde", "--note", "How."],
         "--note says something of evidence: give what it is for with --for"),
    ],
)  # fmt: skip
def test_what_would_be_left_undone_is_refused(
    arguments: list[str], said: str, shell: Shell
) -> None:
    (shell.folder.parent / "second.txt").write_text("Kari Lunde again.\n", "utf-8")
    before = snapshot(shell.folder)
    arguments = ["../second.txt" if each == "TEXT" else each for each in arguments]
    done = shell("cite", *arguments)
    assert (done.code, done.out, done.err) == (2, "", f"relations: {said}\n")
    assert snapshot(shell.folder) == before
