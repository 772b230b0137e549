"""Where a finding is, as the formats need it: as text, as a path, as a region of a file."""

from __future__ import annotations

from dataclasses import dataclass

from relations.validators.finding import Location

DESCRIPTOR = "datapackage.json"
"""Stands for the package as a whole where a format needs a file."""


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of a file: lines and columns are 1-based, ``end_column`` is exclusive."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int


def path(location: Location, base: str = "") -> str:
    """The file of a location; ``base`` is the package's folder as seen from the reader's."""
    file = location.file or DESCRIPTOR
    return f"{base.rstrip('/')}/{file}" if base else file


def place(location: Location, base: str = "") -> str:
    """`file:line:column`, as far as they are known."""
    known = [path(location, base)]
    if location.line is not None:
        known.append(str(location.line))
        if location.column is not None:
            known.append(str(location.column))
    return ":".join(known)


def region(location: Location, line: str | None = None) -> Region:
    """All four borders. ``line`` is the text of the physical line, where it is known.

    A cell that goes on over several lines is marked to the end of its first; a row from its
    first column; a whole file by the empty region at its start.
    """
    if location.line is None:
        return Region(1, 1, 1, 1)
    start = location.column or 1
    end = location.end_column
    if end is None:
        end = len(line) + 1 if line is not None else start
    return Region(location.line, start, location.line, max(start, end))
