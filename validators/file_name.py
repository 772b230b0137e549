"""A name for a file that is made from what a package says of itself."""

from __future__ import annotations


def plain_name(*parts: str, ending: str) -> str:
    """The parts that are not empty, with hyphens between them, and an ending.

    What a package is called may hold a slash or worse; only letters, digits and ``-._`` stay.
    """
    joined = "-".join(part for part in parts if part)
    return "".join(each if each.isalnum() or each in "-._" else "_" for each in joined) + ending
