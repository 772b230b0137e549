"""Every rule, in the order in which they run: files first, then cells, then what spans them."""

from __future__ import annotations

from relations.validators.rule import Rule
from relations.validators.rules.date import (
    attested_outside_term,
    end_before_start,
    in_force_before_signed,
    later_than_as_of,
    later_than_source,
    membership_out_of_order,
    outside_session,
    outside_visit,
    retrieved_before_published,
    session_out_of_order,
    state_not_in_existence,
    statement_outside_engagement,
    terminated_before_in_force,
)
from relations.validators.rules.file import byte_order_mark, ragged_row, stray_space
from relations.validators.rules.key import (
    duplicate_fact,
    duplicate_key,
    parent_cycle,
    repeated_visit,
    repeated_wikidata_id,
    similar_names,
    similar_organizations,
    unknown_reference,
)
from relations.validators.rules.suppression import (
    expired_suppression,
    suppression_unreadable,
    suppression_without_reason,
    unknown_rule_suppressed,
    unused_suppression,
)
from relations.validators.rules.value import (
    country_codes_disagree,
    impossible_date,
    malformed_code,
    malformed_date,
    malformed_digest,
    malformed_id,
    malformed_language,
    malformed_list,
    malformed_numeric_code,
    malformed_url,
    malformed_wikidata_id,
    missing_value,
    not_a_number,
    out_of_range,
    repeated_list_item,
    unknown_country_code,
    unknown_term,
    user_assigned_code_without_note,
)

RULES: tuple[Rule, ...] = (
    # file
    byte_order_mark.RULE,
    ragged_row.RULE,
    stray_space.RULE,
    # value
    missing_value.RULE,
    malformed_id.RULE,
    malformed_code.RULE,
    malformed_numeric_code.RULE,
    malformed_date.RULE,
    impossible_date.RULE,
    malformed_list.RULE,
    unknown_term.RULE,
    not_a_number.RULE,
    out_of_range.RULE,
    malformed_url.RULE,
    malformed_language.RULE,
    malformed_wikidata_id.RULE,
    malformed_digest.RULE,
    repeated_list_item.RULE,
    unknown_country_code.RULE,
    country_codes_disagree.RULE,
    user_assigned_code_without_note.RULE,
    # key
    duplicate_key.RULE,
    unknown_reference.RULE,
    duplicate_fact.RULE,
    parent_cycle.RULE,
    repeated_visit.RULE,
    repeated_wikidata_id.RULE,
    similar_names.RULE,
    similar_organizations.RULE,
    # date: each takes what those before it found wrong as unknown
    end_before_start.RULE,
    retrieved_before_published.RULE,
    later_than_as_of.RULE,
    later_than_source.RULE,
    state_not_in_existence.RULE,
    in_force_before_signed.RULE,
    terminated_before_in_force.RULE,
    outside_visit.RULE,
    outside_session.RULE,
    statement_outside_engagement.RULE,
    attested_outside_term.RULE,
    membership_out_of_order.RULE,
    session_out_of_order.RULE,
    # suppression: the last of them looks at what all the others have said
    suppression_unreadable.RULE,
    suppression_without_reason.RULE,
    unknown_rule_suppressed.RULE,
    expired_suppression.RULE,
    unused_suppression.RULE,
)
