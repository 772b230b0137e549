"""A list has an empty item, a space beside its `;`, or another separator.

The items of a list are separated by `;` and nothing else: `Tallinn;Tartu`. A `;` at the end
makes an empty item, and a space after one becomes part of the next item, so that ` Tartu` and
`Tartu` are two places. Terms and dates have no comma in them: one stands there in place of a
`;`. In a list of texts a comma is text.
"""

from __future__ import annotations

import re

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import BadCell, Rule


def explain(cell: BadCell) -> tuple[str, str]:
    comma = cell.column.kind != "texts" and "," in cell.value
    items = re.split("[;,]" if comma else ";", cell.value)
    meant = ";".join(item.strip(" ") for item in items if item.strip(" "))
    if comma:
        message = "a comma separates the items of the list"
    elif any(not item.strip(" ") for item in items):
        message = "the list has an empty item"
    else:
        message = "an item of the list begins or ends with a space"
    return message, f"did you mean `{meant}`?" if meant else "leave the cell empty"


RULE = Rule(
    code="malformed-list",
    family="value",
    severity=Severity.ERROR,
    manual=__doc__,
    explain=explain,
    good=(good(Cell("visits", "V0001", "locations", "Tallinn, Old Town;Tartu")),),
    bad=(
        bad(
            Cell("visits", "V0001", "locations", "Tallinn; Tartu"),
            expect=Expect("datapackage/visits.csv", 2, "locations", "Tallinn; Tartu"),
        ),
        bad(
            Cell("visits", "V0001", "locations", "Tallinn;;Tartu"),
            expect=Expect("datapackage/visits.csv", 2, "locations", "Tallinn;;Tartu"),
        ),
        bad(
            Cell("terms", "T0001", "role", "head_of_state,head_of_government"),
            expect=Expect("datapackage/terms.csv", 2, "role", "head_of_state,head_of_government"),
        ),
    ),
)
