"""The codebook says of every table, column and term what the models say, and no more."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest

from relations.schemas.standards import STANDARDS, address_of, standard_of
from relations.validators.building import codebook, codebook_html, codebook_markdown
from relations.validators.building.build import plan
from relations.validators.building.codebook import Codebook, Content, describe
from relations.validators.package.package import declared
from support.editing import EXAMPLE_PACKAGE, read_table


def frames() -> dict[str, pl.DataFrame]:
    return {
        table: pl.DataFrame(
            [
                {name: value or None for name, value in row.items()}
                for row in read_table(EXAMPLE_PACKAGE, table)
            ],
            schema=dict.fromkeys(columns, pl.String),
        )
        for table, columns in declared().items()
    }


def described(**header: str) -> Codebook:
    made = json.loads((EXAMPLE_PACKAGE / "datapackage.json").read_bytes()) | header
    return describe(made, {table: f"datapackage/{table}.csv" for table in declared()}, frames())


def entry(made: Codebook, table: str, column: str) -> codebook.ColumnEntry:
    columns = next(each.columns for each in made.tables if each.name == table)
    return next(each for each in columns if each.name == column)


def test_the_example_package_has_the_codebook_that_build_makes() -> None:
    made = next(each for each in plan(EXAMPLE_PACKAGE) if each.name == codebook.FILE)
    assert made.old == made.new == codebook_markdown.page(described()).encode("utf-8")


def test_a_package_without_a_codebook_gets_one(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE_PACKAGE, tmp_path / "package")
    (tmp_path / "package" / codebook.FILE).unlink()
    stale = [(each.name, each.old) for each in plan(tmp_path / "package") if each.stale]
    assert stale == [("datapackage/codebook.md", None)]


def test_every_table_column_and_term_is_in_both_pages() -> None:
    made = described()
    page, fragment = codebook_markdown.page(made), codebook_html.fragment(made)
    for table, columns in declared().items():
        part = page.split(f"\n## {table}\n")[1].split("\n## ")[0]
        assert f'id="codebook-{table}"' in fragment
        for name, column in columns.items():
            row = next(line for line in part.splitlines() if line.startswith(f"| `{name}` |"))
            assert column.description.replace("|", "\\|") in row
            assert f'id="codebook-{table}-{name}"' in fragment
            if column.standard:
                assert f"{column.standard.match}: [{column.standard.term}](" in row
            for term, meaning in (column.vocabulary.terms if column.vocabulary else {}).items():
                assert f"| `{term}` | {meaning} |" in page
                assert f'id="vocabulary-{column.vocabulary.name}-{term}"' in fragment


@pytest.mark.parametrize(
    ("table", "column", "content"),
    [
        ("visits", "visit_id", Content(4, 4)),
        ("visits", "visit_type", Content(3, 3)),
        ("visits", "locations", Content(4, 3)),
        ("visits", "start_date", Content(4, 4, "2022-05-10", "2024-06~")),
        ("visits", "note", Content(0, 0)),
        ("terms", "end_date", Content(2, 2, "2024-07-31", "2024-07-31")),
        ("terms", "attested_dates", Content(2, 2, "2022-05-11", "2023-10-05")),
        ("agreements", "number_of_instruments", Content(3, 1, "1", "1")),
        ("sources", "char_length", Content(1, 1, "1067", "1067")),
    ],
)
def test_what_is_in_a_column_now(table: str, column: str, content: Content) -> None:
    assert entry(described(), table, column).content == content


def test_a_range_of_dates_goes_by_their_days_and_passes_over_what_is_no_date() -> None:
    column = declared()["visits"]["start_date"]
    frame = pl.DataFrame({"start_date": ["2024", "2024-02-30", "2023-12?", "2023", "..", None]})
    assert codebook.content_of(frame, "start_date", column) == Content(5, 5, "2023", "2024")


def test_numbers_that_are_none_do_not_stop_it() -> None:
    column = declared()["sources"]["char_length"]
    frame = pl.DataFrame({"char_length": ["90", "many", "1000"]})
    assert codebook.content_of(frame, "char_length", column) == Content(3, 3, "90", "1000")
    assert codebook.content_of(frame.drop("char_length"), "char_length", column) == Content(0, 0)


def test_terms_are_counted() -> None:
    vocabulary = next(each for each in described().vocabularies if each.name == "office_role")
    assert vocabulary.used_by == ("terms.role",)
    assert {term.term: term.times for term in vocabulary.terms if term.times} == {
        "head_of_state": 1,
        "minister": 1,
        "speaker": 2,
    }


def test_every_published_term_has_its_standard_and_every_standard_a_term() -> None:
    terms = {
        column.standard.term
        for columns in declared().values()
        for column in columns.values()
        if column.standard
    }
    assert {standard_of(term).prefix for term in terms} == {each.prefix for each in STANDARDS}
    for term in terms:
        assert re.fullmatch(r"https?://[^ ]+[^ .]", address_of(term))
    assert address_of("popolo:Event/start_date").endswith("/specs/event.html")
    assert address_of("oa:start") == "http://www.w3.org/ns/oa#start"
    with pytest.raises(KeyError):
        standard_of("made:up")


def test_terms_of_follow_the_money_are_in_its_model() -> None:
    model = pytest.importorskip("followthemoney").model
    named = [
        column.standard.term.removeprefix("ftm:").split("/")
        for columns in declared().values()
        for column in columns.values()
        if column.standard and column.standard.term.startswith("ftm:")
    ]
    assert named
    for schema, prop in named:
        assert prop in model.get(schema).properties, f"{schema}/{prop}"


def test_columns_match_exactly_or_closely() -> None:
    matches = {
        column.standard.match
        for columns in declared().values()
        for column in columns.values()
        if column.standard
    }
    assert matches == {"exactMatch", "closeMatch"}


def test_the_links_of_the_markdown_page_lead_to_its_headings() -> None:
    page = codebook_markdown.page(described())
    headings = set(re.findall(r"^#+ ([a-z_]+)$", page, re.MULTILINE))
    linked = set(re.findall(r"\]\(#([^)]+)\)", page))
    assert linked
    assert linked <= headings


def test_every_row_of_a_markdown_table_has_as_many_cells_as_its_head() -> None:
    cells = [
        len(re.findall(r"(?<!\\)\|", line))
        for line in codebook_markdown.page(described()).splitlines()
        if line.startswith("|")
    ]
    assert set(cells) == {3 + 1, 4 + 1, 8 + 1, 2 + 1}


def test_the_fragment_is_well_formed_and_its_links_lead_somewhere() -> None:
    root = ElementTree.fromstring(f"<div>{codebook_html.fragment(described(), level=3)}</div>")
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    links = [each.get("href") or "" for each in root.iter("a")]
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert all(link.startswith(("#", "https://", "http://")) for link in links)
    assert {each.tag for each in root.iter() if re.fullmatch("h[1-6]", each.tag)} == {"h3", "h4"}
    for table in root.iter("table"):
        assert table.find("caption") is not None
        width = len(table.findall("thead/tr/th"))
        assert {len(row) for row in table.findall("tbody/tr")} == {width}


def test_headings_have_room_below() -> None:
    with pytest.raises(ValueError, match="level 6"):
        codebook_html.fragment(described(), level=6)


def test_what_people_wrote_is_no_markup() -> None:
    made = described(title="A <b>| `bold` [link](x)", version="<1>")
    first, _, second = codebook_markdown.page(made).split("\n")[:3]
    assert first == "# Codebook: A \\<b\\>\\| \\`bold\\` \\[link\\](x)"
    assert second == "Version \\<1\\>."
