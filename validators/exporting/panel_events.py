"""What a panel counts: visits, agreements and sittings, each with its dyads and its days.

One row per event and directed dyad (``visiting_country``, ``host_country``). Agreements and
sittings have no direction and stand once for each ordered pair of their countries.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from relations.schemas.vocabularies import LEVEL, VISIT_TYPE
from relations.validators.exporting.contents import Contents, first_day, last_day
from relations.validators.searching.agreement_parties import ROLES

VISITING, HOST = "visiting_country", "host_country"
DYAD = (VISITING, HOST)
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Measure:
    """One column of counts, and what it counts."""

    name: str
    description: str


def _visit_measures() -> Iterator[Measure]:
    yield Measure("visits", "Visits that took place, of the visiting country to the host.")
    for vocabulary, what in ((VISIT_TYPE, "type"), (LEVEL, "level")):
        for term, meaning in vocabulary.terms.items():
            yield Measure(f"visits_{what}_{term}", f"Of these, those of {what} {term}: {meaning}")
        yield Measure(f"visits_{what}_{UNKNOWN}", f"Of these, those whose {what} is not known.")
    yield Measure(
        "visits_not_held",
        "Visits announced, postponed, cancelled, or not known to have taken place; not in "
        "`visits`.",
    )


MEASURES: tuple[Measure, ...] = (
    *_visit_measures(),
    Measure("agreements", "Rows of agreements to which both countries are parties."),
    Measure("agreements_bilateral", "Of these, the bilateral ones."),
    Measure("agreements_multilateral", "Of these, the multilateral ones."),
    Measure("instruments", "Instruments that these rows stand for; 1 where the number is empty."),
    Measure("sessions", "Sittings of an assembly in which both countries took part."),
)


def events(contents: Contents) -> pl.DataFrame:
    """Every event with its dyads.

    ``kind``, ``id``, ``title``, the dyad (null where an agreement or sitting has fewer than two
    known countries), ``date`` (as written), ``earliest`` and ``latest`` (the days that it may
    mean), one column for each measure, ``in_month`` and ``in_year`` (whether all those days
    lie in one, without doubt), and ``problem`` (why it lies in none; null where it does).
    """
    found = pl.concat(
        [_visits(contents), _agreements(contents), _sessions(contents)], how="diagonal"
    )
    first, last = pl.col("earliest"), pl.col("latest")
    problem = (
        pl.when(pl.col(VISITING).is_null())
        .then(pl.lit("fewer than two countries are known"))
        .when(first.is_null() | last.is_null())
        .then(pl.lit("no date"))
        .when(pl.col("doubtful"))
        .then(pl.lit("the date is in doubt"))
        .when(first.dt.year() != last.dt.year())
        .then(pl.lit("its days lie in more than one year"))
    )
    one_month = first.dt.month_start() == last.dt.month_start()
    in_year = problem.is_null()
    return found.select(
        "kind", "id", "title", *DYAD, "date", "earliest", "latest",
        *(pl.col(each.name).cast(pl.Int64).fill_null(0) for each in MEASURES),
        problem.alias("problem"),
        in_year.alias("in_year"),
        (in_year & one_month).fill_null(False).alias("in_month"),
    )  # fmt: skip


def _is_in_doubt(*columns: str) -> pl.Expr:
    marked = (pl.col(name).str.contains("[?~%]$") for name in columns)
    return pl.any_horizontal(marked).fill_null(False)


def _visits(contents: Contents) -> pl.DataFrame:
    visits = contents.frames["visits"]
    whole = visits.select(
        pl.col("visit_id").alias("parent_id"),
        *(pl.col(side).alias(f"whole_{side}") for side in DYAD),
    )
    # A leg between the same two countries is part of a visit that is counted already.
    is_leg = pl.all_horizontal(pl.col(side) == pl.col(f"whole_{side}") for side in DYAD)
    is_held = (pl.col("status") == "held").fill_null(False)
    return (
        visits.join(whole.unique("parent_id"), on="parent_id", how="left")
        .filter(~is_leg.fill_null(False), *(pl.col(side).is_not_null() for side in DYAD))
        .select(
            pl.lit("visit").alias("kind"),
            pl.col("visit_id").alias("id"),
            "title",
            *DYAD,
            pl.col("start_date").alias("date"),
            first_day(pl.col("start_date")).alias("earliest"),
            last_day(pl.col("start_date")).alias("latest"),
            _is_in_doubt("start_date").alias("doubtful"),
            is_held.alias("visits"),
            *_by_term("visit_type", "type", tuple(VISIT_TYPE), is_held),
            *_by_term("level", "level", tuple(LEVEL), is_held),
            (~is_held).alias("visits_not_held"),
        )
    )


def _by_term(column: str, what: str, terms: tuple[str, ...], is_held: pl.Expr) -> Iterator[pl.Expr]:
    for term in terms:
        is_it = (pl.col(column) == term).fill_null(False)
        yield (is_held & is_it).alias(f"visits_{what}_{term}")
    is_known = pl.col(column).is_in(list(terms)).fill_null(False)
    yield (is_held & ~is_known).alias(f"visits_{what}_{UNKNOWN}")


def _agreements(contents: Contents) -> pl.DataFrame:
    signed = contents.frames["agreements"].filter(pl.col("status").ne_missing("announced"))
    for name, table in (("visit", "visits"), ("session", "assembly_sessions")):
        during = contents.frames[table].select(
            pl.col(f"{name}_id"),
            pl.col("start_date").alias(f"{name}_start"),
            pl.col("end_date").alias(f"{name}_end"),
        )
        signed = signed.join(during.unique(f"{name}_id"), on=f"{name}_id", how="left")
    # Signed on a day unknown, during something that begins and ends on known ones.
    bounds = ("visit_start", "visit_end"), ("session_start", "session_end")
    start = pl.coalesce("signed_date", *(_with_other(*pair) for pair in bounds))
    end = pl.coalesce("signed_date", *(_with_other(*reversed(pair)) for pair in bounds))
    number = pl.col("number_of_instruments").cast(pl.Int64, strict=False).fill_null(1)
    found = signed.with_columns(start.alias("from"), end.alias("to")).select(
        pl.lit("agreement").alias("kind"),
        pl.col("agreement_id").alias("id"),
        "title",
        pl.col("signed_date").alias("date"),
        first_day(pl.col("from")).alias("earliest"),
        last_day(pl.col("to")).alias("latest"),
        _is_in_doubt("from", "to").alias("doubtful"),
        pl.lit(1).alias("agreements"),
        (pl.col("scope") == "bilateral").alias("agreements_bilateral"),
        (pl.col("scope") == "multilateral").alias("agreements_multilateral"),
        number.alias("instruments"),
    )
    parties = _taking_part(contents).filter(pl.col("role").is_in(ROLES))
    return _paired(found, parties.select(pl.col("agreement_id").alias("id"), "country"))


def _with_other(column: str, other: str) -> pl.Expr:
    """A bound, where the other one is a known day as well."""
    return pl.when(first_day(pl.col(other)).is_not_null()).then(pl.col(column))


def _sessions(contents: Contents) -> pl.DataFrame:
    sessions = contents.frames["assembly_sessions"]
    bodies = contents.frames["organizations"].select(
        "organization_id", pl.col("name").alias("title")
    )
    found = sessions.join(bodies.unique("organization_id"), on="organization_id", how="left")
    found = found.select(
        pl.lit("session").alias("kind"),
        pl.col("session_id").alias("id"),
        "title",
        pl.col("start_date").alias("date"),
        first_day(pl.col("start_date")).alias("earliest"),
        last_day(pl.col("start_date")).alias("latest"),
        _is_in_doubt("start_date").alias("doubtful"),
        pl.lit(1).alias("sessions"),
    )
    present = _taking_part(contents)
    engagements = contents.frames["engagements"].select(
        "engagement_id", pl.col("session_id").alias("id")
    )
    visits = contents.frames["visits"].filter((pl.col("status") == "held").fill_null(False))
    of_session = pl.col("session_id").alias("id")
    countries = pl.concat(
        [
            present.select(of_session, "country"),
            present.join(engagements, on="engagement_id").select("id", "country"),
            visits.select(of_session, pl.col(VISITING).alias("country")),
            sessions.select(of_session, pl.col("host_country").alias("country")),
            sessions.select(of_session, pl.col("presiding_country").alias("country")),
        ]
    )
    return _paired(found, countries)


def _taking_part(contents: Contents) -> pl.DataFrame:
    """The participants, each with the country named, or else that of its person or body."""
    people = contents.frames["officials"].select(
        "official_id", pl.col("country").alias("of_person")
    )
    bodies = contents.frames["organizations"].select(
        "organization_id", pl.col("country").alias("of_body")
    )
    return (
        contents.frames["participants"]
        .join(people.unique("official_id"), on="official_id", how="left")
        .join(bodies.unique("organization_id"), on="organization_id", how="left")
        .with_columns(pl.coalesce("country", "of_person", "of_body").alias("country"))
    )


def _paired(found: pl.DataFrame, countries: pl.DataFrame) -> pl.DataFrame:
    """Each event once for every ordered pair of its countries; once without where it has none."""
    countries = countries.drop_nulls().unique()
    pairs = (
        countries.rename({"country": VISITING})
        .join(countries.rename({"country": HOST}), on="id")
        .filter(pl.col(VISITING) != pl.col(HOST))
    )
    return found.join(pairs, on="id", how="left")
