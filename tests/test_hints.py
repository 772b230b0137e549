"""What value rules say of a wrong cell: what was meant, and no guess where that is not sure."""

from __future__ import annotations

import re

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relations.schemas.columns import Column
from relations.schemas.dates import CALENDAR
from relations.validators.package.package import declared
from relations.validators.registry import RULES
from relations.validators.rule import BadCell
from relations.validators.rules.value.malformed_numeric_code import mended
from relations.validators.searching.date_readings import readings

EXPLAIN = {rule.code: rule.explain for rule in RULES if rule.explain}


def said(code: str, table: str, field: str, value: str) -> tuple[str, str]:
    explain = EXPLAIN[code]
    assert explain
    return explain(BadCell(table, field, value, declared()[table][field]))


def hint(code: str, table: str, field: str, value: str) -> str:
    return said(code, table, field, value)[1]


FORM = "write YYYY, YYYY-MM or YYYY-MM-DD"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("18/02/2025", "did you mean `2025-02-18`?"),
        ("18.02.2025", "did you mean `2025-02-18`?"),
        ("3.2.2025", "did you mean `2025-02-03`?"),
        ("2/18/2025", "did you mean `2025-02-18`?"),
        ("05/05/2025", "did you mean `2025-05-05`?"),
        (
            "02/03/2025",
            "write `2025-03-02` if the day comes first or `2025-02-03` if the month comes first",
        ),
        ("Feb-25", "write `2025-02` if the year is 2025 or `1925-02` if the year is 1925"),
        ("18-Feb-25", "write `2025-02-18` if the year is 2025 or `1925-02-18` if the year is 1925"),
        ("25-Feb", FORM),
        ("45706", "did you mean `2025-02-18`?"),
        ("45706.75", "did you mean `2025-02-18`?"),
        ("2025-2-18", "did you mean `2025-02-18`?"),
        ("2025/02/18", "did you mean `2025-02-18`?"),
        ("2025/18/02", "did you mean `2025-02-18`?"),
        ("20250218", "did you mean `2025-02-18`?"),
        ("2025.0", "did you mean `2025`?"),
        ("2025-02-18T00:00:00Z", "did you mean `2025-02-18`?"),
        ("2025-02-18 00:00", "did you mean `2025-02-18`?"),
        ("2025–02–18", "did you mean `2025-02-18`?"),
        ("٢٠٢٥-٠٢-١٨", "did you mean `2025-02-18`?"),
        ("c. 2025", "did you mean `2025~`?"),
        ("circa February 2025", "did you mean `2025-02~`?"),
        ("~2025-02", "did you mean `2025-02~`?"),
        ("2025?~", "did you mean `2025%`?"),
        ("2025 (?)", "did you mean `2025?`?"),
        ("2025-02-XX", "did you mean `2025-02`?"),
        ("2025-XX-XX", "did you mean `2025`?"),
        ("2025-??", "did you mean `2025`?"),
        ("18 February 2025", "did you mean `2025-02-18`?"),
        ("February 18, 2025", "did you mean `2025-02-18`?"),
        ("18th of February, 2025", "did you mean `2025-02-18`?"),
        ("18-Feb-2025", "did you mean `2025-02-18`?"),
        ("2025-Feb-18", "did you mean `2025-02-18`?"),
        ("Sept. 2025", "did you mean `2025-09`?"),
        ("02/2025", "did you mean `2025-02`?"),
        ("30 February 2025", FORM),
        ("spring 2025", FORM),
        ("202X", FORM),
        ("######", f"a spreadsheet column was too narrow and the date is lost: {FORM}"),
        ("unknown", "leave the cell empty where the date is not known"),
        ("?", "leave the cell empty where the date is not known"),
        ("n/a", "leave the cell empty where the date is not known"),
        (
            "2025-02-18/2025-02-20",
            "a cell holds one date: start and end have columns of their own",
        ),
        ("2025-02-18/..", "a cell holds one date: start and end have columns of their own"),
        (
            "before 2025",
            "leave a date empty that is only bounded by others, and say so in the note",
        ),
    ],
)
def test_a_date_in_another_notation(value: str, expected: str) -> None:
    message, found = said("malformed-date", "visits", "start_date", value)
    assert message == f"`{value}` is not written as a date"
    assert found == expected


def test_only_an_end_may_be_open() -> None:
    assert said("malformed-date", "visits", "start_date", "..") == (
        "start_date is `..`, and only an end may be open",
        f"{FORM}, or leave the cell empty where the date is not known",
    )


def test_the_wrong_item_of_a_list_of_dates_is_named() -> None:
    assert said("malformed-date", "terms", "attested_dates", "2025;3 May 2025;18/02/2025") == (
        "`3 May 2025` is not written as a date",
        "did you mean `2025-05-03`?",
    )
    assert said("impossible-date", "terms", "attested_dates", "2025;2025-06-31")[0] == (
        "there is no `2025-06-31`: June 2025 has 30 days"
    )


CORRECT = "correct it, or leave out the part that is not known"


@pytest.mark.parametrize(
    ("value", "why", "expected"),
    [
        ("2025-02-29", "February 2025 has 28 days", CORRECT),
        ("2024-02-30~", "February 2024 has 29 days", CORRECT),
        ("1900-02-29", "February 1900 has 28 days", CORRECT),
        ("2025-04-31", "April 2025 has 30 days", CORRECT),
        ("2025-12-32", "December 2025 has 31 days", CORRECT),
        ("2025-13", "a month is 01 to 12", CORRECT),
        ("2025-18-02", "a month is 01 to 12", "did you mean `2025-02-18`?"),
        ("2025-00", "a month is 01 to 12", "did you mean `2025`?"),
        ("2025-02-00?", "February 2025 has 28 days", "did you mean `2025-02?`?"),
        ("2025-21", "a month is 01 to 12; seasons are not written here", CORRECT),
        ("0918", "years are from 1000 on", CORRECT),
        ("0918-05-03", "years are from 1000 on", CORRECT),
    ],
)
def test_a_date_that_no_calendar_has(value: str, why: str, expected: str) -> None:
    assert said("impossible-date", "visits", "start_date", value) == (
        f"there is no `{value}`: {why}",
        expected,
    )


@pytest.mark.parametrize(
    ("table", "value", "meant"),
    [
        ("visits", "v0001", "V0001"),
        ("visits", "V001", "V0001"),
        ("visits", "V1", "V0001"),
        ("visits", "1", "V0001"),
        ("visits", "P0001", "V0001"),
        ("visits", "V-0012", "V0012"),
        ("visits", "VO0l2", "V0012"),
        ("visits", "V 12345", "V12345"),
        ("visits", "V０００１", "V0001"),
        ("officials", "Koppel", None),
        ("officials", "P", None),
        ("officials", "P00x1", None),
    ],
)
def test_an_id(table: str, value: str, meant: str | None) -> None:
    key, column = next(iter(declared()[table].items()))
    form = f"an id of {table} is `{column.letter}` and four or more digits, as in "
    form += f"`{column.letter}0001`"
    assert said("malformed-id", table, key, value) == (
        f"`{value}` is not an id of {table}",
        f"did you mean `{meant}`? {form}" if meant else form,
    )


@pytest.mark.parametrize(
    ("field", "value", "meant"),
    [
        ("country", "aze", "AZE"),
        ("country", "AZ", "AZE"),
        ("country", "Azerbaijan", "AZE"),
        ("country", "Côte d'Ivoire", "CIV"),
        ("country", "Atlantis", None),
        ("iso2", "az", "AZ"),
        ("iso2", "AZE", "AZ"),
        ("iso2", "A.Z.", "AZ"),
        ("cow_code", "373.0", "373"),
        ("cow_code", "002", "2"),
        ("cow_code", "Tonga", "955"),
        ("cow_code", "Aruba", None),
        ("gw_code", "Tonga", "972"),
        ("gw_code", "37300", None),
    ],
)
def test_a_country_code(field: str, value: str, meant: str | None) -> None:
    found = hint("malformed-code", "countries", field, value)
    assert found.startswith(f"did you mean `{meant}`? It is " if meant else "write ")


@pytest.mark.parametrize(
    ("value", "meant"),
    [("31", "031"), ("4", "004"), ("31.0", "031"), ("04", "004"), ("0", None), ("00", None),
     ("1031", None), ("0031", None), ("AZE", None), ("3.1", None), ("٣١", None)],
)  # fmt: skip
def test_a_numeric_code_gets_its_zeros_again(value: str, meant: str | None) -> None:
    assert mended(value) == meant
    expected = f"did you mean `{meant}`?" if meant else "write its three digits, as in `031`"
    assert hint("malformed-numeric-code", "countries", "iso_numeric", value) == expected


@pytest.mark.parametrize(
    ("value", "meant"),
    [("1,067", "1067"), ("1 067", "1067"), ("1.067.000", "1067000"), ("1067.0", "1067"),
     ("about 20", "20"), ("~20", "20"), ("20+", "20"), ("15th", "15"), ("No. 15", "15"),
     ("twenty", "20"), ("007", "7"), ("12,5", None), ("12.5", None), ("XV", None), ("many", None),
     ("1,06", None), ("1.000", None), ("1,000", "1000"), ("1067.00", "1067")],
)  # fmt: skip
def test_a_number(value: str, meant: str | None) -> None:
    assert said("not-a-number", "agreements", "number_of_instruments", value) == (
        f"`{value}` is not a whole number in plain digits",
        f"did you mean `{meant}`?" if meant else "write it in digits alone, as in `20`",
    )


def test_a_number_that_is_too_long() -> None:
    assert said("not-a-number", "sources", "char_length", "9" * 19)[0] == (
        f"`{'9' * 19}` has more than 18 digits"
    )


def test_a_number_that_is_too_small() -> None:
    assert said("out-of-range", "agreements", "number_of_instruments", "0") == (
        "number_of_instruments is 0, and 1 is the least",
        "correct it, or leave the cell empty where it is not known",
    )
    assert said("out-of-range", "evidence", "char_start", "-1") == (
        "char_start is -1, and 0 is the least",
        "correct it",
    )


@pytest.mark.parametrize(
    ("field", "value", "message", "expected"),
    [
        ("attested_dates", "2025;;2026", "the list has an empty item", "`2025;2026`"),
        ("attested_dates", "2025;", "the list has an empty item", "`2025`"),
        (
            "attested_dates",
            "2025; 2026",
            "an item of the list begins or ends with a space",
            "`2025;2026`",
        ),
        ("role", "speaker, minister", "a comma separates the items of the list",
         "`speaker;minister`"),
        ("role", "speaker,;minister", "a comma separates the items of the list",
         "`speaker;minister`"),
    ],
)  # fmt: skip
def test_a_list(field: str, value: str, message: str, expected: str) -> None:
    assert said("malformed-list", "terms", field, value) == (message, f"did you mean {expected}?")


def test_a_list_of_nothing() -> None:
    assert hint("malformed-list", "terms", "role", ";;") == "leave the cell empty"


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("www.example.org/a", "https://www.example.org/a"),
        ("example.org", "https://example.org"),
        ("HTTPS://Example.org/a", "https://Example.org/a"),
        ("https:/example.org/a", "https://example.org/a"),
        ("https;//example.org/a", "https://example.org/a"),
        ("http:\\\\example.org", "http://example.org"),
        ("<https://example.org/a>", "https://example.org/a"),
        ("[Chronicle](https://example.org/a)", "https://example.org/a"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("doi:10.1000/182", "https://doi.org/10.1000/182"),
        ("10.1000/182", "https://doi.org/10.1000/182"),
        ("ftp://example.org/a", None),
        ("page 3", None),
        ("https://", None),
    ],
)
def test_an_address(value: str, meant: str | None) -> None:
    other = "write it in full, as in `https://example.org/article`"
    assert said("malformed-url", "sources", "url", value) == (
        f"`{value}` is not a web address",
        f"did you mean `{meant}`?" if meant else other,
    )


def test_two_addresses() -> None:
    found = hint("malformed-url", "sources", "url", "https://example.org https://example.com")
    assert found == "give one address, the one at which it was published"


@pytest.mark.parametrize(
    ("value", "meant"),
    [("English", "en"), ("EN", "en"), ("en_US", "en-US"), ("en-us", "en-US"),
     ("AZ-LATN-az", "az-Latn-AZ"), ("Azərbaycan dili", "az"), ("беларуская", "be"),
     ("Русский", "ru"), ("es-419 ", "es-419"), ("Elvish", None), ("e", None), ("en-", None)],
)  # fmt: skip
def test_a_language(value: str, meant: str | None) -> None:
    assert said("malformed-language", "sources", "language", value) == (
        f"`{value}` is not the tag of a language",
        f"did you mean `{meant}`?" if meant else "write its BCP 47 tag, as in `en` or `en-GB`",
    )


OTHER_ID = "write its Q and number, as in `Q18204`"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://www.wikidata.org/wiki/Q18204", "did you mean `Q18204`?"),
        ("http://www.wikidata.org/entity/Q18204", "did you mean `Q18204`?"),
        ("https://www.wikidata.org/wiki/Q18204#P31", "did you mean `Q18204`?"),
        ("https://www.wikidata.org/wiki/Q18204?uselang=de", "did you mean `Q18204`?"),
        ("q18204", "did you mean `Q18204`?"),
        ("18204", "did you mean `Q18204`?"),
        ("wd:Q18204", "did you mean `Q18204`?"),
        ("Q018204", "did you mean `Q18204`?"),
        ("P31", "ids with P or L are of properties and words; a person's begins with Q"),
        ("Q", OTHER_ID),
        ("Mart Koppel", OTHER_ID),
    ],
)
def test_a_wikidata_id(value: str, expected: str) -> None:
    assert said("malformed-wikidata-id", "officials", "wikidata_id", value) == (
        f"`{value}` is not the id of a Wikidata item",
        expected,
    )


@pytest.mark.parametrize(
    ("value", "message", "expected"),
    [
        ("AB" * 32, "the digest is not written in 64 small hexadecimal letters",
         f"write `{'ab' * 32}`"),
        ("sha256:" + "ab" * 32, "the digest is not written in 64 small hexadecimal letters",
         f"write `{'ab' * 32}`"),
        ("ab" * 20, "the digest has 40 characters, and a SHA-256 digest has 64",
         "it is as long as an SHA-1 digest: take the SHA-256 digest"),
        ("ab" * 31, "the digest has 62 characters, and a SHA-256 digest has 64",
         "it was cut off or lengthened: take the SHA-256 digest anew"),
        ("xy" * 32, "the digest has characters other than 0 to 9 and a to f",
         "it was damaged: take the SHA-256 digest anew"),
    ],
)  # fmt: skip
def test_a_digest(value: str, message: str, expected: str) -> None:
    assert said("malformed-digest", "sources", "sha256", value) == (message, expected)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.text(st.sampled_from("0123456789-/. ;?~%cXxFeb,"), max_size=14))
def test_every_reading_is_a_date_of_the_subset(text: str) -> None:
    for reading in readings(text):
        assert re.fullmatch(CALENDAR[1:-1], reading.date)


COLUMNS = {
    tuple(check.code for check in column.checks): pytest.param(table, name, column, id=name)
    for table, columns in declared().items()
    for name, column in columns.items()
    if column.checks
}
"""One column for each set of checks."""


def first_fault(column: Column, value: str) -> str | None:
    """The code of the first check of a column that a cell fails."""
    cell = nw.from_native(pl.DataFrame({"cell": [value]}).lazy())
    for check in column.checks:
        if cell.select(check.holds(nw.col("cell"))).collect()["cell"].to_list() == [False]:
            return check.code
    return None


@pytest.mark.parametrize(("table", "name", "column"), COLUMNS.values())
def test_whatever_a_cell_holds_there_is_something_to_say(
    table: str, name: str, column: Column
) -> None:
    explained = []

    @settings(max_examples=60, deadline=None, derandomize=True, database=None)
    @given(st.text(st.one_of(st.sampled_from("0129QV.-/:; ,#?~%hx"), st.characters()), min_size=1))
    def explain(value: str) -> None:
        code = first_fault(column, value)
        if code:
            message, found = said(code, table, name, value)
            assert message
            assert found
            explained.append(value)

    explain()
    assert explained
