"""Packages made from the models: valid ones stay clean, and a fault is found where it is.

`pytest --hypothesis-profile=long` makes fifty times as many, other ones each time.
"""

from __future__ import annotations

import random
import tempfile
import unicodedata
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from fuzzing.table_file_target import from_place
from relations.validators.check import check
from relations.validators.finding import Finding, Report
from relations.validators.fixing.mending import mend
from relations.validators.package.table_file import TableFile, quoted
from support.generated.faults import FAULTS, unkempt
from support.generated.made import COLUMNS, Made
from support.generated.valid import AS_OF, packages

DICE = st.integers(0, 2**32).map(random.Random)
ABSENT = "source-text-absent"
"""What is said of a source of which the text is not there: true, and no fault."""


def share(of_hundred: int) -> settings:
    """So many of the examples of a profile, of which there are a hundred by default."""
    return settings(
        max_examples=max(1, settings.default.max_examples * of_hundred // 100),
        derandomize=settings.default.max_examples <= 100,
        database=None,
        deadline=None,
        # A smaller package is hardly clearer than the first that fails, and takes minutes to find.
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )


def checked(root: Path) -> Report:
    report = check(root, as_of=AS_OF)
    assert report.failures == ()
    return report


def stands(finding: Finding) -> tuple[str, str, str | None, str | None]:
    return finding.code, Path(finding.location.file).stem, finding.key, finding.field


def read(table: str, data: bytes) -> TableFile:
    return TableFile(table, f"datapackage/{table}.csv", data, tuple(COLUMNS[table]))


def cells(file: TableFile) -> list[tuple[str, ...]]:
    return [tuple(value or "" for value in row[1:]) for row in file.frame.iter_rows()]


@share(8)
@given(packages())
def test_a_valid_package_has_no_finding(made: Made) -> None:
    with tempfile.TemporaryDirectory() as folder:
        report = checked(made.write(Path(folder) / "package"))
        assert [each for each in report.findings if each.code != ABSENT] == []
        absent = {row["source_id"] for row in made.filled("sources", "file")}
        absent -= made.present.keys()
        assert {each.key for each in report.findings} == absent
        assert report.row_counts == tuple((table, len(rows)) for table, rows in made.rows.items())


@share(30)
@given(packages())
def test_what_is_written_is_read_and_written_again(made: Made) -> None:
    for table, rows in made.rows.items():
        data = made.file(table)
        file = read(table, data)
        assert file.broken == []
        assert cells(file) == [tuple(row.values()) for row in rows]
        again = [COLUMNS[table], *cells(file)]
        assert "".join(",".join(map(quoted, row)) + "\n" for row in again).encode() == data


@share(16)
@given(packages(), st.sampled_from(sorted(FAULTS)), DICE)
def test_a_fault_is_found_at_its_cell_and_nothing_elsewhere(
    made: Made, name: str, dice: random.Random
) -> None:
    broken = FAULTS[name](made.copy(), dice)
    assume(broken is not None)
    assert broken
    with tempfile.TemporaryDirectory() as folder:
        root = broken.made.write(Path(folder) / "package", broken.files, broken.texts)
        report = checked(root)
        assert Counter(map(stands, report.findings)) - _absent(report) == Counter(broken.found)
        for finding in report.findings:
            in_its_cell(root, finding)


def _absent(report: Report) -> Counter[tuple[str, str, str | None, str | None]]:
    return Counter(stands(each) for each in report.findings if each.code == ABSENT)


def in_its_cell(root: Path, finding: Finding) -> None:
    """The place of the finding is where the cell with its value begins."""
    place = finding.location
    if not (finding.table and finding.field and place.line and place.column and finding.key):
        return
    text = (root / place.file).read_text("utf-8")
    assert from_place(text.split("\n"), place.line, place.column) == (finding.value or "")


def normal(rows: list[tuple[str, ...]]) -> Counter[tuple[str, ...]]:
    """Rows by what they say: without white space at the ends, and composed."""
    return Counter(
        tuple(unicodedata.normalize("NFC", cell.strip()) for cell in row) for row in rows
    )


@share(4)
@given(packages(), DICE)
def test_fixing_gives_back_the_package_that_was_made_unkempt(
    made: Made, dice: random.Random
) -> None:
    worse, files = unkempt(made, dice)
    with tempfile.TemporaryDirectory() as folder:
        root = worse.write(Path(folder) / "package", files)
        mended = mend(root, as_of=AS_OF)
        assert [each.refused for each in mended.fixes if each.refused] == []
        for table in made.rows:
            assert (root / "datapackage" / f"{table}.csv").read_bytes() == made.file(table)
        # Without a codebook the package was stale before, so its descriptor is left to its owner.
        left = {ABSENT, "descriptor-stale"}
        assert [each for each in checked(root).findings if each.code not in left] == []
        assert all(each.new == each.old for each in mend(root, as_of=AS_OF).fixes)


@share(4)
@given(packages(), st.sampled_from(sorted(FAULTS)), DICE)
def test_fixing_never_changes_a_fact_and_finds_nothing_to_do_again(
    made: Made, name: str, dice: random.Random
) -> None:
    broken = FAULTS[name](made.copy(), dice)
    assume(broken is not None)
    assert broken
    worse, files = unkempt(broken.made, dice)
    with tempfile.TemporaryDirectory() as folder:
        root = worse.write(Path(folder) / "package", files | broken.files, broken.texts)
        before = _files(root)
        mend(root, as_of=AS_OF)
        after = _files(root)
        for table, data in before.items():
            old, new = read(table, data), read(table, after[table])
            assert _facts(table, old) == _facts(table, new)
            assert (old.header, len(old.broken)) == (new.header, len(new.broken))
        mend(root, as_of=AS_OF)
        assert _files(root) == after


def _files(root: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in (root / "datapackage").iterdir()}


def _facts(table: str, file: TableFile) -> Counter[tuple[str, ...]]:
    """What the rows say; a number of a country is one with and without its zeros."""
    rows = cells(file)
    if table == "countries":
        place = list(COLUMNS[table]).index("iso_numeric")
        rows = [(*row[:place], row[place].strip().zfill(3), *row[place + 1 :]) for row in rows]
    return normal(rows)
