"""What `relations.toml` settles, what it cannot, and what is said of it."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relations.validators.check import check
from relations.validators.finding import Finding, Location, Report, Severity
from relations.validators.registry import RULES
from relations.validators.rule import Rule
from relations.validators.suppressions import (
    FILE,
    NEVER_SUPPRESSED,
    Suppression,
    parse,
    settle,
)
from support.editing import EXAMPLE_PACKAGE, rebuild

AS_OF = dt.date(2026, 1, 1)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The example package with three faults of one rule: in V0001, V0002 and P0001."""
    root = Path(shutil.copytree(EXAMPLE_PACKAGE, tmp_path / "package"))
    for table, old, new in (
        ("visits", b"Tallinn;Tartu,held", b"Tallinn;Tartu ,held"),
        ("visits", b",Tallinn,held", b", Tallinn,held"),
        ("officials", b",Arnar Hallsson,", b",Arnar Hallsson ,"),
    ):
        path = root / "datapackage" / f"{table}.csv"
        data = path.read_bytes()
        assert data.count(old) == 1
        path.write_bytes(data.replace(old, new))
    rebuild(root)
    return root


def run(root: Path, text: str, **more: object) -> Report:
    (root / FILE).write_text(text, "utf-8")
    report = check(root, as_of=AS_OF, seeds=root / "seeds", **more)  # type: ignore[arg-type]
    assert report.failures == ()
    return report


def said(report: Report) -> list[tuple[str, str | None]]:
    return [(each.code, each.key) for each in report.findings]


ALL = [("stray-space", "P0001"), ("stray-space", "V0001"), ("stray-space", "V0002")]


@pytest.mark.parametrize(
    ("narrowing", "left"),
    [
        ("", []),
        ('table = "visits"', ALL[:1]),
        ('key = "V0002"', ALL[:2]),
        ('field = "name"', ALL[1:]),
        ('table = "visits"\nkey = "V0001"\nfield = "locations"', [ALL[0], ALL[2]]),
        ("until = 2026-01-01", []),
    ],
)
def test_what_agrees_with_all_that_an_entry_gives_is_settled(
    narrowing: str, left: list[tuple[str, str]], root: Path
) -> None:
    entry = f'[[suppress]]\nrule = "stray-space"\nreason = " As printed. "\n{narrowing}\n'
    report = run(root, entry)
    assert said(report) == left
    assert sorted((finding.code, finding.key) for finding, _ in report.suppressed) == [
        each for each in ALL if each not in left
    ]
    assert {reason for _, reason in report.suppressed} == {"As printed."}
    assert report.count(Severity.ERROR) == len(left)


def test_what_is_settled_keeps_its_fingerprint_and_place(root: Path) -> None:
    before = {each.key: each for each in run(root, "").findings}
    report = run(root, '[[suppress]]\nrule = "stray-space"\nkey = "V0001"\nreason = "So."\n')
    assert report.suppressed == ((before["V0001"], "So."),)
    assert report.findings == (before["P0001"], before["V0002"])


@pytest.mark.parametrize(
    ("entry", "code", "value"),
    [
        ('rule = "stray-space"\nreason = "So."\nuntil = 2025-12-31', "expired-suppression", None),
        ('rule = "stray-space"', "suppression-without-reason", None),
        ('rule = "stray-space"\nreason = "So."\nfiled = "name"', "suppression-unreadable", "filed"),
        ('rule = "stray-space"\nreason = "So."\nkey = ""', "suppression-unreadable", ""),
        ('rule = "stray-spaces"\nreason = "So."', "unknown-rule-suppressed", None),
    ],
)
def test_an_entry_with_a_fault_settles_nothing(
    entry: str, code: str, value: str | None, root: Path
) -> None:
    report = run(root, f"[[suppress]]\n{entry}\n")
    assert said(report) == [*ALL, (code, None)]
    assert report.suppressed == ()
    assert report.findings[-1].location.file == FILE
    if value is not None:
        assert report.findings[-1].value == value


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.family == NEVER_SUPPRESSED])
def test_what_is_said_of_suppressions_cannot_be_suppressed(rule: Rule, root: Path) -> None:
    code = rule.code
    report = run(
        root,
        f'[[suppress]]\nrule = "{code}"\nreason = "Silence."\n'
        '[[suppress]]\nrule = "no-such-rule"\nreason = "So."\n'
        '[[suppress]]\nrule = "stray-space"\nreason = "So."\n',
    )
    assert [(each.code, each.value) for each in report.findings] == [
        ("unknown-rule-suppressed", code),
        ("unknown-rule-suppressed", "no-such-rule"),
    ]
    assert len(report.suppressed) == 3


def test_an_unused_entry_is_named_with_its_line_and_what_it_may_mean(root: Path) -> None:
    report = run(
        root,
        '# Two of them.\n\n[[suppress]]\nrule = "stray-space"\nreason = "So."\n\n'
        '[[suppress]]\nrule = "end-before-start"\ntable = "visits"\nfield = "end_dat"\n'
        'reason = "So."\n',
    )
    (finding,) = report.findings
    assert (finding.code, finding.severity) == ("unused-suppression", Severity.WARNING)
    assert finding.location == Location(FILE, 7)
    assert finding.value == "end-before-start visits end_dat"
    assert finding.message == (
        "the suppression of end-before-start visits end_dat matches no finding"
    )
    assert finding.hint == "did you mean `end_date`?"
    assert finding.excerpt == "[[suppress]]"


def test_of_two_entries_for_one_thing_the_second_is_unused(root: Path) -> None:
    entry = '[[suppress]]\nrule = "stray-space"\nreason = "{}"\n'
    report = run(root, entry.format("First.") + entry.format("Second."))
    assert [(each.code, each.location.line) for each in report.findings] == [
        ("unused-suppression", 4)
    ]
    assert {reason for _, reason in report.suppressed} == {"First."}


def test_an_entry_is_unused_only_where_its_rule_ran(root: Path) -> None:
    text = '[[suppress]]\nrule = "end-before-start"\nreason = "So."\n'
    assert said(run(root, text, select=["unused-suppression", "stray-space"])) == ALL
    assert said(run(root, text, ignore=["end-before-start"])) == ALL
    report = run(root, text, select=["unused-suppression", "end-before-start"])
    assert said(report) == [("unused-suppression", None)]


def test_an_entry_whose_rule_was_skipped_is_not_called_unused(root: Path) -> None:
    path = root / "datapackage" / "evidence.csv"
    path.write_bytes(b"\xff" + path.read_bytes())
    rebuild(root)
    entry = '[[suppress]]\nrule = "uncited-row"\nreason = "So."\n'
    report = run(root, entry, select=["uncited-row", "unused-suppression"])
    assert report.findings == ()
    assert [(each.code, each.table, each.reason) for each in report.skipped] == [
        ("uncited-row", "evidence", "datapackage/evidence.csv cannot be read"),
        (
            "unused-suppression",
            "evidence",
            "the suppression of uncited-row: datapackage/evidence.csv cannot be read",
        ),
    ]


def test_a_crash_is_never_hidden(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from relations.validators.package.package import Package

    def crash(_: Package, table: str) -> str | None:
        raise RuntimeError(table)

    monkeypatch.setattr(Package, "why_keys_unsound", crash)
    (root / FILE).write_text(
        '[[suppress]]\nrule = "unknown-reference"\nreason = "So."\n'
        '[[suppress]]\nrule = "stray-space"\nreason = "So."\n'
    )
    report = check(
        root,
        as_of=AS_OF,
        seeds=root / "seeds",
        select=["unknown-reference", "stray-space", "unused-suppression"],
    )
    assert [(each.code, each.error) for each in report.failures] == [
        ("unknown-reference", "RuntimeError: countries"),
        # Nobody has asked for these; but what they find would be unknown to the one asked for.
        ("parent-cycle", "RuntimeError: organizations"),
        ("evidence-of-unknown-row", "RuntimeError: officials"),
    ]
    assert said(report) == []


def test_a_link_that_leads_out_is_not_followed(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.toml"
    outside.write_text('[[suppress]]\nrule = "stray-space"\nreason = "So."\n')
    (root / FILE).symlink_to(outside)
    report = check(root, as_of=AS_OF, seeds=root / "seeds")
    assert said(report) == [*ALL, ("suppression-unreadable", None)]
    assert report.findings[-1].message == f"{FILE} is a link that leads out of the package"


def test_a_file_that_is_not_utf8_says_on_which_line(root: Path) -> None:
    (root / FILE).write_bytes(b"# Gr\xc3\xbc\xc3\x9fe\n# Gr\xfc\xdfe\n")
    report = check(root, as_of=AS_OF, seeds=root / "seeds")
    assert said(report) == [*ALL, ("suppression-unreadable", None)]
    assert report.findings[-1].location == Location(FILE, 2)


@pytest.mark.parametrize(
    ("text", "line", "value"),
    [
        ("[[suppress]]\nrule = stray-space\n", 2, None),
        ('[[suppress]]\nrule = "a"\nrule = "b"\n', 3, None),
        ('[suppress]\nrule = "a"\nreason = "So."\n', 1, "suppress"),
        ('title = "x"\n', 1, "title"),
        ('suppress = ["a"]\n', 1, None),
        ('[[suppress]]\nreason = "So."\n', 1, None),
        ('\n[[suppress]]\nrule = 7\nreason = "So."\n', 3, "7"),
        ('[[suppress]]\nrule = "a"\nreason = "So."\nuntil = 2027-01-01T00:00:00\n', 4, None),
        ('[[suppress]]\nrule = "a"\nreason = "So."\nuntil = "2027-01-01"\n', 4, "2027-01-01"),
        (f"x = {'9' * 5000}\n", None, None),
        ("x = " + "[" * 3000 + "]" * 3000 + "\n", None, None),
    ],
)
def test_what_cannot_be_understood_is_said_once(
    text: str, line: int | None, value: str | None
) -> None:
    found = parse(text)
    assert found.entries == ()
    (misread,) = found.misread
    assert misread.line == line
    if value is not None:
        assert misread.value == value


def test_headings_inside_a_text_are_not_taken_for_headings() -> None:
    text = (
        '[[suppress]]\nrule = "a"\nreason = """\n[[suppress]]\nIt looks like one."""\n\n'
        '[[ "suppress" ]]\nrule = "b"\nkey = "V0001"\nreason = "So."\n'
    )
    assert parse(text).entries == (
        Suppression("a", "[[suppress]]\nIt looks like one.", line=1),
        Suppression("b", "So.", key="V0001", line=7),
    )


def test_entries_written_in_one_line_are_read_too() -> None:
    assert parse('suppress = [{rule = "a", reason = "So."}]\n').entries == (
        Suppression("a", "So.", line=1),
    )


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(root: Path) -> None:
    (root / FILE).write_bytes(
        b'\xef\xbb\xbf[[suppress]]\r\nrule = "stray-space"\r\nreason = "So."\r\n'
    )
    assert said(check(root, as_of=AS_OF, seeds=root / "seeds")) == []


# --- settling, against the plain reading of it ----------------------------------------------

names = st.sampled_from([None, "a", "b"])
codes = st.sampled_from(["x", "y", "never"])
found = st.builds(
    lambda code, table, key, field: Finding(
        code, Severity.ERROR, "", "", Location("f"), table=table, key=key, field=field
    ),
    codes,
    names,
    names,
    names,
)
entries = st.builds(
    Suppression,
    codes,
    st.sampled_from(["", "So.", "Or so."]),
    names,
    names,
    names,
    st.sampled_from([None, dt.date(2025, 12, 31), AS_OF]),
    st.integers(1, 3),
)


@given(st.lists(found, max_size=8), st.lists(entries, max_size=6))
def test_settling_by_look_up_is_settling_one_by_one(
    findings: list[Finding], suppressions: list[Suppression]
) -> None:
    def matches(entry: Suppression, finding: Finding) -> bool:
        return (
            entry.reason != ""
            and (entry.until is None or entry.until >= AS_OF)
            and entry.rule == finding.code != "never"
            and entry.table in (None, finding.table)
            and entry.key in (None, finding.key)
            and entry.field in (None, finding.field)
        )

    settled = settle(findings, suppressions, AS_OF, never=["never"])
    assert list(settled.kept) == [
        each for each in findings if not any(matches(entry, each) for entry in suppressions)
    ]
    for finding, reason in settled.suppressed:
        assert reason in {entry.reason for entry in suppressions if matches(entry, finding)}
    for entry in settled.used:
        assert any(matches(entry, each) for each in findings)
    assert len(settled.kept) + len(settled.suppressed) == len(findings)
