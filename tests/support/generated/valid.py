"""Packages that are right in every respect, made from the models.

Each column is filled as its declaration asks: its kind, its vocabulary, its form. What has to
agree across columns and tables is then set on purpose: days, countries, offices, parties,
evidence. There is one true calendar behind each package; a date is written to the day, or more
coarsely, or with a mark of doubt, all of which are true as well.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import unicodedata
from dataclasses import dataclass, field

from hypothesis import strategies as st

from relations.schemas.columns import Column
from relations.schemas.country_codes import by_alpha3
from relations.schemas.tables import TABLES
from relations.validators.package.sources import span_digest
from relations.validators.searching.coverage import CITED_TABLES, HELD
from support.generated.made import COLUMNS, KEYS, Made, Row
from support.generated.words import BODIES, PERSONS, PLACES, WORDS

AS_OF = dt.date(2030, 1, 1)
"""The day for which generated packages are checked: later than all that happens in them."""

SLOT = dt.timedelta(days=60)
"""From one visit or sitting to the next, so that none overlap."""

RANK = {"minister": 1, "speaker": 2, "head_of_government": 3, "head_of_state": 4}
LEVELS = ("other", *RANK)
STATES = sorted(
    code for code, state in by_alpha3().items() if not state.withdrawn and state.cow and state.gw
)


@dataclass(frozen=True)
class Sizes:
    """How many of each there are."""

    countries: int
    persons: int
    bodies: int
    sessions: int
    visits: int
    agreements: int
    memberships: int
    sources: int


sizes = st.builds(
    Sizes,
    countries=st.integers(3, 6),
    persons=st.integers(1, len(PERSONS)),
    bodies=st.integers(2, len(BODIES)),
    sessions=st.integers(0, 4),
    visits=st.integers(1, 6),
    agreements=st.integers(0, 5),
    memberships=st.integers(0, 3),
    sources=st.integers(1, 3),
)


def packages() -> st.SearchStrategy[Made]:
    """Valid packages of all sizes; only the sizes are made smaller where a test fails."""
    return st.builds(package, sizes, st.integers(0, 2**32))


def package(size: Sizes, seed: int) -> Made:
    """One valid package."""
    maker = _Maker(size, random.Random(seed))
    maker.make()
    return maker.made


@dataclass
class _Maker:
    """The state of one package in the making; ``days`` has the true days of events by their key."""

    size: Sizes
    random: random.Random
    made: Made = field(default_factory=Made)
    days: dict[str, tuple[dt.date, dt.date]] = field(default_factory=dict)
    levels: dict[str, int] = field(default_factory=dict)
    """The highest office of each person of whom all offices are known."""

    def make(self) -> None:
        first_year = self.random.randint(1960, 2020)
        self.begin = dt.date(first_year, 1, 1) + dt.timedelta(days=self.random.randrange(365))
        self.next_slot = self.begin
        self.end = self.begin + (self.size.visits + self.size.sessions + 2) * SLOT
        self._countries()
        self._organizations()
        self._officials()
        self._sessions()
        self._visits()
        self._engagements()
        self._agreements()
        self._memberships()
        self._participants()
        self._statements()
        self._sources()
        self._evidence()
        for table, rows in self.made.rows.items():
            rows.sort(key=lambda row: (len(row[KEYS[table]]), row[KEYS[table]]))
            for row in rows:
                row.update({name: unicodedata.normalize("NFC", cell) for name, cell in row.items()})

    # What fills a cell as its column asks ---------------------------------------------------

    def add(self, table: str, /, **cells: str) -> Row:
        """A new row: the cells given, and the others as their columns ask, or empty."""
        row = {}
        key = KEYS[table]
        for name, column in COLUMNS[table].items():
            if name in cells:
                row[name] = cells[name]
            elif name == key:
                row[name] = self._next_key(table, column)
            elif column.required or self.maybe():
                row[name] = self.cell(column)
            else:
                row[name] = ""
        self.made.rows[table].append(row)
        return row

    def _next_key(self, table: str, column: Column) -> str:
        rows = self.made.rows[table]
        # Ids have gaps, and here and there a fifth digit.
        last = int(rows[-1][KEYS[table]][1:]) if rows else self.random.choice([0, 0, 0, 9990])
        return f"{column.letter}{last + self.random.choice([1, 1, 1, 2, 7]):04}"

    def cell(self, column: Column) -> str:
        """A value of a column that is tied to nothing else."""
        if column.kind in ("reference", "date", "dates", "key"):
            # What these say has to agree with other cells, so whoever adds the row says it.
            return ""
        if column.vocabulary:
            terms = self.random.sample(sorted(column.vocabulary), 1 + column.is_list)
            return ";".join(terms[: self.random.randint(1, 2)])
        if column.kind == "integer":
            return str(self.random.choice([1, 2, 20, 10**17]))
        if column.kind == "texts":
            return ";".join(self.random.sample(PLACES, self.random.randint(1, 3)))
        if column.kind == "text":
            return self.text(lines=column.description.startswith("Remarks"))
        return column.example or ""

    def text(self, lines: bool = False) -> str:
        """Some words that no rule minds."""
        between = (" ", " ", ", ", ": ", "\n") if lines else (" ", " ", ", ")
        made = self.random.choice(["A ", "The ", "Д ", ""])
        made += self.random.choice([word for word in WORDS if word[0].isalpha()])
        for _ in range(self.random.randint(0, 5)):
            made += self.random.choice(between) + self.random.choice(WORDS)
        return made

    def maybe(self, chance: float = 0.5) -> bool:
        return self.random.random() < chance

    def one_of(self, rows: list[Row], key: str, chance: float = 1.0) -> str:
        """The value of a column in one of the rows; empty where there are none."""
        return self.random.choice(rows)[key] if rows and self.maybe(chance) else ""

    def date(self, day: dt.date, coarse: float = 0.3) -> str:
        """A way to write a true day."""
        length = self.random.choice([4, 7]) if self.maybe(coarse) else 10
        mark = self.random.choice("?~%") if self.maybe(coarse / 2) else ""
        return day.isoformat()[:length] + mark

    def day_in(self, first: dt.date, last: dt.date) -> dt.date:
        return first + dt.timedelta(days=self.random.randint(0, (last - first).days))

    def slot(self) -> tuple[dt.date, dt.date]:
        """The days of the next visit or sitting."""
        first = self.next_slot + dt.timedelta(days=self.random.randrange(20))
        self.next_slot += SLOT
        return first, first + dt.timedelta(days=self.random.randrange(12))

    def ends(self, first: dt.date, last: dt.date) -> dict[str, str]:
        return {
            "start_date": self.date(first) if self.maybe(0.9) else "",
            "end_date": self.date(last) if self.maybe(0.8) else "",
        }

    # The tables -----------------------------------------------------------------------------

    def _countries(self) -> None:
        chosen = self.random.sample(STATES, self.size.countries)
        for code in chosen:
            state = by_alpha3()[code]
            since = self.begin - dt.timedelta(days=self.random.randint(1, 9_000))
            beside = {"iso2": (state.alpha2,), "iso_numeric": state.numeric}
            beside |= {"cow_code": state.cow, "gw_code": state.gw}
            self.add(
                "countries",
                country=code,
                name=state.name,
                valid_from=self.date(since) if self.maybe(0.2) else "",
                valid_to="",
                **{
                    name: self.random.choice(c) if self.maybe() else ""
                    for name, c in beside.items()
                },
            )
        self.states = [row["country"] for row in self.made.rows["countries"]]
        if self.maybe(0.3):
            self.add(
                "countries", country="XKX", name="Kosovo", iso2="", iso_numeric="", cow_code="",
                gw_code="347", valid_from="", valid_to="", note="By convention.",
            )  # fmt: skip
        if self.maybe(0.3):
            self.add(
                "countries", country="SUN", name="Soviet Union", iso2="SU", iso_numeric="810",
                cow_code="365", gw_code="", valid_from="1922-12-30", valid_to="1991-12",
            )  # fmt: skip

    def _organizations(self) -> None:
        for name in self.random.sample(BODIES, self.size.bodies):
            rows = self.made.rows["organizations"]
            self.add(
                "organizations",
                name=name,
                # Two at least belong to no country, so that countries can join one.
                country=self.random.choice(["", *self.states]) if len(rows) > 1 else "",
                parent_id=self.one_of(rows, "organization_id", 0.3),
            )

    def _officials(self) -> None:
        for number, (given, family, native) in enumerate(
            self.random.sample(PERSONS, self.size.persons)
        ):
            country = self.random.choice(self.states) if self.maybe(0.9) else ""
            person = self.add(
                "officials",
                name=f"{given} {family}",
                given_name=self.random.choice(["", given]),
                family_name=self.random.choice(["", family]),
                native_name=self.random.choice(["", native]),
                other_names=self.random.choice(["", f"{family} {given}", f"{family};{given[0]}. "
                                                f"{family}"]),
                country=country,
                wikidata_id=f"Q{100 + number}" if self.maybe() else "",
            )  # fmt: skip
            self._terms(person)

    def _terms(self, person: Row) -> None:
        """Offices that last as long as all that happens; one more may be long over."""
        home = [
            row
            for row in self.made.rows["organizations"]
            if not row["country"] or not person["country"] or row["country"] == person["country"]
        ]
        tied = {"official_id": person["official_id"]}
        highest = -1
        for _ in range(self.random.randint(0, 2)):
            role = self.random.sample(sorted({*RANK, "ambassador", "party_leader"}), 2)
            role = role[: self.random.randint(1, 2)]
            highest = max(highest, *(RANK.get(each, 0) for each in role))
            first = self.begin - dt.timedelta(days=self.random.randint(0, 3_000))
            last = self.end + dt.timedelta(days=self.random.randint(0, 3_000))
            attested = sorted({self.day_in(self.begin, self.end) for _ in range(3)})
            shown = ";".join(dict.fromkeys(self.date(day) for day in attested))
            start = self.date(first) if self.maybe(0.7) else ""
            self.add(
                "terms",
                **tied,
                organization_id=self.one_of(home, "organization_id", 0.7),
                role=";".join(role),
                capacity=self.random.choice(["", "incumbent", "acting"]),
                start_date=start,
                end_date=self.random.choice(["", "..", self.date(last)]),
                attested_dates=shown if not start or self.maybe() else "",
            )
        if self.maybe(0.3) and highest >= 0:
            over = self.begin - dt.timedelta(days=self.random.randint(4_000, 5_000))
            self.add(
                "terms",
                **tied,
                organization_id=self.one_of(home, "organization_id", 0.7),
                start_date=self.date(over - dt.timedelta(days=400)),
                end_date=self.date(over),
                attested_dates="",
            )
        self.levels[person["official_id"]] = highest

    def _sessions(self) -> None:
        """Sittings in the order of their numbers."""
        bodies = self.made.rows["organizations"]
        for number in range(1, self.size.sessions + 1):
            first, last = self.slot()
            row = self.add(
                "assembly_sessions",
                organization_id=self.one_of(bodies[:2], "organization_id"),
                classification=self.random.choice(["", "plenary", "plenary", "committee"]),
                ordinal=self.random.choice(["", str(number)]),
                host_country=self.random.choice(["", *self.states]),
                presiding_country=self.random.choice(["", *self.states]),
                **self.ends(first, last),
            )
            self.days[row["session_id"]] = first, last

    def _visits(self) -> None:
        sessions = list(self.made.rows["assembly_sessions"])
        for _ in range(self.size.visits):
            session = sessions.pop() if sessions and self.maybe() else None
            visiting, host = self.random.sample(self.states, 2)
            if session and session["host_country"]:
                host = session["host_country"]
                visiting = self.random.choice([each for each in self.states if each != host])
            if self.maybe(0.1):
                self._announced(visiting, host)
                continue
            first, last = self.days[session["session_id"]] if session else self.slot()
            visit = self._visit(visiting, host, first, last)
            visit["session_id"] = session["session_id"] if session else ""
            if visit["status"] == "held" and not session and self.maybe(0.3):
                day = self.day_in(first, last)
                leg = self._visit(visiting, host, day, day)
                for name in ("lead_official_id", "level", "visit_type", "status"):
                    leg[name] = visit[name]
                leg["parent_id"] = visit["visit_id"]

    def _visit(self, visiting: str, host: str, first: dt.date, last: dt.date) -> Row:
        able = [row for row in self.made.rows["officials"] if row["country"] in ("", visiting)]
        lead = self.one_of(able, "official_id", 0.8)
        # The level is that of the office where all offices are known, and nobody's otherwise.
        known = self.levels.get(lead, -1)
        level = LEVELS[known] if lead and known >= 0 and self.maybe(0.7) else ""
        types = [""] if level in ("other", "minister", "speaker") else ["", "state"]
        row = self.add(
            "visits",
            visiting_country=visiting,
            host_country=host,
            visit_type=self.random.choice([*types, "official", "working"]),
            level=level,
            lead_official_id=lead,
            status=self.random.choice(["", "held", "held", "held", "cancelled", "postponed"]),
            parent_id="",
            session_id="",
            **self.ends(first, last),
        )
        self.days[row["visit_id"]] = first, last
        return row

    def _announced(self, visiting: str, host: str) -> None:
        """A visit that is still to come."""
        self.add(
            "visits",
            visiting_country=visiting,
            host_country=host,
            visit_type="",
            level="",
            lead_official_id="",
            start_date=self.random.choice(["", "2031", "2030-12-31"]),
            end_date="",
            status="announced",
            parent_id="",
            session_id="",
        )

    def events(self, table: str) -> list[Row]:
        """The visits or sittings that took place, or may have."""
        key = KEYS[table]
        return [row for row in self.made.rows[table] if row[key] in self.days]

    def within(self) -> tuple[dict[str, str], dt.date]:
        """A visit, a sitting, both or neither, and a day of theirs."""
        visit = self.random.choice([None, *self.events("visits")])
        session = self.random.choice([None, *self.events("assembly_sessions")])
        if visit and session and visit["session_id"] != session["session_id"]:
            session = None
        longer = visit or session
        days = (self.begin, self.end)
        if longer:
            days = self.days[longer["visit_id" if visit else "session_id"]]
        tied = {
            "visit_id": visit["visit_id"] if visit else "",
            "session_id": session["session_id"] if session else "",
        }
        return tied, self.day_in(*days)

    def _engagements(self) -> None:
        for number in range(self.random.randint(0, 2 * self.size.visits)):
            tied, day = self.within()
            row = self.add(
                "engagements",
                title=f"{self.text()} ({number})",
                date=self.date(day) if self.maybe(0.8) else "",
                **tied,
            )
            self.days[row["engagement_id"]] = day, day

    def _agreements(self) -> None:
        for number in range(self.size.agreements):
            tied, day = self.within()
            in_force = self.maybe()
            over = in_force and self.maybe()
            done = self.random.choice(["signed", "adopted", ""])
            status = "terminated" if over else "in_force" if in_force else done
            row = self.add(
                "agreements",
                title=f"{self.text()} ({number})",
                scope=self.random.choice(["", "bilateral", "multilateral"]),
                signed_date=self.date(day) if self.maybe(0.8) else "",
                in_force_date=self.date(day + dt.timedelta(days=30)) if in_force else "",
                terminated_date=self.date(day + dt.timedelta(days=400)) if over else "",
                status=status,
                parent_id=self._base(day),
                **tied,
            )
            self.days[row["agreement_id"]] = day, day

    def _base(self, day: dt.date) -> str:
        earlier = [
            row for row in self.made.rows["agreements"] if self.days[row["agreement_id"]][0] <= day
        ]
        return self.one_of(earlier, "agreement_id", 0.4)

    def _memberships(self) -> None:
        """Countries that apply, join and leave, each body and country once."""
        bodies = [row for row in self.made.rows["organizations"] if not row["country"]]
        pairs = [(body, state) for body in bodies for state in self.states]
        for body, state in self.random.sample(pairs, min(len(pairs), self.size.memberships)):
            days = sorted(self.random.sample(range((self.end - self.begin).days), 3))
            steps = ["application", "admission", self.random.choice(["suspension", "withdrawal"])]
            kind = self.random.choice(["", "full", "observer"])
            for step, day in zip(steps, days, strict=True):
                if step != "admission" and self.maybe(0.4):
                    continue
                sittings = [
                    row
                    for row in self.events("assembly_sessions")
                    if row["organization_id"] == body["organization_id"]
                ]
                true = self.begin + dt.timedelta(days=day)
                at = [
                    row
                    for row in sittings
                    if self.days[row["session_id"]][0] <= true <= self.days[row["session_id"]][1]
                ]
                self.add(
                    "memberships",
                    organization_id=body["organization_id"],
                    country=state,
                    step=step,
                    kind=kind,
                    date=self.date(true) if self.maybe(0.9) else "",
                    session_id=self.one_of(at, "session_id"),
                )

    def _participants(self) -> None:
        for agreement in self.made.rows["agreements"]:
            self._parties(agreement)
        for visit in self.events("visits"):
            lead = visit["lead_official_id"]
            if lead and self.maybe():
                self._participant("visit_id", visit, official_id=lead, role="head_of_delegation")
            if self.maybe():
                self._participant(
                    "visit_id", visit, country=visit["visiting_country"], role="delegate"
                )
        for table, event in (("engagements", "engagement_id"), ("assembly_sessions", "session_id")):
            for row in self.made.rows[table]:
                people = self.random.sample(
                    self.made.rows["officials"], min(self.size.persons, self.random.randint(0, 3))
                )
                for person in people:
                    role = self.random.choice(["host", "guest", "speaker", "attendee"])
                    self._participant(event, row, official_id=person["official_id"], role=role)

    def _participant(self, event: str, row: Row, **cells: str) -> None:
        who = {"official_id": "", "organization_id": "", "country": ""}
        events = {"visit_id": "", "engagement_id": "", "session_id": "", "agreement_id": ""}
        self.add("participants", **{**who, **events, event: row[event], **cells})

    def _parties(self, agreement: Row) -> None:
        if not agreement["scope"] and self.maybe():
            return
        count = 2 if agreement["scope"] == "bilateral" else 3
        parties = self.random.sample(self.states, count)
        if agreement["visit_id"] and count == 2:
            visit = self.made.row("visits", agreement["visit_id"])
            parties = [visit["visiting_country"], visit["host_country"]]
        for state in parties:
            self._participant("agreement_id", agreement, country=state, role="party")
        people = [row for row in self.made.rows["officials"] if row["country"] in parties]
        if people and self.maybe():
            person = self.random.choice(people)
            self._participant(
                "agreement_id", agreement, official_id=person["official_id"], role="signatory"
            )

    def _statements(self) -> None:
        for number in range(self.random.randint(0, 4)):
            at = self.random.choice([None, *self.made.rows["engagements"]])
            day = self.days[at["engagement_id"]][0] if at else self.day_in(self.begin, self.end)
            self.add(
                "statements",
                official_id=self.one_of(self.made.rows["officials"], "official_id", 0.6),
                organization_id=self.one_of(
                    self.made.rows["organizations"], "organization_id", 0.3
                ),
                engagement_id=at["engagement_id"] if at else "",
                date=self.date(day) if self.maybe(0.8) else "",
                summary=f"{self.text()} ({number})",
            )

    def _sources(self) -> None:
        """Documents later than all that they tell; the text of most is there."""
        for number in range(self.size.sources):
            text = "".join(
                self.random.choice([*WORDS, " ", " ", "\n", "\r\n", "\t", "\0", "\ufeff", "𐍈"])
                for _ in range(self.random.randint(20, 60))
            )
            published = self.day_in(self.end + dt.timedelta(days=800), AS_OF)
            retrieved = self.day_in(published, AS_OF)
            cells = {"file": "", "sha256": "", "char_length": ""}
            kept = self.maybe(0.8)
            if kept:
                digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
                cells = {"file": f"text-{number}.txt", "sha256": digest}
                cells["char_length"] = str(len(text))
            row = self.add(
                "sources",
                published=self.date(published) if self.maybe(0.8) else "",
                retrieved=self.date(retrieved) if self.maybe() else "",
                **cells,
            )
            self.made.texts[row["source_id"]] = text
            if kept and self.maybe(0.9):
                self.made.present[row["source_id"]] = row["file"]

    def _evidence(self) -> None:
        unused = [row["source_id"] for row in self.made.rows["sources"]]
        for table in (each for each in TABLES if each in CITED_TABLES):
            for row in self.made.rows[table]:
                facts = [
                    name
                    for name, column in COLUMNS[table].items()
                    if column.fact and row[name] and (table, name, row[name]) != HELD
                ]
                for column in ["", *facts]:
                    source = unused.pop() if unused else self._any_source()
                    self._cite(table, row, column, source, "supports")
                    if self.maybe(0.05):
                        self._cite(table, row, column, self._any_source(), "contradicts")

    def _any_source(self) -> str:
        return self.one_of(self.made.rows["sources"], "source_id")

    def _cite(self, table: str, row: Row, column: str, source_id: str, stance: str) -> None:
        text = self.made.texts[source_id]
        start = self.random.randrange(len(text))
        end = self.random.randint(start + 1, len(text))
        basis = self.random.choice(["stated", "stated", "inferred"])
        explained = basis == "inferred" or stance == "contradicts" or self.maybe(0.1)
        self.add(
            "evidence",
            table=table,
            row_id=row[KEYS[table]],
            column=column,
            source_id=source_id,
            char_start=str(start),
            char_end=str(end),
            span_sha256=span_digest(text, start, end),
            basis=basis,
            stance=stance,
            note=self.text(lines=True) if explained else "",
        )
