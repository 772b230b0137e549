from relations.schemas.columns import Standard, date, integer, key, reference, term, text
from relations.schemas.table import Table
from relations.schemas.vocabularies import SESSION_CLASSIFICATION


class AssemblySessions(Table):
    """One row per sitting of a parliamentary assembly."""

    session_id: str = key("S", "Id of the sitting.")
    organization_id: str = reference(
        "organizations",
        "Assembly that sat.",
        required=True,
        standard=Standard("popolo:Event/organization_id"),
    )
    ordinal: str = integer("Its number: 15 for the 15th.", minimum=1, fact=True)
    classification: str = term(
        SESSION_CLASSIFICATION,
        "Kind of sitting.",
        fact=True,
        standard=Standard("popolo:Event/classification"),
    )
    start_date: str = date("First day.", fact=True, standard=Standard("popolo:Event/start_date"))
    end_date: str = date(
        "Last day; `..` where it is known to be still sitting.",
        open_end=True,
        fact=True,
        standard=Standard("popolo:Event/end_date"),
    )
    location: str = text("Place, as a city.", standard=Standard("popolo:Event/location"))
    host_country: str = reference("countries", "Country in which it sat.")
    presiding_country: str = reference("countries", "Country that presided.")
    note: str = text("Remarks.")
