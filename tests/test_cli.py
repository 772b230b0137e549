"""The command line: what it prints where, and its exit codes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from relations.cli.app import app
from relations.validators.example import Cell, Example, Replace
from relations.validators.registry import RULES
from support.commands import Shell
from support.editing import EXAMPLE_PACKAGE, edited

WRONG_TERM = Example((Cell("visits", "V0001", "visit_type", "State"),))
FORMATS = ("full", "concise", "json", "sarif", "junit", "github", "gitlab", "markdown", "html")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments])


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE_PACKAGE, tmp_path / "clean"))


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    return edited(WRONG_TERM, tmp_path)


@pytest.mark.parametrize("name", FORMATS)
def test_the_exit_code_does_not_depend_on_the_format(name: str, clean: Path, wrong: Path) -> None:
    assert run("check", clean, "--output-format", name).exit_code == 0
    assert run("check", wrong, "--output-format", name).exit_code == 1


def test_a_clean_package_says_so_in_one_line(clean: Path) -> None:
    done = run("check", clean)
    assert done.stdout == "0 errors, 0 warnings in 13 tables, 128 rows; 79 of 79 spans verified\n"
    assert done.stderr == ""


def test_a_finding_names_its_line_and_cell(wrong: Path) -> None:
    done = run("check", wrong, "--output-format", "json")
    report = json.loads(done.stdout)
    (finding,) = report["findings"]
    assert finding["code"] == "unknown-term"
    assert finding["location"]["file"] == "datapackage/visits.csv"
    assert (finding["location"]["line"], finding["location"]["column"]) == (2, 38)
    assert (finding["table"], finding["key"], finding["field"]) == ("visits", "V0001", "visit_type")
    assert finding["value"] == "State"
    assert "`state`" in finding["hint"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "/nowhere"],
        ["check", "--as-of", "tomorrow"],
        ["check", "--select", "no-such-rule"],
        ["check", "--output-format", "yaml"],
        ["rules", "no-such-rule"],
        ["build", "/nowhere"],
    ],
)
def test_wrong_usage_is_exit_2_and_says_why_on_standard_error(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_a_misspelled_rule_is_offered() -> None:
    done = run("rules", "end-befor-start")
    assert "did you mean `end-before-start`?" in done.stderr


def test_a_folder_without_a_descriptor_is_no_package(tmp_path: Path) -> None:
    assert run("check", tmp_path).exit_code == 2


def test_a_broken_descriptor_is_a_finding(clean: Path) -> None:
    (clean / "datapackage.json").write_text("{", "utf-8")
    done = run("check", clean, "--output-format", "json")
    assert done.exit_code == 1
    assert [each["code"] for each in json.loads(done.stdout)["findings"]] == [
        "descriptor-unreadable"
    ]


def test_fail_on_moves_the_bar(tmp_path: Path) -> None:
    example = Example((Replace("datapackage.json", b'"version": "1.0.0",', b""),), built=False)
    root = edited(example, tmp_path)
    assert run("check", root).exit_code == 0
    assert run("check", root, "--fail-on", "warning").exit_code == 1


def test_an_engine_that_was_interrupted_has_not_failed(
    clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dataclasses

    from relations.validators import check

    def interrupted(_: object) -> None:
        # So DuckDB says that somebody pressed Ctrl-C.
        raise RuntimeError("Query interrupted")

    rules = tuple(
        dataclasses.replace(rule, find=interrupted) if rule.code == "end-before-start" else rule
        for rule in RULES
    )
    monkeypatch.setattr(check, "RULES", rules)
    with pytest.raises(KeyboardInterrupt):
        check.check(clean)


def test_a_crashing_rule_is_exit_3_and_the_others_still_report(
    wrong: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dataclasses

    from relations.validators import check

    def crash(_: object) -> None:
        raise RuntimeError("a rule fell over")

    broken = tuple(
        dataclasses.replace(rule, find=crash) if rule.code == "end-before-start" else rule
        for rule in RULES
    )
    monkeypatch.setattr(check, "RULES", broken)
    done = run("check", wrong, "--output-format", "json")
    report = json.loads(done.stdout)
    assert done.exit_code == 3
    assert [each["code"] for each in report["failures"]] == ["end-before-start"]
    assert [each["code"] for each in report["findings"]] == ["unknown-term"]


def test_the_report_goes_to_a_file_when_asked(wrong: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    done = run("check", wrong, "--output-format", "json", "--output-file", target)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert json.loads(target.read_text("utf-8"))["summary"]["errors"] == 1


def test_a_summary_that_cannot_be_written_does_not_cost_the_report(
    wrong: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    done = run("check", wrong, "--output-format", "github")
    assert done.exit_code == 1
    assert done.stdout.startswith("::error file=")
    assert done.stderr == f"relations: {tmp_path} cannot be written: Is a directory\n"


def test_a_name_that_is_too_long_is_refused_in_one_line() -> None:
    name = "a" * 300
    done = run("check", name)
    assert done.exit_code == 2
    assert done.stderr == f"relations: {name} cannot be read: File name too long\n"


def test_fix_mends_shows_first_and_is_done_when_done(clean: Path) -> None:
    visits = clean / "datapackage" / "visits.csv"
    sound = visits.read_bytes()
    visits.write_bytes(b"\xef\xbb\xbf" + sound.replace(b"\n", b"\r\n"))
    run("build", clean)
    shown = run("check", clean, "--diff")
    assert shown.stdout.startswith("--- datapackage/visits.csv\n")
    assert visits.read_bytes() != sound
    fixed = run("check", clean, "--fix")
    assert fixed.exit_code == 0
    assert visits.read_bytes() == sound
    again = run("check", clean, "--fix")
    assert again.stderr == ""
    assert visits.read_bytes() == sound


def test_build_check_says_what_is_stale_and_build_mends_it(clean: Path) -> None:
    assert run("build", clean).exit_code == 0
    with (clean / "datapackage" / "visits.csv").open("a", encoding="utf-8") as file:
        file.write("V0005,Another visit,ISL,EST,,,,,,,,,,,\n")
    stale = run("build", "--check", clean)
    assert stale.exit_code == 1
    assert "datapackage.json is stale" in stale.stdout
    assert run("build", clean).exit_code == 0
    assert run("build", "--check", clean).exit_code == 0
    rows = {
        each["name"]: each["rows"]
        for each in json.loads((clean / "datapackage.json").read_bytes())["resources"]
    }
    assert rows["visits"] == 5


def test_build_leaves_the_header_that_people_own(clean: Path) -> None:
    path = clean / "datapackage.json"
    header = json.loads(path.read_bytes()) | {
        "homepage": "https://example.org/",
        "version": "7.1.0",
    }
    path.write_text(json.dumps(header), "utf-8")
    run("build", clean)
    built = json.loads(path.read_bytes())
    assert {name: value for name, value in built.items() if name != "resources"} == {
        name: value for name, value in header.items() if name != "resources"
    }


def test_rules_lists_all_and_explains_each() -> None:
    listed = run("rules").stdout
    for rule in RULES:
        assert f"  {rule.code} " in listed
        explained = run("rules", rule.code)
        assert explained.exit_code == 0
        assert rule.title in explained.stdout


def test_a_closed_pipe_is_no_fault(clean: Path) -> None:
    command = f"{sys.executable} -m relations.cli rules | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout.strip() == "file"
    assert clean.is_dir()


@pytest.mark.parametrize("name", ["nothere", "datapackage.json"])
def test_a_folder_of_texts_that_is_none_is_wrong_use(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "package"
    shutil.copytree(EXAMPLE_PACKAGE, root)
    shell = Shell(root, monkeypatch)
    for arguments in (("check",), ("check", "--no-cache"), ("check", "--fix"), ("trace", "V0001")):
        done = shell(*arguments, "--seeds", name)
        assert (done.code, done.out) == (2, "")
        assert done.err == f"relations: --seeds names no folder: {name}\n"
        monkeypatch.setenv("RELATIONS_SEEDS", name)
        done = shell(*arguments)
        assert (done.code, done.out) == (2, "")
        assert done.err == f"relations: RELATIONS_SEEDS names no folder: {name}\n"
        monkeypatch.delenv("RELATIONS_SEEDS")


@pytest.mark.parametrize(
    ("output_format", "variable"),
    [("github", "GITHUB_WORKSPACE"), ("sarif", "GITHUB_WORKSPACE"), ("gitlab", "CI_PROJECT_DIR")],
)
def test_a_service_is_told_where_a_file_lies_in_the_repository(
    output_format: str, variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "repository" / "data" / "package"
    shutil.copytree(EXAMPLE_PACKAGE, root)
    path = root / "datapackage" / "visits.csv"
    path.write_bytes(path.read_bytes().replace(b",ISL,EST,", b",ISL,ETS,", 1))
    wanted = "data/package/datapackage/visits.csv"
    asked = ("check", "--no-cache", "--output-format", output_format, "--select")
    for folder, given in ((root.parent, "package"), (root / "datapackage", ""), (root, str(root))):
        shell = Shell(folder, monkeypatch)
        arguments = (*asked, "unknown-reference", *filter(None, [given]))
        monkeypatch.setenv(variable, str(tmp_path / "repository"))
        assert wanted in shell(*arguments).out
    # Of a package elsewhere it says nothing, and people read where they are.
    shell = Shell(root.parent, monkeypatch)
    monkeypatch.setenv(variable, str(tmp_path / "other"))
    assert wanted not in shell(*asked, "unknown-reference", "package").out
    monkeypatch.setenv(variable, str(tmp_path / "repository"))
    done = shell("check", "package", "--no-cache", "--output-format", "full")
    assert "--> package/datapackage/visits.csv:2:" in done.out


def test_sarif_names_what_lies_elsewhere_by_a_whole_uri(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "my data"
    shutil.copytree(EXAMPLE_PACKAGE, root)
    path = root / "datapackage" / "visits.csv"
    path.write_bytes(path.read_bytes().replace(b",ISL,EST,", b",ISL,ETS,", 1))
    shell = Shell(root / "datapackage", monkeypatch)
    report = json.loads(shell("check", "--no-cache", "--output-format", "sarif").out)
    uris = {
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in report["runs"][0]["results"]
    }
    assert f"file://{tmp_path!s}/my%20data/datapackage/visits.csv" in uris


@pytest.mark.parametrize("option", ["--diff", "--statistics"])
def test_what_is_plain_text_is_not_asked_for_as_something_else(
    option: str, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = Shell(clean, monkeypatch)
    assert shell("check", option).code == 0
    done = shell("check", option, "--output-format", "json")
    assert (done.code, done.out) == (2, "")
    assert done.err == f"relations: {option} is plain text: leave out --output-format\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("arguments", [["rules"], ["--help"], ["trace", "V0001"], ["--version"]])
def test_a_full_device_is_no_fault_of_the_tool(arguments: list[str], clean: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "relations.cli", *arguments],
            stdout=full, stderr=subprocess.PIPE, text=True, cwd=clean,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (
        2,
        "relations: the output cannot be written: No space left on device\n",
    )


def test_a_table_that_is_not_there_cannot_be_built_from(
    clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (clean / "datapackage" / "evidence.csv").unlink()
    done = Shell(clean, monkeypatch)("build")
    assert (done.code, done.err) == (2, "relations: datapackage/evidence.csv is not there\n")
