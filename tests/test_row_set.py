"""Rows noted one by one and by the column, as one set."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from relations.validators.package.row_set import RowSet

ROWS = st.lists(st.integers(0, 30), max_size=8)


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(st.lists(st.tuples(st.booleans(), ROWS), max_size=6))
def test_it_is_the_set_of_what_was_noted(noted: list[tuple[bool, list[int]]]) -> None:
    rows, expected = RowSet(), set[int]()
    for by_column, some in noted:
        if by_column:
            rows.update_column(pl.Series(some, dtype=pl.Int64))
        else:
            rows.update(some)
        expected.update(some)
        # After each step, since what was asked before must not be what is answered now.
        assert {row for row in range(32) if row in rows} == expected
        assert list(rows) == rows.column().to_list() == sorted(expected)
        assert bool(rows) == bool(expected)
