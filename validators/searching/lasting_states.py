"""The states that are still there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def lasting_states(package: Package) -> nw.LazyFrame[Any]:
    """The ``country`` of each state in use today.

    A person or an organization has but one country here, and may have served a state and then
    its successor: what disagrees with a state that has ended need not be wrong.
    """
    # As the file has it: a last day with a finding of its own is still one.
    ended = package.raw("countries").filter(~nw.col("valid_to").is_null()).select("country")
    return package.table("countries").select("country").join(ended, on="country", how="anti")
