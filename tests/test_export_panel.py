"""The panel: what counts, where, and what is left to `undated.csv`."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from relations.validators.exporting.panel_events import MEASURES
from support.editing import read_table
from support.exporting import exported, with_cells

COUNTS = [each.name for each in MEASURES]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported("panel", tmp_path_factory.mktemp("panel") / "out")


def read(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_csv(folder / f"{name}.csv", infer_schema_length=None)


def counted(folder: Path, name: str, *measures: str) -> list[tuple[object, ...]]:
    """The rows in which something is counted: dyad, period, and the measures."""
    frame = read(folder, name)
    period = [each for each in ("year", "month") if each in frame.columns]
    some = frame.filter(pl.sum_horizontal(measures) > 0)
    return some.select("visiting_country", "host_country", *period, *measures).rows()


def edited(tmp_path: Path, *cells: tuple[str, str, str, str]) -> Path:
    return exported("panel", tmp_path / "out", with_cells(tmp_path, *cells), allow_errors=True)


def test_the_files_and_their_keys(folder: Path) -> None:
    assert sorted(each.name for each in folder.iterdir()) == [
        "codebook.md", "dyad_month.csv", "dyad_year.csv", "undated.csv",
    ]  # fmt: skip
    months, years = read(folder, "dyad_month"), read(folder, "dyad_year")
    # Three states, each towards the two others, from May 2022 to October 2023.
    assert (months.height, years.height) == (6 * 18, 6 * 2)
    dyad = ["visiting_country", "host_country"]
    assert months.select(*dyad, "year", "month").is_unique().all()
    assert years.select(*dyad, "year").is_unique().all()
    assert months.columns[-len(COUNTS) :] == years.columns[-len(COUNTS) :] == COUNTS
    row = months.row(0, named=True)
    assert [row[name] for name in months.columns[:10]] == [
        "EST", "Estonia", 366, 366, "FIN", "Finland", 375, 375, 2022, 5,
    ]  # fmt: skip


def test_visits_by_month_and_year(folder: Path) -> None:
    measures = ("visits", "visits_type_state", "visits_type_parliamentary", "visits_level_speaker")
    assert counted(folder, "dyad_month", *measures) == [
        ("ISL", "EST", 2022, 5, 1, 1, 0, 0),
        ("ISL", "EST", 2023, 10, 1, 0, 1, 1),
    ]
    assert counted(folder, "dyad_year", *measures) == [
        ("ISL", "EST", 2022, 1, 1, 0, 0),
        ("ISL", "EST", 2023, 1, 0, 1, 1),
    ]


def test_types_and_levels_add_up(folder: Path) -> None:
    for name in ("dyad_month", "dyad_year"):
        frame = read(folder, name)
        for what in ("type", "level"):
            parts = [each for each in COUNTS if each.startswith(f"visits_{what}_")]
            assert frame.select(pl.sum_horizontal(parts) == pl.col("visits")).to_series().all()


def test_agreements_and_sittings_count_for_both_directions(folder: Path) -> None:
    measures = ("agreements", "agreements_bilateral", "agreements_multilateral", "sessions")
    assert counted(folder, "dyad_year", *measures) == [
        ("EST", "FIN", 2023, 1, 0, 1, 1),
        ("EST", "ISL", 2022, 1, 1, 0, 0),
        ("EST", "ISL", 2023, 2, 1, 1, 1),
        ("FIN", "EST", 2023, 1, 0, 1, 1),
        ("FIN", "ISL", 2023, 1, 0, 1, 1),
        ("ISL", "EST", 2022, 1, 1, 0, 0),
        ("ISL", "EST", 2023, 2, 1, 1, 1),
        ("ISL", "FIN", 2023, 1, 0, 1, 1),
    ]


def test_what_no_month_can_count(folder: Path) -> None:
    assert read(folder, "undated").rows() == [
        ("session", "S0002", "Northern Forum of Parliaments", None, None, "2023-10", 0,
         "fewer than two countries are known"),
        ("visit", "V0003", "Official visit to Iceland", "EST", "ISL", "2024-06~", 0,
         "the date is in doubt"),
    ]  # fmt: skip


def test_a_year_counts_in_the_year_alone(tmp_path: Path) -> None:
    folder = edited(tmp_path, ("visits", "V0003", "start_date", "2024"))
    assert ("EST", "ISL", 2024, 1) in counted(folder, "dyad_year", "visits")
    assert not [row for row in counted(folder, "dyad_month", "visits") if row[2] == 2024]
    assert ("visit", "V0003", "2024", 1, "its days lie in more than one month") in read(
        folder, "undated"
    ).select("kind", "id", "date", "in_dyad_year", "reason").rows()
    assert read(folder, "dyad_month").select(pl.col("year").max(), pl.len()).row(0) == (
        2024,
        6 * 32,
    )


def test_a_visit_without_a_date_or_not_held(tmp_path: Path) -> None:
    folder = edited(
        tmp_path,
        ("visits", "V0001", "start_date", ""),
        ("visits", "V0002", "status", "cancelled"),
    )
    assert counted(folder, "dyad_year", "visits", "visits_not_held") == [("ISL", "EST", 2023, 0, 1)]
    assert ("V0001", None, "no date") in read(folder, "undated").select(
        "id", "date", "reason"
    ).rows()


def test_a_leg_counts_only_where_it_leads_elsewhere(tmp_path: Path) -> None:
    folder = edited(tmp_path, ("visits", "V0004", "host_country", "FIN"))
    assert counted(folder, "dyad_year", "visits") == [
        ("ISL", "EST", 2022, 1),
        ("ISL", "EST", 2023, 1),
        ("ISL", "FIN", 2022, 1),
    ]


def test_an_agreement_without_a_day_has_that_of_the_visit(tmp_path: Path) -> None:
    signed = ("agreements", "A0001", "signed_date", "")
    folder = edited(tmp_path / "bounded", signed)
    assert ("ISL", "EST", 2022, 5, 1) in counted(folder, "dyad_month", "agreements")
    folder = edited(tmp_path / "open", signed, ("visits", "V0001", "end_date", ""))
    assert ("ISL", "EST", 2022, 5, 1) not in counted(folder, "dyad_month", "agreements")
    undated = read(folder, "undated").filter(pl.col("id") == "A0001")
    assert undated["reason"].to_list() == ["no date", "no date"]


def test_one_row_may_stand_for_several_instruments(tmp_path: Path) -> None:
    folder = edited(
        tmp_path,
        ("agreements", "A0003", "number_of_instruments", "20"),
        ("agreements", "A0001", "status", "announced"),
    )
    assert counted(folder, "dyad_year", "agreements", "instruments")[1:3] == [
        ("EST", "ISL", 2023, 2, 21),
        ("FIN", "EST", 2023, 1, 1),
    ]


def test_a_state_has_no_rows_after_its_end(tmp_path: Path) -> None:
    folder = edited(
        tmp_path,
        ("visits", "V0001", "host_country", "SUN"),
        ("visits", "V0001", "start_date", "1991-11-30"),
    )
    months = read(folder, "dyad_month").filter(pl.col("host_country") == "SUN")
    assert months.select("year", "month", "visits").rows() == [(1991, 11, 1), (1991, 12, 0)]
    years = read(folder, "dyad_year").filter(pl.col("host_country") == "SUN")
    assert years.select("year", "visits").rows() == [(1991, 1)]


def test_a_package_without_a_date_has_empty_panels(tmp_path: Path) -> None:
    root = with_cells(tmp_path)
    keys = [
        (table, next(iter(row.values())), column, "")
        for table, column in (
            ("visits", "start_date"), ("agreements", "signed_date"),
            ("assembly_sessions", "start_date"), ("agreements", "visit_id"),
            ("agreements", "session_id"),
        )
        for row in read_table(root, table)
    ]  # fmt: skip
    folder = edited(tmp_path / "empty", *keys)
    assert read(folder, "dyad_month").height == read(folder, "dyad_year").height == 0
    assert set(read(folder, "undated")["reason"]) >= {"no date"}
    assert "none, since no event has a date" in (folder / "codebook.md").read_text("utf-8")


def test_the_codebook_names_every_column(folder: Path) -> None:
    page = (folder / "codebook.md").read_text("utf-8")
    assert "Months covered: 2022-05 to 2023-10." in page
    named = re.findall(r"`([a-z_]+)`", page.split("## Columns")[1].replace("`dyad_year.csv`", ""))
    assert named[:4] == ["visiting_country", "host_country", "visiting_name", "host_name"]
    assert set(named) - {"visits"} == set(read(folder, "dyad_month").columns) - {"visits"}
