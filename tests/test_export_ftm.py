"""The FollowTheMoney export, read and validated by its library."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from relations.schemas.vocabularies import OFFICE_ROLE
from relations.validators.exporting.follow_the_money import TOPICS
from support.exporting import exported, with_cells

if TYPE_CHECKING:
    from followthemoney.proxy import EntityProxy

model = pytest.importorskip(
    "followthemoney", reason="the extra `ftm` is not installed: no followthemoney"
).model

Entities = dict[str, "EntityProxy"]


def read(path: Path) -> Entities:
    made = [model.get_proxy(json.loads(line)) for line in path.read_text("utf-8").splitlines()]
    entities = {each.id: each for each in made if each.id}
    assert len(entities) == len(made)
    return entities


@pytest.fixture(scope="module")
def entities(tmp_path_factory: pytest.TempPathFactory) -> Entities:
    return read(exported("ftm", tmp_path_factory.mktemp("ftm") / "out.ftm.json"))


def entity(entities: Entities, key: str) -> dict[str, list[str]]:
    return entities[f"example-est-isl-{key}"].properties


def test_kinds_and_numbers(entities: Entities) -> None:
    assert Counter(each.schema.name for each in entities.values()) == {
        "Person": 4, "Position": 4, "Occupancy": 4, "Organization": 1, "PublicBody": 9, "Event": 14,
        "Membership": 2, "Document": 1, "Documentation": 18, "UnknownLink": 25,
    }  # fmt: skip


def test_every_entity_is_valid_and_complete(entities: Entities) -> None:
    for each in entities.values():
        each.schema.validate(each.to_dict())
        for required in each.schema.required:
            assert each.has(required), f"{each.id} {required}"
        for prop, value in each.itervalues():
            assert prop.type.validate(value), f"{each.id} {prop.name} {value}"
            if prop.type.name == "entity":
                assert entities[value].schema.is_a(prop.range), f"{each.id} {prop.name}"


def test_a_person_an_office_and_who_held_it(entities: Entities) -> None:
    assert entity(entities, "P0004") == {
        "name": ["Sigrún Dalberg"],
        "firstName": ["Sigrún"],
        "lastName": ["Dalberg"],
        "alias": ["S. Dalberg", "Sigrún Dalberg"],
        "country": ["is"],
        "proof": ["example-est-isl-R0001"],
    }
    term = entity(entities, "T0002")
    assert (term["startDate"], term["status"]) == (["2023-04-10"], ["current"])
    assert term["description"] == ["end_date: known to be still open"]
    position = entities[term["post"][0]]
    assert position.properties == {
        "name": ["Speaker, Riigikogu"],
        "country": ["ee"],
        "organization": ["example-est-isl-G0002"],
        "topics": ["gov.legislative", "gov.national"],
        "proof": ["example-est-isl-R0001"],
    }
    assert entity(entities, "T0003")["date"] == ["2022-05-11"]


def test_an_event_and_its_links(entities: Entities) -> None:
    visit = entity(entities, "V0003")
    assert visit["startDate"] == ["2024-06"]
    assert visit["description"] == ["start_date 2024-06~: approximate"]
    assert visit["country"] == ["ee", "is"]
    assert visit["organizer"] == ["example-est-isl-ISL"]
    assert entity(entities, "N0007-P0004") == {
        "subject": ["example-est-isl-P0004"],
        "object": ["example-est-isl-E0002"],
        "role": ["speaker"],
        "proof": ["example-est-isl-R0001"],
    }
    assert entity(entities, "S0001")["name"] == ["7th session of the Northern Forum of Parliaments"]
    assert entity(entities, "V0004")["description"] == [
        "parent_id is inferred: The day in Tartu is told as part of the state visit."
    ]
    assert entity(entities, "M0002")["startDate"] == ["2023-10-06"]
    assert entity(entities, "SUN")["country"] == ["suhh"]


def test_where_the_source_says_so(entities: Entities) -> None:
    said = entity(entities, "A0001-R0001")["description"]
    assert "characters 291 to 347, signed_date: stated, supports, voice author" in said
    assert entity(entities, "R0001")["fileName"] == ["R0001.txt"]


def test_topics_are_of_our_roles_and_of_their_topics() -> None:
    from followthemoney import registry

    assert set(TOPICS) <= set(OFFICE_ROLE)
    assert {topic for topics in TOPICS.values() for topic in topics} <= set(registry.topic.names)


def test_what_the_library_does_not_take_is_kept_in_words(tmp_path: Path) -> None:
    root = with_cells(
        tmp_path,
        ("officials", "P0001", "wikidata_id", "Q1"),
        ("sources", "R0001", "url", "https://ex ample.org/"),
        ("visits", "V0001", "host_country", "XXX"),
    )
    found = read(exported("ftm", tmp_path / "out", root, allow_errors=True))
    assert entity(found, "P0001")["wikidataId"] == ["Q1"]
    assert "country: XXX" in entity(found, "V0001")["description"]
    assert "sourceUrl: https://ex ample.org/" in entity(found, "R0001")["description"]


def test_a_source_that_bears_on_its_own_row_is_no_proof_of_itself(tmp_path: Path) -> None:
    root = with_cells(
        tmp_path,
        ("evidence", "C0079", "table", "sources"),
        ("evidence", "C0079", "row_id", "R0001"),
        ("evidence", "C0079", "column", "published"),
    )
    source = entity(read(exported("ftm", tmp_path / "out", root)), "R0001")
    assert "proof" not in source
    assert (
        "published is inferred: The day in Tartu is told as part of the state visit."
        in source["description"]
    )


def test_an_office_has_what_all_its_terms_say(tmp_path: Path) -> None:
    root = with_cells(
        tmp_path,
        ("terms", "T0004", "organization_id", "G0002"),
        ("terms", "T0004", "post", "Speaker"),
        ("terms", "T0004", "role", "minister"),
    )
    found = read(exported("ftm", tmp_path / "out", root, allow_errors=True))
    post = entity(found, "T0002")["post"]
    assert entity(found, "T0004")["post"] == post
    assert sorted(found[post[0]].properties["topics"]) == [
        "gov.executive", "gov.legislative", "gov.national",
    ]  # fmt: skip


def test_a_statement_of_no_topic_is_given_none(tmp_path: Path) -> None:
    root = with_cells(tmp_path, ("statements", "X0001", "topic", ""))
    found = read(exported("ftm", tmp_path / "out", root, allow_errors=True))
    assert entity(found, "X0001")["name"] == ["Statement"]
