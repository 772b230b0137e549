"""Safe fixes: what is mended, what is left alone, and that no fact is ever touched."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import shutil
import stat
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from relations.validators.atomic import ChangedMeanwhile
from relations.validators.check import examine
from relations.validators.example import Example
from relations.validators.finding import Report
from relations.validators.fixing.difference import unified_diff
from relations.validators.fixing.fixes import (
    DONE,
    CannotFix,
    FileFix,
    apply,
    plan_fixes,
)
from relations.validators.fixing.rewriting import OF_FILES, CannotRewrite, Rewriting, in_order
from relations.validators.package.package import Package
from relations.validators.package.table_file import TableFile
from relations.validators.registry import RULES
from relations.validators.rule import Mend, Rule
from relations.validators.rules.file.row_order import NUMBERED
from support.editing import EXAMPLE_PACKAGE, edited, rebuild

AS_OF = dt.date(2026, 1, 1)
CODES = frozenset(rule.code for rule in RULES if rule.fixable)
CODES_RANKED = "^[A-Z]{3}$"
FILLED = r"^(?s:.*\S.*)$"
"""So that each key has a rank, whatever stands in it."""
BOM = b"\xef\xbb\xbf"

FIXABLE = [
    pytest.param(rule, each, id=f"{rule.code}-{n}")
    for rule in RULES
    for n, each in enumerate(rule.bad)
    if rule.fixable
]


def read(root: Path, **more: object) -> tuple[Report, Package]:
    report, package = examine(root, as_of=AS_OF, seeds=root / "seeds", **more)  # type: ignore[arg-type]
    assert report.failures == ()
    return report, package


def fixes_of(root: Path, **more: object) -> tuple[FileFix, ...]:
    report, package = read(root, **more)
    return plan_fixes(package, report)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE_PACKAGE, tmp_path / "package"))


def rewrite(
    root: Path, table: str, change: tuple[bytes, bytes], *more: tuple[bytes, bytes]
) -> Path:
    path = root / "datapackage" / f"{table}.csv"
    data = path.read_bytes()
    for old, new in (change, *more):
        assert old in data
        data = data.replace(old, new)
    path.write_bytes(data)
    rebuild(root)
    return path


def test_every_fixable_rule_has_a_fix_and_words_for_it() -> None:
    assert {rule.code for rule in RULES if rule.fixable and not rule.mend} == OF_FILES
    assert set(DONE) == CODES


@pytest.mark.parametrize(("rule", "shown"), FIXABLE)
def test_a_fix_takes_the_finding_away_and_is_complete(
    rule: Rule, shown: Example, tmp_path: Path
) -> None:
    root = edited(shown, tmp_path)
    report, package = read(root)
    fixes = plan_fixes(package, report)
    if not any(finding.fixable for finding in report.findings):
        # One that only a person can mend.
        assert rule.mend
        assert fixes == ()
        return
    assert [fix.file for fix in fixes] == [shown.expect[0].file]
    assert fixes[0].refused == ""
    assert len(fixes[0].done) >= 1
    assert apply(fixes) == (shown.expect[0].file,)
    rebuild(root)
    report, package = read(root)
    # With its zeros back, a code may turn out to be another country's.
    assert {finding.code for finding in report.findings} <= {"country-codes-disagree"}
    assert plan_fixes(package, report) == ()


def test_all_at_once_and_the_rest_keeps_its_exact_bytes(root: Path) -> None:
    path = root / "datapackage" / "engagements.csv"
    path.write_bytes(
        BOM + b"engagement_id,title,classification,date,location,visit_id,session_id,note\r\n"
        b'E0002,"Address, to the ""session"" \xe2\x80\x94",speech,2023-10-05,"Tallinn",V0002,S0001,'
        b"\r\n"
        b"E0001,Talks in Tallinn ,talks,2022-05-11,\xc2\xa0Tallinn,V0001,,two  spaces\r\n"
        b'E0003,"Opening of\r\nthe session",opening,2023-10-04,Tallinn,,S0001,Reykjavi\xcc\x81k'
    )
    rebuild(root)
    (fix,) = fixes_of(root)
    assert fix.new == (
        b"engagement_id,title,classification,date,location,visit_id,session_id,note\n"
        b"E0001,Talks in Tallinn,talks,2022-05-11,Tallinn,V0001,,two  spaces\n"
        b'E0002,"Address, to the ""session"" \xe2\x80\x94",speech,2023-10-05,Tallinn,V0002,S0001,\n'
        b'E0003,"Opening of\nthe session",opening,2023-10-04,Tallinn,,S0001,Reykjav\xc3\xadk\n'
    )
    assert fix.done == (
        "the byte-order mark is gone",
        "4 lines end with LF alone",
        "the last line ends with LF",
        "1 cell lost its quotation marks",
        "2 cells lost their outer white space",
        "1 cell is in the composed form",
        "the rows are sorted by their keys",
    )


def test_only_what_was_selected_is_fixed(root: Path) -> None:
    old = rewrite(
        root,
        "statements",
        (b"\n", b"\r\n"),
        (b"observers,She", b'"observers", She'),
        (b"statement_id", BOM + b"statement_id"),
    ).read_bytes()
    (fix,) = fixes_of(root, select=["stray-space"])
    assert fix.new == old.replace(b", She", b",She")
    assert fix.done == ("1 cell lost its outer white space",)
    (fix,) = fixes_of(root, ignore=["stray-space", "byte-order-mark"])
    assert fix.new == old.replace(b"\r\n", b"\n").replace(b'"observers"', b"observers")


def test_line_ends_of_two_kinds_are_not_kept_and_so_nothing_is(root: Path) -> None:
    rewrite(root, "statements", (b"X0001,", b"X0001, "), (b"note\n", b"note\r\n"))
    (fix,) = fixes_of(root, ignore=["carriage-return"])
    assert (fix.new, fix.done) == (fix.old, ())
    assert fix.refused == "its lines end in different ways, which is not to be fixed"


def test_what_is_suppressed_is_not_fixed(root: Path) -> None:
    path = rewrite(
        root,
        "statements",
        (b",observers,", b", observers,"),
        (b"relations warm.", b" relations warm. "),
        (b"\n", b"\r\n"),
    )
    (root / "relations.toml").write_text(
        '[[suppress]]\nrule = "stray-space"\nkey = "X0001"\nreason = "As printed."\n'
        '[[suppress]]\nrule = "carriage-return"\ntable = "statements"\nreason = "A habit."\n'
    )
    (fix,) = fixes_of(root)
    assert fix.new == path.read_bytes().replace(b"warm. ", b"warm.")


HEAD_OF_VISITS = (EXAMPLE_PACKAGE / "datapackage" / "visits.csv").read_bytes().partition(b"\n")[0]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"V0002,", b"V0002,\xff", "line 3 is not UTF-8"),
        (b"V0002,", b'V0002," ', "line 3 has a quotation mark that nothing closes"),
        (b"V0002,", b'V0002,a"b ', "line 3 has a quotation mark too many"),
        (b"V0002,", b"V0002,a,", "line 3 has too many or too few cells"),
        (b"V0002,", b"\nV0002,", "line 3 is blank"),
        (HEAD_OF_VISITS, b"a,b,c", "its header is not that of the table"),
    ],
)
def test_a_file_that_cannot_be_fixed_safely_is_named_and_left(
    old: bytes, new: bytes, reason: str, root: Path
) -> None:
    path = rewrite(root, "visits", (old, new))
    data = BOM + path.read_bytes()
    path.write_bytes(data)
    fixes = fixes_of(root)
    assert fixes == (FileFix("datapackage/visits.csv", path.resolve(), data, data, (), reason),)
    assert apply(fixes) == ()
    assert path.read_bytes() == data
    assert unified_diff(fixes) == ""


def test_a_file_that_changed_meanwhile_is_refused_and_nothing_is_written(root: Path) -> None:
    first = rewrite(root, "agreements", (b"Tallinn,", b"Tallinn ,"))
    second = rewrite(root, "visits", (b"held", b"held "))
    fixes = fixes_of(root)
    assert len(fixes) == 2
    second.write_bytes(second.read_bytes() + b"V0005\n")
    before = first.read_bytes(), second.read_bytes()
    with pytest.raises(ChangedMeanwhile, match=r"visits\.csv was changed by another program"):
        apply(fixes)
    assert (first.read_bytes(), second.read_bytes()) == before


def test_mode_and_links_survive(root: Path) -> None:
    path = rewrite(root, "visits", (b"held", b"held "))
    path.chmod(0o640)
    other = root / "real.csv"
    path.rename(other)
    path.symlink_to(other)
    apply(fixes_of(root))
    assert path.is_symlink()
    assert stat.S_IMODE(other.stat().st_mode) == 0o640
    assert b"held " not in other.read_bytes()
    assert sorted(each.name for each in root.iterdir() if not each.name.startswith(".")) == [
        "datapackage", "datapackage.json", "real.csv", "seeds",
    ]  # fmt: skip


def test_a_zip_shows_its_fixes_and_is_not_written(root: Path, tmp_path: Path) -> None:
    rewrite(root, "visits", (b"held", b"held "))
    archive = tmp_path / "package.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for path in sorted(root.rglob("*")):
            if path.is_file():
                made.write(path, path.relative_to(root).as_posix())
    old = archive.read_bytes()
    report, package = examine(archive, as_of=AS_OF, seeds=root / "seeds")
    (fix,) = plan_fixes(package, report)
    assert fix.done == ("4 cells lost their outer white space",)
    with pytest.raises(CannotFix, match="inside a zip"):
        apply([fix])
    assert archive.read_bytes() == old


def test_the_zeros_of_a_code_come_back_where_they_are_all_that_is_missing(root: Path) -> None:
    path = root / "datapackage" / "countries.csv"
    new = path.read_bytes().replace(b"FI,246", b"FI,46").replace(b"IS,352", b"IS,two")
    path.write_bytes(new.replace(b"EE,233", b"EE,8.0"))
    rebuild(root)
    report, package = read(root, select=["malformed-numeric-code"])
    assert [(each.value, each.fixable) for each in report.findings] == [
        ("8.0", True), ("46", True), ("two", False),
    ]  # fmt: skip
    (fix,) = plan_fixes(package, report)
    assert fix.new == new.replace(b"EE,233", b"EE,008").replace(b"FI,46", b"FI,046")


@pytest.mark.parametrize(
    ("keys", "ranked", "order"),
    [
        (["V0001", "V0002"], NUMBERED, [0, 1]),
        (["V10000", "V9999", "V0001"], NUMBERED, [2, 1, 0]),
        (["V0003", "bad", None, "V0001"], NUMBERED, [3, 0, 1, 2]),
        (["bad", "V0002", "V0001"], NUMBERED, [0, 2, 1]),
        (["V0002", "V0001", "V0002", "V0001"], NUMBERED, [1, 3, 0, 2]),
        (["FIN", None, "EST"], CODES_RANKED, [2, 0, 1]),
        (["AZE", "bhr", "BLR"], CODES_RANKED, [0, 1, 2]),
        (["BLR", "aze", "AZE"], CODES_RANKED, [2, 0, 1]),
    ],
)
def test_rows_are_sorted_by_number_and_what_has_none_follows_its_neighbour(
    keys: list[str | None], ranked: str, order: list[int]
) -> None:
    assert in_order(keys, ranked) == order


def test_a_row_of_white_space_alone_is_left_for_a_person_to_see(root: Path) -> None:
    path = root / "datapackage" / "countries.csv"
    data = path.read_bytes() + b' ,"\n",,,,,,,\n'
    path.write_bytes(data.replace(b"Iceland", b"Iceland "))
    rebuild(root)
    (fix,) = fixes_of(root)
    assert fix.new == data


# --- generated files -----------------------------------------------------------------------

HEADER = tuple(Package.columns("countries"))
NUMBER = HEADER.index("iso_numeric")
NUMERIC = next(rule for rule in RULES if rule.code == "malformed-numeric-code")
CELLWISE: dict[str, Mend] = {
    rule.code: rule.mend for rule in RULES if rule.mend and rule is not NUMERIC
}
assert NUMERIC.mend

text = st.text(
    st.sampled_from('ab,"\n\r  \u00a0\u3000\u2028\u0301\u00e9eI\u0307\u212b\ufeff;\t\u200b'),
    max_size=6,
)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "country": st.sampled_from(["EST", "FIN", "ISL", "EST ", "", "LVA", "x"]) | text,
            "name": text,
            "iso2": st.just("") | text,
            "iso_numeric": st.sampled_from(["8", "08", "31", "031", "two", "0", "8.0", "", "1234"]),
            "note": text,
        }
    ).filter(lambda row: any(map(str.strip, row.values()))),
    max_size=6,
)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Files that a spreadsheet or an editor may have left: right in the sense of RFC 4180."""
    made = [",".join(HEADER)]
    for row in draw(rows):
        cells = []
        for name in HEADER:
            value = row.get(name, "")
            needs = bool(re.search('[,"\n\r]', value))
            cells.append(
                '"' + value.replace('"', '""') + '"' if needs or draw(st.booleans()) else value
            )
        made.append(",".join(cells))
    end = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    body = end.join(made) + draw(st.sampled_from(["", end]))
    return draw(st.sampled_from([b"", BOM])) + body.encode()


def parsed(data: bytes) -> list[list[str]]:
    """As the csv module reads it, with the line ends of the tables."""
    decoded = data.removeprefix(BOM).decode()
    if "\n" in decoded:
        decoded = re.sub(r"\r+(\n|\Z)", "\n", decoded)
    else:
        decoded = decoded.replace("\r", "\n")
    return list(csv.reader(io.StringIO(decoded, newline="")))


def normal(cell: str) -> str:
    return unicodedata.normalize("NFC", cell).strip()


def fixed(data: bytes) -> tuple[bytes, TableFile]:
    file = TableFile("countries", "countries.csv", data, HEADER)
    mends: dict[str, dict[str, Mend]] = {name: dict(CELLWISE) for name in HEADER}
    assert NUMERIC.mend
    mends["iso_numeric"] |= {NUMERIC.code: NUMERIC.mend}
    rewriting = Rewriting(file, CODES, mends, ranked=FILLED)
    return rewriting.rewritten(range(file.frame.height)), file


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files())
@example(",".join(HEADER).encode() + b'\n,",",,,,,,,"\n"')
def test_a_fix_changes_no_fact_and_a_second_one_changes_nothing(data: bytes) -> None:
    file = TableFile("countries", "countries.csv", data, HEADER)
    if file.broken or not file.readable:
        return
    new, _ = fixed(data)
    assert not new.startswith(BOM)
    assert new.endswith(b"\n")
    assert b"\r\n" not in new

    def key(row: list[str]) -> str:
        return row[0]

    expected = []
    for cells in parsed(data)[1:]:
        mended = [normal(cell) for cell in cells]
        assert NUMERIC.mend
        mended[NUMBER] = NUMERIC.mend(mended[NUMBER]) or mended[NUMBER]
        expected.append(mended)
    after = parsed(new)
    assert after[0] == list(HEADER)
    assert sorted(after[1:]) == sorted(expected)
    if all(map(key, expected)):
        assert after[1:] == sorted(expected, key=key)
    again, refile = fixed(new)
    assert again == new
    assert not refile.broken


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files())
def test_what_needs_no_mending_keeps_its_exact_text(data: bytes) -> None:
    file = TableFile("countries", "countries.csv", data, HEADER)
    if file.broken or not file.readable:
        return
    # Nothing but the rows' order and the last line end may change.
    rewriting = Rewriting(file, frozenset({"row-order", "no-final-newline"}), {}, ranked=FILLED)
    try:
        data = rewriting.rewritten(())
    except CannotRewrite:
        assert file.carriage_returns
        return
    new = TableFile("countries", "countries.csv", data, HEADER)
    assert sorted(new.row_texts()) == sorted(file.row_texts())
    assert new.header_text == file.header_text
    assert new.data.startswith(BOM) == file.data.startswith(BOM)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(data=files())
def test_a_fixed_package_has_nothing_left_to_fix(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("fuzz") / "package"
    shutil.copytree(EXAMPLE_PACKAGE, root)
    (root / "datapackage" / "countries.csv").write_bytes(data)
    rebuild(root)
    fixes = fixes_of(root)
    for each in fixes:
        assert (each.new != each.old) is (each.refused == "")
    apply(fixes)
    rebuild(root)
    report, package = read(root)
    refused = [each for each in fixes if each.refused]
    left = [each for each in report.findings if each.fixable]
    assert bool(left) is bool(refused)
    assert [each.file for each in plan_fixes(package, report)] == [each.file for each in refused]


# --- the difference ------------------------------------------------------------------------


def fix(old: bytes, new: bytes) -> FileFix:
    return FileFix("datapackage/visits.csv", None, old, new)


def test_a_difference_shows_what_nobody_sees() -> None:
    old = BOM + b"a,b\r\n1,\xc2\xa0x \r\n2,\x1b[31my\r\n3,z "
    new = b"a,b\n1,x\n2,\x1b[31my\n3,z\n"
    assert unified_diff([fix(old, new)]) == (
        "--- datapackage/visits.csv\n"
        "+++ datapackage/visits.csv\n"
        "@@ -1,4 +1,4 @@\n"
        "-\\ufeffa,b\\r\n"
        "-1,\\xa0x \\r\n"
        "-2,\\x1b[31my\\r\n"
        "-3,z\\x20\n"
        "\\ No newline at end of file\n"
        "+a,b\n"
        "+1,x\n"
        "+2,\\x1b[31my\n"
        "+3,z\n"
    )


def test_a_difference_shows_three_lines_around_each_change() -> None:
    old = [f"{number}\n" for number in range(40)]
    new = list(old)
    for index in (0, 5, 20, 27, 39):
        new[index] = f"{index} new\n"
    import difflib

    assert unified_diff([fix("".join(old).encode(), "".join(new).encode())]) == "".join(
        difflib.unified_diff(old, new, "datapackage/visits.csv", "datapackage/visits.csv")
    )


def test_a_row_that_moved_is_shown_as_one_row() -> None:
    old = "".join(f"{number}\n" for number in [*range(1, 50), 0])
    new = "".join(f"{number}\n" for number in range(50))
    lines = unified_diff([fix(old.encode(), new.encode())]).splitlines()
    assert [line for line in lines[2:] if line[0] in "+-"] == ["+0", "-0"]


@given(
    st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abcd"), max_size=12)
)
def test_a_difference_is_right_whatever_changed(old: list[str], new: list[str]) -> None:
    before, after = "".join(f"{x}\n" for x in old), "".join(f"{x}\n" for x in new)
    shown = unified_diff([fix(before.encode(), after.encode())])
    if before == after:
        assert shown == ""
        return
    result: list[str] = []
    position = 0
    for line in shown.splitlines()[2:]:
        if found := re.match(r"@@ -(\d+),(\d+)", line):
            start = int(found[1]) - (1 if int(found[2]) else 0)
            result += old[position:start]
            position = start
        elif line[0] == "+":
            result.append(line[1:])
        else:
            assert old[position] == line[1:]
            result += [line[1:]] if line[0] == " " else []
            position += 1
    assert result + old[position:] == new
