"""What a table's header has, compared with the columns of its model."""

from __future__ import annotations

from dataclasses import dataclass

from relations.validators.nearest import nearest


@dataclass(frozen=True, slots=True)
class StrangeName:
    """A name in the header that should not be there.

    ``index`` counts the header's names from 0. ``meant`` is the column of the model that it
    seems to stand for and that the header lacks: one defect, however it is looked at.
    """

    index: int
    name: str
    meant: str | None


@dataclass(frozen=True, slots=True)
class HeaderReading:
    """``repeated`` were there before, ``unknown`` are not of the model; ``missing`` are columns
    that the header lacks and nothing in it seems to stand for."""

    repeated: tuple[StrangeName, ...]
    unknown: tuple[StrangeName, ...]
    missing: tuple[str, ...]


def read_header(header: tuple[str, ...], declared: tuple[str, ...]) -> HeaderReading:
    """Compare a header with the columns of a model.

    A strange name stands for the missing column that it is most like, or else for the one whose
    place it has.
    """
    missing = [name for name in declared if name not in header]
    repeated = [index for index, name in enumerate(header) if name and name in header[:index]]
    unknown = [
        index for index, name in enumerate(header) if name not in declared and index not in repeated
    ]
    meant: dict[int, str] = {}
    for index in unknown:
        found = nearest(header[index], missing)
        if found:
            meant[index] = found
            missing.remove(found)
    for index in sorted(repeated + unknown):
        if index not in meant and index < len(declared) and declared[index] in missing:
            meant[index] = declared[index]
            missing.remove(declared[index])

    def strange(indices: list[int]) -> tuple[StrangeName, ...]:
        return tuple(StrangeName(index, header[index], meant.get(index)) for index in indices)

    return HeaderReading(strange(repeated), strange(unknown), tuple(missing))
