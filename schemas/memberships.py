from relations.schemas.columns import Standard, date, key, reference, term, text
from relations.schemas.table import Table
from relations.schemas.vocabularies import MEMBERSHIP_KIND, MEMBERSHIP_STEP


class Memberships(Table):
    """A country's standing in an organization: one row per step."""

    membership_id: str = key("M", "Id of the step.")
    organization_id: str = reference(
        "organizations",
        "Organization concerned.",
        required=True,
        standard=Standard("popolo:Membership/organization_id"),
    )
    country: str = reference(
        "countries",
        "Country concerned.",
        required=True,
        standard=Standard("COW IGO: state", "closeMatch"),
    )
    step: str = term(MEMBERSHIP_STEP, "What happened.")
    kind: str = term(
        MEMBERSHIP_KIND,
        "Kind of membership that the step concerns.",
        standard=Standard("COW IGO: membership kinds", "closeMatch"),
    )
    date: str = date(
        "Day of the step.", standard=Standard("popolo:Membership/start_date", "closeMatch")
    )
    session_id: str = reference("assembly_sessions", "Sitting at which it was taken.")
    note: str = text("Remarks.")
