"""Two organizations of one country have nearly the same name.

Mostly one body entered twice, with or without an article, in two spellings (`Defence`,
`Defense`) or with a letter amiss. Words are compared in any order, and numbers have to be the
same. Bodies of two different parents are not compared: every chamber may have a committee of
foreign affairs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import narwhals as nw

from relations.validators.example import Expect, Row, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.likeness import Groups, same_title, words
from relations.validators.searching.same_fact import repeated

if TYPE_CHECKING:
    from relations.validators.package.package import Package

TABLE = "organizations"
SMALL_WORDS = frozenset(
    {"the", "a", "an", "of", "for", "and", "on", "in", "at", "to", "de", "du", "des", "la", "le",
     "les", "del", "der", "die", "das"}
)  # fmt: skip


def find(package: Package) -> Iterator[Fault]:
    equal = repeated(package, TABLE)  # equal rows are another rule's finding
    by_country: dict[str | None, list[dict[str, Any]]] = defaultdict(list)
    # Row by row: likeness is no join. Groups of like words keep the comparisons few.
    for body in rows(package.table(TABLE).filter(~nw.col("name").is_null())):
        body["words"] = words(body["name"], SMALL_WORDS)
        unknown = any(
            package.is_spoilt(TABLE, column, body[ROW]) for column in ("country", "parent_id")
        )
        if body["words"] and body[ROW] not in equal and not unknown:
            by_country[body["country"]].append(body)
    found: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for bodies in by_country.values():
        found += _pairs(bodies)
    for body, other in sorted(found, key=lambda pair: pair[0][ROW]):
        yield Fault(
            f"the name is nearly that of `{package.files[TABLE].key_of(other[ROW])}`, "
            f"{other['name']}",
            "keep one row if they are one body; if not, let the names tell them apart",
            table=TABLE,
            row=body[ROW],
            field="name",
            value=body["name"],
            related=(Place(TABLE, other[ROW], "name"),),
        )


def _pairs(bodies: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each body whose name is like that of an earlier one, with that one."""
    groups = Groups(word for body in bodies for word in body["words"])
    met: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for body in bodies:
        key = tuple(sorted(groups.of(word) for word in body["words"]))
        like = (each for each in met[key] if _same(body, each))
        other = next(like, None)
        if other is None:
            met[key].append(body)
        else:
            yield body, other


def _same(one: dict[str, Any], two: dict[str, Any]) -> bool:
    parents = {one["parent_id"], two["parent_id"]} - {None}
    return len(parents) < 2 and same_title(one["words"], two["words"])


NEW = {"organization_id": "G0007", "country": "EST"}

RULE = Rule(
    code="similar-organizations",
    family="key",
    severity=Severity.WARNING,
    manual=__doc__,
    find=find,
    needs=tuple(f"{TABLE}.{each}" for each in ("name", "country", "parent_id")),
    good=(
        good(Row(TABLE, {**NEW, "name": "Governor of Estonia"})),
        good(Row(TABLE, {**NEW, "name": "Parliament of Iceland"})),
    ),
    bad=(
        bad(
            Row(TABLE, {**NEW, "name": "The Goverment of Estonia"}),
            expect=Expect("datapackage/organizations.csv", 8, "name", "The Goverment of Estonia"),
        ),
    ),
)
