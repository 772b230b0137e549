"""The published codes against the lists of independent packages, in full."""

from __future__ import annotations

import csv
import importlib.metadata
import re
from pathlib import Path

import pycountry
import pytest
from countrycode import codelist

from relations.schemas.country_codes import FILE, by_alpha3, is_user_assigned
from relations.validators.searching.state_codes import BESIDE_KEY, fitting, published, wrong

CURRENT = {each.alpha_3: each for each in pycountry.countries}
# French Southern and Antarctic Territories (FQ) had the letters that the territories of today have.
HISTORIC = {each.alpha_3: each for each in pycountry.historic_countries if each.alpha_3 != "ATF"}

EARLIER = {
    "numeric": {
        "ANT": ("530", "532"),
        "DEU": ("276", "280"),
        "ETH": ("231", "230"),
        "SDN": ("729", "736"),
        "YEM": ("887", "886"),
        "YUG": ("891", "890"),
    },
    "cow": {"DEU": ("255", "260"), "VNM": ("816", "817"), "YEM": ("679", "678")},
    "gw": {"DEU": ("260", "255"), "VNM": ("816", "817")},
}
"""Codes of which a state had two under the same letters, today's first."""

COUNTRYCODE_COW_DIFFERS = {
    # The Correlates of War count Serbia on as Yugoslavia; the package leaves it empty.
    "SRB": (None, "345"),
    # 327 are the Papal States, which ended in 1870; the Vatican is not in the list of states.
    "VAT": (327, None),
}
COUNTRYCODE_GW_DIFFERS = {
    "VAT": (327, None),
    # 817 is the Republic of Vietnam, which ended in 1975.
    "VNM": (817, "816"),
    # The Arab Republic of Yemen and, since 1990, all of Yemen.
    "YEM": (None, "678"),
    # The package has only the states of the main list, not those of the list of small ones.
    "AND": (None, "232"), "ATG": (None, "58"), "DMA": (None, "54"), "FSM": (None, "987"),
    "GRD": (None, "55"), "KIR": (None, "970"), "KNA": (None, "60"), "LCA": (None, "56"),
    "LIE": (None, "223"), "MCO": (None, "221"), "MHL": (None, "983"), "NRU": (None, "971"),
    "PLW": (None, "986"), "SMR": (None, "331"), "STP": (None, "403"), "SYC": (None, "591"),
    "TON": (None, "972"), "TUV": (None, "973"), "VCT": (None, "57"), "VUT": (None, "935"),
    "WSM": (None, "990"),
}  # fmt: skip
CONVERTER_GW_DIFFERS = {
    "CZE": ("315", "316"),  # 315 is Czechoslovakia
    "VNM": ("817", "816"),  # 817 is the Republic of Vietnam
    "YEM": ("680", "678"),  # 680 is the People's Republic in the south, until 1990
}


def first(codes: tuple[str, ...]) -> str | None:
    return codes[0] if codes else None


def test_the_file_is_sorted_and_each_code_has_its_form() -> None:
    rows = list(csv.DictReader(FILE.read_text("utf-8").splitlines()))
    keys = [row["alpha3"] for row in rows]
    assert keys == sorted(set(keys))
    assert len(keys) == 279
    for row in rows:
        assert re.fullmatch("[A-Z]{3}", row["alpha3"])
        assert re.fullmatch("[A-Z]{2}", row["alpha2"])
        assert re.fullmatch("(?:[0-9]{3}(?:;[0-9]{3})?)?", row["numeric"])
        assert re.fullmatch("(?:[1-9][0-9]{0,2}(?:;[1-9][0-9]{2})?)?", row["cow"])
        assert re.fullmatch("(?:[1-9][0-9]{0,3}(?:;[1-9][0-9]{2})?)?", row["gw"])
        assert re.fullmatch("(?:[0-9]{4}(?:-[0-9]{2}-[0-9]{2})?)?", row["withdrawn"])
        assert row["name"]


def test_iso_3166_1_is_there_in_full() -> None:
    ours = {key: state for key, state in by_alpha3().items() if not state.withdrawn}
    assert set(ours) == set(CURRENT)
    for key, theirs in CURRENT.items():
        assert (ours[key].alpha2, ours[key].numeric[0]) == (theirs.alpha_2, theirs.numeric)


def test_iso_3166_3_is_there_in_full() -> None:
    ours = {key: state for key, state in by_alpha3().items() if state.withdrawn}
    assert set(ours) == set(HISTORIC)
    for key, theirs in HISTORIC.items():
        expected = (theirs.alpha_2, getattr(theirs, "numeric", None), theirs.withdrawal_date)
        assert (ours[key].alpha2, first(ours[key].numeric), ours[key].withdrawn) == expected


@pytest.mark.parametrize("column", ["numeric", "cow", "gw"])
def test_two_codes_of_one_state_are_known_each(column: str) -> None:
    several = {
        key: getattr(state, column)
        for key, state in by_alpha3().items()
        if len(getattr(state, column)) > 1
    }
    assert several == EARLIER[column]


@pytest.mark.parametrize(
    ("column", "theirs", "differs"),
    [("cow", "cown", COUNTRYCODE_COW_DIFFERS), ("gw", "gwn", COUNTRYCODE_GW_DIFFERS)],
)
def test_state_numbers_agree_with_countrycode(
    column: str, theirs: str, differs: dict[str, tuple[int | None, str | None]]
) -> None:
    listed = dict(zip(codelist["iso3c"], codelist[theirs], strict=True))
    del listed[None]
    assert set(listed) == set(CURRENT)
    found = {
        key: (number, first(getattr(by_alpha3()[key], column)))
        for key, number in listed.items()
        if (None if number is None else str(number)) != first(getattr(by_alpha3()[key], column))
    }
    assert found == differs


def test_state_numbers_of_the_past_agree_with_countrycode() -> None:
    listed = dict(
        zip(
            codelist["country.name.en"],
            zip(codelist["cown"], codelist["gwn"], strict=True),
            strict=True,
        )
    )
    for name, key in {
        "Czechoslovakia": "CSK",
        "German Democratic Republic": "DDR",
        "Yemen People's Republic": "YMD",
        "Yugoslavia": "YUG",
    }.items():
        state = by_alpha3()[key]
        assert listed[name] == (int(state.cow[0]), int(state.gw[0]))


@pytest.mark.parametrize(
    ("former", "successor"),
    [("BUR", "MMR"), ("BYS", "BLR"), ("DHY", "BEN"), ("HVO", "BFA"), ("RHO", "ZWE"),
     ("SUN", "RUS"), ("VDR", "VNM"), ("ZAR", "COD")],
)  # fmt: skip
def test_a_state_that_lives_on_under_other_letters_keeps_its_numbers(
    former: str, successor: str
) -> None:
    old, new = by_alpha3()[former], by_alpha3()[successor]
    assert old.cow[0] == new.cow[0]
    assert old.gw[0] == new.gw[0]


def test_gleditsch_and_ward_agree_with_country_converter() -> None:
    # Read as a file: to import the package takes pandas, with which pandera imports slowly.
    try:
        files = importlib.metadata.files("country_converter") or []
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("country_converter is not installed (pip install --no-deps country_converter)")
    path = next(each for each in files if each.name == "country_data.tsv")
    rows = csv.DictReader(Path(str(path.locate())).read_text("utf-8").splitlines(), delimiter="\t")
    listed = {row["ISO3"]: row["GWcode"] or None for row in rows if row["ISO3"] in CURRENT}
    assert set(listed) == set(CURRENT)
    found = {
        key: (number, first(by_alpha3()[key].gw))
        for key, number in listed.items()
        if number != first(by_alpha3()[key].gw)
    }
    assert found == CONVERTER_GW_DIFFERS


def test_what_iso_leaves_to_its_users() -> None:
    assert [
        code
        for code in ("AAA", "AAZ", "ABA", "QLZ", "QMA", "QZZ", "XAA", "XKX", "XZZ", "ZZA", "ZZZ")
        if is_user_assigned(code)
    ] == ["AAA", "AAZ", "QMA", "QZZ", "XAA", "XKX", "XZZ", "ZZA", "ZZZ"]
    assert not any(map(is_user_assigned, by_alpha3()))


def test_each_state_fits_its_own_codes_and_no_code_of_it_is_wrong() -> None:
    for key, state in by_alpha3().items():
        row = {column: first(published(state, column)) for column in BESIDE_KEY}
        assert wrong(row, state) == ()
        if sum(code is not None for code in row.values()) > 1:
            assert key in fitting(row)


def test_states_in_use_come_first_among_those_that_fit() -> None:
    row = {"iso2": None, "iso_numeric": None, "cow_code": "365", "gw_code": "365"}
    assert fitting(row) == ("RUS", "SUN")
    assert fitting({**row, "iso2": "SU"}) == ("SUN",)
    assert fitting({**row, "iso2": "RU", "iso_numeric": "810"}) == ()
    assert fitting({**row, "gw_code": None}) == ()
