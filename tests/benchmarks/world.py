"""An invented world of visits of any size: each row follows from its number and the seed.

Nothing in it happened, and nothing in it is wrong: every visit has its lead, who held office on
the day and began no other visit on it; no two visits of one pair of countries overlap; legs lie
within the visits they belong to; delegations come while the assembly sits.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import random
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import polars as pl

import invented
from relations.schemas.country_codes import by_alpha3
from relations.schemas.table import columns
from relations.schemas.tables import TABLES
from relations.validators.curating.new_row import country_row
from relations.validators.searching.coverage import HELD

Row = dict[str, str | None]

FIRST_DAY = dt.date(1960, 1, 1)
DAYS = 64 * 1461 // 4
GENERATIONS = 4
IN_OFFICE = DAYS // GENERATIONS
ASSEMBLIES = 12
PUBLISHED = "2024-07-01"
SOURCE = "R0001"
ENDED = "SUN"
"""A state that has ended, for the faults that name it too late."""

OFFICES = (
    ("head_of_state", "President"),
    ("head_of_government", "Prime Minister"),
    ("speaker", "Speaker"),
    ("minister", "Minister of Foreign Affairs"),
)
SPEAKER = 2

# What the last two digits of a visit's number make of it.
PARENT, LEG, TO_SESSION, CANCELLED = 98, 99, 49, 63
WITH_AGREEMENT, WITH_ENGAGEMENT, WITH_HEAD = 7, 8, 9
BY_MONTH, DOUBTFUL = (71, 72), 73
LINES_EVERY, LINES_AT = 1000, 500
"""With ``multiline``, one note in so many has two lines."""


def mixed(number: pl.Expr, salt: int) -> pl.Expr:
    """A number that looks like chance and is the same everywhere (64 bits, as splitmix does)."""
    at = number.cast(pl.UInt64) + pl.lit(salt * 0x9E3779B97F4A7C15 % 2**64, dtype=pl.UInt64)
    at = (at ^ at // 2**30) * pl.lit(0xBF58476D1CE4E5B9, dtype=pl.UInt64)
    at = (at ^ at // 2**27) * pl.lit(0x94D049BB133111EB, dtype=pl.UInt64)
    return at ^ at // 2**31


def below(limit: pl.Expr | int, number: pl.Expr, salt: int) -> pl.Expr:
    """A number from 0 that is below ``limit`` and looks like chance."""
    return (mixed(number, salt) % limit).cast(pl.Int64)


def ident(letter: str, number: pl.Expr) -> pl.Expr:
    """Ids of numbers that count from 1."""
    return pl.format(letter + "{}", number.cast(pl.String).str.zfill(4))


def day(number: pl.Expr) -> pl.Expr:
    """Days counted from the first as dates in text."""
    since = (FIRST_DAY - dt.date(1970, 1, 1)).days
    return (number + since).cast(pl.Int32).cast(pl.Date).dt.to_string("iso")


def date(number: int) -> str:
    return (FIRST_DAY + dt.timedelta(days=number)).isoformat()


class World:
    """The rows of all tables. ``cited``: few optional facts, and evidence of each row and fact.

    ``visits`` and ``evidence`` are numbers of rows; ``evidence`` does not count where ``cited``.
    """

    def __init__(
        self, visits: int, evidence: int, *, seed: int, cited: bool, multiline: bool
    ) -> None:
        if visits < 200 or not (cited or 0 < evidence <= visits):
            raise ValueError("200 visits or more, and at most one evidence row for each")
        self.size, self.evidence_size = visits, evidence
        self.seed, self.cited, self.multiline = seed, cited, multiline
        chance = random.Random(seed)
        in_use = sorted(code for code, state in by_alpha3().items() if not state.withdrawn)
        count = min(len(in_use), max(12, math.isqrt(visits // 16) + 2))
        self.states = sorted(chance.sample(in_use, count))
        self.pairs = count * (count - 1)
        self.rounds = -(-visits // self.pairs)
        self.apart = DAYS // self.rounds
        """Days from one visit of a pair of countries to the next."""
        self.leads = 4
        while self.lane < 4:
            self.leads *= 2
        self.spread = next(
            n for n in range(self.pairs * 5 // 8, self.pairs) if math.gcd(n, self.pairs) == 1
        )
        to_sessions = (visits + 99 - TO_SESSION) // 100
        self.sessions = max(ASSEMBLIES, -(-to_sessions // (count - 1)))
        self.session_rounds = -(-self.sessions // ASSEMBLIES)
        self.sessions_apart = min(365, (DAYS - 100) // self.session_rounds)
        self.few = min(2000, visits // 100)
        """How many agreements, engagements, statements and heads of delegation there are."""
        self.cities = [invented.word(chance, 3).capitalize() for _ in range(4 * count)]
        self.names = invented.names(chance, 60 + ASSEMBLIES)
        wanted = visits * 3 if cited else evidence
        many = min(invented.MANY_PASSAGES, max(50, wanted // 4))
        self.source = invented.text(chance, min(200_000, max(2000, many // 6)))
        self.passages = invented.passages(chance, self.source, many)

    @property
    def lane(self) -> int:
        """Days that each visit of a lead has to itself."""
        return self.apart // -(-(len(self.states) - 1) // self.leads)

    # The two long tables, piece by piece.

    def visits(self, first: int, end: int) -> pl.DataFrame:
        """The visits numbered from ``first``, counted from 0, to before ``end``."""
        return self.visits_of(pl.int_range(first, end, eager=True))

    def visits_of(self, numbers: pl.Series) -> pl.DataFrame:
        """The visits with these numbers, which are in the column ``_i``."""
        count = len(self.states)
        states = pl.Series(self.states)
        named = pl.Series([by_alpha3()[code].name for code in self.states])
        cities = pl.Series(self.cities)
        frame = pl.DataFrame({"_i": numbers})
        kind = pl.col("_i") % 100
        frame = frame.with_columns(_kind=kind, _leg=kind == LEG, _sits=kind == TO_SESSION)
        # A leg is made of the visit before it.
        frame = frame.with_columns(_n=pl.col("_i") - pl.col("_leg").cast(pl.Int64))
        pair = (pl.col("_n") % self.pairs * self.spread + self.seed) % self.pairs
        frame = frame.with_columns(_pair=pair, _round=pl.col("_n") // self.pairs)
        frame = frame.with_columns(_a=pair // (count - 1), _j=pair % (count - 1))
        slack = self.lane - 3
        start = (
            pl.col("_round") * self.apart
            + pl.col("_j") // self.leads * self.lane
            + below(slack, pl.col("_n"), self.seed + 1)
        )
        frame = frame.with_columns(
            _b=(pl.col("_a") + 1 + pl.col("_j")) % count,
            _from=start,
            _lasts=below(3, pl.col("_n"), self.seed + 2),
            _slot=pl.col("_j") % self.leads,
            _any=below(1_000_000, pl.col("_i"), self.seed + 3),
        )
        frame = self._for_sessions(frame)
        level = pl.Series([office for office, _ in OFFICES])
        places = [frame["_b"] * 4 + (frame["_any"] + more) % 4 for more in (0, 1)]
        frame = frame.with_columns(
            _a_code=states.gather(frame["_a"]),
            _b_code=states.gather(frame["_b"]),
            _b_name=named.gather(frame["_b"]),
            _level=level.gather(frame["_slot"] % 4),
            _city=cities.gather(places[0]),
            _city2=cities.gather(places[1]),
        )
        return frame.select("_i", *self._visit_cells())

    def _for_sessions(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Delegations to sittings: each to one sitting, of a country of its own."""
        count, sits = len(self.states), pl.col("_sits")
        at = pl.col("_i") // 100
        session = at % self.sessions
        host = (session * 31 + 7) % count
        start = session // ASSEMBLIES * self.sessions_apart + session % ASSEMBLIES * 7
        return frame.with_columns(
            _session=pl.when(sits).then(session),
            _a=pl.when(sits).then((host + 1 + at // self.sessions) % count).otherwise("_a"),
            _b=pl.when(sits).then(host).otherwise("_b"),
            _from=pl.when(sits).then(start).otherwise("_from"),
            _lasts=pl.when(sits).then(pl.lit(2)).otherwise("_lasts"),
            _slot=pl.when(sits).then(pl.lit(SPEAKER)).otherwise("_slot"),
        )

    def _visit_cells(self) -> list[pl.Expr]:
        kind, leg, sits, some = (pl.col(each) for each in ("_kind", "_leg", "_sits", "_any"))
        known = ~(sits | (kind % 10 == 3))
        vague = kind.is_in([*BY_MONTH, DOUBTFUL])
        ends = pl.col("_from") + pl.col("_lasts")
        person = (pl.col("_a") * self.leads + pl.col("_slot")) * GENERATIONS
        person = person + pl.col("_from") // IN_OFFICE + 1
        # Of a well-cited package much evidence is of dates; the rest of the facts are then few.
        typed = some % 10 == 0 if self.cited else some % 2 == 0
        ended = (some // 10 % 10 < 4) | (kind == PARENT) if self.cited else pl.lit(True)
        levelled = typed | (some // 100 % 5 == 0) if self.cited else pl.lit(True)
        high = pl.col("_level").is_in(["head_of_state", "head_of_government"])
        types = (
            pl.when(sits)
            .then(pl.lit("parliamentary"))
            .when((pl.col("_level") == "head_of_state") & (some % 4 == 0))
            .then(pl.lit("state"))
            .when(high)
            .then(pl.lit("official"))
            .otherwise(pl.lit("working"))
        )
        occasion = (
            pl.when(sits)
            .then(pl.lit("multilateral_meeting"))
            .when(some // 1000 % 20 == 0)
            .then(pl.lit("ceremony"))
            .otherwise(pl.lit("bilateral"))
        )
        start = (
            pl.when(leg)
            .then(day(ends))
            .when(kind.is_in(BY_MONTH))
            .then(day(pl.col("_from")).str.head(7))
            .when(kind == DOUBTFUL)
            .then(day(pl.col("_from")).str.head(7) + "~")
            .otherwise(day(pl.col("_from")))
        )
        title = (
            pl.when(leg)
            .then(pl.format("Last day, in {}", "_city2"))
            .when(sits)
            .then(pl.format("Delegation to sitting {}", pl.col("_session") // ASSEMBLIES + 1))
            .otherwise(
                pl.format(
                    "{} to {}",
                    pl.when(some % 3 == 0).then(pl.lit("Visit")).otherwise(pl.lit("Journey")),
                    "_b_name",
                )
            )
        )
        lines = (pl.col("_i") % LINES_EVERY == LINES_AT) & self.multiline
        note = (
            pl.when(lines)
            .then(pl.format("Known from the host's calendar,\nentry {}", "_i"))
            .when(some // 20_000 % 20 == 0)
            .then(pl.format("Known from the host's calendar, entry {}", "_i"))
        )
        cells = {
            "visit_id": ident("V", pl.col("_i") + 1),
            "title": title,
            "visiting_country": pl.col("_a_code"),
            "host_country": pl.col("_b_code"),
            "visit_type": pl.when(typed & ~leg).then(types),
            "occasion": pl.lit(None, dtype=pl.String) if self.cited else occasion,
            "level": pl.when(levelled).then("_level"),
            "lead_official_id": pl.when(known).then(ident("P", person)),
            "start_date": start,
            "end_date": pl.when((ended | leg) & ~vague).then(day(ends)),
            "locations": pl.when(leg)
            .then("_city2")
            .when(some % 5 == 0)
            .then(pl.format("{};{}", "_city", "_city2"))
            .when(some % 5 < 4)
            .then("_city"),
            "status": pl.when(kind == CANCELLED)
            .then(pl.lit("cancelled"))
            .otherwise(pl.lit("held")),
            "parent_id": pl.when(leg).then(ident("V", pl.col("_i"))),
            "session_id": ident("S", pl.col("_session") + 1),
            "note": note,
        }
        return [cell.alias(name) for name, cell in cells.items()]

    def line_of_visit(self, number: int) -> int:
        """The physical line on which a visit begins, the header being line 1."""
        more = (number + LINES_EVERY - 1 - LINES_AT) // LINES_EVERY if self.multiline else 0
        return number + 2 + more

    def evidence(self, visits: pl.DataFrame, before: int) -> pl.DataFrame:
        """The evidence of these visits; ``before`` rows of it stand above. ``_i`` is the visit."""
        if self.cited:
            return self.cite("visits", visits, before)
        size, of = self.evidence_size, self.size
        has = (pl.col("_i") + 1) * size // of > pl.col("_i") * size // of
        facts = ("start_date", "end_date", "level", "occasion", "visit_type")
        turn = below(6, pl.col("_i"), self.seed + 4)
        column = pl.coalesce(
            pl.when((turn == at) & pl.col(name).is_not_null()).then(pl.lit(name))
            for at, name in enumerate(facts)
        )
        cited = visits.filter(has).select("_i", row_id="visit_id", column=column)
        return self._evidence("visits", cited, before)

    def cite(self, table: str, rows: pl.DataFrame, before: int) -> pl.DataFrame:
        """Evidence of each row as a whole and of each fact of it."""
        declared = columns(TABLES[table])
        facts = [
            pl.when(
                pl.col(name).is_not_null()
                & ((pl.col(name) != HELD[2]) if (table, name) == HELD[:2] else pl.lit(True))
            ).then(pl.lit(name))
            for name, column in declared.items()
            if column.fact
        ]
        lists = pl.concat_list(pl.lit("-"), *facts).list.drop_nulls()
        cited = rows.select("_i", row_id=pl.col(next(iter(declared))), column=lists)
        cited = cited.explode("column", empty_as_null=True, keep_nulls=True)
        return self._evidence(
            table, cited.with_columns(column=pl.col("column").replace("-", None)), before
        )

    def _evidence(self, table: str, cited: pl.DataFrame, before: int) -> pl.DataFrame:
        number = pl.int_range(before + 1, before + len(cited) + 1, eager=True)
        cited = cited.with_columns(_number=number)
        taken = cited.select(below(len(self.passages), pl.col("_number"), self.seed + 5))
        passage = taken.to_series()
        some = below(1000, pl.col("_number"), self.seed + 6)
        inferred = some < 30
        return cited.with_columns(
            char_start=self.passages.start.gather(passage),
            char_end=self.passages.end.gather(passage),
            span_sha256=self.passages.digest.gather(passage),
        ).select(
            "_i",
            evidence_id=ident("C", pl.col("_number")),
            table=pl.lit(table),
            row_id="row_id",
            column="column",
            source_id=pl.lit(SOURCE),
            char_start="char_start",
            char_end="char_end",
            span_sha256="span_sha256",
            basis=pl.when(inferred).then(pl.lit("inferred")).otherwise(pl.lit("stated")),
            stance=pl.lit("supports"),
            voice=pl.when(some < 900).then(pl.lit("author")).otherwise(pl.lit("quoted")),
            note=pl.when(inferred).then(pl.lit("Concluded from the day before, and the place.")),
        )

    # The short tables, whole.

    def short(self) -> Iterator[tuple[str, list[Row]]]:
        """Every table but visits and evidence, in the order of the descriptor."""
        made = {
            "countries": self._countries,
            "organizations": self._organizations,
            "officials": self._officials,
            "terms": self._terms,
            "assembly_sessions": self._sessions,
            "engagements": self._engagements,
            "agreements": self._agreements,
            "memberships": self._memberships,
            "participants": self._participants,
            "statements": self._statements,
            "sources": self._sources,
        }
        for table, rows in made.items():
            letter = columns(TABLES[table])
            key = next(iter(letter))
            blank: Row = dict.fromkeys(letter)
            numbered = []
            for number, row in enumerate(rows()):
                own = letter[key].letter
                identified = {key: f"{own}{number + 1:04}"} if own else {}
                numbered.append(blank | identified | row)
            yield table, numbered

    def _countries(self) -> Iterator[Row]:
        for code in sorted({*self.states, ENDED}):
            row: Row = {name: cell or None for name, cell in country_row(code).items()}
            yield row | {"valid_to": "1991-12-26" if code == ENDED else None}

    def _organizations(self) -> Iterator[Row]:
        for code in self.states:
            name = by_alpha3()[code].name
            yield {"name": f"Government of {name}", "classification": "executive", "country": code}
            yield {"name": f"Parliament of {name}", "classification": "parliament", "country": code}
        for name in self.names[60:]:
            kind = "interparliamentary_assembly"
            yield {"name": f"{name} Assembly of Parliaments", "classification": kind}

    def _persons(self) -> Iterator[tuple[int, int, int]]:
        """Country, office and generation of each official, in order."""
        for country in range(len(self.states)):
            for slot in range(self.leads):
                for generation in range(GENERATIONS):
                    yield country, slot, generation

    def _officials(self) -> Iterator[Row]:
        given, family = self.names[:24], self.names[24:60]
        for at, (country, slot, generation) in enumerate(self._persons()):
            n = slot * GENERATIONS + generation
            first = given[(n // len(family) + n + country) % len(given)]
            last = family[(n + 5 * country) % len(family)]
            yield {
                "name": f"{first} {last}",
                "family_name": last,
                "given_name": first,
                "country": self.states[country],
                "wikidata_id": f"Q{at + 1_000_000}" if at % 3 == 0 else None,
            }

    def _terms(self) -> Iterator[Row]:
        for at, (country, slot, generation) in enumerate(self._persons()):
            role, post = OFFICES[slot % 4]
            body = 2 * country + (2 if slot % 4 == SPEAKER else 1)
            yield {
                "official_id": f"P{at + 1:04}",
                "organization_id": f"G{body:04}",
                "post": post,
                "role": role,
                "capacity": "incumbent",
                "start_date": date(generation * IN_OFFICE),
                "end_date": date((generation + 1) * IN_OFFICE - 1),
            }

    def _assembly(self, number: int) -> str:
        return f"G{2 * len(self.states) + number % ASSEMBLIES + 1:04}"

    def _sessions(self) -> Iterator[Row]:
        for number in range(self.sessions):
            start = number // ASSEMBLIES * self.sessions_apart + number % ASSEMBLIES * 7
            host = (number * 31 + 7) % len(self.states)
            yield {
                "organization_id": self._assembly(number),
                "ordinal": str(number // ASSEMBLIES + 1),
                "classification": "plenary",
                "start_date": date(start),
                "end_date": date(start + 2),
                "location": self.cities[4 * host],
                "host_country": self.states[host],
                "presiding_country": self.states[host],
            }

    @cached_property
    def _some_visits(self) -> dict[int, dict[str, Any]]:
        """The visits to which rows of the short tables belong, by number."""
        kinds = (WITH_AGREEMENT, WITH_ENGAGEMENT, WITH_HEAD)
        numbers = [100 * hundred + kind for hundred in range(self.few) for kind in kinds]
        return {row["_i"]: row for row in self.visits_of(pl.Series(numbers)).to_dicts()}

    def _with(self, kind: int) -> Iterator[dict[str, Any]]:
        for hundred in range(self.few):
            yield self._some_visits[hundred * 100 + kind]

    def _engagements(self) -> Iterator[Row]:
        for visit in self._with(WITH_ENGAGEMENT):
            yield {
                "title": "Talks of the delegations",
                "classification": "talks",
                "date": visit["start_date"],
                "visit_id": visit["visit_id"],
            }

    def _agreements(self) -> Iterator[Row]:
        for number, visit in enumerate(self._with(WITH_AGREEMENT)):
            yield {
                "title": f"Memorandum on trade, number {number + 1}",
                "instrument": "memorandum",
                "scope": "bilateral",
                "number_of_instruments": "1",
                "subjects": "trade;customs" if number % 2 else "trade",
                "signed_date": visit["start_date"],
                "status": "signed",
                "visit_id": visit["visit_id"],
            }

    def _memberships(self) -> Iterator[Row]:
        yield {"organization_id": self._assembly(0), "country": ENDED, "step": "admission",
               "kind": "full", "date": "1970-03"}  # fmt: skip
        for number in range(ASSEMBLIES):
            for country in self.states[:10]:
                yield {
                    "organization_id": self._assembly(number),
                    "country": country,
                    "step": "admission",
                    "kind": "full",
                    "date": date(number * 100),
                }

    def _participants(self) -> Iterator[Row]:
        for number, visit in enumerate(self._with(WITH_AGREEMENT)):
            for country in ("visiting_country", "host_country"):
                yield {
                    "agreement_id": f"A{number + 1:04}",
                    "country": visit[country],
                    "role": "party",
                }
        for visit in self._with(WITH_HEAD):
            yield {
                "visit_id": visit["visit_id"],
                "official_id": visit["lead_official_id"],
                "role": "head_of_delegation",
            }

    def _statements(self) -> Iterator[Row]:
        for number, visit in enumerate(self._with(WITH_ENGAGEMENT)):
            yield {
                "official_id": visit["lead_official_id"],
                "engagement_id": f"E{number + 1:04}",
                "date": visit["start_date"],
                "topic": "economic_cooperation",
                "subjects": "trade",
                "summary": f"Trade was to grow, for the {number + 1} time.",
            }

    def _sources(self) -> Iterator[Row]:
        data = self.source.encode("utf-8")
        yield {
            "title": "Invented chronicle",
            "publisher": "Example Press",
            "url": "https://example.org/chronicle",
            "published": PUBLISHED,
            "language": "en",
            "type": "other",
            "retrieved": "2024-08-01",
            "file": f"{SOURCE}.txt",
            "sha256": hashlib.sha256(data).hexdigest(),
            "char_length": str(len(self.source)),
            "note": "Written for measuring.",
        }
