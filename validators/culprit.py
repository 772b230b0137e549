"""Where a finding stands when several rows disagree with one that they share.

A wrong cell in a row that many refer to puts each of them in the wrong: a term that ends too
early, a visit that begins too late. Where two or more disagree with it, and at least half of
those that can be compared, the shared row is the likelier culprit, and one finding stands
there. Otherwise each that disagrees has its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

Row = dict[str, Any]


def by_culprit(
    rows: Iterable[Row], shared: Sequence[str], comparable: str, *, all_of_them: bool = False
) -> Iterator[list[Row]]:
    """Part the rows in the wrong into groups: of several where the shared row is to blame.

    ``shared`` names the columns that say what is shared, ``comparable`` the one that says how
    many rows could be compared with it. With ``all_of_them`` the shared row is to blame only
    where nothing agrees with it.
    """
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in shared), []).append(row)
    for group in groups.values():
        enough = group[0][comparable] if all_of_them else group[0][comparable] / 2
        if len(group) >= 2 and len(group) >= enough:
            yield group
        else:
            yield from ([row] for row in group)
