"""How to load the tables, as the README shows it: run with the tools that are installed.

R is not to be had where these tests run. pandas has the environment of its own in which
mlcroissant is, since pandera imports slowly beside it. DuckDB reads from the web by an extension
that it fetches itself; where it is not there yet, its snippet is run on the file alone.
"""

from __future__ import annotations

import functools
import http.server
import importlib.util
import os
import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from support.editing import read_table

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
SECTION = README.partition("## Use the data\n")[2].partition("\n## ")[0]
SNIPPETS = re.findall(r"^```(\w+)\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL)
ADDRESS = "https://OWNER.github.io/relations/data/"
PANDAS = Path(
    os.environ.get("RELATIONS_MLCROISSANT") or ROOT / ".venv" / "croissant" / "bin" / "python"
)
pytestmark = pytest.mark.skipif(
    not (ROOT / "datapackage" / "visits.csv").is_file(), reason="the package is not there"
)


def snippet(language: str, word: str) -> str:
    (found,) = [text for kind, text in SNIPPETS if kind == language and word in text]
    return found


class _Ranges(http.server.SimpleHTTPRequestHandler):
    """Serves a folder, parts of files too, as web servers do."""

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not wanted:
            return super().do_GET()
        data = Path(self.translate_path(self.path)).read_bytes()
        start, end = int(wanted[1]), min(int(wanted[2] or len(data)), len(data) - 1)
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {start}-{end}/{len(data)}")
        self.send_header("Content-Length", str(end - start + 1))
        self.end_headers()
        self.wfile.write(data[start : end + 1])
        return None


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The package on a web server of this machine."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Ranges, directory=str(ROOT))
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def visits() -> list[dict[str, str]]:
    return read_table(ROOT, "visits")


def test_every_tool_has_its_snippet() -> None:
    assert [kind for kind, _ in SNIPPETS] == ["python", "python", "python", "r", "sql"]
    for kind, word in (
        ("python", "polars"), ("python", "pandas"), ("python", "duckdb"), ("r", "readr"),
        ("sql", "read_csv"),
    ):  # fmt: skip
        assert snippet(kind, word)
    assert "not the one in R" in SECTION


def run(program: str, python: Path) -> str:
    done = subprocess.run(
        [str(python), "-W", "error", "-c", program],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def pandas() -> Path:
    if not PANDAS.is_file():
        pytest.skip(f"there is no environment with pandas: {PANDAS} is not there")
    return PANDAS


def test_pandas_reads_it_as_shown(pandas: Path) -> None:
    said = run(snippet("python", "pandas"), pandas)
    for row in visits():
        assert row["start_date"] in said


def test_pandas_takes_namibia_for_a_country(pandas: Path, tmp_path: Path) -> None:
    (tmp_path / "countries.csv").write_text("country,iso2\nNAM,NA\nAZE,\n")
    program = snippet("python", "pandas")
    for shown, other in (
        ("datapackage/visits.csv", f"{tmp_path}/countries.csv"),
        ('visits[["title", "start_date"]]', 'visits["iso2"].tolist()'),
    ):
        assert shown in program
        program = program.replace(shown, other)
    assert run(program, pandas) == "['NA', '']\n"


def test_pandas_reads_it_from_the_web(pandas: Path, address: str) -> None:
    program = snippet("python", "pandas").replace("datapackage/", f"{address}datapackage/")
    assert run(program, pandas) == run(snippet("python", "pandas"), pandas)


def test_polars_reads_it_from_the_web(address: str) -> None:
    found = pl.read_csv(f"{address}datapackage/visits.csv", infer_schema=False)
    assert found.fill_null("").to_dicts() == visits()


def wanted_of_visits() -> list[tuple[str | None, ...]]:
    columns = ("title", "start_date", "level")
    return [tuple(row[column] or None for column in columns) for row in visits()]


def test_duckdb_reads_it_as_shown() -> None:
    query = snippet("sql", "read_csv")
    assert ADDRESS in query
    found = duckdb.connect().sql(query.replace(ADDRESS, f"{ROOT}/"))
    assert found.fetchall() == wanted_of_visits()


def test_duckdb_reads_it_from_the_web(address: str) -> None:
    connection = duckdb.connect()
    (installed,) = connection.execute(
        "select installed from duckdb_extensions() where extension_name = 'httpfs'"
    ).fetchone() or (False,)
    if not installed:
        pytest.skip("the extension httpfs of DuckDB is not installed")
    found = connection.sql(snippet("sql", "read_csv").replace(ADDRESS, address))
    assert found.fetchall() == wanted_of_visits()


def test_the_address_is_one_of_the_page() -> None:
    from support.site import rendered

    query = snippet("sql", "read_csv")
    (name,) = re.findall(rf"{re.escape(ADDRESS)}([\w/.]+)'", query)
    assert f"data/{name}" in rendered(ROOT)


@pytest.mark.skipif(importlib.util.find_spec("xlsxwriter") is None, reason="no xlsxwriter")
def test_excel_gets_text_as_text_and_real_dates_beside_it(tmp_path: Path) -> None:
    import openpyxl

    from support.exporting import exported

    book = openpyxl.load_workbook(exported("xlsx", tmp_path / "out.xlsx", ROOT, seeds=tmp_path))
    head, *rows = book["visits"].iter_rows(values_only=True)
    read = [dict(zip(head, row, strict=True)) for row in rows]
    assert [row["start_date"] or "" for row in read] == [row["start_date"] for row in visits()]
    assert all(
        row["start_date_earliest"].isoformat().startswith(row["start_date"][:4])
        for row in read
        if row["start_date"]
    )
