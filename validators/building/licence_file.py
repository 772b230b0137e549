"""The licence of the data as a file beside the tables, made from what the descriptor states.

It names each licence by its title, its SPDX identifier and the address of its legal text, and
says how to give credit. A licence at the root of a repository is often that of its code; who
is handed the folder of the tables alone must find the one of the data in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from relations.validators.browsing.citation import citation
from relations.validators.package.descriptor import DATA_FOLDER
from relations.validators.package.files import Files

FILE = f"{DATA_FOLDER}/LICENSE"
"""Where `relations build` writes it."""

ORIGIN = "Made by `relations build` from datapackage.json and CITATION.cff."
"""The last line. A file without it was written by a person and is left alone."""


def text(source: Files, content: Mapping[str, Any]) -> str:
    """The file for a package with this descriptor; empty where that names no licence.

    ``source`` has the CITATION.cff, if there is one.
    """
    named = ["\n".join(f"    {line}" for line in _lines(each)) for each in _licences(content)]
    if not named:
        return ""
    return "\n\n".join(
        (
            "The tables of this data package, and what describes them, are licensed under",
            *named,
            "Credit is given like this, with a word on what was changed:",
            f"    {citation(source, content).reference}",
            "The texts of the sources belong to their publishers and are no part of the data.",
            ORIGIN + "\n",
        )
    )


def paths(content: Mapping[str, Any]) -> set[str]:
    """What the descriptor gives as the places of its licences: addresses, or files."""
    return {str(each.get("path")) for each in _licences(content)}


def _licences(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    listed = content.get("licenses")
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict) and any(_lines(each)):
            yield each


def _lines(licence: Mapping[str, Any]) -> Iterator[str]:
    for key, before in (("title", ""), ("name", "SPDX-License-Identifier: "), ("path", "")):
        value = licence.get(key)
        if isinstance(value, str) and value.strip():
            yield before + " ".join(value.split())
