from relations.schemas.columns import Standard, date, key, reference, term, text
from relations.schemas.table import Table
from relations.schemas.vocabularies import ENGAGEMENT_CLASSIFICATION


class Engagements(Table):
    """What happened during a visit or a session: one row per meeting, speech or ceremony."""

    engagement_id: str = key("E", "Id of the engagement.")
    title: str = text(
        "Short title in the curators' words.",
        required=True,
        standard=Standard("popolo:Event/name"),
    )
    classification: str = term(
        ENGAGEMENT_CLASSIFICATION,
        "Kind of engagement.",
        standard=Standard("popolo:Event/classification"),
    )
    date: str = date("Day on which it took place.", standard=Standard("popolo:Event/start_date"))
    location: str = text("Place.", standard=Standard("popolo:Event/location"))
    visit_id: str = reference("visits", "Visit during which it took place.")
    session_id: str = reference("assembly_sessions", "Sitting during which it took place.")
    note: str = text("Remarks.")
