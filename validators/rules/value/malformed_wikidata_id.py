"""A Wikidata id is not a `Q` and a number.

The id alone is wanted, `Q18204`, not the address of the item's page. Ids with a `P` or an `L`
are of properties and words, never of persons.
"""

from __future__ import annotations

import re

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import BadCell, Rule

_ITEM = re.compile(r"(?i)(?:.*[/:#]|)\s*Q?\s*0*([1-9][0-9]*)\s*(?:[?#/].*)?")


def explain(cell: BadCell) -> tuple[str, str]:
    message = f"`{cell.value}` is not the id of a Wikidata item"
    if re.fullmatch("(?i)(?:.*[/:])?[PL][0-9]+", cell.value):
        return message, "ids with P or L are of properties and words; a person's begins with Q"
    match = _ITEM.fullmatch(cell.value.strip())
    if match:
        return message, f"did you mean `Q{match[1]}`?"
    return message, "write its Q and number, as in `Q18204`"


RULE = Rule(
    code="malformed-wikidata-id",
    family="value",
    severity=Severity.ERROR,
    manual=__doc__,
    explain=explain,
    in_descriptor=True,
    good=(good(Cell("officials", "P0001", "wikidata_id", "Q18204")),),
    bad=(
        bad(
            Cell("officials", "P0001", "wikidata_id", "https://www.wikidata.org/wiki/Q18204"),
            expect=Expect(
                "datapackage/officials.csv",
                2,
                "wikidata_id",
                "https://www.wikidata.org/wiki/Q18204",
            ),
        ),
    ),
)
