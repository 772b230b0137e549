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


def blamed(
    rows: Iterable[Row], shared: Sequence[str], comparable: str, *, all_of_them: bool = False
) -> tuple[list[list[Row]], list[Row]]:
    """Part the rows in the wrong: groups whose shared row is to blame, and the other rows.

    ``shared`` names the columns that say what is shared, ``comparable`` the one that says how
    many rows could be compared with it. With ``all_of_them`` the shared row is to blame only
    where nothing agrees with it.
    """
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in shared), []).append(row)
    to_blame: list[list[Row]] = []
    others: list[Row] = []
    for group in groups.values():
        enough = group[0][comparable] if all_of_them else group[0][comparable] / 2
        if len(group) >= 2 and len(group) >= enough:
            to_blame.append(group)
        else:
            others.extend(group)
    return to_blame, others


def by_culprit(rows: Iterable[Row], shared: Sequence[str], comparable: str) -> Iterator[list[Row]]:
    """The groups whose shared row is to blame, then each other row as a group of its own."""
    groups, others = blamed(rows, shared, comparable)
    yield from groups
    yield from ([row] for row in others)
