"""Keys gone wrong: one finding for one wrong key, one for each reference that then dangles."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from relations.validators.check import check
from relations.validators.example import Cell, Edit, Row, good
from relations.validators.finding import Report
from support.editing import edited, rebuild

AS_OF = dt.date(2026, 1, 1)
Found = tuple[str, str, int | None, str | None]


def report_on(root: Path) -> Report:
    report = check(root, as_of=AS_OF, seeds=root / "seeds")
    assert report.failures == ()
    return report


def after(tmp_path: Path, file: str, old: str, new: str) -> Report:
    """The report on the example package with one piece of text changed where it stands."""
    root = edited(good(), tmp_path)
    path = root / "datapackage" / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    rebuild(root)
    return report_on(root)


def of(report: Report) -> list[Found]:
    return [
        (each.code, each.location.file.removeprefix("datapackage/"), each.location.line, each.value)
        for each in report.findings
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        # a key with a slip: the references to its table are not judged
        ("visits.csv", "\nV0004,", "\nV004,", ("malformed-id", "visits.csv", 5, "V004")),
        ("visits.csv", "\nV0004,", "\nv0004,", ("malformed-id", "visits.csv", 5, "v0004")),
        # of the visit that another is a leg of: the two do not become one visit entered twice
        ("visits.csv", "\nV0001,", "\nV001,", ("malformed-id", "visits.csv", 2, "V001")),
        ("officials.csv", "\nP0002,", "\nO0002,", ("malformed-id", "officials.csv", 3, "O0002")),
        ("evidence.csv", "\nC0030,", "\nC30,", ("malformed-id", "evidence.csv", 31, "C30")),
        # the key of another row
        ("visits.csv", "\nV0004,", "\nV0001,", ("duplicate-key", "visits.csv", 5, "V0001")),
        ("officials.csv", "\nP0002,", "\nP0003,", ("duplicate-key", "officials.csv", 4, "P0003")),
        ("evidence.csv", "\nC0030,", "\nC0031,", ("duplicate-key", "evidence.csv", 32, "C0031")),
        # a reference that is off by one digit
        ("engagements.csv", "Tallinn,V0001", "Tallinn,V0011",
         ("unknown-reference", "engagements.csv", 2, "V0011")),
        ("evidence.csv", "visits,V0003,,", "visits,V0013,,",
         ("evidence-of-unknown-row", "evidence.csv", 31, "V0013")),
        # a country's key: the codes beside it say which it is
        ("countries.csv", "\nEST,", "\nETS,", ("unknown-country-code", "countries.csv", 2, "ETS")),
        ("countries.csv", "\nEST,", "\nESP,",
         ("country-codes-disagree", "countries.csv", 2, "ESP")),
        ("countries.csv", "\nFIN,", "\nEST,",
         ("country-codes-disagree", "countries.csv", 3, "EST")),
        ("countries.csv", "\nEST,", "\nEst,", ("malformed-code", "countries.csv", 2, "Est")),
    ],
)  # fmt: skip
def test_one_wrong_key_is_one_finding(
    tmp_path: Path, file: str, old: str, new: str, expected: Found
) -> None:
    assert of(after(tmp_path, file, old, new)) == [expected]


def test_a_key_that_is_not_sound_is_the_reason_why_references_are_not_judged(
    tmp_path: Path,
) -> None:
    report = after(tmp_path, "visits.csv", "\nV0004,", "\nV0001,")
    skipped = {(each.code, each.table): each.reason for each in report.skipped}
    assert skipped["unknown-reference", "visits"] == (
        "references to visits: a visit_id in datapackage/visits.csv is not sound"
    )
    assert skipped["parent-cycle", "visits"] == "a visit_id in datapackage/visits.csv is not sound"


def test_a_row_under_a_free_id_leaves_each_reference_to_the_old_one_dangling(
    tmp_path: Path,
) -> None:
    report = after(tmp_path, "organizations.csv", "\nG0006,", "\nG0016,")
    assert of(report) == []
    report = after(tmp_path / "2", "officials.csv", "\nP0004,", "\nP0014,")
    assert of(report) == [
        ("evidence-of-unknown-row", "evidence.csv", 5, "P0004"),
        ("unknown-reference", "participants.csv", 6, "P0004"),
        ("unknown-reference", "participants.csv", 8, "P0004"),
        ("unknown-reference", "statements.csv", 2, "P0004"),
        ("unknown-reference", "terms.csv", 5, "P0004"),
        ("unknown-reference", "visits.csv", 3, "P0004"),
    ]
    assert {each.hint for each in report.findings} == {"did you mean `P0014`?"}


def test_each_later_row_of_a_key_is_a_finding_that_points_at_the_first(tmp_path: Path) -> None:
    dinner = {"engagement_id": "E0002", "title": "Dinner", "visit_id": "V0002"}
    walk = {"engagement_id": "E0002", "title": "Walk", "visit_id": "V0002"}
    report = report_on(edited(good(Row("engagements", dinner), Row("engagements", walk)), tmp_path))
    assert of(report) == [
        ("duplicate-key", "engagements.csv", 4, "E0002"),
        ("duplicate-key", "engagements.csv", 5, "E0002"),
    ]
    for finding in report.findings:
        assert [place.line for place in finding.related] == [3]
        assert finding.message == "`E0002` is the key of an earlier row, on line 3"


def test_a_whole_row_that_stands_twice_is_one_finding(tmp_path: Path) -> None:
    row = "M0001,G0005,ISL,application,observer,2022-11,,\n"
    report = after(tmp_path, "memberships.csv", row, row + row)
    assert of(report) == [("duplicate-key", "memberships.csv", 3, "M0001")]


VISIT = {"title": "To Tallinn", "visiting_country": "ISL", "host_country": "EST",
         "lead_official_id": "P0001"}  # fmt: skip


def visit(number: int, start: str, end: str = "", parent: str = "", **cells: str) -> Row:
    key = {"visit_id": f"V{number:04}"}
    dates = {"start_date": start, "end_date": end, "parent_id": parent}
    return Row("visits", {**key, **VISIT, **dates, **cells})


REPEATED = "repeated-visit"


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        # three of a kind are two findings
        ((visit(5, "2022-05-10"), visit(6, "2022-05-10", title="Again")),
         [(REPEATED, 6, "2022-05-10"), (REPEATED, 7, "2022-05-10")]),
        # days that touch, and days that do not
        ((visit(5, "2022-05-12", "2022-05-14"),), [(REPEATED, 6, "2022-05-12")]),
        ((visit(5, "2022-05-13", "2022-05-14"),), []),
        # an end that is not known decides nothing
        ((visit(5, "2022-05-11"),), []),
        # another lead, or none
        ((visit(5, "2022-05-10", lead_official_id=""),), []),
        # another pair of countries on the same day is the same start; later, it is not
        ((visit(5, "2022-05-10", host_country="FIN"),), [(REPEATED, 6, "2022-05-10")]),
        ((visit(5, "2022-05-11", "2022-05-12", host_country="FIN"),), []),
        # a leg of a leg, and the next leg that begins where one ends
        ((visit(5, "2022-05-12", "2022-05-12", "V0004"),), []),
        ((visit(5, "2022-05-11", "2022-05-12", "V0001"),), []),
        # two legs that begin on one day
        ((visit(5, "2022-05-12", "2022-05-12", "V0001"),), [(REPEATED, 6, "2022-05-12")]),
    ],
)  # fmt: skip
def test_visits_that_look_like_one(
    tmp_path: Path, edits: tuple[Edit, ...], expected: list[tuple[str, int, str]]
) -> None:
    root = edited(good(*edits), tmp_path)
    report = check(root, as_of=AS_OF, seeds=root / "seeds", select=[REPEATED])
    assert report.failures == ()
    found = [(each.code, each.location.line, each.value) for each in report.findings]
    assert found == expected


def test_equal_visits_are_one_fact_and_not_also_a_repeated_visit(tmp_path: Path) -> None:
    report = report_on(
        edited(good(visit(5, "2021-05-10", "2021-05-12"), visit(6, "2021-05-10", "2021-05-12")),
               tmp_path)
    )  # fmt: skip
    assert of(report) == [("duplicate-fact", "visits.csv", 7, "V0006")]


def test_rows_that_agree_in_a_wrong_cell_are_one_fact_all_the_same(tmp_path: Path) -> None:
    again = {"engagement_id": "E0004", "title": "Dinner", "date": "May 2022", "visit_id": "V0001"}
    root = edited(
        good(Row("engagements", again), Row("engagements", {**again, "engagement_id": "E0005"})),
        tmp_path,
    )
    assert of(report_on(root)) == [
        ("malformed-date", "engagements.csv", 5, "May 2022"),
        ("duplicate-fact", "engagements.csv", 6, "E0005"),
        ("malformed-date", "engagements.csv", 6, "May 2022"),
    ]


def test_a_cycle_is_told_once_with_its_path(tmp_path: Path) -> None:
    report = report_on(
        edited(
            good(
                Cell("organizations", "G0002", "parent_id", "G0004"),
                Cell("organizations", "G0003", "parent_id", "G0002"),
                Cell("organizations", "G0004", "parent_id", "G0003"),
                Cell("organizations", "G0001", "parent_id", "G0004"),
            ),
            tmp_path,
        )
    )
    cycles = [each for each in report.findings if each.code == "parent-cycle"]
    assert [(each.location.line, each.value) for each in cycles] == [(3, "G0004")]
    assert cycles[0].message == "the parents go round: `G0002` → `G0004` → `G0003` → `G0002`"
    assert [place.line for place in cycles[0].related] == [5, 4]


ONE = [("similar-names", 6, "Liis Tamm")]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"start_date": "1940", "end_date": "1952"}, []),
        ({"start_date": "1952"}, []),
        # Perhaps a few days less than 70 years: a year may mean its last day.
        ({"start_date": "1953"}, ONE),
        ({"start_date": "1960", "end_date": ".."}, ONE),
        ({}, ONE),
        # The days on which somebody is attested are of a life too.
        ({"attested_dates": "1930-01;1931"}, []),
        ({"attested_dates": "1930;2024-05"}, []),
        ({"attested_dates": "1953;1960-01-01"}, ONE),
    ],
)
def test_persons_whose_offices_would_last_longer_than_a_life_are_two(
    tmp_path: Path, dates: dict[str, str], expected: list[tuple[str, int, str]]
) -> None:
    # P0002 took office in 2023.
    term = {"term_id": "T0005", "official_id": "P0005", "post": "Elder"}
    root = edited(
        good(
            Row("officials", {"official_id": "P0005", "name": "Liis Tamm", "country": "EST"}),
            Cell("officials", "P0002", "name", "Liis Tamm"),
            Row("terms", {**term, **dates}),
        ),
        tmp_path,
    )
    findings = check(root, as_of=AS_OF, select=["similar-names"]).findings
    assert [(each.code, each.location.line, each.value) for each in findings] == expected


def test_a_row_is_never_offered_as_its_own_parent(tmp_path: Path) -> None:
    root = edited(good(Cell("visits", "V0003", "parent_id", "V00003")), tmp_path)
    report = report_on(root)
    assert of(report) == [("unknown-reference", "visits.csv", 4, "V00003")]
    assert report.findings[0].hint == "did you mean `V0004`?"
