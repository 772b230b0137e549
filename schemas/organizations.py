from relations.schemas.columns import Standard, key, reference, term, text
from relations.schemas.table import Table
from relations.schemas.vocabularies import ORGANIZATION_CLASSIFICATION


class Organizations(Table):
    """One row per body that acts or is acted in: parliaments, assemblies, companies, media."""

    organization_id: str = key("G", "Id of the organization.")
    name: str = text(
        "Name in English.", required=True, standard=Standard("popolo:Organization/name")
    )
    abbreviation: str = text(
        "Usual abbreviation.", standard=Standard("popolo:Organization/other_names", "closeMatch")
    )
    classification: str = term(
        ORGANIZATION_CLASSIFICATION,
        "Kind of organization.",
        standard=Standard("popolo:Organization/classification"),
    )
    country: str = reference(
        "countries",
        "Country that it belongs to; empty where it is international.",
        standard=Standard("ftm:Organization/country"),
    )
    parent_id: str = reference(
        "organizations",
        "Organization that it is part of.",
        standard=Standard("popolo:Organization/parent_id"),
    )
    note: str = text("Remarks.")
