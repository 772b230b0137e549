"""What a long check says of its progress, and where."""

from __future__ import annotations

import io
import re
import sys

import pytest

from relations.cli import progress
from relations.schemas.tables import TABLES
from relations.validators.check import check
from relations.validators.registry import RULES
from support.editing import EXAMPLE_PACKAGE


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_check_says_each_table_and_each_rule_with_rows_rate_and_time_left() -> None:
    said: list[str] = []
    rows = check(EXAMPLE_PACKAGE, progress=said.append).rows
    reading, running = said[: len(TABLES)], said[len(TABLES) :]
    assert reading[0] == "0 rows, reading countries"
    assert reading[-1].endswith(" rows, reading evidence")
    assert [each.rpartition(": ")[2] for each in running] == [rule.code for rule in RULES]
    first, last = running[0], running[-1]
    assert first == f"{rows} rows, rule 1 of {len(RULES)}: {RULES[0].code}"
    pattern = (
        rf"{rows} rows \([\d,]+ a second\), rule {len(RULES)} of {len(RULES)}, about 0 s left: "
    )
    assert re.match(pattern, last)


def test_nothing_is_said_for_a_second_then_one_line_that_is_wiped_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(sys, "stderr", Terminal())
    with progress.Progress(wanted=True) as shown:
        clock[0] += 0.9
        shown.say("reading visits")
        assert sys.stderr.getvalue() == ""
        clock[0] += 0.6
        shown.say("reading evidence")
        # Too soon after the last to be read.
        clock[0] += 0.05
        shown.say("a rule")
        clock[0] += 0.1
        shown.say("another")
        assert sys.stderr.getvalue() == "\r  1.5 s  reading evidence\r  1.6 s  another         "
    assert sys.stderr.getvalue().endswith("\r" + " " * len("  1.6 s  another") + "\r")


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()])
def test_a_file_or_one_who_does_not_want_it_gets_nothing(
    stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(sys, "stderr", stream)
    with progress.Progress(wanted=not stream.isatty()) as shown:
        clock[0] += 5
        shown.say("reading visits")
    assert stream.getvalue() == ""
