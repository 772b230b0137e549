"""Every rule against its examples: the whole catalogue runs, and says exactly that."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from relations.validators.check import check
from relations.validators.example import Example, Expect
from relations.validators.registry import RULES
from relations.validators.rule import FAMILIES, Rule
from support.editing import EXAMPLE_PACKAGE, edited

AS_OF = dt.date(2026, 1, 1)

BAD = [
    pytest.param(rule, each, id=f"{rule.code}-{n}")
    for rule in RULES
    for n, each in enumerate(rule.bad)
]
GOOD = [
    pytest.param(each, id=f"{rule.code}-{n}") for rule in RULES for n, each in enumerate(rule.good)
]


def test_the_example_package_is_clean() -> None:
    report = check(EXAMPLE_PACKAGE, as_of=AS_OF, seeds=EXAMPLE_PACKAGE / "seeds")
    assert report.findings == ()
    assert report.failures == ()
    assert report.skipped == ()


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_a_bad_example_gives_exactly_its_findings(
    rule: Rule, example: Example, tmp_path: Path
) -> None:
    report = check(edited(example, tmp_path), as_of=AS_OF, seeds=tmp_path / "package" / "seeds")
    assert report.failures == ()
    found = [
        (each.code, Expect(each.location.file, each.location.line, each.field, each.value))
        for each in report.findings
    ]
    assert found == [(rule.code, expected) for expected in example.expect]
    for finding in report.findings:
        assert finding.severity is rule.severity
        assert finding.message
        assert finding.hint


@pytest.mark.parametrize("example", GOOD)
def test_a_good_example_gives_no_finding(example: Example, tmp_path: Path) -> None:
    report = check(edited(example, tmp_path), as_of=AS_OF, seeds=tmp_path / "package" / "seeds")
    assert report.failures == ()
    assert report.findings == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_has_a_manual_and_a_bad_example(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z]+(?:-[a-z0-9]+)*", rule.code)
    assert rule.title
    assert len(rule.manual.strip().splitlines()) > 2
    assert rule.bad


def test_codes_are_unique_and_families_in_order() -> None:
    codes = [rule.code for rule in RULES]
    assert len(codes) == len(set(codes))
    families = [FAMILIES.index(rule.family) for rule in RULES]
    assert families == sorted(families)


def test_every_check_of_a_column_has_its_rule() -> None:
    from relations.validators.package.package import declared

    explained = {rule.code for rule in RULES if rule.explain}
    checks = {
        check.code
        for columns in declared().values()
        for column in columns.values()
        for check in column.checks
    }
    assert checks | {"missing-value"} == explained
