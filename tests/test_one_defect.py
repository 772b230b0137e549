"""One wrong cell gives one finding: every filled cell of the example, changed in every likely way.

Dates a year off, another country, another person, another row, another term of the vocabulary.
`defects.csv` names each change that a rule can know to be wrong, and where its one finding stands;
all other changes must stay silent. So that this is quick, one package is made of many copies of
the example that share only the countries: each copy has one change, and no copy may have a finding
for another's. The rules of dates and consistency run; all others run with them on the examples of
each rule.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from relations.schemas.columns import Column
from relations.schemas.tables import TABLES
from relations.validators.check import examine, report_on
from relations.validators.finding import Finding
from relations.validators.package.package import Package
from relations.validators.package.table_file import TableFile
from relations.validators.registry import RULES
from support.editing import EXAMPLE_PACKAGE, read_table

AS_OF = dt.date(2026, 1, 1)
DEFECTS = Path(__file__).parent / "defects.csv"
SHARED = "countries"
COPY = 100
"""Ids of one copy begin that much higher than those of the copy before."""

Rows = dict[str, list[dict[str, str]]]


@dataclass(frozen=True)
class Change:
    """One cell of the example, and what is written into it."""

    table: str
    key: str
    column: str
    value: str


@dataclass(frozen=True)
class Found:
    """A finding, by the ids of the example."""

    code: str
    table: str
    key: str
    field: str


def example() -> Rows:
    return {table: read_table(EXAMPLE_PACKAGE, table) for table in TABLES}


def changes(rows: Rows) -> Iterator[Change]:
    """Every change of every filled cell; sources are changed in their dates alone."""
    keys = {table: [next(iter(row.values())) for row in rows[table]] for table in rows}
    for table, of_table in rows.items():
        if table in (SHARED, "evidence", "organizations"):
            continue
        for row in of_table:
            key = next(iter(row.values()))
            for column, declared in Package.columns(table).items():
                if row[column]:
                    for value in likely(declared, row[column], keys):
                        yield Change(table, key, column, value)


def likely(declared: Column, value: str, keys: dict[str, list[str]]) -> list[str]:
    """What somebody might write in place of a value."""
    if declared.kind in ("date", "dates"):
        year = re.match("[0-9]{4}", value)
        return [f"{int(year[0]) + n}{value[4:]}" for n in (1, -1)] if year else []
    if declared.kind == "reference" and declared.references:
        return [other for other in keys[declared.references] if other != value]
    if declared.kind in ("term", "terms") and declared.vocabulary:
        return [other for other in declared.vocabulary if other != value]
    return []


def of_copy(column: Column | None, value: str, number: int) -> str:
    """A cell as the copy has it: its ids are those of the example, so many hundreds higher."""
    is_id = re.fullmatch("[A-Z][0-9]{4,}", value)
    if not is_id or (column and column.kind not in ("key", "reference")):
        return value
    return f"{value[0]}{int(value[1:]) + number * COPY:04}"


def copied(rows: Rows, changed: list[Change]) -> Rows:
    """The rows of as many copies as there are changes, after one that is left as it is."""
    made: Rows = defaultdict(list)
    made[SHARED] = rows[SHARED]
    for number, change in enumerate([None, *changed]):
        for table, of_table in rows.items():
            if table == SHARED:
                continue
            columns = Package.columns(table)
            for row in of_table:
                cells = dict(row)
                if change and (table, next(iter(row.values()))) == (change.table, change.key):
                    cells[change.column] = change.value
                made[table].append(
                    {
                        name: of_copy(None if name == "row_id" else columns[name], cell, number)
                        for name, cell in cells.items()
                    }
                )
    # A right use of a state that has ended, so that not every row which names it is wrong.
    made["memberships"].append(
        {"membership_id": "M0099", "organization_id": "G0005", "country": "SUN", "date": "1990"}
    )
    return made


def package_of(rows: Rows) -> Package:
    _, original = examine(EXAMPLE_PACKAGE, as_of=AS_OF, seeds=EXAMPLE_PACKAGE / "seeds")
    files = {}
    for table, of_table in rows.items():
        names = tuple(Package.columns(table))
        text = StringIO(newline="")
        writer = csv.DictWriter(text, names, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(of_table)
        name = original.files[table].name
        files[table] = TableFile(table, name, text.getvalue().encode(), names)
    return Package(original.source, original.descriptor, original.texts, AS_OF, _files=files)


def of_example(finding: Finding) -> tuple[int, Found]:
    """The copy that a finding is in, and the finding by the ids of the example."""
    assert finding.table
    assert finding.key
    assert finding.field
    number, rest = divmod(int(finding.key[1:]), COPY)
    key = f"{finding.key[0]}{rest:04}"
    return number, Found(finding.code, finding.table, key, finding.field)


def known_defects() -> dict[Change, Found]:
    with DEFECTS.open(encoding="utf-8", newline="") as file:
        return {
            Change(row["table"], row["key"], row["column"], row["value"]): Found(
                row["code"], row["at_table"], row["at_key"], row["at_field"]
            )
            for row in csv.DictReader(file)
        }


def is_apart(change: Change) -> bool:
    """Whether the change leaves unknown what may make another copy right, whose rules then wait."""
    return (
        change.table == "memberships"
        and (change.column == "organization_id" or change.value == "SUN")
    ) or change == Change("participants", "N0006", "country", "FIN")


def findings(changed: list[Change]) -> dict[Change | None, list[Found]]:
    """What the rules say of each change, the copies all in one package."""
    rules = [rule for rule in RULES if rule.family in ("date", "consistency")]
    report = report_on(package_of(copied(example(), changed)), "copies", rules)
    assert report.failures == ()
    found: dict[Change | None, list[Found]] = defaultdict(list)
    for finding in report.findings:
        number, of_this = of_example(finding)
        found[changed[number - 1] if number else None].append(of_this)
    if len(changed) > 1:
        assert report.skipped == ()
    return found


@pytest.fixture(scope="module")
def every_change() -> list[Change]:
    return list(changes(example()))


@pytest.fixture(scope="module")
def found(every_change: list[Change]) -> dict[Change | None, list[Found]]:
    together = findings([change for change in every_change if not is_apart(change)])
    for change in filter(is_apart, every_change):
        together.update(findings([change]))
    return together


def test_each_change_gives_its_finding_and_no_other(
    every_change: list[Change], found: dict[Change | None, list[Found]]
) -> None:
    expected = known_defects()
    assert found[None] == []
    assert set(expected) <= set(every_change)
    differ = {
        change: (found[change], expected.get(change))
        for change in every_change
        if found[change] != [each for each in [expected.get(change)] if each]
    }
    assert differ == {}


def test_the_changes_are_many_and_of_every_table() -> None:
    known = known_defects()
    assert len(known) > 200
    assert {change.table for change in known} == {
        "visits",
        "officials",
        "agreements",
        "assembly_sessions",
        "terms",
        "engagements",
        "memberships",
        "participants",
        "statements",
        "sources",
    }
