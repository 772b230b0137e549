"""Every rule, in the order in which they run: files first, then cells, then what spans them."""

from __future__ import annotations

from relations.validators.rule import Rule
from relations.validators.rules.date import end_before_start
from relations.validators.rules.file import byte_order_mark, ragged_row, stray_space
from relations.validators.rules.key import unknown_reference
from relations.validators.rules.value import missing_value, unknown_term

RULES: tuple[Rule, ...] = (
    # file
    byte_order_mark.RULE,
    ragged_row.RULE,
    stray_space.RULE,
    # value
    missing_value.RULE,
    unknown_term.RULE,
    # key
    unknown_reference.RULE,
    # date
    end_before_start.RULE,
)
