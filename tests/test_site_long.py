"""A site of very many rows: nothing is left out, and no page grows without bound."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from relations.cli.output.site import density, split
from relations.cli.output.site.pages import render
from relations.validators.browsing.records import Ref
from relations.validators.browsing.timeline import Event, Span
from support.editing import EXAMPLE_PACKAGE, read_table
from support.site import Page, gathered, pages


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> dict[str, Page]:
    """The example, on pages that hold next to nothing."""
    for name, most in {
        "ROWS_AT_ONCE": 2, "ROWS_ON_PAGE": 5, "RECORDS_ON_PAGE": 2, "PEOPLE_ON_PAGE": 2,
        "MOST_NAMED": 1, "MOST_MEETINGS": 1, "MOST_PASSAGES": 3,
    }.items():  # fmt: skip
        monkeypatch.setattr(split, name, most)
    monkeypatch.setattr(density, "MOST_LINES", 3)
    return pages(render(gathered(), "0.0.0"))


def test_the_parts_of_a_list() -> None:
    made = split.parts("abcde", "visits", 2)
    assert [(each.page, each.items, each.first, each.last) for each in made] == [
        ("visits.html", ("a", "b"), 1, 2),
        ("visits-2.html", ("c", "d"), 3, 4),
        ("visits-3.html", ("e",), 5, 5),
    ]
    (empty,) = split.parts("", "visits", 2)
    assert (empty.page, empty.items, empty.first, empty.last) == ("visits.html", (), 0, 0)


def test_every_link_leads_to_its_row_on_whichever_page_it_is(short_pages: dict[str, Page]) -> None:
    followed = 0
    for name, page in short_pages.items():
        assert page.open == []
        assert len(page.ids) == len(set(page.ids)), name
        for link in page.all("a"):
            file, _, anchor = (link.attributes["href"] or "").partition("#")
            if anchor and not file.startswith("http"):
                assert anchor in short_pages[unquote(file) or name].ids, (name, file, anchor)
                followed += 1
    assert followed > 1_000


def test_every_row_is_on_exactly_one_page_of_its_table(short_pages: dict[str, Page]) -> None:
    for table in ("evidence", "participants", "visits", "officials"):
        keys = [next(iter(row.values())) for row in read_table(EXAMPLE_PACKAGE, table)]
        of_table = [
            page
            for name, page in short_pages.items()
            if re.fullmatch(rf"{table}(-\d+)?\.html", name)
        ]
        assert len(of_table) == -(-len(keys) // 5)
        heads = r'<th scope="row"><a class="key" [^>]*>(\w+)</a>'
        assert [key for page in of_table for key in re.findall(heads, page.source)] == keys
    records = [page for name, page in short_pages.items() if name.startswith("visits-rows")]
    assert [id_ for page in records for id_ in page.ids if re.fullmatch(r"V\d+", id_)] == [
        "V0001", "V0002", "V0003", "V0004",
    ]  # fmt: skip


def test_what_a_list_leaves_out_is_counted_and_said_where(short_pages: dict[str, Page]) -> None:
    statements = len(read_table(EXAMPLE_PACKAGE, "statements"))
    text = " ".join(short_pages["index.html"].text.split())
    found = [int(each) for each in re.findall(r"and (\d+) more in Statements", text)]
    topics = len(re.findall(r"<summary>", short_pages["index.html"].source))
    assert sum(found) == statements - topics
    people = len(read_table(EXAMPLE_PACKAGE, "officials"))
    assert f"and {people - 1} more in People" in text


def event(key: str, first: str, last: str, *, sure: bool, lane: str = "visits") -> Event:
    days = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    span = Span("visit", *days, sure=days if sure else None)
    return Event(Ref(lane, key, key, key), lane, first, (), (span,))


def test_an_event_counts_where_it_was_and_palely_where_it_may_have_been() -> None:
    made = density.density(
        [
            event("V1", "2001-05-01", "2001-05-31", sure=False),
            event("V2", "2001-12-30", "2002-01-02", sure=True),
            event("V3", "2001-06-01", "2003-02-01", sure=False),
            event("S1", "2003-01-01", "2003-01-01", sure=True, lane="assembly_sessions"),
        ]
    )
    visits, sessions = made.rows
    counts = [(bar.period.title, bar.certain, bar.possible) for bar in visits.bars]
    assert counts == [("2001", 2, 1), ("2002", 1, 1), ("2003", 0, 1)]
    assert (visits.total, visits.most, sessions.total, sessions.most) == (3, 3, 1, 1)
    assert [(bar.height, bar.pale) for bar in visits.bars] == [
        (66.67, 33.33), (33.33, 33.33), (0.0, 33.33)
    ]  # fmt: skip
    assert [(each.title, len(each.events)) for each in made.periods] == [
        ("2001", 3), ("2002", 0), ("2003", 1)
    ]  # fmt: skip


def test_centuries_are_counted_by_tens_of_years() -> None:
    made = density.density(
        [event("V1", "1703-01-01", "1703-01-01", sure=True),
         event("V2", "2021-01-01", "2021-01-01", sure=True)]
    )  # fmt: skip
    assert len(made.periods) == 33
    assert (made.periods[0].title, made.periods[0].page) == ("1700–1709", "timeline-1700.html")
    assert made.periods[-1].title == "2020–2029"
    assert made.labels[0] == ("1700", 0.0)
    assert len(made.labels) <= 8


def test_very_many_events_have_a_page_a_year_and_are_all_there(
    short_pages: dict[str, Page],
) -> None:
    years = {name: page for name, page in short_pages.items() if name.startswith("timeline-")}
    everything = gathered().timeline.everything
    for each in everything:
        assert each.ref.label in years[f"timeline-{each.first.year}.html"].text
    assert set(years) == {f"timeline-{each.first.year}.html" for each in everything}
    links = [link.attributes["href"] for link in short_pages["index.html"].all("a")]
    assert set(years) <= set(links)


def test_the_slide_of_very_many_events(monkeypatch: pytest.MonkeyPatch) -> None:
    site = gathered()
    overview = site.timeline.overview
    assert overview is not None
    monkeypatch.setattr(density, "MOST_LINES", len(overview.events))
    assert b"Events by year" not in render(site, "0")["timeline.svg"]
    monkeypatch.setattr(density, "MOST_LINES", len(overview.events) - 1)
    picture = ElementTree.fromstring(render(site, "0")["timeline.svg"])
    space = "{http://www.w3.org/2000/svg}"
    shown = [each.text for each in picture.iter(f"{space}text")]
    assert "Visits" in shown
    assert str(len(read_table(EXAMPLE_PACKAGE, "agreements"))) in shown
    assert picture.findtext(f"{space}title") == f"{site.title}: timeline"


def test_a_site_without_a_date_has_no_picture() -> None:
    site = gathered()
    empty = dataclasses.replace(site.timeline, overview=None, close_ups=(), everything=())
    files = render(dataclasses.replace(site, timeline=empty), "0")
    assert "timeline.svg" not in files
    assert not [name for name in files if name.startswith("timeline-")]
