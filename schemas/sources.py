from relations.schemas.columns import Standard, code, date, integer, key, term, text
from relations.schemas.table import Table
from relations.schemas.vocabularies import SOURCE_TYPE


class Sources(Table):
    """One row per document that the evidence cites."""

    source_id: str = key("R", "Id of the source.")
    title: str = text("Title of the document.", required=True, standard=Standard("dcterms:title"))
    author: str = text("Author.", standard=Standard("dcterms:creator"))
    publisher: str = text("Publisher.", standard=Standard("dcterms:publisher"))
    url: str = code(
        "malformed-url",
        "^https?://[^/?# ]+[^ ]*$",
        "Address at which it was published.",
        example="https://example.org/article",
        standard=Standard("BODS: source/url"),
    )
    published: str = date("Day of publication.", standard=Standard("dcterms:issued"))
    language: str = code(
        "malformed-language",
        "^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?$",
        "Language of the text: a BCP 47 tag.",
        example="en",
        standard=Standard("dcterms:language"),
    )
    type: str = term(
        SOURCE_TYPE, "Kind of document.", standard=Standard("BODS: source/type", "closeMatch")
    )
    retrieved: str = date(
        "Day on which it was retrieved.", standard=Standard("BODS: source/retrievedAt")
    )
    file: str = text(
        "Name of its text file under `seeds/`; filled with the next two, or none of them."
    )
    sha256: str = code(
        "malformed-digest",
        "^[0-9a-f]{64}$",
        "SHA-256 of the file's bytes, in hexadecimal.",
        example="0" * 64,
    )
    char_length: str = integer("Length of the text in Unicode characters.", minimum=1)
    note: str = text("Remarks.")
