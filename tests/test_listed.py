"""Where only the first findings of a rule are listed: which these are, and that the rest counts."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from relations.cli.app import app
from relations.cli.output import formats, statistics
from relations.validators.check import check
from relations.validators.finding import Severity, Unlisted
from support.editing import EXAMPLE_PACKAGE, read_table, rebuild, write_table

AS_OF = dt.date(2026, 1, 1)
ROWS = 60
CODES = {
    "malformed-date": ROWS,
    "unknown-reference": 2 * ROWS,
    "stray-space": ROWS,
    "uncited-row": ROWS,
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Sixty more visits, each with a bad date, two unknown references, a space and no evidence."""
    root = tmp_path / "package"
    shutil.copytree(EXAMPLE_PACKAGE, root)
    visits = read_table(root, "visits")
    visits += [
        {
            **dict.fromkeys(visits[0], ""),
            "visit_id": f"V{number:04}",
            "title": f"Visit number {number} ",
            "visiting_country": "XAA",
            "host_country": "XAB",
            "start_date": f"{number}/5/2022",
            "status": "held",
        }
        for number in range(5, 5 + ROWS)
    ]
    write_table(root, "visits", visits)
    rebuild(root)
    return root


def test_the_first_of_each_are_listed_and_the_others_counted(package: Path) -> None:
    whole = check(package, as_of=AS_OF)
    assert Counter(each.code for each in whole.findings) == CODES
    assert whole.unlisted == ()
    some = check(package, as_of=AS_OF, listed=20)
    assert Counter(each.code for each in some.findings) == {
        "malformed-date": 20,
        # Two columns have them.
        "unknown-reference": 40,
        "stray-space": 20,
        "uncited-row": 20,
    }
    assert dict(some.unlisted) == {
        Unlisted("malformed-date", Severity.ERROR, "visits", fixable=False): 40,
        Unlisted("unknown-reference", Severity.ERROR, "visits", fixable=False): 80,
        Unlisted("stray-space", Severity.ERROR, "visits", fixable=True): 40,
        Unlisted("uncited-row", Severity.ERROR, "visits", fixable=False): 40,
    }
    assert [each for each in whole.findings if each in some.findings] == list(some.findings)
    for severity in Severity:
        assert some.count(severity) == whole.count(severity)
    assert statistics.by_rule(some) == statistics.by_rule(whole)
    assert statistics.by_table(some) == statistics.by_table(whole)


@pytest.mark.parametrize("name", formats.CAPS)
def test_what_people_read_is_the_same_for_it(package: Path, name: str) -> None:
    options = formats.RenderOptions(max_per_rule=7)
    whole = check(package, as_of=AS_OF)
    some = check(package, as_of=AS_OF, listed=formats.listed(name, 7))
    some, whole = replace(some, seconds=0.0), replace(whole, seconds=0.0)
    assert formats.render(name, some, options) == formats.render(name, whole, options)


def test_a_suppression_is_looked_for_in_all_of_them(package: Path) -> None:
    (package / "relations.toml").write_text(
        '[[suppress]]\nrule = "uncited-row"\ntable = "visits"\nkey = "V0063"\n'
        'reason = "Known from an archive."\n'
    )
    some = check(package, as_of=AS_OF, listed=5)
    counts = Counter(each.code for each in some.findings)
    assert counts["uncited-row"] == ROWS - 1
    assert [finding.key for finding, _ in some.suppressed] == ["V0063"]
    assert counts["unused-suppression"] == 0


def test_programs_get_all(package: Path) -> None:
    asked = ["check", str(package), "--output-format", "json", "--as-of", AS_OF.isoformat()]
    given = json.loads(CliRunner().invoke(app, asked).stdout)
    assert Counter(each["code"] for each in given["findings"]) == CODES
    assert given["summary"]["errors"] == sum(CODES.values())


def test_of_broken_rows_too_the_first_are_listed_and_the_others_counted(package: Path) -> None:
    path = package / "datapackage" / "visits.csv"
    header, *rows = path.read_text("utf-8").splitlines()
    broken = [f'V9{number:03},a"b,c' for number in range(50)]
    path.write_text("\n".join([header, *rows, "", "", *broken, ""]), "utf-8")
    some = check(package, as_of=AS_OF, listed=20, select=["stray-quote", "blank-row"])
    assert [(each.code, each.location.line) for each in some.findings] == [
        ("blank-row", len(rows) + 2),
        *(("stray-quote", len(rows) + 4 + number) for number in range(20)),
    ]
    assert some.unlisted == (
        (Unlisted("stray-quote", Severity.ERROR, "visits", fixable=False), 30),
    )


@pytest.mark.parametrize("name", sorted(set(formats.FORMATS) - set(formats.CAPS)))
def test_programs_are_told_what_is_not_listed(
    package: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert formats.listed(name, 7) == 20_000
    monkeypatch.setenv("RELATIONS_MAX_LISTED", "40")
    assert formats.listed(name, None) == 40
    some = check(package, as_of=AS_OF, listed=40)
    said = formats.render(name, some)
    assert said.count("20 more findings are counted here and not listed") == 3
    assert said.count("40 more findings are counted here and not listed") == 1
    if name == "json":
        assert json.loads(said)["summary"]["errors"] == sum(CODES.values())


def test_of_what_comes_one_by_one_the_rest_is_counted_too(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits = read_table(package, "visits")
    write_table(package, "visits", [*visits[:4], *[visits[3]] * 30])
    whole = check(package, as_of=AS_OF, select=["duplicate-key"])
    assert len(whole.findings) == 30
    monkeypatch.setattr("relations.validators.run.MOST_SINGLE", 10)
    some = check(package, as_of=AS_OF, select=["duplicate-key"], listed=5)
    assert some.findings == whole.findings[:10]
    assert dict(some.unlisted) == {
        Unlisted("duplicate-key", Severity.ERROR, "visits", fixable=False): 20
    }
