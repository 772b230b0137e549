from relations.schemas.columns import Standard, date, dates_list, key, reference, term, terms, text
from relations.schemas.table import Table
from relations.schemas.vocabularies import CAPACITY, OFFICE_ROLE


class Terms(Table):
    """One row per office that a person held."""

    term_id: str = key("T", "Id of the term of office.")
    official_id: str = reference(
        "officials",
        "Who held the office.",
        required=True,
        standard=Standard("popolo:Membership/person_id"),
    )
    organization_id: str = reference(
        "organizations",
        "Organization in which it is held.",
        standard=Standard("popolo:Membership/organization_id"),
    )
    post: str = text(
        "Title of the office, short: the organization has its own column.",
        required=True,
        standard=Standard("popolo:Membership/label", "closeMatch"),
    )
    role: str = terms(
        OFFICE_ROLE,
        "Kind of office; some offices are two.",
        standard=Standard("popolo:Membership/role"),
    )
    capacity: str = term(
        CAPACITY,
        "In what capacity it was held.",
    )
    start_date: str = date(
        "First day in office.", standard=Standard("popolo:Membership/start_date")
    )
    end_date: str = date(
        "Last day in office; `..` where it is known to be still held.",
        open_end=True,
        standard=Standard("popolo:Membership/end_date"),
    )
    attested_dates: str = dates_list(
        "Dates on which a source shows that it was held; required where neither end is known.",
    )
    note: str = text("Remarks.")
