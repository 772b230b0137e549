from relations.schemas.columns import Standard, date, key, reference, term, text, texts
from relations.schemas.table import Table
from relations.schemas.vocabularies import LEVEL, OCCASION, VISIT_STATUS, VISIT_TYPE


class Visits(Table):
    """One row per stay of one country's delegation in another."""

    visit_id: str = key("V", "Id of the visit.")
    title: str = text(
        "Short title in the curators' words.",
        required=True,
        standard=Standard("popolo:Event/name"),
    )
    visiting_country: str = reference(
        "countries",
        "Country whose delegation travels.",
        required=True,
        standard=Standard("PLOVER: actor", "closeMatch"),
    )
    host_country: str = reference(
        "countries",
        "Country in which it stays.",
        required=True,
        standard=Standard("PLOVER: recipient", "closeMatch"),
    )
    visit_type: str = term(
        VISIT_TYPE,
        "Type of the visit, as protocol has it.",
        fact=True,
        standard=Standard("US Department of State: visit types", "closeMatch"),
    )
    occasion: str = term(
        OCCASION,
        "What the visit was for.",
        fact=True,
        standard=Standard("PLOVER: context", "closeMatch"),
    )
    level: str = term(LEVEL, "Highest office that the lead holds.", fact=True)
    lead_official_id: str = reference("officials", "Who leads the delegation.")
    start_date: str = date(
        "First day of the stay.", fact=True, standard=Standard("popolo:Event/start_date")
    )
    end_date: str = date(
        "Last day of the stay; `..` where it is known to be still going on.",
        open_end=True,
        fact=True,
        standard=Standard("popolo:Event/end_date"),
    )
    locations: str = texts(
        "Places visited, as cities or regions.",
        standard=Standard("popolo:Event/location", "closeMatch"),
    )
    status: str = term(
        VISIT_STATUS,
        "Whether it took place; to be cited only where it is not `held`.",
        fact=True,
        standard=Standard("popolo:Event/status"),
    )
    parent_id: str = reference(
        "visits",
        "Longer visit of which this is a leg.",
        standard=Standard("popolo:Event/parent_id"),
    )
    session_id: str = reference(
        "assembly_sessions", "Sitting for which the delegation came, or which it attended."
    )
    note: str = text("Remarks.")
