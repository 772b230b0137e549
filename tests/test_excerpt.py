"""A line cut to the room around its cell: it fits, the cell is in it, and nothing is invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relations.cli.output.escaping import visible
from relations.cli.output.excerpt import CUT, LEAST_ROOM, columns_of, excerpt

LINE = "V0001,State visit to Estonia,ISL,EST,state,bilateral"


@pytest.mark.parametrize(
    ("column", "end", "room", "parts"),
    [
        (30, 33, 100, ("V0001,State visit to Estonia,", "ISL", ",EST,state,bilateral")),
        (30, 33, 52, ("V0001,State visit to Estonia,", "ISL", ",EST,state,bilateral")),
        (30, 33, 23, ("… Estonia,", "ISL", ",EST,stat…")),
        (1, 6, 20, ("", "V0001", ",State visit t…")),
        (44, 53, 20, ("…EST,state,", "bilateral", "")),
        (7, 29, 12, ("…,", "State vis…", "")),
        (30, 30, 23, ("…o Estonia,", "", "ISL,EST,sta…")),
        (None, None, 20, ("", "", "V0001,State visit t…")),
        (30, None, 100, ("V0001,State visit to Estonia,", "ISL,EST,state,bilateral", "")),
        (900, 910, 100, (LINE, "", "")),
    ],
)
def test_the_line_is_cut_around_the_cell(
    column: int | None, end: int | None, room: int, parts: tuple[str, str, str]
) -> None:
    cut = excerpt(LINE, column, end, room)
    assert (cut.before, cut.cell, cut.after) == parts


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("王毅", 4), ("e\u0301", 1), ("…", 1), ("Ə", 1), ("ｱ", 1)]
)
def test_wide_characters_take_two_columns_and_combining_ones_none(text: str, columns: int) -> None:
    assert columns_of(text) == columns


LINES = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from('abc,,,,"#[##[ \u0301\u0301王毅\x1b\u202e\u200b\u00a0'),
    ),
    max_size=120,
)


@given(LINES, st.integers(1, 130), st.integers(0, 60), st.integers(0, 90))
def test_a_cut_fits_its_room_and_shows_a_stretch_of_the_line(
    line: str, column: int, length: int, room: int
) -> None:
    cut = excerpt(line, column, column + length, room)
    shown = cut.before + cut.cell + cut.after
    assert columns_of(shown) <= max(room, LEAST_ROOM)
    whole = visible(line)
    if not shown.startswith(CUT) and not shown.endswith(CUT):
        assert shown == whole
    # Cut characters apart, each part stands in the line in its place.
    kept = shown.removeprefix(CUT).removesuffix(CUT)
    middle = cut.cell.removesuffix(CUT)
    assert middle in whole
    if not cut.cell.endswith(CUT):
        assert kept in whole


@given(LINES, st.integers(0, 90))
def test_without_a_cell_the_line_is_shown_from_its_start(line: str, room: int) -> None:
    cut = excerpt(line, None, None, room)
    assert (cut.before, cut.cell) == ("", "")
    assert columns_of(cut.after) <= max(room, LEAST_ROOM)
    assert visible(line).startswith(cut.after.removesuffix(CUT))


def test_a_line_of_a_million_characters_is_cut_without_reading_it_all() -> None:
    class Watched(str):
        """A line that says how much of it was asked for."""

        read = 0

        def __getitem__(self, key):  # type: ignore[no-untyped-def]
            part = super().__getitem__(key)
            Watched.read += len(part)
            return part

    cut = excerpt(Watched("x" * 1_000_000), 500_000, 500_010, 80)
    assert columns_of(cut.before + cut.cell + cut.after) == 80
    assert Watched.read < 5_000
