from relations.schemas.columns import Standard, date, key, reference, term, text, texts
from relations.schemas.table import Table
from relations.schemas.vocabularies import TOPIC


class Statements(Table):
    """What somebody said, or what a source itself maintains. Claims stay claims."""

    statement_id: str = key("X", "Id of the statement.")
    official_id: str = reference(
        "officials",
        "Who said it; with the organization empty too, the source itself.",
        standard=Standard("popolo:Speech/creator_id", "closeMatch"),
    )
    organization_id: str = reference("organizations", "Organization that said it.")
    engagement_id: str = reference(
        "engagements",
        "Engagement at which it was said.",
        standard=Standard("popolo:Speech/event_id", "closeMatch"),
    )
    date: str = date(
        "Day on which it was said.", standard=Standard("popolo:Speech/date", "closeMatch")
    )
    topic: str = term(TOPIC, "Main topic.")
    subjects: str = texts("Narrower subjects.", standard=Standard("schema:about", "closeMatch"))
    summary: str = text("What was said, in the curators' words.", required=True)
    note: str = text("Remarks.")
