from relations.schemas.columns import Standard, code, code_key, date, text
from relations.schemas.table import Table


class Countries(Table):
    """One row per state that the other tables name, as it was on the day."""

    country: str = code_key(
        "^[A-Z]{3}$",
        "The state: ISO 3166-1 alpha-3, or ISO 3166-3 alpha-3 where it no longer exists.",
        example="AZE",
        standard=Standard("ISO 3166-1 alpha-3"),
    )
    name: str = text("Short English name.", required=True)
    iso2: str = code(
        "malformed-code",
        "^[A-Z]{2}$",
        "ISO 3166-1 alpha-2 code.",
        example="AZ",
        standard=Standard("ISO 3166-1 alpha-2"),
    )
    iso_numeric: str = code(
        "malformed-numeric-code",
        "^[0-9]{3}$",
        "ISO 3166-1 numeric code: three digits, as text.",
        example="031",
        standard=Standard("ISO 3166-1 numeric"),
    )
    cow_code: str = code(
        "malformed-code",
        "^[1-9][0-9]{0,2}$",
        "Correlates of War state number.",
        example="373",
        standard=Standard("Correlates of War: ccode"),
    )
    gw_code: str = code(
        "malformed-code",
        "^[1-9][0-9]{0,3}$",
        "Gleditsch-Ward state number.",
        example="373",
        standard=Standard("Gleditsch and Ward: gwno"),
    )
    valid_from: str = date(
        "First day of the state under this code; empty where that does not matter here.",
    )
    valid_to: str = date("Last day of the state under this code; empty: in use today.")
    note: str = text("Remarks; required for a code that ISO leaves to its users (XKX).")
