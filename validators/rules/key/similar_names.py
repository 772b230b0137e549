"""Two officials of one country have nearly the same name.

Mostly one person under two spellings: `Natalia` and `Natalya`, `Lukashenko` and `Lukashenka`,
`S. Dalberg` and `Sigrún Dalberg`, the family name first or last, an accent left out. Other
names and the name in its own script are compared as well. Two persons may share a name; then
the finding is settled once in `relations.toml`, or by their Wikidata ids, for rows with two
different ids are two persons. So are rows whose terms of office lie more than 70 years apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.schemas.lists import LIST_SEPARATOR
from relations.validators.example import Cell, Expect, Row, bad, good
from relations.validators.expressions import ROW, earliest, latest, rows
from relations.validators.finding import Severity
from relations.validators.likeness import Groups, Words, same_name, words
from relations.validators.rule import Fault, Place, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package

TABLE = "officials"
ONE_LIFE = 70 * 10_000
"""Years between terms of office that no person has, in days written YYYYMMDD."""


def find(package: Package) -> Iterator[Fault]:
    named = package.table(TABLE).filter(~nw.col("country").is_null(), ~nw.col("name").is_null())
    by_country: dict[str, list[dict[str, Any]]] = defaultdict(list)
    # Row by row: likeness is no join. Groups of like words keep the comparisons few.
    for person in rows(named):
        person["names"] = _names(person)
        by_country[person["country"]].append(person)
    found: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for people in by_country.values():
        found += _pairs(package, people)
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
    package: Package, people: list[dict[str, Any]]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each person whose name is like that of an earlier one, with that one."""
    groups = Groups(word for person in people for name in person["names"] for word in name)
    met: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, person in enumerate(people):
        keys = {key for name in person["names"] for key in groups.keys(name)}
        for candidate in sorted({each for key in keys for each in met[key]}):
            other = people[candidate]
            if _same(person, other) and not _two_persons(package, person, other):
                yield person, other
                break
        else:
            # Who is like an earlier one is not met again: three of a kind are two findings.
            for key in keys:
                met[key].append(number)


def _same(person: dict[str, Any], other: dict[str, Any]) -> bool:
    return any(same_name(one, two) for one in person["names"] for two in other["names"])


def _two_persons(package: Package, person: dict[str, Any], other: dict[str, Any]) -> bool:
    if person["wikidata_id"] and other["wikidata_id"]:
        return True  # different ones; the same one twice is another rule's finding
    if any(package.is_spoilt(TABLE, "wikidata_id", each[ROW]) for each in (person, other)):
        return True  # it may be a different one
    if any(package.why_not(f"terms.{each}") for each in ("official_id", "start_date", "end_date")):
        return False
    spans = []
    for each in (person, other):
        held = package.table("terms").filter(nw.col("official_id") == nw.lit(each["official_id"]))
        spans.append(
            next(
                rows(
                    held.select(
                        earliest("start_date").min().alias("first"),
                        latest("end_date").max().alias("last"),
                    )
                )
            )
        )
    one, two = spans
    return any(
        before["last"] and after["first"] and after["first"] - before["last"] > ONE_LIFE
        for before, after in ((one, two), (two, one))
    )


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
