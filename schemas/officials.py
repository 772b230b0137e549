from relations.schemas.columns import Standard, code, key, reference, text, texts
from relations.schemas.table import Table


class Officials(Table):
    """One row per person who holds or held public office."""

    official_id: str = key("P", "Id of the person.")
    name: str = text(
        "Name as usually written in English.",
        required=True,
        standard=Standard("popolo:Person/name"),
    )
    family_name: str = text("Family name.", standard=Standard("popolo:Person/family_name"))
    given_name: str = text("Given names.", standard=Standard("popolo:Person/given_name"))
    native_name: str = text(
        "Name in its own language and script.",
        standard=Standard("popolo:Person/other_names", "closeMatch"),
    )
    other_names: str = texts(
        "Other spellings and names.",
        standard=Standard("popolo:Person/other_names", "closeMatch"),
    )
    country: str = reference(
        "countries",
        "Country whose office the person holds or held.",
        standard=Standard("ftm:Person/nationality", "closeMatch"),
    )
    wikidata_id: str = code(
        "malformed-wikidata-id",
        "^Q[1-9][0-9]*$",
        "Wikidata item of the person.",
        example="Q18204",
        standard=Standard("popolo:Person/identifiers", "closeMatch"),
    )
    note: str = text("Remarks.")
