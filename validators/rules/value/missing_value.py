"""A required cell is empty.

Required are the cells without which a row says nothing: its id, its name or title, both
countries of a visit, the holder and post of a term, the country or organization that a row is
about. Everywhere else an empty cell says that the sources do not tell.
"""

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import BadCell, Rule


def explain(cell: BadCell) -> tuple[str, str]:
    return f"{cell.field} is required and empty", f"fill it: {_as_a_part(cell.column.description)}"


def _as_a_part(sentence: str) -> str:
    """A description as it stands within a sentence; `SHA-256` and `ISO` keep their capitals."""
    first = sentence[:1] if sentence[1:2].isupper() else sentence[:1].lower()
    return (first + sentence[1:]).rstrip(".")


RULE = Rule(
    code="missing-value",
    family="value",
    severity=Severity.ERROR,
    manual=__doc__,
    explain=explain,
    in_descriptor=True,
    good=(good(Cell("visits", "V0003", "lead_official_id", "")),),
    bad=(
        bad(
            Cell("visits", "V0001", "host_country", ""),
            expect=Expect("datapackage/visits.csv", 2, "host_country", ""),
        ),
    ),
)
