from relations.schemas.columns import Standard, code, integer, key, reference, term, text
from relations.schemas.table import Table
from relations.schemas.vocabularies import BASIS, EVIDENCED_TABLE, STANCE, VOICE


class Evidence(Table):
    """Why we believe a cell: the exact characters of a source that bear on it."""

    evidence_id: str = key("C", "Id of the evidence.")
    table: str = term(EVIDENCED_TABLE, "Table of the row that it is about.", required=True)
    row_id: str = text("Key of the row that it is about.", required=True)
    column: str = text("Column that it is about; empty: the row as a whole.")
    source_id: str = reference(
        "sources",
        "Source of the passage.",
        required=True,
        standard=Standard("oa:hasSource"),
    )
    char_start: str = integer(
        "First character of the passage, counted from 0.",
        minimum=0,
        required=True,
        standard=Standard("oa:start"),
    )
    char_end: str = integer(
        "End of the passage, exclusive.",
        minimum=1,
        required=True,
        standard=Standard("oa:end"),
    )
    span_sha256: str = code(
        "malformed-digest",
        "^[0-9a-f]{64}$",
        "SHA-256 of the passage's UTF-8 bytes, in hexadecimal.",
        example="0" * 64,
        required=True,
        standard=Standard("RFC 5147: integrity check", "closeMatch"),
    )
    basis: str = term(BASIS, "Whether the passage says it or it is concluded.", required=True)
    stance: str = term(STANCE, "Whether the passage speaks for or against the cell.", required=True)
    voice: str = term(VOICE, "Whose words the passage has.", required=True)
    note: str = text("Remarks; required where inferred (how), and where it contradicts.")
