"""Two officials of one country have nearly the same name.

Mostly one person under two spellings: `Natalia` and `Natalya`, `Lukashenko` and `Lukashenka`,
`S. Dalberg` and `Sigrún Dalberg`, the family name first or last, an accent left out. Other
names and the name in its own script are compared as well. Two persons may share a name; then
the finding is settled once in `relations.toml`, or by their Wikidata ids, for rows with two
different ids are two persons. So are rows whose offices, taken together, certainly last longer
than 70 years, the days on which they are attested included.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.schemas.dates import OPEN
from relations.schemas.lists import LIST_SEPARATOR
from relations.validators.example import Cell, Expect, Row, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.expressions import ONE_YEAR, ROW, earliest, latest, rows
from relations.validators.searching.likeness import Groups, Words, same_name, words

if TYPE_CHECKING:
    from relations.validators.package.package import Package

TABLE, ATTESTED = "officials", "attested_dates"
ONE_LIFE = 70 * ONE_YEAR
"""From the first day in office to the last, longer than any person's."""

Days = dict[str, tuple[int, int]]
"""Of each person a first and a last day, as whole numbers YYYYMMDD."""


def find(package: Package) -> Iterator[Fault]:
    named = package.table(TABLE).filter(~nw.col("country").is_null(), ~nw.col("name").is_null())
    by_country: dict[str, list[dict[str, Any]]] = defaultdict(list)
    # Row by row: likeness is no join. Groups of like words keep the comparisons few.
    for person in rows(named):
        person["names"] = _names(person)
        by_country[person["country"]].append(person)
    # Asked only where two names are alike.
    active = cache(partial(_active, package))
    found: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for people in by_country.values():
        found += _pairs(package, people, active)
    for person, other in sorted(found, key=lambda pair: pair[0][ROW]):
        yield Fault(
            f"the name is nearly that of `{package.files[TABLE].key_of(other[ROW])}`, "
            f"{other['name']}",
            "keep one row if they are one person, with the other spelling among other_names",
            table=TABLE,
            row=person[ROW],
            field="name",
            value=person["name"],
            related=(Place(TABLE, other[ROW], "name"),),
        )


def _names(person: dict[str, Any]) -> dict[Words, None]:
    """All names of a person in folded words, each once and in order."""
    written = [person["name"], person["native_name"]]
    written += (person["other_names"] or "").split(LIST_SEPARATOR)
    if person["given_name"] and person["family_name"]:
        written.append(f"{person['given_name']} {person['family_name']}")
    return {folded: None for name in written if name and (folded := words(name))}


def _pairs(
    package: Package, people: list[dict[str, Any]], active: Callable[[], Days]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each person whose name is like that of an earlier one, with that one."""
    groups = Groups(word for person in people for name in person["names"] for word in name)
    met: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, person in enumerate(people):
        keys = {key for name in person["names"] for key in groups.keys(name)}
        for candidate in sorted({each for key in keys for each in met[key]}):
            other = people[candidate]
            if _same(person, other) and not _two_persons(package, active, person, other):
                yield person, other
                break
        else:
            # Who is like an earlier one is not met again: three of a kind are two findings.
            for key in keys:
                met[key].append(number)


def _same(person: dict[str, Any], other: dict[str, Any]) -> bool:
    return any(same_name(one, two) for one in person["names"] for two in other["names"])


def _two_persons(
    package: Package, active: Callable[[], Days], person: dict[str, Any], other: dict[str, Any]
) -> bool:
    if person["wikidata_id"] and other["wikidata_id"]:
        return True  # different ones; the same one twice is another rule's finding
    if any(package.is_spoilt(TABLE, "wikidata_id", each[ROW]) for each in (person, other)):
        return True  # it may be a different one
    days = active()
    known = [days[each["official_id"]] for each in (person, other) if each["official_id"] in days]
    if len(known) < 2:
        return False
    return max(last for _, last in known) - min(first for first, _ in known) > ONE_LIFE


def _active(package: Package) -> Days:
    """By person two days that certainly lie in, or at an end of, the offices that are known."""
    columns = ("start_date", "end_date", ATTESTED)
    if any(package.why_not(f"terms.{each}") for each in ("official_id", *columns)):
        return {}
    terms = package.table("terms").filter(~nw.col("official_id").is_null())
    listed = terms.filter(~nw.col(ATTESTED).is_null())
    listed = listed.with_columns(nw.col(ATTESTED).str.split(LIST_SEPARATOR)).explode(ATTESTED)
    dated = {"start_date": terms, "end_date": terms, ATTESTED: listed}
    days = nw.concat(
        [frame.select("official_id", day=nw.col(column)) for column, frame in dated.items()]
    )
    days = days.filter(~nw.col("day").is_null(), nw.col("day") != OPEN)
    # A year may mean any of its days: the first of them is no later than its last.
    days = days.with_columns(first=latest("day"), last=earliest("day"))
    known = days.group_by("official_id").agg(nw.col("first").min(), nw.col("last").max())
    return {row["official_id"]: (row["first"], row["last"]) for row in rows(known)}


SECOND = {"official_id": "P0005", "country": "EST"}

RULE = Rule(
    code="similar-names",
    family="key",
    severity=Severity.WARNING,
    manual=__doc__,
    find=find,
    needs=tuple(
        f"{TABLE}.{each}"
        for each in ("name", "native_name", "other_names", "given_name", "family_name", "country",
                     "wikidata_id")
    ),
    good=(
        good(Row(TABLE, {**SECOND, "name": "Mari Koppel"})),
        good(Row(TABLE, {**SECOND, "name": "Mart Koppel", "country": "FIN"})),
        good(
            Cell(TABLE, "P0003", "wikidata_id", "Q18204"),
            Row(TABLE, {**SECOND, "name": "Mart Koppel", "wikidata_id": "Q18205"}),
        ),
    ),
    bad=(
        bad(
            Row(TABLE, {**SECOND, "name": "Koppel, Märt"}),
            expect=Expect("datapackage/officials.csv", 6, "name", "Koppel, Märt"),
        ),
        bad(
            Row(TABLE, {**SECOND, "name": "L. Tamme"}),
            expect=Expect("datapackage/officials.csv", 6, "name", "L. Tamme"),
        ),
        bad(
            Cell(TABLE, "P0002", "other_names", "Liisa Kochanova"),
            Row(TABLE, {**SECOND, "name": "Lisa Kachanava"}),
            expect=Expect("datapackage/officials.csv", 6, "name", "Lisa Kachanava"),
        ),
    ),
)  # fmt: skip
