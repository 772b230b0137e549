"""FollowTheMoney: entities for Aleph, OpenSanctions tools and their kin, one JSON line each.

Made and validated by the ``followthemoney`` library. What its model has no word for is put
into the nearest one:

- a state that acts is a PublicBody with its name and country code;
- an office is a Position, one for each title in each body, and a term an Occupancy of it;
- visits, sittings, engagements, signed instruments and statements are Events, and who took
  part is `involved` in them and tied by an UnknownLink that names the role;
- a step of membership is a Membership dated by it, its kind and step as role and status;
- the sources are Documents or Articles: every entity has those it rests on as `proof`, and a
  Documentation says which characters of the source bear on it.

Dates there are year, month or day without a mark of doubt: the doubt, and every value that
the library does not take, is kept in words in `description` or `summary`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relations.schemas import dates
from relations.schemas.columns import LIST_SEPARATOR
from relations.schemas.tables import TABLES
from relations.validators.browsing.labels import label
from relations.validators.exporting.contents import Contents

if TYPE_CHECKING:
    from followthemoney.proxy import EntityProxy

Row = dict[str, Any]
Office = tuple[str, str, str]
"""Its title, the key of its body, and the country."""

PUBLIC = ("parliament", "parliamentary_chamber", "executive", "committee")
EVENTS = ("visit_id", "engagement_id", "session_id", "agreement_id")
TOPICS = {
    "head_of_state": ("gov.head", "gov.national"),
    "head_of_government": ("gov.head", "gov.national"),
    "governor_general": ("gov.head", "gov.national"),
    "minister": ("gov.executive", "gov.national"),
    "speaker": ("gov.legislative", "gov.national"),
    "deputy_speaker": ("gov.legislative", "gov.national"),
    "member_of_parliament": ("gov.legislative", "gov.national"),
    "ambassador": ("role.diplo",),
}
CAN_BE_CUT = ("html", "name", "string", "text")
"""Types of values that still say something when they are cut."""
ARTICLES = ("news_article", "official_release")


def write(contents: Contents, target: Path) -> None:
    """Write the entities into the file ``target``.

    Raises followthemoney's InvalidData where an entity is not valid: that is a fault of ours.
    """
    with target.open("w", encoding="utf-8", newline="\n") as file:
        for entity in _Entities(contents).all():
            properties = {name: sorted(values) for name, values in entity.properties.items()}
            entity.schema.validate({"properties": properties})
            line = {"id": entity.id, "schema": entity.schema.name, "properties": properties}
            file.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")


def _cut(text: str, length: int) -> str:
    """A text that is longer than the library takes, cut to what it does."""
    return text if len(text) <= length else text[: length - 1] + "…"


def _post(office: Office) -> str:
    """The key of an office, for which no table has one."""
    return "post-" + hashlib.sha256("\x1f".join(office).encode()).hexdigest()[:16]


class _Entities:
    def __init__(self, contents: Contents) -> None:
        from followthemoney import model

        self.model = model
        self.contents = contents
        self.tables = {table: contents.by_key(table) for table in TABLES}
        self.participants: dict[str, list[Row]] = {}
        for row in self.tables["participants"].values():
            for column in EVENTS:
                if row[column]:
                    self.participants.setdefault(row[column], []).append(row)
        self.evidence: dict[tuple[str, str], list[Row]] = {}
        for row in self.tables["evidence"].values():
            if row["source_id"] in self.tables["sources"]:
                self.evidence.setdefault((row["table"], row["row_id"]), []).append(row)
        self.offices: dict[Office, list[str]] = {}
        for key, row in self.tables["terms"].items():
            if row["official_id"] in self.tables["officials"] and row["post"]:
                self.offices.setdefault(self.office(row), []).append(key)
        self.events = {
            key
            for table in ("visits", "engagements", "assembly_sessions", "agreements")
            for key in self.tables[table]
        }

    def id(self, key: str) -> str:
        """The id of a row's entity: the same in every export of this package."""
        return f"{self.contents.name}-{key}"

    def name(self, table: str, key: str | None) -> str:
        """What a person, body or country is called."""
        row = self.tables[table].get(key or "")
        return (row["name"] if row else key) or ""

    def make(self, schema: str, key: str) -> EntityProxy:
        entity = self.model.make_entity(schema)
        entity.id = self.id(key)
        return entity

    def add(self, entity: EntityProxy, prop: str, *values: str | None) -> None:
        """Add what the library takes; keep what it does not, or not whole, in words."""
        declared = entity.schema.properties[prop]
        for value in values:
            if not value:
                continue
            kept = value
            if declared.type.name in CAN_BE_CUT:
                kept = _cut(value, declared.type.max_length)
            too_long = len(kept) > declared.type.max_length
            if too_long or entity.unsafe_add(declared, kept) is None or kept != value:
                self.say(entity, f"{prop}: {value}")

    def say(self, entity: EntityProxy, text: str) -> None:
        """Put something in words into the entity, where its schema has a place for them."""
        prop = "description" if "description" in entity.schema.properties else "notes"
        entity.add(prop, _cut(text, entity.schema.properties[prop].type.max_length))

    def date(self, entity: EntityProxy, prop: str, row: Row, column: str) -> None:
        text = row[column]
        if not text:
            return
        if text == dates.OPEN:
            self.say(entity, f"{column}: known to be still open")
            return
        doubt = dates.QUALIFIERS.get(text[-1])
        if doubt:
            self.say(entity, f"{column} {text}: {doubt}")
        self.add(entity, prop, text.rstrip("".join(dates.QUALIFIERS)))

    def link(self, entity: EntityProxy, prop: str, table: str, key: str | None) -> None:
        """Point at the entity of another row, where there is one."""
        if key and key in self.tables[table]:
            entity.add(prop, self.id(key))

    def finish(self, entity: EntityProxy, table: str, key: str, note: str | None) -> EntityProxy:
        """What entities of all kinds have: the remark, and the sources that they rest on."""
        # Not on what the row only implies: its office as such, its place in another event.
        own = entity.id == self.id(key) or table == "participants"
        if note and own:
            self.say(entity, note)
        for row in self.evidence.get((table, key), ()):
            # A source may bear on its own row, and the library refuses a tie to oneself.
            if row["source_id"] != key:
                entity.add("proof", self.id(row["source_id"]))
            if row["basis"] == "inferred" and own:
                what = row["column"] or "the row"
                self.say(entity, f"{what} is inferred: {row['note'] or 'no reason given'}")
        return entity

    def all(self) -> Iterator[EntityProxy]:
        for table, make in (
            ("sources", self.source),
            ("countries", self.state),
            ("organizations", self.organization),
            ("officials", self.person),
            ("terms", self.term),
            ("assembly_sessions", self.session),
            ("visits", self.visit),
            ("engagements", self.engagement),
            ("agreements", self.agreement),
            ("statements", self.statement),
            ("memberships", self.membership),
            ("participants", self.participant),
        ):
            for key, row in self.tables[table].items():
                for entity in make(key, row):
                    yield self.finish(entity, table, key, row["note"])
                    yield from self.documentation(entity, table, key)

    def documentation(self, entity: EntityProxy, table: str, key: str) -> Iterator[EntityProxy]:
        """Which characters of which source bear on a thing, one link for each source."""
        if not entity.schema.is_a("Thing") or entity.id != self.id(key):
            return
        by_source: dict[str, list[Row]] = {}
        for row in self.evidence.get((table, key), ()):
            if row["source_id"] != key:
                by_source.setdefault(row["source_id"], []).append(row)
        for source, rows in by_source.items():
            link = self.make("Documentation", f"{key}-{source}")
            link.add("document", self.id(source))
            link.add("entity", entity.id)
            link.add("role", "evidence")
            for row in rows:
                about = row["column"] or "the row as a whole"
                link.add(
                    "description",
                    f"characters {row['char_start']} to {row['char_end']}, {about}: "
                    f"{row['basis']}, {row['stance']}, voice {row['voice']}",
                )
            yield link

    def source(self, key: str, row: Row) -> Iterator[EntityProxy]:
        entity = self.make("Article" if row["type"] in ARTICLES else "Document", key)
        self.add(entity, "title", row["title"])
        self.add(entity, "author", row["author"])
        self.add(entity, "publisher", row["publisher"])
        self.add(entity, "sourceUrl", row["url"])
        self.add(entity, "fileName", row["file"] or row["title"])
        self.add(entity, "language", (row["language"] or "").partition("-")[0])
        self.date(entity, "publishedAt", row, "published")
        self.date(entity, "retrievedAt", row, "retrieved")
        if row["sha256"]:
            self.say(entity, f"SHA-256 of the text: {row['sha256']}")
        yield entity

    def state(self, key: str, row: Row) -> Iterator[EntityProxy]:
        entity = self.make("PublicBody", key)
        self.add(entity, "name", row["name"])
        self.add(entity, "country", key)
        self.date(entity, "incorporationDate", row, "valid_from")
        self.date(entity, "dissolutionDate", row, "valid_to")
        codes = {"COW": row["cow_code"], "Gleditsch-Ward": row["gw_code"]}
        self.say(entity, "The state as such." + "".join(
            f" {name} code {code}." for name, code in codes.items() if code
        ))  # fmt: skip
        yield entity

    def organization(self, key: str, row: Row) -> Iterator[EntityProxy]:
        kind = row["classification"]
        schema = "PublicBody" if kind in PUBLIC else "Company" if kind == "company" else None
        entity = self.make(schema or "Organization", key)
        self.add(entity, "name", row["name"])
        self.add(entity, "abbreviation", row["abbreviation"])
        self.add(entity, "classification", kind)
        self.add(entity, "country", row["country"])
        yield entity
        if row["parent_id"] in self.tables["organizations"]:
            part = self.make("UnknownLink", f"{key}-{row['parent_id']}")
            part.add("subject", self.id(key))
            part.add("object", self.id(row["parent_id"]))
            part.add("role", "part of")
            yield part

    def person(self, key: str, row: Row) -> Iterator[EntityProxy]:
        entity = self.make("Person", key)
        self.add(entity, "name", row["name"])
        self.add(entity, "firstName", row["given_name"])
        self.add(entity, "lastName", row["family_name"])
        self.add(entity, "alias", row["native_name"], *_items(row["other_names"]))
        self.add(entity, "country", row["country"])
        self.add(entity, "wikidataId", row["wikidata_id"])
        yield entity

    def term(self, key: str, row: Row) -> Iterator[EntityProxy]:
        if row["official_id"] not in self.tables["officials"] or not row["post"]:
            return
        office = self.office(row)
        if key == self.offices[office][0]:
            yield self.position(row, office)
        entity = self.make("Occupancy", key)
        entity.add("holder", self.id(row["official_id"]))
        entity.add("post", self.id(_post(office)))
        self.date(entity, "startDate", row, "start_date")
        self.date(entity, "endDate", row, "end_date")
        for day in _items(row["attested_dates"]):
            self.date(entity, "date", {"attested_dates": day}, "attested_dates")
        if row["end_date"]:
            entity.add("status", "current" if row["end_date"] == dates.OPEN else "ended")
        if row["capacity"] and row["capacity"] != "incumbent":
            self.say(entity, f"capacity: {row['capacity']}")
        yield entity

    def position(self, row: Row, office: Office) -> EntityProxy:
        """The office as such: one for each title in each body, or else each country.

        All terms in it bear on it, and may say different things.
        """
        body = self.tables["organizations"].get(row["organization_id"] or "")
        entity = self.make("Position", _post(office))
        self.add(entity, "name", f"{row['post']}, {body['name']}" if body else row["post"])
        self.add(entity, "country", office[-1])
        if body:
            entity.add("organization", self.id(row["organization_id"]))
        for term in self.offices[office]:
            for role in _items(self.tables["terms"][term]["role"]):
                self.add(entity, "topics", *TOPICS.get(role, ()))
            self.finish(entity, "terms", term, None)
        return entity

    def office(self, row: Row) -> Office:
        """What makes an office: its title, its body, and the country."""
        body = self.tables["organizations"].get(row["organization_id"] or "")
        person = self.tables["officials"].get(row["official_id"] or "")
        country = (body or {}).get("country") or (person or {}).get("country") or ""
        return row["post"] or "", row["organization_id"] or "", country

    def event(self, key: str, name: str, *kinds: str | None) -> EntityProxy:
        entity = self.make("Event", key)
        self.add(entity, "name", name)
        self.add(entity, "keywords", *kinds)
        for row in self.participants.get(key, ()):
            self.link(entity, "involved", "officials", row["official_id"])
            self.link(entity, "involved", "organizations", row["organization_id"])
            self.link(entity, "involved", "countries", row["country"])
        return entity

    def visit(self, key: str, row: Row) -> Iterator[EntityProxy]:
        entity = self.event(
            key, row["title"] or key, row["visit_type"], row["occasion"], row["level"]
        )
        self.add(entity, "country", row["visiting_country"], row["host_country"])
        self.add(entity, "location", *_items(row["locations"]))
        self.date(entity, "startDate", row, "start_date")
        self.date(entity, "endDate", row, "end_date")
        self.link(entity, "involved", "officials", row["lead_official_id"])
        self.link(entity, "involved", "countries", row["visiting_country"])
        self.link(entity, "organizer", "countries", row["host_country"])
        if row["status"] and row["status"] != "held":
            self.say(entity, f"status: {row['status']}")
        yield entity
        yield from self.within(key, row["parent_id"], "visits")
        yield from self.within(key, row["session_id"], "assembly_sessions", "made for")

    def engagement(self, key: str, row: Row) -> Iterator[EntityProxy]:
        entity = self.event(key, row["title"] or key, row["classification"])
        self.add(entity, "location", row["location"])
        self.date(entity, "date", row, "date")
        yield entity
        yield from self.within(key, row["visit_id"], "visits")
        yield from self.within(key, row["session_id"], "assembly_sessions")

    def session(self, key: str, row: Row) -> Iterator[EntityProxy]:
        name = label("assembly_sessions", row, self.name)
        entity = self.event(key, name, row["classification"])
        self.add(entity, "country", row["host_country"])
        self.add(entity, "location", row["location"])
        self.date(entity, "startDate", row, "start_date")
        self.date(entity, "endDate", row, "end_date")
        self.link(entity, "organizer", "organizations", row["organization_id"])
        self.link(entity, "involved", "countries", row["presiding_country"])
        yield entity

    def agreement(self, key: str, row: Row) -> Iterator[EntityProxy]:
        entity = self.event(key, row["title"] or key, row["instrument"], row["scope"])
        self.add(entity, "keywords", *_items(row["subjects"]))
        self.add(entity, "location", row["location"])
        self.date(entity, "date", row, "signed_date")
        for column in ("in_force_date", "terminated_date", "status", "registration"):
            if row[column]:
                self.say(entity, f"{column}: {row[column]}")
        if row["number_of_instruments"] not in (None, "1"):
            self.say(entity, f"stands for {row['number_of_instruments']} instruments")
        yield entity
        yield from self.within(key, row["visit_id"], "visits", "signed during")
        yield from self.within(key, row["session_id"], "assembly_sessions", "adopted at")
        yield from self.within(key, row["parent_id"], "agreements", "belongs to")

    def statement(self, key: str, row: Row) -> Iterator[EntityProxy]:
        topic = (row["topic"] or "").replace("_", " ")
        name = f"Statement: {topic}" if topic else "Statement"
        entity = self.event(key, name, row["topic"], *_items(row["subjects"]))
        self.add(entity, "summary", row["summary"])
        self.date(entity, "date", row, "date")
        self.link(entity, "involved", "officials", row["official_id"])
        self.link(entity, "involved", "organizations", row["organization_id"])
        if not row["official_id"] and not row["organization_id"]:
            self.say(entity, "What the source itself maintains.")
        yield entity
        yield from self.within(key, row["engagement_id"], "engagements", "said at")

    def within(
        self, key: str, whole: str | None, table: str, role: str = "part of"
    ) -> Iterator[EntityProxy]:
        """A link of one event to another."""
        if whole and whole in self.tables[table]:
            link = self.make("UnknownLink", f"{key}-{whole}")
            link.add("subject", self.id(key))
            link.add("object", self.id(whole))
            link.add("role", role)
            yield link

    def membership(self, key: str, row: Row) -> Iterator[EntityProxy]:
        if row["country"] not in self.tables["countries"]:
            return
        if row["organization_id"] not in self.tables["organizations"]:
            return
        entity = self.make("Membership", key)
        entity.add("member", self.id(row["country"]))
        entity.add("organization", self.id(row["organization_id"]))
        self.add(entity, "role", row["kind"])
        self.add(entity, "status", row["step"])
        ends = row["step"] in ("suspension", "withdrawal")
        starts = "startDate" if row["step"] == "admission" else "date"
        self.date(entity, "endDate" if ends else starts, row, "date")
        yield entity

    def participant(self, key: str, row: Row) -> Iterator[EntityProxy]:
        event = next((row[column] for column in EVENTS if row[column] in self.events), None)
        if event is None:
            return
        who = (("officials", "official_id"), ("organizations", "organization_id"),
               ("countries", "country"))  # fmt: skip
        for table, column in who:
            if row[column] in self.tables[table]:
                link = self.make("UnknownLink", f"{key}-{row[column]}")
                link.add("subject", self.id(row[column]))
                link.add("object", self.id(event))
                self.add(link, "role", row["role"])
                if row["group_label"]:
                    self.say(link, f"as {row['group_label']}")
                yield link


def _items(cell: str | None) -> Iterable[str]:
    return [item for item in (cell or "").split(LIST_SEPARATOR) if item]
