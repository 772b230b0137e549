"""A cell holds a word that is not in the vocabulary of its column.

Vocabularies are closed, lower case, and have no term for "unknown": an empty cell says that.
`relations rules` names no terms; the codebook does, each with its meaning.
"""

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.nearest import did_you_mean
from relations.validators.rule import BadCell, Rule


def explain(cell: BadCell) -> tuple[str, str]:
    vocabulary = cell.column.vocabulary
    assert vocabulary is not None
    items = cell.value.split(";") if cell.column.is_list else [cell.value]
    wrong = next((item for item in items if item not in vocabulary), cell.value)
    terms = ", ".join(vocabulary)
    return (
        f"`{wrong}` is not a term of {cell.field}",
        did_you_mean(wrong, vocabulary, otherwise=f"use one of: {terms}"),
    )


RULE = Rule(
    code="unknown-term",
    family="value",
    severity=Severity.ERROR,
    manual=__doc__,
    explain=explain,
    in_descriptor=True,
    good=(good(Cell("terms", "T0001", "role", "head_of_state;head_of_government")),),
    bad=(
        bad(
            Cell("visits", "V0001", "visit_type", "State"),
            expect=Expect("datapackage/visits.csv", 2, "visit_type", "State"),
        ),
        bad(
            Cell("terms", "T0002", "role", "speaker;deputy"),
            expect=Expect("datapackage/terms.csv", 3, "role", "speaker;deputy"),
        ),
    ),
)
