"""The published standards that the models name, and where each can be read.

A column's :class:`~relations.schemas.columns.Standard` names a term (``popolo:Event/name``,
``UNTS: title``); its standard is the one whose prefix the term begins with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

SKOS = "http://www.w3.org/2004/02/skos/core#"
"""The namespace of exactMatch and closeMatch."""


@dataclass(frozen=True, slots=True)
class PublishedStandard:
    """A standard that terms are taken from.

    ``prefix`` is how its terms begin; ``address`` a public address that is meant to last;
    ``term_address`` makes, from a term without the prefix, the address of that very term,
    where the standard gives each term one.
    """

    prefix: str
    name: str
    address: str
    term_address: Callable[[str], str] | None = None


def _popolo(term: str) -> str:
    return f"https://www.popoloproject.com/specs/{term.partition('/')[0].lower()}.html"


STANDARDS: tuple[PublishedStandard, ...] = (
    PublishedStandard(
        "popolo:", "Popolo, open government data", "https://www.popoloproject.com/", _popolo
    ),
    PublishedStandard(
        "ftm:",
        "FollowTheMoney, entities of investigations",
        "https://followthemoney.tech/",
        lambda term: f"https://followthemoney.tech/explorer/schemata/{term.partition('/')[0]}/",
    ),
    PublishedStandard(
        "PLOVER: ",
        "PLOVER, an ontology of political events (as in the POLECAT data)",
        "https://doi.org/10.7910/DVN/AJGVIT",
    ),
    PublishedStandard(
        "US Department of State: ",
        "US Department of State, Office of the Historian: visits",
        "https://history.state.gov/departmenthistory/visits",
    ),
    PublishedStandard(
        "Correlates of War: ",
        "Correlates of War: country codes",
        "https://correlatesofwar.org/cow-country-codes/",
    ),
    PublishedStandard(
        "COW IGO: ",
        "Correlates of War: intergovernmental organizations",
        "https://correlatesofwar.org/data-sets/igos/",
    ),
    PublishedStandard(
        "Gleditsch and Ward: ",
        "Gleditsch and Ward: independent states",
        "https://doi.org/10.1080/03050629908434958",
    ),
    PublishedStandard(
        "DESTA: ", "DESTA, Design of Trade Agreements", "https://www.designoftradeagreements.org/"
    ),
    PublishedStandard("UNTS: ", "United Nations Treaty Series", "https://treaties.un.org/"),
    PublishedStandard(
        "BODS: ",
        "Beneficial Ownership Data Standard",
        "https://standard.openownership.org/",
    ),
    PublishedStandard(
        "oa:",
        "W3C Web Annotation",
        "https://www.w3.org/TR/annotation-model/",
        lambda term: f"http://www.w3.org/ns/oa#{term}",
    ),
    PublishedStandard(
        "RFC 5147: ",
        "RFC 5147, fragments of plain text",
        "https://www.rfc-editor.org/info/rfc5147",
    ),
    PublishedStandard(
        "dcterms:",
        "Dublin Core terms",
        "https://www.dublincore.org/specifications/dublin-core/dcmi-terms/",
        lambda term: f"http://purl.org/dc/terms/{term}",
    ),
    PublishedStandard(
        "schema:", "Schema.org", "https://schema.org/", lambda term: f"https://schema.org/{term}"
    ),
    PublishedStandard(
        "ISO 3166-1 ", "ISO 3166, country codes", "https://www.iso.org/iso-3166-country-codes.html"
    ),
)
"""Those that terms are taken from, each named once."""

EDTF = PublishedStandard(
    "EDTF", "Extended Date/Time Format, ISO 8601-2", "https://www.loc.gov/standards/datetime/"
)
BCP_47 = PublishedStandard(
    "BCP 47", "BCP 47, tags for languages", "https://www.rfc-editor.org/info/bcp47"
)
RFC_4180 = PublishedStandard(
    "RFC 4180", "RFC 4180, comma-separated values", "https://www.rfc-editor.org/info/rfc4180"
)
DATA_PACKAGE = PublishedStandard(
    "Data Package", "Data Package, version 2", "https://datapackage.org/standard/data-package/"
)

CONVENTIONS: tuple[PublishedStandard, ...] = (DATA_PACKAGE, RFC_4180, EDTF, BCP_47)
"""Those that the notation of the cells follows."""


def standard_of(term: str) -> PublishedStandard:
    """The standard that a term belongs to. Raises KeyError for a term of none."""
    for standard in STANDARDS:
        if term.startswith(standard.prefix):
            return standard
    raise KeyError(term)


def address_of(term: str) -> str:
    """Where a term can be read: its own address, or that of its standard."""
    standard = standard_of(term)
    if standard.term_address is None:
        return standard.address
    return standard.term_address(term.removeprefix(standard.prefix))
