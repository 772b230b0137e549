"""The cache of reports: the same answer as a check made anew, or none."""

from __future__ import annotations

import datetime as dt
import errno
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from relations.cli.app import app
from relations.validators import check as full
from relations.validators.cache_folder import FOLDER
from relations.validators.caching import entries, installation, remembered
from relations.validators.caching.report_record import record, report
from relations.validators.caching.seen import Answer, Question, Seen, still_so
from relations.validators.caching.steps import Past, past
from relations.validators.caching.watched import Noted, WatchedPackage
from relations.validators.example import Cell, Example
from relations.validators.finding import Report
from relations.validators.package import hashing
from relations.validators.package.descriptor import Descriptor
from relations.validators.package.files import Folder, Unreadable
from relations.validators.package.limits import BeyondLimit
from relations.validators.package.sources import SourceTexts
from relations.validators.registry import RULES
from relations.validators.rule import Rule
from relations.validators.stop import CannotDo, UnknownRule
from support.editing import EXAMPLE_PACKAGE, edited
from support.reports import CLEAN, FIXED, HOSTILE_TEXTS, hostile, long

AS_OF = dt.date(2026, 1, 1)
WRONG = Example((Cell("visits", "V0001", "visit_type", "State"),))
BAD = [
    pytest.param(each, id=f"{rule.code}-{n}") for rule in RULES for n, each in enumerate(rule.bad)
]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with findings, worked on from within."""
    made = edited(WRONG, tmp_path)
    shutil.rmtree(made / FOLDER, ignore_errors=True)
    monkeypatch.chdir(made)
    return made


def anew(**more: object) -> Report:
    """The report without a cache, and without its time."""
    return replace(full.check(**{"as_of": AS_OF, **more}), seconds=0.0)  # type: ignore[arg-type]


def cached(**more: object) -> Report:
    """The report of a check that may be answered from the cache, likewise."""
    made = full.check(**{"as_of": AS_OF, "cache": True, **more})  # type: ignore[arg-type]
    return replace(made, seconds=0.0)


class Checks:
    """Counts the checks that were really made."""

    def __init__(self) -> None:
        self.made = 0
        self._examine = full.examine

    def examine(self, *arguments: object, **more: object) -> object:
        self.made += 1
        return self._examine(*arguments, **more)  # type: ignore[arg-type]


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Checks:
    counting = Checks()
    monkeypatch.setattr(full, "examine", counting.examine)
    return counting


def reports_in(root: Path) -> list[Path]:
    return sorted((root / FOLDER / "reports").glob("*"))


# -- The same report -------------------------------------------------------------------------


@pytest.mark.usefixtures("root")
def test_an_unchanged_package_is_answered_from_the_cache(checks: Checks) -> None:
    wanted = anew()
    assert [each.code for each in wanted.findings] == ["unknown-term"]
    assert wanted.findings[0].excerpt
    assert checks.made == 1
    assert cached() == wanted
    assert checks.made == 2
    assert cached() == wanted
    assert cached() == wanted
    assert checks.made == 2


@pytest.mark.parametrize(
    "kept",
    [CLEAN, FIXED, long(200), *map(hostile, HOSTILE_TEXTS)],
    ids=lambda kept: ascii(kept.name)[:20],
)
def test_a_report_comes_back_as_it_was(kept: Report) -> None:
    kept = replace(kept, failures=(), seconds=0.0)
    through_json = json.loads(json.dumps(record(kept)))
    assert report(through_json) == kept


def test_all_of_a_report_is_kept() -> None:
    members = {each.name for each in fields(Report)}
    assert set(record(CLEAN)) == members - {"failures", "seconds"} | {"lines"}


def test_a_line_is_kept_once_however_many_findings_lie_in_it() -> None:
    finding = replace(FIXED.findings[0], excerpt="x" * 1_000_000)
    made = json.dumps(record(replace(CLEAN, findings=(finding,) * 50)))
    assert len(made) < 1_200_000


def test_a_code_that_no_rule_has_is_refused_each_time(root: Path) -> None:
    for _ in range(2):
        with pytest.raises(UnknownRule, match="no-such-rule"):
            cached(select=["no-such-rule"])
    assert not reports_in(root)


# -- What changed is noticed -----------------------------------------------------------------


@pytest.mark.parametrize("example", BAD)
def test_what_any_rule_would_find_is_noticed(
    example: Example, clean_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = edited(example, tmp_path)
    shutil.copytree(clean_cache / FOLDER, changed / FOLDER, dirs_exist_ok=True)
    monkeypatch.chdir(changed)
    assert recalled() is None


def test_a_copy_is_the_same_package(
    clean_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(clean_cache, tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    assert recalled() is not None


@pytest.fixture(scope="module")
def clean_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example package, checked from within, so that a copy of it is named alike."""
    folder = tmp_path_factory.mktemp("clean") / "package"
    shutil.copytree(EXAMPLE_PACKAGE, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert cached(path=".").findings == ()
    return folder


def recalled() -> Report | None:
    memory = remembered._Memory.of(".", [], [], None, AS_OF, None)
    assert memory
    return memory.recall()


def same_size_and_time(root: Path) -> None:
    path = root / "datapackage" / "visits.csv"
    state = path.stat()
    path.write_bytes(path.read_bytes().replace(b"State", b"state"))
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert path.stat().st_size == state.st_size


def suppressed(root: Path) -> None:
    (root / "relations.toml").write_text(
        '[[suppress]]\nrule = "unknown-term"\nreason = "So it is said here."\n', "utf-8"
    )


def another_file(root: Path) -> None:
    (root / "datapackage" / "notes.csv").write_text("x\n", "utf-8")


def table_gone(root: Path) -> None:
    (root / "datapackage" / "terms.csv").unlink()


def folder_for_a_table(root: Path) -> None:
    table_gone(root)
    (root / "datapackage" / "terms.csv").mkdir()


def text_gone(root: Path) -> None:
    (root / "seeds" / "R0001.txt").unlink()


def another_text(root: Path) -> None:
    path = root / "seeds" / "R0001.txt"
    path.write_bytes(path.read_bytes()[::-1])


def descriptor(root: Path) -> None:
    path = root / "datapackage.json"
    path.write_bytes(path.read_bytes().replace(b'"version"', b'"Version"', 1))


CHANGES = [
    same_size_and_time,
    suppressed,
    another_file,
    table_gone,
    folder_for_a_table,
    text_gone,
    another_text,
    descriptor,
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_noticed_and_so_is_its_end(
    change: Callable[[Path], None], root: Path, tmp_path: Path, checks: Checks
) -> None:
    before = cached()
    shutil.copytree(root, tmp_path / "before", ignore=shutil.ignore_patterns(FOLDER))
    change(root)
    assert cached() == anew() != before
    assert checks.made == 3
    for each in root.iterdir():
        if each.name != FOLDER:
            shutil.rmtree(each) if each.is_dir() else each.unlink()
    shutil.copytree(tmp_path / "before", root, dirs_exist_ok=True)
    assert cached() == before
    assert checks.made == 4


def test_each_way_of_asking_has_its_own_answer(root: Path, checks: Checks) -> None:
    other = root.parent / "texts"
    shutil.copytree(root / "seeds", other)
    (root.parent / "none").mkdir()
    ways: list[dict[str, object]] = [
        {},
        {"as_of": dt.date(1900, 1, 1)},
        {"select": ["unknown-term"]},
        {"ignore": ["unknown-term"]},
        {"seeds": root.parent / "none"},
        {"path": "."},
        {"path": root / "datapackage.json", "seeds": other},
        {"listed": 1},
    ]
    wanted = [anew(**way) for way in ways]
    assert all(each != wanted[0] for each in wanted[1:-2])
    checks.made = 0
    for _ in range(3):
        assert [cached(**way) for way in ways] == wanted
    assert checks.made == len(ways)


def test_a_limit_holds_for_what_was_checked_without_it(
    root: Path, monkeypatch: pytest.MonkeyPatch, checks: Checks
) -> None:
    visits = root / "datapackage" / "visits.csv"
    visits.with_name("visits.csv.gz").write_bytes(gzip.compress(visits.read_bytes()))
    visits.unlink()
    listed = root / "datapackage.json"
    listed.write_bytes(listed.read_bytes().replace(b"/visits.csv", b"/visits.csv.gz"))
    before = cached()
    assert cached() == before
    assert checks.made == 1
    monkeypatch.setenv("RELATIONS_MAX_FILE", "100")
    with pytest.raises(BeyondLimit, match=r"visits\.csv\.gz would unpack to more than 100 bytes"):
        cached()
    monkeypatch.setenv("RELATIONS_MAX_FILE", "many")
    with pytest.raises(CannotDo, match="RELATIONS_MAX_FILE takes a size such as 500M, not 'many'"):
        cached()
    monkeypatch.delenv("RELATIONS_MAX_FILE")
    assert cached() == before


@pytest.mark.usefixtures("root")
def test_the_order_of_codes_is_no_other_way_of_asking(checks: Checks) -> None:
    cached(ignore=["unknown-term", "ragged-row"])
    cached(ignore=["ragged-row", "unknown-term", "ragged-row"])
    assert checks.made == 1


def test_the_folder_with_the_texts_may_be_named_by_the_surroundings(
    root: Path, monkeypatch: pytest.MonkeyPatch, checks: Checks
) -> None:
    here = cached()
    (root / "nowhere").mkdir()
    monkeypatch.setenv("RELATIONS_SEEDS", str(root / "nowhere"))
    elsewhere = cached()
    assert elsewhere.spans.verified == 0 < here.spans.verified
    assert checks.made == 2


def test_another_version_of_the_tool_answers_for_itself(
    root: Path, monkeypatch: pytest.MonkeyPatch, checks: Checks
) -> None:
    wanted = cached()
    monkeypatch.setattr(remembered, "fingerprint", lambda: "another")
    assert cached() == cached() == wanted
    assert checks.made == 2
    # It takes the place of what the other said, which is of no use to it.
    assert len(reports_in(root)) == 1


def test_the_tool_is_told_by_its_files_and_by_what_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation, "_INSTALLED", tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site"), str(tmp_path / "not-there")])
    for layer in installation.LAYERS:
        (tmp_path / layer / "__pycache__").mkdir(parents=True)
    (tmp_path / "site").mkdir()
    rule = tmp_path / "validators" / "rule.py"
    rule.write_text("1", "utf-8")

    def now() -> str:
        return installation.fingerprint.__wrapped__()

    seen = [now()]
    assert now() == seen[0]
    (tmp_path / "validators" / "__pycache__" / "rule.pyc").write_text("2", "utf-8")
    (tmp_path / "site" / "polars").mkdir()
    assert now() == seen[0]
    state = rule.stat()
    rule.write_text("2", "utf-8")
    os.utime(rule, ns=(state.st_atime_ns, state.st_mtime_ns))
    seen.append(now())
    (tmp_path / "schemas" / "new.csv").write_text("", "utf-8")
    seen.append(now())
    (tmp_path / "site" / "polars-9.9.dist-info").mkdir()
    seen.append(now())
    assert len(set(seen)) == 4


def test_what_changed_while_it_was_looked_at_is_not_kept(root: Path) -> None:
    seen = Seen()
    files = seen.files(Folder(root))
    files.read("datapackage.json")
    assert seen.steady
    descriptor(root)
    files.read("datapackage.json")
    assert not seen.steady
    memory = remembered._Memory.of(None, [], [], None, AS_OF, None)
    assert memory
    memory.keep(anew(), seen, Past())
    assert not reports_in(root)


def test_what_was_read_past_the_package_keeps_a_report_from_being_kept(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Elsewhere(Seen):
        def note(self, question: Question, answer: Answer) -> None:
            if question != ("read", "datapackage/visits.csv"):
                super().note(question, answer)

    monkeypatch.setattr(remembered, "Seen", Elsewhere)
    assert cached() == anew()
    assert not reports_in(root)


@pytest.mark.parametrize("left", [None, b"", b"visit_id\nV0001\n"], ids=["gone", "empty", "other"])
def test_a_table_that_moves_after_it_was_compared_is_checked_as_it_is_then(
    root: Path, monkeypatch: pytest.MonkeyPatch, left: bytes | None
) -> None:
    cached()
    descriptor(root)
    path = root / "datapackage" / "visits.csv"
    with (root / "datapackage" / "engagements.csv").open("ab") as file:
        file.write(b"\n")
    opened = WatchedPackage.open_tables

    def opening(package: WatchedPackage, progress: Callable[[str], None]) -> None:
        opened(package, progress)
        if left is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(left)

    with monkeypatch.context() as patch:
        patch.setattr(WatchedPackage, "open_tables", opening)
        first = cached()
    assert first == anew()
    assert first.failures == ()


def test_however_files_are_hashed_the_same_is_noted(
    root: Path, checks: Checks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def noted() -> tuple[dict[Question, Answer], Past]:
        shutil.rmtree(root / FOLDER, ignore_errors=True)
        before = cached()
        checks.made = 0
        assert cached() == before
        assert checks.made == 0
        said, done = (
            json.loads(next((root / FOLDER / kind).glob("*")).read_bytes().partition(b"\n")[2])
            for kind in (entries.REPORTS, entries.STEPS)
        )
        return {tuple(asked): answer for asked, answer in said["seen"]}, past(done["past"])

    at_once = noted()
    monkeypatch.setattr(hashing, "BESIDE", 0)
    assert noted() == at_once
    visits = root / "datapackage" / "visits.csv"
    digest = hashlib.sha256(visits.read_bytes()).hexdigest()
    assert at_once[0]["read", "datapackage/visits.csv"] == digest
    assert at_once[1].tables["visits"].read == digest
    visits.write_bytes(visits.read_bytes() + b"V0099,Another visit,ISL,EST,,,,,,,,,,,\n")
    assert cached() == anew()
    assert checks.made == 2


def test_what_is_read_is_noted_by_the_step_that_read_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "BESIDE", 0)
    listed = root / "datapackage.json"
    seen = Seen()
    package = WatchedPackage(
        Folder(root), Descriptor(listed.name, listed.read_bytes()), SourceTexts(None), AS_OF,
        seen, {}, {},
    )  # fmt: skip
    steps = [Noted(), Noted(), Noted()]
    with package.noting(steps[0]):
        package.source.read("datapackage/terms.csv")
        with package.noting(steps[1]):
            package.source.read("datapackage/visits.csv")
        package.source.read("datapackage/officials.csv")
    with package.noting(steps[2]):
        pass
    assert [list(each.questions) for each in steps] == [
        [("read", "datapackage/terms.csv"), ("read", "datapackage/officials.csv")],
        [("read", "datapackage/visits.csv")],
        [],
    ]


def test_the_same_questions_are_asked_again(root: Path) -> None:
    seen = Seen()
    files, texts = seen.files(Folder(root)), seen.texts(SourceTexts(root / "seeds"))
    assert files.exists("datapackage")
    assert not files.exists("nothing")
    assert "seeds/R0001.txt" in files.names_in("seeds")
    with pytest.raises(FileNotFoundError):
        files.read("nothing")
    with pytest.raises(Unreadable):
        files.read("datapackage")
    assert texts.get("R0001", "R0001.txt") is not None
    assert texts.get("R0002", "../R0002.txt") is None
    assert texts.get("R0003", None) is None
    asked: dict[Question, Answer] = seen.answers
    digest = hashlib.sha256((root / "seeds" / "R0001.txt").read_bytes()).hexdigest()
    assert asked[("text", "R0001", "R0001.txt")] == [digest, None, None]
    assert asked[("text", "R0002", "../R0002.txt")] == [None, "is no plain file name", None]
    assert asked[("read", "nothing")] == ["FileNotFoundError", ""]
    assert asked[("read", "datapackage")] == ["Unreadable", "is a folder, not a file"]

    def so() -> bool:
        return still_so(asked.items(), Folder(root), SourceTexts(root / "seeds"))

    assert so()
    (root / "nothing").write_text("", "utf-8")
    assert not so()
    (root / "nothing").unlink()
    assert so()
    (root / "seeds" / "more").write_text("", "utf-8")
    assert not so()


# -- What is wrong with the cache costs nothing but time -------------------------------------


def cut(data: bytes) -> bytes:
    return data[:-100]


def flipped(data: bytes) -> bytes:
    return data[:-50] + bytes([data[-50] ^ 1]) + data[-49:]


def empty(_: bytes) -> bytes:
    return b""


def no_json(_: bytes) -> bytes:
    return signed(b"{")


def no_object(_: bytes) -> bytes:
    return signed(b"[1]")


def nested(_: bytes) -> bytes:
    return signed(b"[" * 100_000)


def another_shape(data: bytes) -> bytes:
    content = json.loads(data.partition(b"\n")[2])
    return signed(json.dumps({**content, "tool": "another", "seen": 0}).encode("ascii"))


def signed(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode("ascii") + b"\n" + body


@pytest.mark.parametrize("damage", [cut, flipped, empty, no_json, no_object, nested, another_shape])
def test_a_damaged_entry_is_ignored_and_made_anew(
    damage: Callable[[bytes], bytes], root: Path, checks: Checks
) -> None:
    wanted = cached()
    (entry,) = reports_in(root)
    entry.write_bytes(damage(entry.read_bytes()))
    assert cached() == wanted
    assert checks.made == 2
    assert cached() == wanted
    assert checks.made == 2


def test_an_entry_that_is_no_file_is_ignored(root: Path) -> None:
    wanted = cached()
    (entry,) = reports_in(root)
    entry.unlink()
    entry.mkdir()
    assert cached() == wanted
    assert entry.is_dir()


def test_where_nothing_can_be_written_the_check_goes_on(root: Path) -> None:
    (root / FOLDER).write_text("in the way", "utf-8")
    assert cached() == cached() == anew()
    assert (root / FOLDER).read_text("utf-8") == "in the way"


def test_a_full_disk_is_passed_over_in_silence(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("relations.validators.atomic.replace_file", full_disk)
    assert cached() == cached() == anew()
    assert not reports_in(root)


def test_what_is_behind_a_link_is_neither_read_nor_written(root: Path, checks: Checks) -> None:
    cached()
    aside = root.parent / "aside"
    (root / FOLDER).rename(aside)
    (root / FOLDER).symlink_to(aside, target_is_directory=True)
    kept = {path: path.stat().st_mtime_ns for path in aside.rglob("*")}
    cached()
    assert checks.made == 2
    assert {path: path.stat().st_mtime_ns for path in aside.rglob("*")} == kept


def test_a_check_in_which_a_rule_crashed_is_not_kept(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crashing(_: object) -> list[object]:
        raise ZeroDivisionError("by zero")

    rules: tuple[Rule, ...] = tuple(
        replace(rule, find=crashing, find_in=None) if rule.code == "duplicate-key" else rule
        for rule in RULES
    )
    with monkeypatch.context() as patch:
        patch.setattr(full, "RULES", rules)
        assert [each.code for each in cached().failures] == ["duplicate-key"]
    assert not reports_in(root)
    assert cached().failures == ()


# -- The folder ------------------------------------------------------------------------------


def test_the_newest_entries_alone_are_kept(root: Path) -> None:
    for number in range(entries.KEPT + 3):
        entries.store(root, entries.REPORTS, f"key{number:02}", {"number": number})
        path = root / FOLDER / "reports" / f"key{number:02}.json"
        os.utime(path, (number, number))
    kept = {path.name for path in reports_in(root)}
    # The last was younger than all the others when the oldest were taken away.
    assert kept == {f"key{number:02}.json" for number in range(3, entries.KEPT + 3)}
    assert entries.stored(root, entries.REPORTS, "key02") is None
    assert entries.stored(root, entries.REPORTS, "key10") == {"number": 10}


def test_what_is_too_large_is_not_kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "LARGEST", 1_000)
    cached()
    assert not reports_in(root)
    monkeypatch.undo()
    monkeypatch.setattr(remembered, "MOST_FINDINGS", 0)
    cached(path=root)
    assert not reports_in(root)


def test_the_folder_says_that_it_may_be_left_out(root: Path) -> None:
    cached()
    assert (root / FOLDER / ".gitignore").read_text("utf-8") == "*\n"
    tag = (root / FOLDER / "CACHEDIR.TAG").read_text("utf-8")
    assert tag.startswith("Signature: 8a477f597d28d172789f06886806bc55\n")


def test_what_a_full_disk_cut_short_there_is_made_whole(root: Path) -> None:
    names = (".gitignore", "CACHEDIR.TAG")
    cached()
    whole = {name: (root / FOLDER / name).read_bytes() for name in names}
    for name in names:
        (root / FOLDER / name).write_bytes(b"")
    cached(select=["unknown-term"])
    assert {name: (root / FOLDER / name).read_bytes() for name in names} == whole


def test_a_zip_is_checked_anew_and_nothing_is_written_beside_it(
    root: Path, tmp_path: Path, checks: Checks
) -> None:
    folder = tmp_path / "zips"
    folder.mkdir()
    with zipfile.ZipFile(folder / "package.zip", "w") as archive:
        for path in sorted(root.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(root).as_posix())
    for _ in range(2):
        cached(path=folder / "package.zip")
    assert checks.made == 2
    assert [path.name for path in folder.iterdir()] == ["package.zip"]


def test_the_cache_is_no_part_of_the_package(clean_cache: Path, tmp_path: Path) -> None:
    assert reports_in(clean_cache)
    assert full.check(clean_cache, as_of=AS_OF).findings == ()
    made = tmp_path / "out.zip"
    packed = relations("pack", clean_cache, "--output", made, "--as-of", "2026-01-01")
    assert packed[0] == 0, packed
    with zipfile.ZipFile(made) as archive:
        assert not [name for name in archive.namelist() if FOLDER in name]


# -- The command -----------------------------------------------------------------------------


def timeless(done: tuple[int, str, str]) -> tuple[int, str, str]:
    """The same, whatever the time it took."""
    code, out, err = done
    return code, re.sub(r"in \d+\.\d seconds", "in no time", out), err


def relations(*arguments: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [str(each) for each in arguments])
    return done.exit_code, done.stdout, done.stderr


FORMATS = ("full", "concise", "json", "sarif", "junit", "github", "gitlab", "markdown", "html")


@pytest.mark.parametrize("name", [*FORMATS, "statistics"])
@pytest.mark.usefixtures("root")
def test_every_format_says_the_same_from_the_cache(name: str, checks: Checks) -> None:
    shown = ["--statistics"] if name == "statistics" else ["--output-format", name]
    asked = ["check", "--as-of", "2026-01-01", *shown]
    first, again = relations(*asked, "--no-cache"), relations(*asked)
    assert checks.made == 2
    from_cache = relations(*asked)
    assert checks.made == 2
    assert from_cache[0] == 1
    assert timeless(first) == timeless(again) == timeless(from_cache)


def test_without_the_cache_it_is_neither_read_nor_written(root: Path, checks: Checks) -> None:
    for _ in range(2):
        relations("check", "--no-cache")
    assert not (root / FOLDER).exists()
    assert checks.made == 2
    relations("check")
    relations("check", "--no-cache")
    assert checks.made == 4


def test_what_is_to_be_mended_is_looked_at_anew(root: Path) -> None:
    path = root / "datapackage" / "visits.csv"
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    for _ in range(2):
        assert relations("check", "--diff")[1].startswith("--- ")
    relations("check", "--fix")
    assert path.read_bytes().endswith(b"\n")


HEAVY = ("polars", "pandera", "narwhals", "jsonschema", "frictionless", "pydantic", "rich")


@pytest.mark.parametrize("name", [*FORMATS, "statistics"])
@pytest.mark.usefixtures("root")
def test_an_answer_from_the_cache_imports_nothing_heavy(name: str) -> None:
    shown = ["--statistics"] if name == "statistics" else ["--output-format", name]
    arguments = ["check", "--as-of", "2026-01-01", "--seeds", "seeds", *shown]
    program = (
        "import sys\n"
        f"sys.argv = ['relations', *{arguments!r}]\n"
        "from relations.cli.app import main\n"
        "try: main()\n"
        "except SystemExit as end: assert end.code == 1, end.code\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stderr.decode("utf-8").strip() == "[]"
    assert "State" in done.stdout.decode("utf-8") or name in ("statistics", "github")
