"""The JSON-LD export, read by an RDF library without a network."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib

from relations.schemas.columns import LIST_SEPARATOR
from relations.schemas.tables import TABLES
from relations.validators.exporting.contents import CannotExport
from relations.validators.package.package import declared
from support.editing import EXAMPLE_PACKAGE, read_table
from support.exporting import exported, with_cells

SCHEMA = rdflib.Namespace("https://schema.org/")
OA = rdflib.Namespace("http://www.w3.org/ns/oa#")
EDTF = rdflib.URIRef("http://id.loc.gov/datatypes/edtf/EDTF")
RDFLIB_WARNS = "ignore:ConjunctiveGraph is deprecated:DeprecationWarning"

pytestmark = pytest.mark.filterwarnings(RDFLIB_WARNS)
Name = Callable[[str], rdflib.URIRef]
Cell = tuple[str, str, str, str]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported("jsonld", tmp_path_factory.mktemp("jsonld") / "out.jsonld")


@pytest.fixture(scope="module")
def graph(file: Path) -> rdflib.Graph:
    return parsed(file)


def parsed(file: Path) -> rdflib.Graph:
    graph = rdflib.Graph()
    graph.parse(file, format="json-ld")
    return graph


@pytest.fixture(scope="module")
def node(graph: rdflib.Graph) -> Name:
    dataset = next(graph.subjects(rdflib.RDF.type, SCHEMA.Dataset))
    return lambda key: rdflib.URIRef(str(dataset).removesuffix("dataset") + key)


def of_type(graph: rdflib.Graph, kind: rdflib.URIRef) -> set[str]:
    found = graph.subjects(rdflib.RDF.type, kind)
    return {str(each).rpartition("#")[2] for each in found if isinstance(each, rdflib.URIRef)}


def keys(*tables: str) -> set[str]:
    return {
        next(iter(row.values())) for table in tables for row in read_table(EXAMPLE_PACKAGE, table)
    }


def test_every_row_has_its_node(graph: rdflib.Graph) -> None:
    events = keys("visits", "engagements", "assembly_sessions", "memberships")
    assert of_type(graph, SCHEMA.Event) == events
    assert of_type(graph, SCHEMA.Person) == keys("officials")
    assert of_type(graph, SCHEMA.Country) == keys("countries")
    assert of_type(graph, SCHEMA.OrganizationRole) == keys("terms")
    assert of_type(graph, SCHEMA.Role) == keys("participants")
    assert of_type(graph, SCHEMA.Claim) == keys("statements")
    assert of_type(graph, OA.Annotation) == keys("evidence")
    assert of_type(graph, SCHEMA.Legislation) == {"A0003"}
    assert of_type(graph, SCHEMA.CreativeWork) == {"A0001", "A0002", "R0001"}
    bodies = of_type(graph, SCHEMA.GovernmentOrganization) | of_type(graph, SCHEMA.Organization)
    assert bodies == keys("organizations")


def test_the_data_set_and_its_downloads(graph: rdflib.Graph, node: Name) -> None:
    about = node("dataset")
    assert graph.value(about, SCHEMA.version) == rdflib.Literal("1.0.0")
    assert graph.value(about, SCHEMA.temporalCoverage) == rdflib.Literal("2022-05-10/2024-06-30")
    assert graph.value(about, SCHEMA.license) == rdflib.URIRef(
        "https://creativecommons.org/publicdomain/zero/1.0/"
    )
    downloads = [
        graph.value(each, SCHEMA.contentUrl) for each in graph.objects(about, SCHEMA.distribution)
    ]
    assert len(downloads) == len(TABLES)
    # Seen from the document, each address is a file of the package.
    assert sorted(
        Path(str(each).removeprefix("file://")).resolve() for each in downloads
    ) == sorted(EXAMPLE_PACKAGE / "datapackage" / f"{table}.csv" for table in TABLES)


def test_a_date_is_a_day_or_says_that_it_is_edtf(graph: rdflib.Graph, node: Name) -> None:
    start, end = SCHEMA.startDate, SCHEMA.endDate
    assert graph.value(node("V0001"), start) == rdflib.Literal("2022-05-10", datatype=SCHEMA.Date)
    assert graph.value(node("V0003"), start) == rdflib.Literal("2024-06~", datatype=EDTF)
    assert graph.value(node("A0003"), SCHEMA.legislationDate) == rdflib.Literal(
        "2023-03", datatype=EDTF
    )
    assert graph.value(node("A0003"), SCHEMA.legislationDateOfApplicability) == rdflib.Literal(
        "2023-07-01", datatype=SCHEMA.Date
    )
    assert graph.value(node("T0002"), end) is None


def test_what_belongs_together_is_tied(graph: rdflib.Graph, node: Name) -> None:
    within = {
        (str(each).rpartition("#")[2], str(whole).rpartition("#")[2])
        for each, whole in graph.subject_objects(SCHEMA.superEvent)
    }
    assert within == {
        ("V0004", "V0001"), ("E0001", "V0001"), ("E0002", "V0002"), ("E0002", "S0001"),
        ("E0003", "S0001"), ("M0002", "S0001"),
    }  # fmt: skip
    answers = graph.query(
        """
        PREFIX schema: <https://schema.org/>
        SELECT ?name ?post ?body WHERE {
          ?event schema:name "State visit to Estonia" ; schema:attendee ?role .
          ?role schema:roleName "lead" ; schema:attendee ?person .
          ?person schema:name ?name ; schema:memberOf ?office .
          ?office schema:roleName ?post ; schema:memberOf/schema:name ?body .
        }
        """
    )
    assert [tuple(map(str, row)) for row in answers] == [
        ("Arnar Hallsson", "President", "Office of the President of Iceland")
    ]
    kind = node("visit_type/state")
    assert (node("V0001"), SCHEMA.additionalType, kind) in graph
    assert graph.value(kind, SCHEMA.termCode) == rdflib.Literal("state")


def test_evidence_is_a_web_annotation(graph: rdflib.Graph, node: Name) -> None:
    target = graph.value(node("C0019"), OA.hasTarget)
    selector = graph.value(target, OA.hasSelector)
    assert graph.value(node("C0019"), OA.hasBody) == node("V0001")
    assert graph.value(node("C0019"), SCHEMA.name) == rdflib.Literal("visit_type")
    assert graph.value(target, OA.hasSource) == node("R0001")
    assert [graph.value(selector, end).toPython() for end in (OA.start, OA.end)] == [46, 129]


def test_every_reference_leads_to_a_node(graph: rdflib.Graph, node: Name) -> None:
    own = str(node(""))
    named = {each for each in graph.objects() if isinstance(each, rdflib.URIRef)}
    loose = {each for each in named if each.startswith(own)} - set(graph.subjects())
    assert loose == set()


def nodes_of(file: Path) -> dict[str, set[str]]:
    """Per key, every text of its node and the ids of the nodes that it stands in."""
    found: dict[str, set[str]] = {}

    def gather(value: object, within: tuple[str, ...]) -> set[str]:
        if isinstance(value, dict):
            own = str(value.get("@id", ""))
            inner = (*within, own) if len(value) > 1 and own else within
            texts = set().union(*(gather(each, inner) for each in value.values()))
            if len(value) > 1 and own:
                found[own.rpartition(":")[2]] = texts | set(within)
            return texts
        if isinstance(value, list):
            return set().union(*(gather(each, within) for each in value))
        return {str(value)}

    gather(json.loads(file.read_bytes())["@graph"], ())
    return found


FILLED = (
    ("countries", "EST", "valid_from", "1918-02-24"),
    ("participants", "N0001", "note", "For the ministry."),
    ("terms", "T0001", "attested_dates", "2021-03;2022-05-10~"),
    ("terms", "T0001", "note", "Acting at first."),
    ("agreements", "A0001", "in_force_date", "2022-06"),
    ("agreements", "A0001", "registration", "I-12"),
    ("agreements", "A0003", "registration", "I-13"),
    ("sources", "R0001", "author", "A. Writer"),
)


@pytest.mark.parametrize("cells", [(), FILLED])
def test_no_filled_cell_is_left_out(tmp_path: Path, cells: tuple[Cell, ...]) -> None:
    root = with_cells(tmp_path, *cells)
    found = nodes_of(exported("jsonld", tmp_path / "out.jsonld", root, allow_errors=True))
    lost = []
    for table in TABLES:
        for row in read_table(root, table):
            key = next(iter(row.values()))
            for column, value in row.items():
                for item in value.split(LIST_SEPARATOR) if value else ():
                    vocabulary = declared()[table][column].vocabulary
                    said = {item, f"this:{item}", f"http://www.wikidata.org/entity/{item}"}
                    if vocabulary:
                        said.add(f"this:{vocabulary.name}/{item}")
                    if not said & found[key]:
                        lost.append((table, key, column, item))
    assert lost == []


def test_what_schema_org_has_no_property_for(tmp_path: Path) -> None:
    root = with_cells(tmp_path, *FILLED)
    graph = parsed(exported("jsonld", tmp_path / "out.jsonld", root, allow_errors=True))
    [term] = list(graph.subjects(SCHEMA.identifier, rdflib.Literal("T0001")))
    [cell] = graph.objects(term, SCHEMA.additionalProperty)
    assert graph.value(cell, SCHEMA.name) == rdflib.Literal("attested_dates")
    assert set(graph.objects(cell, SCHEMA.value)) == {
        rdflib.Literal("2021-03", datatype=EDTF),
        rdflib.Literal("2022-05-10~", datatype=EDTF),
    }


def test_an_empty_key_and_odd_terms_are_kept_as_they_are(tmp_path: Path) -> None:
    root = with_cells(
        tmp_path,
        ("participants", "N0001", "participant_id", ""),
        ("visits", "V0001", "visit_type", "state visit"),
        ("agreements", "A0003", "number_of_instruments", "9" * 5000),
        ("evidence", "C0001", "char_start", "first"),
    )
    file = exported("jsonld", tmp_path / "out.jsonld", root, allow_errors=True)
    found = nodes_of(file)
    assert "this:visit_type/state%20visit" in found["V0001"]
    assert "9" * 5000 in found["A0003"]
    assert "first" in found["C0001"]
    assert parsed(file)


@pytest.mark.parametrize(
    ("path", "written", "kind"),
    [
        ("datapackage/visits.csv.gz", "datapackage/visits.csv.gz", "application/gzip"),
        (
            "datapackage/visits.parquet",
            "datapackage/visits.parquet",
            "application/vnd.apache.parquet",
        ),
        ("data #1/visits.csv", "data%20%231/visits.csv", "text/csv"),
    ],
)
def test_a_table_is_named_as_what_it_is(path: str, written: str, kind: str, tmp_path: Path) -> None:
    root = with_cells(tmp_path)
    descriptor = json.loads((root / "datapackage.json").read_bytes())
    resource = next(each for each in descriptor["resources"] if each["name"] == "visits")
    resource["path"] = path
    (root / "datapackage.json").write_text(json.dumps(descriptor))
    options = {"allow_errors": True, "base_url": "https://example.org/data/"}
    file = exported("jsonld", tmp_path / "out.jsonld", root, **options)
    downloads = json.loads(file.read_bytes())["@graph"][0]["distribution"]
    [found] = [each for each in downloads if each["name"] == "visits"]
    assert found["contentUrl"] == f"https://example.org/data/{written}"
    assert found["encodingFormat"] == kind


@pytest.mark.parametrize("url", ["notaurl", "https:/example.org", "https://e.org/?a=b", "ftp://e/"])
def test_what_is_no_address_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(CannotExport) as refused:
        exported("jsonld", tmp_path / "out.jsonld", base_url=url)
    assert str(refused.value) == (
        f"{url} is no address of a folder: it begins with https:// or http://, and has "
        "neither ? nor #"
    )
    assert not (tmp_path / "out.jsonld").exists()


def test_several_instruments_are_a_collection(tmp_path: Path) -> None:
    root = with_cells(tmp_path, ("agreements", "A0003", "number_of_instruments", "20"))
    graph = parsed(exported("jsonld", tmp_path / "out.jsonld", root))
    found = next(graph.subjects(rdflib.RDF.type, SCHEMA.Collection))
    assert graph.value(found, SCHEMA.collectionSize).toPython() == 20


def test_ids_and_addresses_are_those_of_the_web(tmp_path: Path) -> None:
    root = with_cells(tmp_path)
    descriptor = json.loads((root / "datapackage.json").read_bytes())
    descriptor["homepage"] = "https://example.org/relations/"
    (root / "datapackage.json").write_text(json.dumps(descriptor))
    graph = parsed(
        exported(
            "jsonld", tmp_path / "out.jsonld", root, base_url="https://example.org/data",
            allow_errors=True,
        )
    )  # fmt: skip
    visit = rdflib.URIRef("https://example.org/relations/#V0001")
    assert graph.value(visit, SCHEMA.name) == rdflib.Literal("State visit to Estonia")
    assert rdflib.URIRef("https://example.org/data/datapackage/visits.csv") in set(
        graph.objects(None, SCHEMA.contentUrl)
    )
