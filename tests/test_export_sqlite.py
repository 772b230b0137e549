"""The SQLite export, opened with sqlite3."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from relations.validators.exporting.sqlite_views import VIEWS
from relations.validators.package.package import declared
from support.editing import EXAMPLE_PACKAGE, read_table
from support.exporting import exported, with_cells


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported("sqlite", tmp_path_factory.mktemp("sqlite") / "out.sqlite")


@pytest.fixture(scope="module")
def database(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as opened:
        yield opened


def all_of(database: sqlite3.Connection, query: str, *values: str) -> list[tuple[object, ...]]:
    return database.execute(query, values).fetchall()


def test_every_row_and_cell_is_there_as_written(database: sqlite3.Connection) -> None:
    for table, columns in declared().items():
        names = ", ".join(f'"{name}"' for name in columns)
        found = all_of(database, f'SELECT {names} FROM "{table}" ORDER BY rowid')
        written = read_table(EXAMPLE_PACKAGE, table)
        assert [tuple("" if cell is None else str(cell) for cell in row) for row in found] == [
            tuple(row.values()) for row in written
        ]


def test_types_are_real(database: sqlite3.Connection) -> None:
    assert all_of(
        database,
        "SELECT number_of_instruments, typeof(number_of_instruments), signed_date, "
        "signed_date_earliest, signed_date_latest, in_force_date_latest "
        "FROM agreements WHERE agreement_id = 'A0003'",
    ) == [(1, "integer", "2023-03", "2023-03-01", "2023-03-31", "2023-07-01")]
    assert all_of(
        database, "SELECT end_date, end_date_earliest, end_date_latest FROM terms ORDER BY term_id"
    ) == [
        ("2024-07-31", "2024-07-31", "2024-07-31"),
        ("..", None, None),
        (None, None, None),
        (None, None, None),
    ]
    kinds = dict(all_of(database, "SELECT name, type FROM pragma_table_info('visits')"))
    assert kinds["start_date"] == "TEXT"
    assert kinds["start_date_earliest"] == "DATE"


def test_keys_and_references_are_real(database: sqlite3.Connection) -> None:
    for table, columns in declared().items():
        found = all_of(database, f"SELECT * FROM pragma_foreign_key_list('{table}')")
        assert {(row[3], row[2]) for row in found} == {
            (name, column.references) for name, column in columns.items() if column.references
        }
        key = all_of(database, f"SELECT name FROM pragma_table_info('{table}') WHERE pk")
        assert key == [(next(iter(columns)),)]
        indexed = {
            all_of(database, f"SELECT name FROM pragma_index_info('{row[1]}')")[0][0]
            for row in all_of(database, f"SELECT * FROM pragma_index_list('{table}')")
        }
        assert {name for name, column in columns.items() if column.references} <= indexed
    assert all_of(database, "PRAGMA foreign_key_check") == []
    assert all_of(database, "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE visits SET host_country = 'XXX'",
        "UPDATE visits SET visit_type = 'pompous'",
        "UPDATE visits SET start_date_earliest = '2022-02-30'",
        "UPDATE visits SET title = NULL",
        "UPDATE visits SET visit_id = 'W0001' WHERE visit_id = 'V0001'",
        "UPDATE agreements SET number_of_instruments = 0",
        "UPDATE agreements SET number_of_instruments = 'many'",
        "INSERT INTO visits SELECT * FROM visits WHERE visit_id = 'V0001'",
        "UPDATE terms_role SET item = 'king'",
        "DELETE FROM countries WHERE country = 'EST'",
    ],
)
def test_what_is_wrong_cannot_be_written(change: str, file: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(shutil.copy(file, tmp_path))) as database:
        database.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError), database:
            database.execute(change)


def test_lists_have_tables_of_their_own(database: sqlite3.Connection) -> None:
    assert all_of(database, "SELECT * FROM visits_locations ORDER BY visit_id, position") == [
        ("V0001", 1, "Tallinn"),
        ("V0001", 2, "Tartu"),
        ("V0002", 1, "Tallinn"),
        ("V0003", 1, "Reykjavík"),
        ("V0004", 1, "Tartu"),
    ]
    assert all_of(database, "SELECT * FROM terms_attested_dates ORDER BY term_id") == [
        ("T0003", 1, "2022-05-11", "2022-05-11", "2022-05-11"),
        ("T0004", 1, "2023-10-05", "2023-10-05", "2023-10-05"),
    ]


def test_views_join_what_belongs_together(database: sqlite3.Connection) -> None:
    for view in VIEWS:
        assert all_of(database, f"SELECT count(*) FROM {view}")[0] != (0,)
    assert all_of(
        database,
        "SELECT title, visiting_country_name, host_country_name, host_country_cow_code, "
        "lead_official_name, parent_title FROM visits_with_names WHERE visit_id = 'V0004'",
    ) == [("Day in Tartu", "Iceland", "Estonia", "366", "Arnar Hallsson", "State visit to Estonia")]
    assert all_of(
        database,
        "SELECT event_kind, event_id, event_title, event_date, country_name, role "
        "FROM participants_with_names WHERE participant_id IN ('N0003', 'N0014') ORDER BY 2",
    ) == [
        ("engagement", "E0001", "Talks in Tallinn", "2022-05-11", "Iceland", "guest"),
        ("session", "S0001", "Northern Forum of Parliaments, plenary 7", "2023-10-04",
         "Finland", "attendee"),
    ]  # fmt: skip
    assert all_of(
        database, "SELECT agreement_id, parties FROM agreements_with_parties ORDER BY 1"
    ) == [("A0001", "EST;ISL"), ("A0002", "EST;FIN;ISL"), ("A0003", "EST;ISL")]
    assert all_of(
        database,
        'SELECT row_id, "column", value, basis, source_title FROM evidence_with_values '
        "WHERE evidence_id IN ('C0019', 'C0079') ORDER BY evidence_id",
    ) == [
        ("V0001", "visit_type", "state", "stated", "Invented chronicle"),
        ("V0004", "parent_id", "V0001", "inferred", "Invented chronicle"),
    ]


def test_it_says_what_everything_means(database: sqlite3.Connection) -> None:
    assert dict(all_of(database, "SELECT * FROM _package")) == {
        "name": "example-est-isl",
        "title": "Invented relations of Estonia and Iceland",
        "version": "1.0.0",
        "description": "Nothing in it happened. The rules' examples are edits of it.",
        "licenses": "CC0-1.0",
        "errors": "0",
    }
    assert all_of(
        database,
        'SELECT type, kind, cited, vocabulary, standard, "match" FROM _columns '
        """WHERE "table" = 'visits' AND "column" = 'visit_type'""",
    ) == [("TEXT", "term", 1, "visit_type", "US Department of State: visit types", "closeMatch")]
    for table in declared():
        columns = all_of(database, f"SELECT name FROM pragma_table_info('{table}')")
        assert columns == all_of(
            database, 'SELECT "column" FROM _columns WHERE "table" = ? ORDER BY position', table
        )
    assert all_of(database, "SELECT meaning FROM _terms WHERE term = 'transit'") == [
        ("A stop on the way to another country.",)
    ]
    assert all_of(database, 'SELECT "rows" FROM _tables WHERE "table" = ?', "visits") == [(4,)]


def test_what_is_wrong_in_the_package_is_kept_as_it_is(tmp_path: Path) -> None:
    root = with_cells(
        tmp_path,
        ("visits", "V0001", "host_country", "XXX"),
        ("visits", "V0004", "visit_id", "V0001"),
        ("visits", "V0003", "start_date", "last summer"),
    )
    path = exported("sqlite", tmp_path / "out.sqlite", root, allow_errors=True)
    with closing(sqlite3.connect(path)) as database:
        assert all_of(
            database, "SELECT visit_id, host_country, start_date, start_date_latest FROM visits"
        ) == [
            ("V0001", "XXX", "2022-05-10", "2022-05-10"),
            ("V0002", "EST", "2023-10-03", "2023-10-03"),
            ("V0003", "ISL", "last summer", None),
            ("V0001", "EST", "2022-05-12", "2022-05-12"),
        ]
        assert all_of(database, "SELECT value <> '0' FROM _package WHERE name = 'errors'") == [(1,)]
