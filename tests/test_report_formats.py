"""Every format of a report: its golden file, its standard's schema, and what it promises.

The golden files are written anew by `pytest tests/test_report_formats.py --update-golden`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import xmlschema

from relations.cli.output import (
    concise,
    formats,
    full,
    github,
    gitlab,
    html_findings,
    html_report,
    json_report,
    junit,
    markdown,
    sarif,
)
from relations.cli.output.capping import capped
from relations.validators.finding import (
    Failure,
    Location,
    Report,
    Severity,
    Skip,
    Spans,
)
from relations.validators.registry import RULES as REGISTERED
from support.rendering import RENDERED
from support.reports import CLEAN, FINDINGS, FIXED, RULES, VERSION, long

TESTS = Path(__file__).parent
OUTPUT = TESTS.parent / "cli" / "output"
REPORT_SCHEMA = json.loads((OUTPUT / "report.schema.json").read_text("utf-8"))
SARIF_SCHEMA = json.loads((TESTS / "schemas/sarif-2.1.0-rtm.5.json").read_text("utf-8"))
JUNIT_SCHEMA = xmlschema.XMLSchema(TESTS / "schemas/junit-10.xsd")
ANSI = re.compile(r"\x1b\[[\d;]*m")

ODD = replace(
    FIXED,
    findings=(
        # Without a line; a row; a cell of several lines; an empty cell; beyond the line.
        replace(FINDINGS[0], location=Location("")),
        replace(FINDINGS[3], location=Location("a.csv", 1)),
        replace(FINDINGS[3], location=Location("a.csv", 2, 7, None)),
        replace(FINDINGS[3], location=Location("a.csv", 3, 7, 7)),
        replace(FINDINGS[3], location=Location("a.csv", 4, 900, 910)),
        replace(FINDINGS[3], location=Location("a.csv", 5, 7, 9), excerpt=None),
    ),
)


# -- Golden files ----------------------------------------------------------------------------


def _without_program(page: str) -> str:
    """An HTML report without its style and script, which have files and tests of their own."""
    page = re.sub(r"<style>.*?</style>", "<style>…</style>", page, flags=re.DOTALL)
    page = re.sub(r"<script>.*?</script>", "<script>…</script>", page, flags=re.DOTALL)
    return re.sub(r"sha256-[\w+/=]+", "sha256-…", page)


GOLDEN: dict[str, Callable[[], str]] = {
    f"{name}.{ending}": (lambda report=report, render=render: render(report))
    for name, report in {"fixed": FIXED, "clean": CLEAN}.items()
    for ending, render in RENDERED.items()
} | {
    "fixed.full-60-columns-in-colour.txt": lambda: full.render(FIXED, width=60, color=True),
    "capped.full.txt": lambda: full.render(long(8), max_per_rule=1, base="data/ee-is"),
    "capped.concise.txt": lambda: concise.render(long(8), max_per_rule=1, base="data/ee-is"),
    "capped.markdown.md": lambda: markdown.render(long(8), max_per_rule=1),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_a_report_is_what_its_golden_file_says(name: str, pytestconfig: pytest.Config) -> None:
    said = GOLDEN[name]()
    said = _without_program(said) if name.endswith(".html") else said
    path = TESTS / "golden" / name
    if pytestconfig.getoption("--update-golden"):
        path.write_text(said, "utf-8", newline="")
    assert said == path.read_bytes().decode("utf-8")


def test_there_is_no_golden_file_of_nothing() -> None:
    assert {path.name for path in (TESTS / "golden").iterdir()} == set(GOLDEN)


# -- The registry ----------------------------------------------------------------------------


def test_every_format_renders_by_its_name_with_the_rules_that_ran() -> None:
    report = replace(CLEAN, ran=tuple(rule.described for rule in REGISTERED[:3]))
    for name in formats.FORMATS:
        said = formats.render(name, report)
        assert said.endswith("\n")
        assert not said.endswith("\n\n")
    run = json.loads(formats.render("sarif", report))["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == list(report.codes)
    assert formats.summary(report) == github.summary(report)
    assert formats.statistics(report) == formats.render("concise", report)


def test_the_command_line_offers_exactly_these_formats() -> None:
    from relations.cli.app import OutputFormat

    assert [each.value for each in OutputFormat] == list(formats.FORMATS)


@pytest.mark.parametrize(
    ("name", "usual"),
    [("full", 20), ("concise", 20), ("github", 20), ("markdown", 20), ("html", 100)],
)
def test_each_format_for_people_has_its_usual_cap(name: str, usual: int) -> None:
    report = replace(long(100), findings=(FINDINGS[3],) * 100, ran=())
    count = {
        "full": lambda said: said.count("-->"),
        "concise": lambda said: said.count(": error["),
        "github": lambda said: said.count("::error "),
        "markdown": lambda said: said.count("- **error**"),
        "html": lambda said: len(_data(said)["findings"]),
    }[name]
    assert count(formats.render(name, report)) == usual
    assert count(formats.render(name, report, formats.RenderOptions(max_per_rule=7))) == 7
    assert count(formats.render(name, report, formats.RenderOptions(max_per_rule=0))) == 100


@pytest.mark.parametrize("name", ["json", "sarif", "junit", "gitlab"])
def test_no_format_for_programs_is_capped(name: str) -> None:
    ran = tuple(rule.described for rule in REGISTERED)
    report = replace(FIXED, findings=(FINDINGS[3],) * 100, ran=ran)
    some, everything = (
        formats.render(name, report, formats.RenderOptions(max_per_rule=most)) for most in (1, 0)
    )
    assert some == everything


def test_writing_a_report_imports_nothing_heavy() -> None:
    heavy = ("polars", "pandera", "frictionless", "jsonschema", "rich", "typer", "pandas")
    program = (
        "import sys\n"
        "from relations.cli.output import formats\n"
        "from relations.validators.finding import Report, Spans\n"
        "report = Report('', '', '', Spans(), ())\n"
        "for name in formats.FORMATS: formats.render(name, report)\n"
        "formats.statistics(report), formats.summary(report)\n"
        f"print([name for name in {heavy!r} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


# -- full and concise ------------------------------------------------------------------------


def test_colour_changes_nothing_but_the_colour() -> None:
    for report in (FIXED, CLEAN, long(5)):
        plain, colored = (full.render(report, color=color) for color in (False, True))
        assert "\x1b" not in plain
        assert colored != plain
        assert ANSI.sub("", colored) == plain


def test_carets_stand_under_the_cell_also_after_wide_and_combining_characters() -> None:
    line = "V1,王毅 Wáng,e\u0301,ISL ,rest"
    start = line.index("ISL") + 1
    finding = replace(
        FINDINGS[1], location=Location("a.csv", 3, start, start + 4), excerpt=line, related=()
    )
    lines = full.render(replace(FIXED, findings=(finding,))).splitlines()
    # Two columns for each of 王毅, none for the accent.
    assert lines[4] == "   3 | V1,王毅 Wáng,e\u0301,ISL ,rest"
    assert lines[5] == "     | " + " " * 15 + "^^^^"


def test_an_empty_cell_has_one_caret_at_its_place() -> None:
    finding = replace(FINDINGS[3], location=Location("a.csv", 3, 7, 7), excerpt="V0002,,x")
    lines = full.render(replace(FIXED, findings=(finding,))).splitlines()
    assert lines[4:6] == ["   3 | V0002,,x", "     |       ^"]


def test_a_file_is_named_as_seen_from_the_reader() -> None:
    report = replace(FIXED, findings=FINDINGS[3:4])
    name = "data/ee-is/datapackage/visits.csv"
    assert f"--> {name}:3:34" in full.render(report, base="data/ee-is/")
    assert concise.render(report, base="data/ee-is").startswith(f"{name}:3:34: error[")
    assert f"file={name},line=3" in github.render(report, base="data/ee-is")
    assert f'"uri": "{name}"' in sarif.render(
        report, rules=RULES, version=VERSION, base="data/ee-is"
    )
    assert json.loads(gitlab.render(replace(report, failures=()), base="data/ee-is"))[0][
        "location"
    ]["path"] == (name)


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        (Spans(), "no spans cited"),
        (Spans(260, 260, 0), "260 of 260 spans verified"),
        (Spans(1, 1, 0), "1 of 1 span verified"),
        (Spans(260, 0, 260), "0 of 260 spans verified (the text that 260 cite is not here)"),
        (
            Spans(1_260, 1_000, 250),
            "1,000 of 1,260 spans verified (10 not as the text has it, the text that 250 cite is "
            "not here)",
        ),
    ],
)
def test_the_summary_says_how_many_spans_were_verified(spans: Spans, said: str) -> None:
    line = f"0 errors, 0 warnings in 6 tables, 26 rows; {said}"
    assert full.render(replace(CLEAN, spans=spans)).splitlines()[-1] == line
    assert concise.render(replace(CLEAN, spans=spans)) == line + "\n"


def test_rules_that_were_not_judged_are_told_together() -> None:
    reason = "the file is missing"
    skips = tuple(Skip(rule.code, "visits", reason) for rule in RULES[:4])
    report = replace(CLEAN, skipped=(*skips, Skip("span-differs", None, "there is no evidence")))
    lines = full.render(report).splitlines()
    assert lines[:2] == [
        "4 rules not judged on visits: the file is missing",
        "span-differs not judged on the package: there is no evidence",
    ]
    assert lines[3] == "Nothing found in estonia-iceland 0.3.0, but not everything could be judged."


def test_a_cap_keeps_the_order_and_says_of_how_many() -> None:
    report = long(100)
    shown = capped(report, 12)
    assert Counter(each.code for each in shown.shown) == {
        "unknown-reference": 12,
        "span-differs": 12,
        "lead-from-elsewhere": 12,
    }
    assert shown.shown[:40] == tuple(each for each in report.findings if each in shown.shown)[:40]
    notes = [
        "unknown-reference: 12 of 50 shown",
        "span-differs: 12 of 25 shown",
        "lead-from-elsewhere: 12 of 25 shown",
    ]
    assert shown.notes() == notes
    for said in (
        full.render(report, max_per_rule=12),
        concise.render(report, max_per_rule=12),
        github.render(report, max_per_rule=12),
    ):
        assert [line for line in said.splitlines() if " shown" in line] == notes
        assert "75 errors, 25 warnings in" in said
    assert "; ".join(notes) in html_report.render(
        report, rules=RULES, version=VERSION, max_per_rule=12
    )
    assert "| error | `unknown-reference` | 12 of 50 shown |" in markdown.render(
        report, max_per_rule=12
    )


# -- json ------------------------------------------------------------------------------------

VALIDATOR = jsonschema.Draft202012Validator(REPORT_SCHEMA)


def _object(report: Report) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json_report.render(report, version=VERSION))
    return made


def test_the_json_report_fits_its_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(REPORT_SCHEMA)
    for report in (FIXED, CLEAN, ODD, long(50)):
        VALIDATOR.validate(_object(report))


def test_every_member_of_the_json_report_is_in_the_schema_and_described() -> None:
    closed = json.loads(json.dumps(REPORT_SCHEMA))

    def close(node: Any) -> None:
        for member in node.values() if isinstance(node, dict) else ():
            close(member)
        if isinstance(node, dict) and "properties" in node:
            node["unevaluatedProperties"] = False

    close(closed)
    # A suppressed finding is a finding and a reason: closed as a whole, not by half.
    del closed["$defs"]["finding"]["unevaluatedProperties"]
    closed["properties"]["findings"]["items"]["unevaluatedProperties"] = False
    jsonschema.Draft202012Validator(closed).validate(_object(FIXED))
    with pytest.raises(jsonschema.ValidationError, match="surprise"):
        jsonschema.Draft202012Validator(closed).validate({**_object(FIXED), "surprise": 1})


REQUIRED = [
    (member, name)
    for member, names in {
        (): ("version", "tool", "package", "summary", "findings", "skipped", "failures"),
        ("tool",): ("name", "version"),
        ("package",): ("name", "version", "path"),
        ("summary",): ("errors", "warnings", "infos", "tables", "rows", "spans"),
        ("summary", "spans"): ("cited", "verified", "unverified"),
        ("findings", 0): (
            "code", "severity", "message", "hint", "location", "table", "key", "field",
            "value", "related", "fixable", "fingerprint",
        ),
        ("findings", 0, "location"): ("file", "line", "column"),
        ("skipped", 0): ("code", "table", "reason"),
        ("failures", 0): ("code", "error"),
        ("suppressed", 0): ("reason", "code"),
    }.items()
    for name in names
]  # fmt: skip


@pytest.mark.parametrize(("member", "name"), REQUIRED, ids=str)
def test_the_schema_refuses_a_report_that_lacks_something(
    member: tuple[str | int, ...], name: str
) -> None:
    report = _object(FIXED)
    holder: Any = report
    for step in member:
        holder = holder[step]
    del holder[name]
    with pytest.raises(jsonschema.ValidationError, match="is a required property"):
        VALIDATOR.validate(report)


def test_the_json_report_has_one_finding_a_line() -> None:
    said = json_report.render(long(50), version=VERSION)
    lines = [line for line in said.splitlines() if line.startswith('    {"code": "')]
    assert len([line for line in lines if '"fingerprint"' in line]) == 50 + 1
    assert json.loads(lines[0].rstrip(","))["key"] == "V0001"


# -- sarif -----------------------------------------------------------------------------------


def _run(report: Report) -> dict[str, Any]:
    made = json.loads(sarif.render(report, rules=RULES, version=VERSION))
    jsonschema.Draft4Validator(SARIF_SCHEMA, format_checker=jsonschema.FormatChecker()).validate(
        made
    )
    (run,) = made["runs"]
    assert isinstance(run, dict)
    return run


def _region(result: dict[str, Any]) -> tuple[int, ...]:
    (location,) = result["locations"]
    region = location["physicalLocation"]["region"]
    assert set(region) == {"startLine", "startColumn", "endLine", "endColumn"}
    return tuple(region[name] for name in ("startLine", "startColumn", "endLine", "endColumn"))


def test_sarif_fits_the_schema_of_its_standard_and_names_every_rule() -> None:
    for report in (FIXED, CLEAN, ODD, long(50)):
        run = _run(report)
        rules = run["tool"]["driver"]["rules"]
        assert [rule["id"] for rule in rules] == [rule.code for rule in RULES]
        assert [rule["help"]["markdown"] for rule in rules] == [
            rule.manual.strip() for rule in RULES
        ]
        assert run["columnKind"] == "unicodeCodePoints"
        assert run["invocations"][0]["executionSuccessful"] is (not report.failures)
        assert len(run["results"]) == len(report.findings)
        for result, finding in zip(run["results"], report.findings, strict=True):
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding.code
            assert result["partialFingerprints"] == {"relations/v1": finding.fingerprint}
            assert len(result.get("relatedLocations", ())) == len(finding.related)


def test_sarif_gives_all_four_borders_of_every_region() -> None:
    length = len(FINDINGS[3].excerpt or "")
    assert [_region(result) for result in _run(ODD)["results"]] == [
        (1, 1, 1, 1),
        (1, 1, 1, length + 1),
        (2, 7, 2, length + 1),
        (3, 7, 3, 7),
        (4, 900, 4, 910),
        (5, 7, 5, 9),
    ]


def test_sarif_tells_of_failures_and_of_rules_not_judged() -> None:
    (invocation,) = _run(FIXED)["invocations"]
    said = [
        (each["level"], each["message"]["text"], each["associatedRule"]["id"])
        for each in invocation["toolExecutionNotifications"]
    ]
    assert said == [
        (
            "error",
            "relations failed in rule lead-from-elsewhere: ZeroDivisionError: division by zero",
            "lead-from-elsewhere",
        ),
        (
            "note",
            "end-before-start was not judged on terms: the column start_date is missing",
            "end-before-start",
        ),
        (
            "note",
            "unknown-reference was not judged on engagements: the file is missing",
            "unknown-reference",
        ),
        (
            "note",
            "stray-space was not judged on engagements: the file is missing",
            "stray-space",
        ),
    ]
    odd = _run(replace(FIXED, failures=(Failure("spans", "ValueError: no"),)))
    assert "associatedRule" not in odd["invocations"][0]["toolExecutionNotifications"][0]


# -- junit -----------------------------------------------------------------------------------


def _cases(report: Report, fail_on: Severity = Severity.ERROR) -> dict[str, tuple[str, ...]]:
    """Per test case the outcomes inside it."""
    said = junit.render(report, rules=RULES, fail_on=fail_on)
    JUNIT_SCHEMA.validate(said)
    root = xmlschema.XMLResource(said).root
    cases = [case for suite in root for case in suite]
    names = [case.get("name") for case in cases]
    assert len(set(names)) == len(names)
    outcomes = Counter(each.tag for case in cases for each in case)
    assert root.get("tests") == str(len(cases))
    assert root.get("failures") == str(outcomes["failure"])
    assert root.get("errors") == str(outcomes["error"])
    for suite in root:
        inside = Counter(each.tag for case in suite for each in case)
        assert suite.get("tests") == str(len(suite))
        for name, outcome in (
            ("failures", "failure"),
            ("errors", "error"),
            ("skipped", "skipped"),
        ):
            assert suite.get(name) == str(inside[outcome])
    return {case.get("name"): tuple(each.tag for each in case) for case in cases}


def test_junit_has_a_case_for_each_rule_on_each_table_that_it_judges() -> None:
    cases = _cases(CLEAN)
    assert set(cases.values()) == {()}
    assert [name for name in cases if name.endswith("ragged-row")] == [
        f"{table}: ragged-row" for table, _ in CLEAN.row_counts
    ]
    assert [name for name in cases if name.endswith("end-before-start")] == [
        "terms: end-before-start",
        "visits: end-before-start",
    ]
    assert [name for name in cases if name.endswith("stale-descriptor")] == [
        "package: stale-descriptor"
    ]


def test_junit_tells_failures_errors_skips_and_what_is_mild_apart() -> None:
    cases = {name: tags for name, tags in _cases(FIXED).items() if tags}
    assert cases == {
        "officials: stray-space": ("failure",),
        "officials: lead-from-elsewhere": ("error",),
        "terms: ragged-row": ("failure",),
        "terms: end-before-start": ("skipped",),
        "visits: unknown-reference": ("failure",),
        "visits: end-before-start": ("failure",),
        "visits: lead-from-elsewhere": ("error", "system-out"),
        "sources: text-not-present": ("system-out",),
        "evidence: span-differs": ("failure",),
        "package: stale-descriptor": ("system-out",),
        "engagements: unknown-reference": ("skipped",),
        "engagements: stray-space": ("skipped",),
    }


def test_what_fails_a_junit_case_is_what_fails_the_command() -> None:
    assert _cases(FIXED, Severity.WARNING)["package: stale-descriptor"] == ("failure",)
    assert _cases(FIXED, Severity.WARNING)["sources: text-not-present"] == ("system-out",)
    assert _cases(FIXED, Severity.INFO)["sources: text-not-present"] == ("failure",)


def test_junit_skips_a_rule_on_all_the_tables_that_it_needs_together() -> None:
    report = replace(CLEAN, skipped=(Skip("lead-from-elsewhere", "officials", "it is missing"),))
    assert {name for name, tags in _cases(report).items() if tags == ("skipped",)} == {
        "visits: lead-from-elsewhere",
        "officials: lead-from-elsewhere",
    }


def test_a_fault_of_the_tool_outside_of_rules_is_a_junit_error_of_its_own() -> None:
    report = replace(CLEAN, failures=(Failure("spans", "ValueError: no"),))
    assert {name: tags for name, tags in _cases(report).items() if tags} == {
        "relations: spans": ("error",)
    }


def test_many_findings_of_one_case_are_one_failure_that_names_them_all() -> None:
    report = replace(CLEAN, findings=(FINDINGS[3], replace(FINDINGS[3], key="V0003")))
    said = junit.render(report, rules=RULES)
    assert 'message="2 findings: there is no row `ETS` in countries"' in said
    assert said.count("datapackage/visits.csv:3:34: error") == 2


# -- github ----------------------------------------------------------------------------------

COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def _commands(said: str) -> list[tuple[str, dict[str, str], str]]:
    """The workflow commands in a log, read as the runner reads them."""
    found = []
    for line in said.splitlines():
        if line.lstrip().startswith("::"):
            match = COMMAND.fullmatch(line)
            assert match, line
            given = dict(each.split("=", 1) for each in match[2].split(","))
            found.append((match[1], given, match[3]))
    return found


def test_github_gives_columns_only_with_both_ends() -> None:
    said = [given for _, given, _ in _commands(github.render(replace(ODD, failures=())))]
    place = ("line", "endLine", "col", "endColumn")
    assert sorted(tuple(given.get(name) for name in place) for given in said[:-1]) == [
        ("1", "1", None, None),
        ("2", "2", None, None),
        ("3", "3", "7", "7"),
        ("4", "4", "900", "910"),
        ("5", "5", "7", "9"),
    ]
    assert said[-1] == {"file": "datapackage.json", "title": "stale-descriptor"}


def test_github_gives_each_rule_its_turn_errors_first() -> None:
    commands = _commands(github.render(long(40)))
    assert [kind for kind, _, _ in commands] == ["error"] * 30 + ["warning"] * 10
    titles = [given["title"] for _, given, _ in commands]
    assert titles[:20] == ["unknown-reference", "span-differs"] * 10
    assert titles[20:30] == ["unknown-reference"] * 10
    lines = [int(given["line"]) for _, given, _ in commands if given["title"] == "span-differs"]
    assert lines == sorted(lines)


def test_a_failure_of_the_tool_comes_before_the_findings() -> None:
    kind, given, message = _commands(github.render(FIXED))[0]
    assert (kind, given) == ("error", {"title": "relations failed"})
    assert message.endswith("ZeroDivisionError: division by zero")


# -- gitlab ----------------------------------------------------------------------------------


def test_gitlab_has_a_path_a_line_and_a_fingerprint_of_its_own_for_every_issue() -> None:
    twice = replace(FIXED, findings=(*FIXED.findings, *FIXED.findings, *ODD.findings))
    issues = json.loads(gitlab.render(twice))
    assert len(issues) == 1 + 2 * len(FIXED.findings) + len(ODD.findings)
    assert len({each["fingerprint"] for each in issues}) == len(issues)
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert set(issue["location"]) == {"path", "lines"}
        assert issue["location"]["path"]
        assert issue["location"]["lines"]["begin"] >= 1
    assert Counter(each["severity"] for each in json.loads(gitlab.render(FIXED))) == {
        "blocker": 1,
        "major": 5,
        "minor": 2,
        "info": 1,
    }
    assert [each["fingerprint"] for each in json.loads(gitlab.render(FIXED))][1:] == [
        each.fingerprint for each in FIXED.findings
    ]


# -- markdown --------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 300, 5_000])
def test_a_comment_keeps_to_its_size_and_counts_truly(count: int) -> None:
    report = replace(long(count), row_counts=(("visits", 5),), ran=())
    said = markdown.render(report)
    assert len(said.encode("utf-8")) <= markdown.COMMENT_BYTES
    bullets = Counter(re.findall(r"^- \*\*\w+\*\* `([a-z-]+)`", said, re.MULTILINE))
    table = dict(re.findall(r"^\| \w+ \| `([a-z-]+)` \| (.*) \|$", said, re.MULTILINE))
    true = Counter(each.code for each in report.findings)
    assert set(table) == set(true)
    for code, total in true.items():
        shown = bullets[code]
        assert table[code] == (f"{total:,}" if shown == total else f"{shown:,} of {total:,} shown")
    if count == 5_000:
        assert len(said.encode("utf-8")) > 60_000
        assert len(github.summary(report).encode("utf-8")) > len(said)


def test_a_comment_keeps_to_its_size_whatever_it_has_to_say() -> None:
    worst = "\U000e0041`" * 3_000
    report = Report(
        name=worst,
        version=worst,
        path=worst,
        spans=Spans(),
        findings=(replace(FINDINGS[3], message=worst, hint=worst, location=Location(worst)),) * 90,
        skipped=tuple(Skip("span-differs", worst, f"{n} {worst}") for n in range(90)),
        failures=tuple(Failure("span-differs", worst) for _ in range(90)),
    )
    assert len(markdown.render(report).encode("utf-8")) <= markdown.COMMENT_BYTES


# -- html ------------------------------------------------------------------------------------


def _data(page: str) -> dict[str, Any]:
    match = re.search(r'<script type="application/json" id="data">(.*?)</script>', page)
    assert match
    made: dict[str, Any] = json.loads(match[1])
    return made


def test_the_page_forbids_all_network_and_allows_its_own_style_and_script_alone() -> None:
    import base64
    import hashlib

    page = html_report.render(FIXED, rules=RULES, version=VERSION)
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    digests = [
        "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for tag in ("style", "script")
        for text in re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
    ]
    assert policy == (
        f"default-src 'none'; style-src '{digests[0]}'; script-src '{digests[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert not re.search(r"https?:|url\(|@import|\ssrc=", page)


def test_a_clean_page_has_no_script() -> None:
    page = html_report.render(CLEAN, rules=RULES, version=VERSION)
    assert "<script" not in page
    assert "<h1>Everything is sound.</h1>" in page


def test_the_page_holds_every_finding_and_shows_the_first_without_a_script() -> None:
    page = html_report.render(long(300), rules=RULES, version=VERSION)
    assert len(_data(page)["findings"]) == 300
    assert page.count('<li class="finding') == html_findings.WITHOUT_SCRIPT
    assert "<h1>225 errors and 75 warnings.</h1>" in page
    assert '<p class="status" role="status"><strong>1–50</strong> of 300 findings</p>' in page


def test_a_capped_page_has_true_totals() -> None:
    page = html_report.render(long(300), rules=RULES, version=VERSION, max_per_rule=5)
    assert len(_data(page)["findings"]) == 15
    assert "<h1>225 errors and 75 warnings.</h1>" in page
    assert '<option value="unknown-reference">unknown-reference (150)</option>' in page


def test_findings_are_in_the_order_of_the_report_everywhere() -> None:
    codes = [each.code for each in FIXED.findings]
    assert [each["code"] for each in _object(FIXED)["findings"]] == codes
    assert [each["ruleId"] for each in _run(FIXED)["results"]] == codes
    assert re.findall(r"^\w+\[([a-z-]+)\]", full.render(FIXED), re.MULTILINE) == codes
    assert re.findall(r": \w+\[([a-z-]+)\]", concise.render(FIXED)) == codes
    assert re.findall(r"^- \*\*\w+\*\* `([a-z-]+)`", markdown.render(FIXED), re.MULTILINE) == codes
    data = _data(html_report.render(FIXED, rules=RULES, version=VERSION))
    assert [data["rules"][row[0]]["code"] for row in data["findings"]] == codes
