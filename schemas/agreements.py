from relations.schemas.columns import Standard, date, integer, key, reference, term, text, texts
from relations.schemas.table import Table
from relations.schemas.vocabularies import AGREEMENT_STATUS, INSTRUMENT, SCOPE


class Agreements(Table):
    """One row per instrument, or per group that a source counts but does not name."""

    agreement_id: str = key("A", "Id of the instrument.")
    title: str = text(
        "Title, or a short description.",
        required=True,
        standard=Standard("UNTS: title", "closeMatch"),
    )
    instrument: str = term(
        INSTRUMENT,
        "Kind of instrument.",
        fact=True,
        standard=Standard("UNTS: agreement type", "closeMatch"),
    )
    scope: str = term(
        SCOPE,
        "Bilateral or multilateral.",
        fact=True,
        standard=Standard("DESTA: type", "closeMatch"),
    )
    number_of_instruments: str = integer(
        "How many the row stands for: 1 where it is named, 20 for twenty unnamed ones.",
        minimum=1,
        fact=True,
    )
    subjects: str = texts(
        "Sectors that it concerns.", standard=Standard("UNTS: subject terms", "closeMatch")
    )
    signed_date: str = date(
        "Day of signature or adoption.",
        fact=True,
        standard=Standard("DESTA: year signed", "closeMatch"),
    )
    in_force_date: str = date(
        "Day of entry into force.",
        fact=True,
        standard=Standard("UNTS: date of entry into force"),
    )
    terminated_date: str = date(
        "Day of termination.", fact=True, standard=Standard("UNTS: termination", "closeMatch")
    )
    location: str = text(
        "Place of signature or adoption.", standard=Standard("UNTS: place of conclusion")
    )
    status: str = term(AGREEMENT_STATUS, "What has become of it.", fact=True)
    visit_id: str = reference("visits", "Visit during which it was signed.")
    session_id: str = reference("assembly_sessions", "Sitting that adopted it.")
    parent_id: str = reference(
        "agreements",
        "Instrument that it changes or belongs to.",
        standard=Standard("DESTA: base treaty"),
    )
    registration: str = text(
        "Its number in a register of treaties.", standard=Standard("UNTS: registration number")
    )
    note: str = text("Remarks.")
