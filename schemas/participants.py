from relations.schemas.columns import Standard, key, reference, term, text
from relations.schemas.table import Table
from relations.schemas.vocabularies import PARTICIPANT_ROLE


class Participants(Table):
    """Who took part in what, tied to the narrowest event that the source names."""

    participant_id: str = key("N", "Id of the participation.")
    visit_id: str = reference("visits", "Visit; exactly one of the four events is filled.")
    engagement_id: str = reference("engagements", "Engagement.")
    session_id: str = reference("assembly_sessions", "Sitting.")
    agreement_id: str = reference("agreements", "Instrument.")
    official_id: str = reference(
        "officials",
        "Person; at least one of person, organization and country is filled.",
        standard=Standard("popolo:Event/attendees", "closeMatch"),
    )
    organization_id: str = reference("organizations", "Organization.")
    country: str = reference("countries", "Country.")
    role: str = term(
        PARTICIPANT_ROLE,
        "Part played.",
        standard=Standard("ftm:UnknownLink/role", "closeMatch"),
    )
    group_label: str = text("An unnamed group, in the curators' words.")
    note: str = text("Remarks.")
