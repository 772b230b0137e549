"""Panel: directed dyad-months and dyad-years, to join with the usual data on states.

A folder with ``dyad_month.csv``, ``dyad_year.csv``, ``undated.csv`` and ``codebook.md``, which
states the rules.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from relations.validators.exporting.contents import Contents, first_day, last_day
from relations.validators.exporting.panel_codebook import page
from relations.validators.exporting.panel_events import DYAD, HOST, MEASURES, VISITING, events

COUNTS = [each.name for each in MEASURES]


def write(contents: Contents, target: Path) -> None:
    """Fill the folder ``target``."""
    found = events(contents)
    in_year = found.filter(pl.col("in_year"))
    span = _span(in_year)
    months = _panel(contents, found, found.filter(pl.col("in_month")), span, "1mo")
    years = _panel(contents, found, in_year, span, "1y").drop("month")
    for name, frame in (("dyad_month", months), ("dyad_year", years), ("undated", _undated(found))):
        frame.write_csv(target / f"{name}.csv")
    (target / "codebook.md").write_text(page(contents, span), "utf-8", newline="")


def _span(counted: pl.DataFrame) -> tuple[dt.date, dt.date] | None:
    """The first days of the first and of the last month in which anything is counted."""
    if counted.is_empty():
        return None
    first, last = counted.select(pl.col("earliest").min(), pl.col("latest").max()).row(0)
    return first.replace(day=1), last.replace(day=1)


def _panel(
    contents: Contents,
    found: pl.DataFrame,
    counted: pl.DataFrame,
    span: tuple[dt.date, dt.date] | None,
    every: str,
) -> pl.DataFrame:
    """The counts of each dyad and period, and zeros where nothing is recorded."""
    counts = (
        counted.with_columns(pl.col("earliest").dt.truncate(every).alias("start"))
        .group_by(*DYAD, "start")
        .agg(pl.col(COUNTS).sum())
    )
    made = _grid(contents, found, _starts(span, every), every).join(
        counts, on=[*DYAD, "start"], how="full", coalesce=True
    )
    identity: list[str] = []
    for side, column in (("visiting", VISITING), ("host", HOST)):
        made = made.join(_codes(contents, side, column), on=column, how="left")
        identity += [column, f"{side}_name", f"{side}_cow", f"{side}_gw"]
    return (
        made.with_columns(pl.col(COUNTS).fill_null(0))
        .sort(*DYAD, "start")
        .select(
            *identity,
            pl.col("start").dt.year().alias("year"),
            pl.col("start").dt.month().alias("month"),
            *COUNTS,
        )
    )


def _starts(span: tuple[dt.date, dt.date] | None, every: str) -> pl.DataFrame:
    """The first day of every period."""
    if span is None:
        return pl.DataFrame(schema={"start": pl.Date})
    months = pl.date_range(*span, "1mo", eager=True).alias("start")
    return months.dt.truncate(every).unique().sort().to_frame()


def _grid(
    contents: Contents, found: pl.DataFrame, starts: pl.DataFrame, every: str
) -> pl.DataFrame:
    """Every dyad that appears, in both directions, in each period in which both states were."""
    seen = found.select(DYAD).drop_nulls()
    turned = seen.select(pl.col(HOST).alias(VISITING), pl.col(VISITING).alias(HOST))
    grid = pl.concat([seen, turned]).unique().join(starts, how="cross")
    ends = pl.col("start").dt.offset_by(every).dt.offset_by("-1d")
    for side in DYAD:
        grid = grid.join(_lifetimes(contents, side), on=side, how="left").filter(
            pl.col("since").is_null() | (pl.col("since") <= ends),
            pl.col("until").is_null() | (pl.col("until") >= pl.col("start")),
        )
        grid = grid.drop("since", "until")
    return grid


def _lifetimes(contents: Contents, column: str) -> pl.DataFrame:
    countries = contents.frames["countries"].unique("country")
    return countries.select(
        pl.col("country").alias(column),
        first_day(pl.col("valid_from")).alias("since"),
        last_day(pl.col("valid_to")).alias("until"),
    )


def _codes(contents: Contents, side: str, column: str) -> pl.DataFrame:
    countries = contents.frames["countries"].unique("country")
    return countries.select(
        pl.col("country").alias(column),
        pl.col("name").alias(f"{side}_name"),
        pl.col("cow_code").alias(f"{side}_cow"),
        pl.col("gw_code").alias(f"{side}_gw"),
    )


def _undated(found: pl.DataFrame) -> pl.DataFrame:
    """What no month can count, and why; some of it the year counts."""
    return (
        found.filter(~pl.col("in_month"))
        .select(
            "kind",
            "id",
            "title",
            *DYAD,
            "date",
            pl.col("in_year").cast(pl.Int8).alias("in_dyad_year"),
            pl.col("problem").fill_null("its days lie in more than one month").alias("reason"),
        )
        .sort("kind", "id", *DYAD)
    )
