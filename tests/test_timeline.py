"""Dates drawn as what they are: spans of days, and nothing more exact than is known."""

from __future__ import annotations

import datetime as dt
import functools
from pathlib import Path

import pytest

from relations.cli.output.site.drawing import Mark, Scale, chart, marks_of, ticks, words_of
from relations.validators.browsing.site import Site
from relations.validators.browsing.spoken_dates import spoken, spoken_range
from relations.validators.browsing.timeline import Event, Span
from support.exporting import with_cells
from support.site import AS_OF, gathered

DAY = dt.date


@functools.cache
def example() -> Site:
    return gathered()


def events(root: Path | None = None) -> dict[str, Event]:
    site = gathered(root) if root else example()
    return {event.ref.key: event for event in site.timeline.events}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2024", "2024"),
        ("2024-06", "June 2024"),
        ("2024-06-01", "1 June 2024"),
        ("2024-06~", "about June 2024"),
        ("2024-06-11?", "perhaps 11 June 2024"),
        ("2024%", "perhaps about 2024"),
        ("..", "still open"),
        ("last summer", "last summer"),
        ("2024-02-30", "2024-02-30"),
    ],
)
def test_a_date_in_words(written: str, said: str) -> None:
    assert spoken(written) == said


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2022-05-10", "2022-05-12", "10–12 May 2022"),
        ("2022-05-30", "2022-06-02", "30 May – 2 June 2022"),
        ("2022-12-30", "2023-01-02", "30 December 2022 – 2 January 2023"),
        ("2022-05", "2022-05", "May 2022"),
        ("2022-05", "2022-06-02", "May 2022 – 2 June 2022"),
        ("2022-05-10?", "2022-05-12", "perhaps 10 May 2022 – 12 May 2022"),
        ("2022-05-10", "..", "since 10 May 2022"),
        ("2022-05-10", "", "10 May 2022"),
        ("", "2022-05-12", "until 12 May 2022"),
        ("", "", ""),
    ],
)
def test_a_stretch_in_words(start: str, end: str, said: str) -> None:
    assert spoken_range(start, end) == said


def test_days_that_are_known_are_certain() -> None:
    days = (DAY(2022, 5, 10), DAY(2022, 5, 12))
    assert events()["V0001"].spans == (Span("visit", *days, sure=days),)


def test_a_month_is_a_span_of_the_month_and_an_unknown_end_is_open() -> None:
    assert events()["V0003"].spans == (
        Span("visit", DAY(2024, 6, 1), DAY(2024, 6, 30), sure=None, doubt="~", end="unknown"),
    )
    assert events()["S0002"].spans == (
        Span("session", DAY(2023, 10, 1), DAY(2023, 10, 31), sure=None, end="unknown"),
    )
    assert events()["M0001"].spans == (Span("", DAY(2022, 11, 1), DAY(2022, 11, 30), sure=None),)


def test_an_agreement_is_drawn_where_it_was_signed_and_where_it_took_force() -> None:
    assert events()["A0003"].spans == (
        Span("signed", DAY(2023, 3, 1), DAY(2023, 3, 31), sure=None),
        Span(
            "in force",
            DAY(2023, 7, 1),
            DAY(2023, 7, 1),
            sure=(DAY(2023, 7, 1), DAY(2023, 7, 1)),
            end="unknown",
        ),
    )
    assert events()["A0003"].when == "signed March 2023, in force 1 July 2023"


def test_between_a_month_and_a_day_only_the_middle_is_certain(tmp_path: Path) -> None:
    root = with_cells(
        tmp_path,
        ("visits", "V0003", "start_date", "2024-04"),
        ("visits", "V0003", "end_date", "2024-06-02"),
    )
    assert events(root)["V0003"].spans == (
        Span(
            "visit",
            DAY(2024, 4, 1),
            DAY(2024, 6, 2),
            sure=(DAY(2024, 4, 30), DAY(2024, 6, 2)),
        ),
    )


def test_an_end_alone_has_no_start_and_an_open_end_lasts_to_the_day_of_the_check(
    tmp_path: Path,
) -> None:
    root = with_cells(
        tmp_path,
        ("visits", "V0003", "start_date", ""),
        ("visits", "V0003", "end_date", "2024-06-02"),
        ("visits", "V0002", "end_date", ".."),
    )
    drawn = events(root)
    assert drawn["V0003"].spans == (
        Span(
            "visit",
            DAY(2024, 6, 2),
            DAY(2024, 6, 2),
            sure=(DAY(2024, 6, 2), DAY(2024, 6, 2)),
            begins=False,
        ),
    )
    (span,) = drawn["V0002"].spans
    assert (span.sure, span.last, span.end) == ((DAY(2023, 10, 3), AS_OF), AS_OF, "open")


@pytest.mark.parametrize("end", ["2024-06", "2024-06~"])
def test_a_month_in_which_something_ended_has_no_certain_day(tmp_path: Path, end: str) -> None:
    root = with_cells(
        tmp_path,
        ("visits", "V0003", "start_date", ""),
        ("visits", "V0003", "end_date", end),
    )
    (span,) = events(root)["V0003"].spans
    assert (span.first, span.last, span.sure) == (DAY(2024, 6, 1), DAY(2024, 6, 30), None)


def test_an_end_before_its_start_draws_nothing_backwards(tmp_path: Path) -> None:
    root = with_cells(tmp_path, ("visits", "V0003", "end_date", "2023-01-05"))
    (span,) = events(root)["V0003"].spans
    assert span.first <= span.last
    assert span.sure is None
    chart(gathered(root).timeline.overview)  # type: ignore[arg-type]


def test_what_has_no_date_is_listed_with_the_event_that_bounds_it(tmp_path: Path) -> None:
    root = with_cells(
        tmp_path,
        ("agreements", "A0001", "signed_date", ""),
        ("engagements", "E0003", "date", ""),
        ("memberships", "M0001", "date", "some day"),
    )
    undated = {each.ref.key: each for each in gathered(root).timeline.undated}
    assert set(undated) == {"A0001", "E0003", "M0001"}
    bounds = {key: (each.during.key if each.during else None) for key, each in undated.items()}
    assert bounds == {"A0001": "V0001", "E0003": "S0001", "M0001": None}
    assert undated["A0001"].when == "10–12 May 2022"


def test_an_inferred_date_is_marked(tmp_path: Path) -> None:
    root = with_cells(
        tmp_path,
        ("evidence", "C0033", "basis", "inferred"),
        ("evidence", "C0033", "note", "The year is that of the publication."),
    )
    drawn = events(root)
    assert [key for key, event in drawn.items() if event.inferred] == ["V0003"]
    assert drawn["V0003"].spans[0].inferred


def test_days_close_together_get_a_picture_of_their_own() -> None:
    first, second = example().timeline.close_ups
    assert (first.title, second.title) == ("10–12 May 2022", "3–7 October 2023")
    assert [event.ref.key for event in first.events] == ["V0001", "V0004", "A0001", "E0001"]
    assert [event.ref.key for event in second.events] == [
        "V0002",
        "S0001",
        "A0002",
        "M0002",
        "E0003",
        "E0002",
    ]


# A hundred days, so that a day is a percent.
HUNDRED = Scale(DAY(2024, 1, 1).toordinal(), DAY(2024, 4, 10).toordinal())


def span(first: dt.date, last: dt.date, *, sure: bool = True, **more: object) -> Span:
    return Span("visit", first, last, (first, last) if sure else None, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("drawn", "marks"),
    [
        (span(DAY(2024, 1, 11), DAY(2024, 1, 20)), [Mark("sure", 10, 10)]),
        (span(DAY(2024, 1, 11), DAY(2024, 1, 11)), [Mark("sure", 10, 1), Mark("dot", 10.5)]),
        (span(DAY(2024, 1, 1), DAY(2024, 1, 31), sure=False), [Mark("maybe", 0, 31)]),
        (
            span(DAY(2024, 1, 1), DAY(2024, 1, 31), sure=False, doubt="~", end="unknown"),
            [Mark("unknown", 31), Mark("maybe", 0, 31, "~")],
        ),
        (
            Span(
                "visit",
                DAY(2024, 1, 1),
                DAY(2024, 1, 31),
                (DAY(2024, 1, 11), DAY(2024, 1, 20)),
                inferred=True,
            ),
            [Mark("maybe", 0, 31, inferred=True), Mark("sure", 10, 10, inferred=True)],
        ),
        (
            span(DAY(2024, 1, 11), DAY(2024, 1, 11), doubt="?"),
            [Mark("maybe", 10, 1, "?"), Mark("dot", 10.5, 0, "?")],
        ),
        (
            span(DAY(2024, 3, 31), DAY(2024, 12, 31), end="open"),
            [Mark("onward", 100), Mark("sure", 90, 10)],
        ),
        (
            span(DAY(2024, 1, 11), DAY(2024, 1, 20), begins=False),
            [Mark("before", 10), Mark("sure", 10, 10)],
        ),
        (span(DAY(2025, 1, 11), DAY(2025, 1, 20)), []),
        (span(DAY(2020, 1, 11), DAY(2020, 1, 20)), []),
    ],
)
def test_marks(drawn: Span, marks: list[Mark]) -> None:
    assert list(marks_of(drawn, HUNDRED)) == marks


def test_a_picture_in_words() -> None:
    assert words_of(span(DAY(2024, 1, 1), DAY(2024, 1, 31), sure=False, doubt="?")) == (
        "somewhere within 31 days, uncertain"
    )
    assert words_of(span(DAY(2024, 1, 1), DAY(2024, 1, 1), end="unknown", inferred=True)) == (
        "on one day, end not known, date inferred"
    )


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        (DAY(2025, 2, 18), DAY(2025, 2, 21), ["18", "19", "20"]),
        (DAY(2024, 5, 1), DAY(2025, 3, 1), ["May", "Jul", "Sep", "Nov", "Jan"]),
        (DAY(2024, 1, 1), DAY(2024, 7, 1), ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]),
        (DAY(1991, 6, 1), DAY(2025, 1, 1), ["1995", "2000", "2005", "2010", "2015", "2020"]),
        (DAY(1000, 1, 1), DAY(9999, 12, 31), [str(year) for year in range(1000, 10_000, 1000)]),
    ],
)
def test_ticks(first: dt.date, last: dt.date, labels: list[str]) -> None:
    scale = Scale(first.toordinal(), last.toordinal())
    assert [tick.label for tick in ticks(scale)] == labels


def test_a_visit_without_a_date_is_drawn_on_the_days_of_what_happened_during_it(
    tmp_path: Path,
) -> None:
    root = with_cells(
        tmp_path,
        ("visits", "V0002", "start_date", ""),
        ("visits", "V0002", "end_date", ""),
        ("engagements", "E0001", "visit_id", "V0002"),
        ("engagements", "E0001", "date", "2023-10"),
    )
    event = events(root)["V0002"]
    day = DAY(2023, 10, 5)
    assert event.spans == (Span("visit", day, day, (day, day), end="unknown", begins=False),)
    assert event.when == "at least 5 October 2023"
    (span,) = event.spans
    assert [mark.kind for mark in marks_of(span, HUNDRED)] == []
    around = Scale(DAY(2023, 10, 1).toordinal(), DAY(2023, 10, 11).toordinal())
    assert list(marks_of(span, around)) == [
        Mark("before", 40),
        Mark("unknown", 50),
        Mark("sure", 40, 10),
    ]
