"""JSON-LD: the package as a Schema.org Dataset, and what it tells of as events and people.

Visits, engagements, sittings, membership steps are Events; what happened during another is
tied to it by ``superEvent``. An instrument that by our vocabulary creates obligations
(agreement, protocol, amendment, exchange of notes) is Legislation, which has a date of
signature or adoption and one of application; a memorandum, declaration, resolution or other
paper is a CreativeWork, since calling it law would be a claim of our own; a row that stands
for several instruments is a Collection. What somebody said is a Claim. Each evidence row is a
W3C Web Annotation of the source's characters.

A date known to the day and without doubt is a ``schema:Date``; every other one is EDTF text
typed as such, so that no reader takes `2024-06~` for a day. A cell for which Schema.org has no
property, as the days on which somebody is attested in an office, is a PropertyValue under the
name of its column. The context is written into the file: reading it needs no network.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from relations.schemas import dates
from relations.schemas.columns import LIST_SEPARATOR
from relations.schemas.descriptor import description
from relations.schemas.tables import TABLES
from relations.validators.browsing.labels import label
from relations.validators.exporting.contents import Contents
from relations.validators.exporting.metadata import (
    address,
    base_iri,
    creators,
    licenses,
)
from relations.validators.package.file_form import GZIP, PARQUET
from relations.validators.package.package import declared

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
CONTEXT = {
    "@vocab": "https://schema.org/",
    "schema": "https://schema.org/",
    "oa": "http://www.w3.org/ns/oa#",
    "dcterms": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "contentUrl": {"@type": "@id"},
    "sameAs": {"@type": "@id"},
    "url": {"@type": "@id"},
}

PREFIX = "this"
"""Stands for the package's own base address: `this:V0001`."""

LAW = ("agreement", "protocol", "amendment", "exchange_of_notes")
"""Instruments that create obligations, by the meaning of the term."""

EVENT_STATUS = {
    "announced": "EventScheduled",
    "postponed": "EventPostponed",
    "cancelled": "EventCancelled",
}
"""Schema.org has no status for an event that took place."""

SOURCE_TYPE = {
    "news_article": "NewsArticle",
    "official_release": "Article",
    "treaty_text": "CreativeWork",
    "dataset": "Dataset",
    "book": "Book",
}

ENCODING = {
    GZIP: "application/gzip",
    PARQUET: "application/vnd.apache.parquet",
}
"""The media types of tables that are no plain CSV."""

ORGANIZATION_TYPE = {
    "parliament": "GovernmentOrganization",
    "parliamentary_chamber": "GovernmentOrganization",
    "executive": "GovernmentOrganization",
    "company": "Corporation",
    "media": "NewsMediaOrganization",
}

COUNT = re.compile(r"[0-9]{1,18}")

Node = dict[str, Any]


def write(contents: Contents, target: Path) -> None:
    """Write the graph into the file ``target``."""
    graph = [*_Graph(contents, target.parent).nodes()]
    document = {"@context": CONTEXT | {PREFIX: base_iri(contents)}, "@graph": graph}
    text = json.dumps(document, ensure_ascii=False, indent=1)
    # To JSON the same, and nothing in it can end the script of a page that it is put into.
    target.write_text(text.replace("</", "<\\/") + "\n", "utf-8")


class _Graph:
    def __init__(self, contents: Contents, folder: Path) -> None:
        self.contents = contents
        self.folder = folder
        self.base = f"{PREFIX}:"
        self.tables = {table: contents.by_key(table) for table in TABLES}
        self.participants: dict[str, list[Node]] = {}
        for row in contents.rows("participants"):
            for column in ("visit_id", "engagement_id", "session_id", "agreement_id"):
                if row[column]:
                    self.participants.setdefault(row[column], []).append(row)
        self.offices: dict[str, list[Node]] = {}
        for row in self.tables["terms"].values():
            self.offices.setdefault(row["official_id"], []).append(row)
        self.cited: dict[tuple[str, str], set[str]] = {}
        for row in contents.rows("evidence"):
            if row["table"] and row["row_id"] and row["source_id"]:
                about = (row["table"], row["row_id"])
                self.cited.setdefault(about, set()).add(row["source_id"])

    def nodes(self) -> Iterator[Node]:
        yield self.dataset()
        yield from self.vocabularies()
        for table, make in (
            ("countries", self.country),
            ("organizations", self.organization),
            ("officials", self.person),
            ("assembly_sessions", self.session),
            ("visits", self.visit),
            ("engagements", self.engagement),
            ("agreements", self.agreement),
            ("memberships", self.membership_step),
            ("statements", self.claim),
            ("sources", self.source),
        ):
            for key, row in self.tables[table].items():
                node = {"@id": self.iri(key), **make(row), "identifier": key}
                if row["note"]:
                    node["disambiguatingDescription"] = row["note"]
                node["subjectOf"] = [*node.get("subjectOf", []), *self.cited_for(table, key)]
                yield _filled(node)
        for row in self.tables["evidence"].values():
            yield self.annotation(row)

    def name(self, table: str, key: str | None) -> str:
        """What a person, body or country is called."""
        row = self.tables[table].get(key or "")
        return (row["name"] if row else key) or ""

    def iri(self, key: str) -> str:
        """The id of a row's node."""
        return self.base + quote(key, safe="")

    def ref(self, key: str | None) -> Node | None:
        """A reference to the node of a row, whose key says which."""
        return {"@id": self.iri(key)} if key else None

    def cited_for(self, table: str, key: str) -> list[Node]:
        """The sources that evidence ties to a row."""
        return self.refs(*sorted(self.cited.get((table, key), ())))

    def refs(self, *keys: str | None) -> list[Node]:
        return [{"@id": self.iri(key)} for key in dict.fromkeys(keys) if key]

    def date(self, text: str | None) -> Node | None:
        """A typed literal: a day, or what EDTF says of it. Open and unreadable ends are none."""
        if not text or text == dates.OPEN:
            return None
        if not re.fullmatch(dates.CALENDAR[1:-1], text):
            return None
        if len(text) == 10:
            return {"@type": "schema:Date", "@value": text}
        return {"@type": EDTF, "@value": text}

    def also(self, table: str, row: Node, *names: str) -> list[Node]:
        """The filled cells of columns that Schema.org has no property for."""
        found = []
        for name in names:
            text, column = row[name], declared()[table][name]
            parts = (text or "").split(LIST_SEPARATOR) if column.is_list else [text]
            dated = column.kind in ("date", "dates")
            values = [(dated and self.date(part)) or part for part in parts if part]
            if values:
                found.append({"@type": "PropertyValue", "name": name, "value": values})
        return found

    def ends(self, table: str, row: Node, *names: str) -> list[Node]:
        """Those of these dates that are no date, as an end known to be still open."""
        return self.also(table, row, *(name for name in names if not self.date(row[name])))

    def term(self, table: str, column: str, value: str | None) -> list[Node]:
        """The nodes of the terms in a cell."""
        vocabulary = declared()[table][column].vocabulary
        assert vocabulary is not None
        return [
            {"@id": f"{self.base}{vocabulary.name}/{quote(term, safe='')}"}
            for term in (value or "").split(LIST_SEPARATOR)
            if term
        ]

    def dataset(self) -> Node:
        contents = self.contents
        node: Node = {
            "@id": self.base + "dataset",
            "@type": "Dataset",
            "name": contents.text("title") or contents.name,
            "description": contents.text("description"),
            "identifier": contents.name,
            "version": contents.text("version"),
            "url": contents.text("homepage"),
            "license": [_address(each) for each in licenses(contents)],
            "temporalCoverage": self.coverage(),
            "creator": creators(contents),
            "creditText": contents.citation.reference,
            "keywords": contents.header.get("keywords"),
            "isBasedOn": [self.ref(key) for key in self.tables["sources"]],
            "spatialCoverage": [self.ref(key) for key in self.tables["countries"]],
            "distribution": [self.download(table) for table in TABLES],
        }
        node["datePublished"] = self.date(contents.citation.released)
        return _filled(node)

    def coverage(self) -> str:
        """From the first to the last day of any visit, sitting or agreement, as ISO 8601."""
        days = [
            dates.parse(row[column])
            for table, column in (
                ("visits", "start_date"),
                ("assembly_sessions", "start_date"),
                ("agreements", "signed_date"),
            )
            for row in self.tables[table].values()
            if self.date(row[column])
        ]
        if not days:
            return ""
        return f"{min(each.earliest for each in days)}/{max(each.latest for each in days)}"

    def download(self, table: str) -> Node:
        path = self.contents.paths[table]
        return {
            "@type": "DataDownload",
            "name": table,
            "description": description(table),
            "contentUrl": address(self.contents, path, self.folder),
            "encodingFormat": next(
                (kind for end, kind in ENCODING.items() if path.lower().endswith(end)), "text/csv"
            ),
            "contentSize": f"{len(self.contents.data.get(table, b''))} B",
        }

    def vocabularies(self) -> Iterator[Node]:
        for vocabulary in self.contents.codebook.vocabularies:
            yield {
                "@id": self.base + vocabulary.name,
                "@type": "DefinedTermSet",
                "name": vocabulary.name,
                "hasDefinedTerm": [
                    {
                        "@id": f"{self.base}{vocabulary.name}/{term.term}",
                        "@type": "DefinedTerm",
                        "termCode": term.term,
                        "name": term.term.replace("_", " "),
                        "description": term.meaning,
                    }
                    for term in vocabulary.terms
                ],
            }

    def country(self, row: Node) -> Node:
        codes = (
            ("ISO 3166-1 alpha-2", row["iso2"]),
            ("ISO 3166-1 numeric", row["iso_numeric"]),
            ("Correlates of War", row["cow_code"]),
            ("Gleditsch and Ward", row["gw_code"]),
        )
        return {
            "@type": "Country",
            "name": row["name"],
            "additionalProperty": [
                {"@type": "PropertyValue", "propertyID": code, "value": value}
                for code, value in codes
                if value
            ]
            + self.also("countries", row, "valid_from", "valid_to"),
        }

    def organization(self, row: Node) -> Node:
        return {
            "@type": ORGANIZATION_TYPE.get(row["classification"] or "", "Organization"),
            "name": row["name"],
            "alternateName": row["abbreviation"],
            "additionalType": self.term("organizations", "classification", row["classification"]),
            "location": self.ref(row["country"]),
            "parentOrganization": self.ref(row["parent_id"]),
        }

    def person(self, row: Node) -> Node:
        names = [row["native_name"], *(row["other_names"] or "").split(LIST_SEPARATOR)]
        wikidata = row["wikidata_id"]
        return {
            "@type": "Person",
            "name": row["name"],
            "familyName": row["family_name"],
            "givenName": row["given_name"],
            "alternateName": [name for name in names if name and name != row["name"]],
            # The country whose office it is: not a claim about citizenship.
            "affiliation": self.ref(row["country"]),
            "sameAs": f"http://www.wikidata.org/entity/{wikidata}" if wikidata else None,
            "memberOf": [self.office(term) for term in self.offices.get(row["official_id"], ())],
        }

    def office(self, row: Node) -> Node:
        """A term of office, as Schema.org's role between a person and a body."""
        key = row["term_id"]
        node = {
            "@id": self.iri(key),
            "@type": "OrganizationRole",
            "roleName": row["post"],
            "additionalType": [
                *self.term("terms", "role", row["role"]),
                *self.term("terms", "capacity", row["capacity"]),
            ],
            "memberOf": self.ref(row["organization_id"]),
            "startDate": self.date(row["start_date"]),
            "endDate": self.date(row["end_date"]),
            "additionalProperty": [
                *self.also("terms", row, "attested_dates"),
                *self.ends("terms", row, "start_date", "end_date"),
            ],
            "identifier": key,
            "disambiguatingDescription": row["note"],
            "subjectOf": self.cited_for("terms", key),
        }
        return _filled(node)

    def event(self, key: str, *super_events: str | None) -> Node:
        """What all events have."""
        return {
            "@type": "Event",
            "superEvent": self.refs(*super_events),
            "attendee": [self.attendee(each) for each in self.participants.get(key, ())],
        }

    def as_role(self, name: str, key: str | None) -> list[Node]:
        """One who attends in a role that a column of the event names."""
        who = self.ref(key)
        return [{"@type": "Role", "roleName": name, "attendee": who}] if who else []

    def attendee(self, row: Node) -> Node:
        """A participation: Schema.org's role, around who takes part."""
        who = self.refs(row["official_id"], row["organization_id"], row["country"])
        node: Node = {
            "@id": self.iri(row["participant_id"]) if row["participant_id"] else None,
            "@type": "Role",
            "roleName": row["role"],
            "additionalType": self.term("participants", "role", row["role"]),
            "description": row["group_label"],
            "attendee": who,
            "disambiguatingDescription": row["note"],
            "subjectOf": self.cited_for("participants", row["participant_id"]),
        }
        return _filled(node)

    def places(self, text: str | None, country: str | None) -> list[Node]:
        made: list[Node] = []
        for name in (text or "").split(LIST_SEPARATOR):
            if name:
                place: Node = {"@type": "Place", "name": name}
                if country:
                    place["containedInPlace"] = self.ref(country)
                made.append(place)
        return made or self.refs(country)

    def visit(self, row: Node) -> Node:
        status = EVENT_STATUS.get(row["status"] or "")
        event = self.event(row["visit_id"], row["parent_id"])
        event["attendee"] += self.as_role("visiting country", row["visiting_country"])
        event["attendee"] += self.as_role("lead", row["lead_official_id"])
        return {
            **event,
            "name": row["title"],
            "additionalType": [
                *self.term("visits", "visit_type", row["visit_type"]),
                *self.term("visits", "occasion", row["occasion"]),
                *self.term("visits", "level", row["level"]),
                *self.term("visits", "status", row["status"]),
            ],
            "startDate": self.date(row["start_date"]),
            "endDate": self.date(row["end_date"]),
            "eventStatus": {"@id": f"https://schema.org/{status}"} if status else None,
            "location": self.places(row["locations"], row["host_country"]),
            "organizer": self.ref(row["host_country"]),
            # The delegation came for it: it is neither part of the visit nor the visit of it.
            "about": self.ref(row["session_id"]),
            "additionalProperty": self.ends("visits", row, "start_date", "end_date"),
        }

    def engagement(self, row: Node) -> Node:
        key = row["engagement_id"]
        kind = self.term("engagements", "classification", row["classification"])
        return {
            **self.event(key, row["visit_id"], row["session_id"]),
            "name": row["title"],
            "additionalType": kind,
            "startDate": self.date(row["date"]),
            "location": self.places(row["location"], None),
            "additionalProperty": self.ends("engagements", row, "date"),
        }

    def session(self, row: Node) -> Node:
        kind = self.term("assembly_sessions", "classification", row["classification"])
        event = self.event(row["session_id"])
        event["attendee"] += self.as_role("presiding country", row["presiding_country"])
        return {
            **event,
            "name": label("assembly_sessions", row, self.name),
            "additionalType": kind,
            "startDate": self.date(row["start_date"]),
            "endDate": self.date(row["end_date"]),
            "location": self.places(row["location"], row["host_country"]),
            "organizer": self.ref(row["organization_id"]),
            "additionalProperty": [
                *self.also("assembly_sessions", row, "ordinal"),
                *self.ends("assembly_sessions", row, "start_date", "end_date"),
            ],
        }

    def membership_step(self, row: Node) -> Node:
        return {
            "@type": "Event",
            "name": " as ".join(part for part in (row["step"], row["kind"]) if part),
            "additionalType": [
                *self.term("memberships", "step", row["step"]),
                *self.term("memberships", "kind", row["kind"]),
            ],
            "startDate": self.date(row["date"]),
            "about": self.refs(row["organization_id"], row["country"]),
            "superEvent": self.ref(row["session_id"]),
            "additionalProperty": self.ends("memberships", row, "date"),
        }

    def agreement(self, row: Node) -> Node:
        signed = self.date(row["signed_date"])
        number = row["number_of_instruments"] or "1"
        node: Node = {
            "@type": "CreativeWork",
            "name": row["title"],
            "additionalType": [
                *self.term("agreements", "instrument", row["instrument"]),
                *self.term("agreements", "scope", row["scope"]),
                *self.term("agreements", "status", row["status"]),
            ],
            "keywords": [each for each in (row["subjects"] or "").split(LIST_SEPARATOR) if each],
            "dateCreated": signed,
            "expires": self.date(row["terminated_date"]),
            "locationCreated": self.places(row["location"], None),
            "subjectOf": self.refs(row["visit_id"], row["session_id"]),
            "isPartOf": self.ref(row["parent_id"]),
            "contributor": [
                self.party(each) for each in self.participants.get(row["agreement_id"], ())
            ],
        }
        law = row["instrument"] in LAW
        several = COUNT.fullmatch(number) is not None and int(number) > 1
        node["additionalProperty"] = [
            *self.ends("agreements", row, "signed_date", "terminated_date"),
            *(self.ends if law and not several else self.also)("agreements", row, "in_force_date"),
            *(() if law and not several else self.also("agreements", row, "registration")),
            *(() if several else self.also("agreements", row, "number_of_instruments")),
        ]
        if several:
            return node | {"@type": "Collection", "collectionSize": int(number)}
        if law:
            return node | {
                "@type": "Legislation",
                "legislationDate": signed,
                "legislationDateOfApplicability": self.date(row["in_force_date"]),
                "legislationIdentifier": row["registration"],
            }
        return node

    def party(self, row: Node) -> Node:
        node = self.attendee(row)
        node["contributor"] = node.pop("attendee", [])
        return node

    def claim(self, row: Node) -> Node:
        return {
            "@type": "Claim",
            "text": row["summary"],
            "author": self.refs(row["official_id"], row["organization_id"]),
            "dateCreated": self.date(row["date"]),
            "recordedAt": self.ref(row["engagement_id"]),
            "about": self.term("statements", "topic", row["topic"]),
            "keywords": [each for each in (row["subjects"] or "").split(LIST_SEPARATOR) if each],
            "additionalProperty": self.ends("statements", row, "date"),
        }

    def source(self, row: Node) -> Node:
        return {
            "@type": SOURCE_TYPE.get(row["type"] or "", "CreativeWork"),
            "name": row["title"],
            "author": {"@type": "Thing", "name": row["author"]} if row["author"] else None,
            "publisher": (
                {"@type": "Organization", "name": row["publisher"]} if row["publisher"] else None
            ),
            "url": row["url"],
            "datePublished": self.date(row["published"]),
            "inLanguage": row["language"],
            "additionalType": self.term("sources", "type", row["type"]),
            "additionalProperty": [
                *self.ends("sources", row, "published"),
                *self.also("sources", row, "retrieved", "file", "sha256", "char_length"),
            ],
        }

    def annotation(self, row: Node) -> Node:
        """An evidence row as a Web Annotation: the row's node is what the characters bear on."""
        body = self.ref(row["row_id"]) or {}
        notes = [row["basis"], row["stance"], row["voice"]]
        unread = [name for name in ("char_start", "char_end") if not _number(row[name])]
        return {
            "@id": self.iri(row["evidence_id"]),
            "@type": "oa:Annotation",
            "oa:motivatedBy": {"@id": "oa:linking"},
            "oa:hasBody": body,
            "oa:hasTarget": {
                "@type": "oa:SpecificResource",
                "oa:hasSource": self.ref(row["source_id"]),
                "oa:hasSelector": {
                    "@type": "oa:TextPositionSelector",
                    "oa:start": _number(row["char_start"]),
                    "oa:end": _number(row["char_end"]),
                },
            },
            "name": row["column"] or "the row as a whole",
            "keywords": [note for note in notes if note],
            "additionalProperty": [
                *self.also("evidence", row, "table", "span_sha256"),
                *self.also("evidence", row, *unread),
            ],
            **({"description": row["note"]} if row["note"] else {}),
        }


def _address(text: str) -> str | Node:
    """A web address as a reference, any other text as it is."""
    return {"@id": text} if text.startswith(("http://", "https://")) else text


def _filled(node: Node) -> Node:
    return {name: value for name, value in node.items() if value not in (None, [], "")}


def _number(text: str | None) -> Node | None:
    if not text or not COUNT.fullmatch(text):
        return None
    return {"@type": "xsd:nonNegativeInteger", "@value": text}
