"""`relations diff`: rows, cells, keys, schema, and the version that follows from them."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from relations.validators.comparing.comparison import Comparison, compare
from relations.validators.comparing.edition import open_edition
from relations.validators.comparing.likeness import Rarity, likeness
from relations.validators.comparing.version_step import Step, verdict
from support.commands import Shell
from support.editing import EXAMPLE_PACKAGE, read_table, rebuild, write_table

Rows = list[dict[str, str]]


@pytest.fixture
def new(tmp_path: Path) -> Path:
    root = tmp_path / "new"
    shutil.copytree(EXAMPLE_PACKAGE, root)
    return root


def changed(root: Path, table: str, change: Callable[[Rows], Rows]) -> None:
    write_table(root, table, change(read_table(root, table)))


def described(root: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = root / "datapackage.json"
    content = json.loads(path.read_bytes())
    change(content)
    path.write_text(json.dumps(content), "utf-8")


def schema_of(content: dict[str, Any], table: str) -> dict[str, Any]:
    return next(each["schema"] for each in content["resources"] if each["name"] == table)


def field_of(content: dict[str, Any], table: str, name: str) -> dict[str, Any]:
    fields = schema_of(content, table)["fields"]
    return next(each for each in fields if each["name"] == name)


def compared(new: Path, old: Path = EXAMPLE_PACKAGE) -> Comparison:
    return compare(open_edition(str(old)), open_edition(str(new)))


def reasons(found: Comparison) -> list[tuple[str, str]]:
    return [(each.step.word, each.text) for each in found.reasons]


def test_the_same_package_has_not_changed(new: Path) -> None:
    found = compared(new)
    assert (found.tables, found.schema, found.reasons, found.notes) == ((), (), (), ())
    assert found.version.text == "nothing changed, and so did not 1.0.0"
    assert found.version.fits


def test_rows_and_cells(new: Path) -> None:
    changed(new, "officials", lambda rows: [*rows, {"official_id": "P0005", "name": "Jaan Mets"}])
    changed(new, "visits", lambda rows: [{**rows[0], "end_date": "2022-05-13"}, *rows[1:]])
    changed(new, "visits", lambda rows: [*rows[:2], {**rows[2], "end_date": "2024-06"}, rows[3]])
    changed(new, "statements", lambda rows: rows[:1])
    rebuild(new)
    found = compared(new)
    by_name = {each.table: each for each in found.tables}
    assert list(by_name) == ["officials", "visits", "statements"]
    assert [row.key for row in by_name["officials"].added] == ["P0005"]
    assert [row.key for row in by_name["statements"].removed] == ["X0002"]
    assert [
        (row.key, cell.column, cell.old, cell.new)
        for row in by_name["visits"].changed
        for cell in row.cells
    ] == [
        ("V0001", "end_date", "2022-05-12", "2022-05-13"),
        ("V0003", "end_date", "", "2024-06"),
    ]
    assert reasons(found) == [
        ("major", "statements: 1 row removed that others refer to"),
        ("minor", "officials: 1 row added"),
        ("minor", "visits: 1 cell filled in"),
        ("patch", "visits: 1 cell corrected"),
    ]


def test_a_renamed_key_is_guessed_and_followed(new: Path) -> None:
    def renamed(rows: Rows) -> Rows:
        return [
            {name: "P0009" if value == "P0002" else value for name, value in row.items()}
            for row in rows
        ]

    for table in ("officials", "terms", "visits", "participants", "evidence"):
        changed(new, table, renamed)
    changed(
        new,
        "officials",
        lambda rows: [
            {**row, "note": "Spelt otherwise before."} if row["official_id"] == "P0009" else row
            for row in rows
        ],
    )
    found = compared(new)
    assert found.errors == 0
    by_name = {each.table: each for each in found.tables}
    [row] = by_name["officials"].renamed
    assert (row.old_key, row.key) == ("P0002", "P0009")
    assert [(cell.column, cell.new) for cell in row.cells] == [("note", "Spelt otherwise before.")]
    assert by_name["officials"].added == by_name["officials"].removed == ()
    for table in ("terms", "visits", "participants", "evidence"):
        cells = [cell for each in by_name[table].changed for cell in each.cells]
        assert cells
        assert all((cell.old, cell.new, cell.follows) == ("P0002", "P0009", True) for cell in cells)
    assert reasons(found)[0] == ("major", "officials: 1 row renamed that others refer to")


def test_an_id_that_stands_for_another_row_is_an_error(new: Path) -> None:
    other = {
        "visit_id": "V0003", "title": "Talks about ferries", "visiting_country": "FIN",
        "host_country": "EST", "visit_type": "working", "start_date": "2019-01-20",
        "locations": "Narva", "status": "held",
    }  # fmt: skip
    changed(new, "visits", lambda rows: [*rows[:2], other, rows[3]])
    found = compared(new)
    [table] = found.tables
    [key] = table.reused
    assert (key.key, key.moved_to) == ("V0003", "")
    assert key.old["title"] == "Official visit to Iceland"
    assert key.new["title"] == "Talks about ferries"
    assert found.errors == 1
    assert reasons(found)[0] == ("major", "visits: 1 row under the id of another")


def test_rows_that_moved_up_are_ids_used_again(new: Path) -> None:
    def shifted(rows: Rows) -> Rows:
        kept = rows[1:]
        return [{**row, "official_id": f"P{number:04}"} for number, row in enumerate(kept, 1)]

    changed(new, "officials", shifted)
    found = compared(new)
    [table] = found.tables
    assert [(key.key, key.moved_to) for key in table.reused] == [
        ("P0001", ""),
        ("P0002", "P0001"),
        ("P0003", "P0002"),
    ]
    assert [row.key for row in table.removed] == ["P0004"]


def test_a_thorough_correction_is_no_other_row(new: Path) -> None:
    def corrected(rows: Rows) -> Rows:
        row = {
            **rows[0], "title": "State visit", "visit_type": "official",
            "start_date": "2022-06-10", "end_date": "2022-06-12", "level": "minister",
        }  # fmt: skip
        return [row, *rows[1:]]

    changed(new, "visits", corrected)
    changed(new, "officials", lambda rows: [{**rows[0], "name": "Arnar Hallson"}, *rows[1:]])
    found = compared(new)
    assert found.errors == 0
    assert [len(each.changed) for each in found.tables] == [1, 1]


def test_evidence_that_cites_another_passage_is_no_other_row(new: Path) -> None:
    def cited_elsewhere(rows: Rows) -> Rows:
        row = {**rows[19], "char_start": "1", "char_end": "9", "span_sha256": "1" * 64}
        return [*rows[:19], row, *rows[20:]]

    changed(new, "evidence", cited_elsewhere)
    found = compared(new)
    assert found.errors == 0
    assert [len(row.cells) for row in found.tables[0].changed] == [3]


@pytest.mark.parametrize(
    ("change", "step", "text"),
    [
        (
            lambda content: schema_of(content, "visits")["fields"].pop(),
            Step.MAJOR,
            "the field note is gone",
        ),
        (
            lambda content: schema_of(content, "visits")["fields"].append({"name": "mood"}),
            Step.MAJOR,
            "the field mood is new",
        ),
        (
            lambda content: schema_of(content, "visits")["fields"].reverse(),
            Step.MAJOR,
            "the fields stand in another order",
        ),
        (
            lambda content: field_of(content, "visits", "title").update(type="any"),
            Step.MAJOR,
            "title: type went from string to any",
        ),
        (
            lambda content: field_of(content, "visits", "note").update(
                constraints={"required": True}
            ),
            Step.MAJOR,
            "note: required is new: True",
        ),
        (
            lambda content: field_of(content, "visits", "title")["constraints"].clear(),
            Step.MINOR,
            "title: required is gone; it was True",
        ),
        (
            lambda content: field_of(content, "visits", "status")["constraints"]["enum"].append(
                "moved"
            ),
            Step.MINOR,
            "status: the vocabulary is now with moved",
        ),
        (
            lambda content: field_of(content, "visits", "status")["constraints"]["enum"].remove(
                "held"
            ),
            Step.MAJOR,
            "status: the vocabulary is now without held",
        ),
        (
            lambda content: field_of(content, "visits", "title").update(description="Its title."),
            Step.PATCH,
            "title: its description is worded otherwise",
        ),
        (
            lambda content: schema_of(content, "visits")["foreignKeys"].pop(),
            Step.MINOR,
            "session_id refers to assembly_sessions no more",
        ),
        (
            lambda content: schema_of(content, "countries").update(
                foreignKeys=[
                    {"fields": ["name"], "reference": {"resource": "visits", "fields": ["title"]}}
                ]
            ),
            Step.MAJOR,
            "name now refers to visits",
        ),
        (
            lambda content: content.update(name="another"),
            Step.MAJOR,
            "name went from example-est-isl to another",
        ),
        (
            lambda content: content.update(title="Another title"),
            Step.PATCH,
            "title went from Invented relations of Estonia and Iceland to Another title",
        ),
    ],
)
def test_the_schema_asks_for_its_step(
    change: Callable[[dict[str, Any]], None], step: Step, text: str, new: Path
) -> None:
    described(new, change)
    [found] = compared(new).schema
    assert (found.step, found.text) == (step, text)


def test_a_table_that_came_or_went(new: Path) -> None:
    described(new, lambda content: content["resources"].pop())
    assert [(each.step, each.table, each.text) for each in compared(new).schema] == [
        (Step.MAJOR, "evidence", "the table is gone")
    ]
    back = compare(open_edition(str(new)), open_edition(str(EXAMPLE_PACKAGE)))
    assert [(each.step, each.table, each.text) for each in back.schema] == [
        (Step.MINOR, "evidence", "the table is new")
    ]


@pytest.mark.parametrize(
    ("old", "new_version", "step", "needed", "fits", "text"),
    [
        ("1.2.3", "1.2.4", Step.PATCH, "1.2.4", True, "1.2.4 is right"),
        ("1.2.3", "1.3.0", Step.MINOR, "1.3.0", True, "1.3.0 is right"),
        ("1.2.3", "2.0.0", Step.MAJOR, "2.0.0", True, "2.0.0 is right"),
        (
            "1.2.3", "1.2.4", Step.MINOR, "1.3.0", False,
            "a minor step from 1.2.3 leads to 1.3.0; 1.2.4 does not go far enough",
        ),
        (
            "1.2.3", "1.2.3", Step.PATCH, "1.2.4", False,
            "a patch step from 1.2.3 leads to 1.2.4; 1.2.3 is still that",
        ),
        (
            "1.2.3", "2.0.0", Step.PATCH, "1.2.4", True,
            "2.0.0 is further than needed: a patch step would have led to 1.2.4",
        ),
        (
            "1.2.3", "1.2.2", Step.NONE, "1.2.3", False,
            "1.2.2 goes back behind 1.2.3; it has to be 1.2.3 or later",
        ),
        (
            "1.2.3", "1.2.4", Step.NONE, "1.2.3", True,
            "1.2.4 is further than needed: nothing changed",
        ),
        ("", "1.0.0", Step.NONE, "", False, "the old version, empty, is none"),
        ("1.0.0", "2026", Step.NONE, "", False, "the new version, 2026, is none"),
        ("0.9.9", "0.10.0", Step.MINOR, "0.10.0", True, "0.10.0 is right"),
    ],
)  # fmt: skip
def test_versions(
    old: str, new_version: str, step: Step, needed: str, fits: bool, text: str
) -> None:
    found = verdict(old, new_version, step)
    assert (found.needed, found.fits, found.text) == (needed, fits, text)


def test_likeness_weighs_cells_by_what_they_tell() -> None:
    rows = [{"country": "AZE", "name": name} for name in ("Anna", "Bela", "Cleo", "Dana")]
    rarity = Rarity.of(rows, 4)
    assert likeness(rows[0], rows[0], rarity) == 1
    # The country, which all have, says little.
    assert likeness(rows[0], rows[1], rarity) < 0.2
    assert likeness(rows[0], {"country": "GEO", "name": "Anna"}, rarity) > 0.8
    assert likeness({"date": "2021-01-01"}, {"date": "2021-01-02"}, rarity) == 0
    assert 0.8 < likeness({"name": "Natalia"}, {"name": "Natalya"}, rarity) < 1
    assert likeness({}, {"name": "Anna"}, rarity) == 0


def repository(root: Path) -> None:
    for arguments in (
        ["init", "--quiet"],
        ["config", "user.name", "A"],
        ["config", "user.email", "a@example.org"],
        ["add", "--all"],
        ["commit", "--quiet", "--message", "first"],
        ["tag", "v1.0.0"],
    ):
        subprocess.run(["git", "-C", str(root), *arguments], check=True)


def test_git_revisions_of_a_package_in_a_folder_of_a_repository(
    new: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository(tmp_path)
    shell = Shell(new, monkeypatch)
    nothing = "nothing changed\nversion: nothing changed, and so did not 1.0.0\n"
    for revision in ("HEAD", "v1.0.0", "HEAD^0"):
        assert shell("diff", revision).out == nothing
    changed(new, "visits", lambda rows: [{**rows[0], "end_date": "2022-05-13"}, *rows[1:]])
    rebuild(new)
    done = shell("diff", "v1.0.0")
    assert done.code == 0
    assert done.out == (
        "visits: 1 changed\n"
        "  ~ V0001\n"
        "      end_date: 2022-05-12 → 2022-05-13\n"
        "\n"
        "version: a patch step from 1.0.0 leads to 1.0.1; 1.0.0 is still that\n"
        "  patch  visits: 1 cell corrected\n"
    )
    assert shell("diff", "v1.0.0", "--check-version").code == 1
    assert shell("diff", "HEAD", "v1.0.0").out == nothing


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("v9", "neither a folder, a file nor a revision: v9"),
        ("--output=stolen", "'--output=stolen' is no revision"),
        ("HEAD:datapackage.json", "neither a folder, a file nor a revision: HEAD:datapackage.json"),
        ("nowhere.zip", "neither a folder, a file nor a revision: nowhere.zip"),
    ],
)
def test_what_is_no_edition(
    name: str, said: str, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository(new)
    done = Shell(new, monkeypatch)("diff", "--", name)
    assert (done.code, done.out, done.err) == (2, "", f"relations: {said}\n")
    assert not (new / "stolen").exists()


def test_a_revision_without_the_package(
    new: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (new / "datapackage.json").rename(tmp_path / "kept.json")
    repository(new)
    (tmp_path / "kept.json").rename(new / "datapackage.json")
    done = Shell(new, monkeypatch)("diff", "HEAD")
    assert (done.code, done.err) == (2, "relations: no datapackage.json at HEAD\n")


def test_a_link_in_a_revision_is_not_followed(new: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = new / "datapackage" / "visits.csv"
    path.unlink()
    path.symlink_to("/etc/passwd")
    repository(new)
    done = Shell(new, monkeypatch)("diff", "HEAD", str(EXAMPLE_PACKAGE))
    assert "not compared: HEAD: datapackage/visits.csv is no regular file\n" in done.out


def test_zips_and_folders(new: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tmp_path / "old.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for path in new.rglob("*"):
            made.write(path, Path("example-1.0.0") / path.relative_to(new))
    done = Shell(tmp_path, monkeypatch)("diff", "old.zip", "new")
    assert done.code == 0
    assert done.out.startswith("nothing changed\n")


def emptied(root: Path) -> str:
    (root / "datapackage" / "agreements.csv").write_bytes(b"")
    return "agreements.csv is empty"


def missing(root: Path) -> str:
    (root / "datapackage" / "agreements.csv").unlink()
    return "agreements.csv is not there"


def a_row_too_long(root: Path) -> str:
    path = root / "datapackage" / "visits.csv"
    lines = path.read_text("utf-8").splitlines()
    lines[2] += ",extra"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return "visits.csv has 1 row that cannot be read"


def keys_gone_and_twice(root: Path) -> str:
    first, second, *rest = read_table(root, "agreements")
    keyless = {**second, "agreement_id": ""}
    write_table(root, "agreements", [first, first, second, keyless, keyless, *rest])
    return "agreements.csv has 2 rows without a key and has 1 row under a key that is there already"


@pytest.mark.parametrize("damage", [emptied, missing, a_row_too_long, keys_gone_and_twice])
@pytest.mark.parametrize("turned", [False, True])
def test_what_cannot_be_compared_may_have_changed(
    damage: Callable[[Path], str], turned: bool, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = f"new: datapackage/{damage(new)}"
    editions = ["new", str(EXAMPLE_PACKAGE)] if turned else [str(EXAMPLE_PACKAGE), "new"]
    shell = Shell(new.parent, monkeypatch)
    version = (
        "whether 1.0.0 goes far enough from 1.0.0 cannot be told, for not everything could be "
        "compared; 2.0.0 would in any case"
    )
    done = shell("diff", *editions)
    assert (done.code, done.out) == (
        0,
        f"nothing changed in what could be compared\nnot compared: {note}\nversion: {version}\n",
    )
    done = shell("diff", *editions, "--check-version", "--output-format", "json")
    found = json.loads(done.out)
    assert (done.code, found["not_compared"]) == (1, [note])
    assert found["tables"] == []
    assert found["package_version"]["fits"] is False
    done = shell("diff", *editions, "--output-format", "markdown")
    where, _, what = note.partition("datapackage/")
    path, _, what = what.partition(" ")
    assert done.out == (
        "## 1.0.0\n\n"
        "Nothing changed in what could be compared.\n\n"
        f"### Not compared\n\n- {where}`datapackage/{path}` {what}\n\n"
        f"> {version}\n"
    )


def test_a_major_step_is_enough_for_what_could_not_be_compared(new: Path) -> None:
    missing(new)
    described(new, lambda content: content.update(version="2.0.0"))
    found = compared(new).version
    assert (found.needed, found.fits) == ("1.0.0", True)
    assert found.text == "2.0.0 goes far enough, whatever could not be compared"


def test_a_renamed_row_of_the_same_table_is_followed(
    new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def renamed(rows: Rows) -> Rows:
        new_keys = {"G0005": "G0015", "G0006": "G0016"}
        return [
            {
                **row,
                "organization_id": new_keys.get(row["organization_id"], row["organization_id"]),
                "parent_id": new_keys.get(row["parent_id"], row["parent_id"]),
                "note": "Sits in Tallinn." if row["organization_id"] == "G0005" else row["note"],
            }
            for row in rows
        ]

    changed(new, "organizations", renamed)
    [table] = compared(new).tables
    assert table.added == table.removed == table.changed == table.reused == ()
    assert [
        (
            row.old_key,
            row.key,
            [(cell.column, cell.old, cell.new, cell.follows) for cell in row.cells],
        )
        for row in table.renamed
    ] == [
        ("G0005", "G0015", [("note", "", "Sits in Tallinn.", False)]),
        ("G0006", "G0016", [("parent_id", "G0005", "G0015", True)]),
    ]
    done = Shell(new, monkeypatch)("diff", str(EXAMPLE_PACKAGE), "--output-format", "markdown")
    assert (
        "### Renamed\n\n"
        "- organizations `G0005` is `G0015` now: `note` (empty) → Sits in Tallinn.\n"
        "- organizations `G0006` is `G0016` now: `parent_id` G0005 → G0015\n"
    ) in done.out


def test_a_change_far_into_a_cell_is_seen(new: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = new.parent / "old"
    changed(new, "visits", lambda rows: [{**rows[0], "note": "word " * 40 + "one"}, *rows[1:]])
    shutil.copytree(new, old)
    changed(new, "visits", lambda rows: [{**rows[0], "note": "word " * 40 + "two"}, *rows[1:]])
    shell = Shell(new.parent, monkeypatch)
    assert "      note: …word word word word one → …word word word word two\n" in (
        shell("diff", "old", "new").out
    )
    assert ": `note` `…word` word word word one → `…word` word word word two\n" in (
        shell("diff", "old", "new", "--output-format", "markdown").out
    )


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (["C0500"], "1 passage, `C0500`"),
        (["C0500", "C0501", "C0502"], "3 passages, `C0500` to `C0502`"),
        (["C0090", "C0500"], "2 passages, `C0090`, `C0500`"),
        (["C0099", "C0100", "C0300"], "3 passages, `C0099` to `C0100`, `C0300`"),
        (
            [f"C0{number}00" for number in range(3, 9)],
            "6 passages, `C0300`, `C0400`, `C0500`, `C0600`, `C0700`, …",
        ),
        ([f"C{'9' * 5000}"], f"1 passage, `C{'9' * 5000}`"),
    ],
)
def test_new_evidence_is_named_by_its_stretches(
    keys: list[str], said: str, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(
        new, "evidence", lambda rows: [*rows, *({**rows[0], "evidence_id": key} for key in keys)]
    )
    done = Shell(new, monkeypatch)("diff", str(EXAMPLE_PACKAGE), "--output-format", "markdown")
    assert f"- evidence: {said}\n" in done.out


def test_a_reused_id_exits_with_1_and_every_format_says_it(
    new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(
        new,
        "officials",
        lambda rows: [
            {"official_id": "P0001", "name": "Olga Rein", "country": "FIN"},
            *rows[1:],
        ],
    )
    rebuild(new)
    shell = Shell(new, monkeypatch)
    done = shell("diff", str(EXAMPLE_PACKAGE))
    assert done.code == 1
    assert done.out.startswith(
        "officials: 1 reused\n"
        "  ! P0001 stands for something else now\n"
        "      was Arnar Hallsson\n"
        "      is  Olga Rein\n"
        "      what it was is gone; an id is never used again\n"
    )
    done = shell("diff", str(EXAMPLE_PACKAGE), "--output-format", "json")
    assert done.code == 1
    found = json.loads(done.out)
    assert found["errors"] == 1
    assert [each["key"] for each in found["tables"][0]["reused"]] == ["P0001"]
    assert found["package_version"] == {
        "old": "1.0.0", "new": "1.0.0", "step": "major", "needed": "2.0.0", "fits": False,
    }  # fmt: skip
    done = shell("diff", str(EXAMPLE_PACKAGE), "--output-format", "markdown")
    assert done.code == 1
    assert "- officials `P0001`: was Arnar Hallsson, is Olga Rein\n" in done.out


def test_a_changelog(new: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed(new, "officials", lambda rows: [*rows, {"official_id": "P0005", "name": "Jaan Mets"}])
    changed(new, "visits", lambda rows: [{**rows[0], "end_date": "2022-05-13"}, *rows[1:]])
    described(new, lambda content: content.update(version="1.1.0"))
    rebuild(new)
    done = Shell(new, monkeypatch)("diff", str(EXAMPLE_PACKAGE), "--output-format", "markdown")
    assert done.out == (
        "## 1.1.0\n\n"
        "### Added\n\n"
        "- officials `P0005` Jaan Mets\n\n"
        "### Corrected\n\n"
        "- visits `V0001`: `end_date` 2022-05-12 → 2022-05-13\n"
    )
