"""How a row is called where another one links to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Row = Mapping[str, str | None]
Find = Callable[[str, str | None], str]
"""The label of the row of a table with this key; the key itself where there is no such row."""


def words(term: str | None) -> str:
    """A term of a vocabulary as people write it."""
    return (term or "").replace("_", " ")


def ordinal(number: str | None) -> str:
    """``15`` as 15th; what is no number stays as it is."""
    if not number or not number.isascii() or not number.isdigit():
        return number or ""
    last = "th"
    if number[-2:] not in ("11", "12", "13"):
        last = {"1": "st", "2": "nd", "3": "rd"}.get(number[-1], "th")
    return number + last


def label(table: str, row: Row, find: Find) -> str:
    """A short name of a row; its key where the row says nothing that could name it."""
    key = next(iter(row.values())) or ""
    make = _MADE.get(table)
    made = make(row, find) if make else row.get("title") or row.get("name") or ""
    return made or key


def actor(row: Row, find: Find) -> str:
    """Who a participant is: the person, else the group, the organization, the country."""
    whose = find("organizations", row.get("organization_id")) or find(
        "countries", row.get("country")
    )
    if row.get("official_id"):
        return find("officials", row["official_id"])
    if row.get("group_label"):
        group = row["group_label"] or ""
        return f"{group} ({whose})" if whose and whose not in group else group
    return whose


def event(row: Row) -> tuple[str, str] | None:
    """The event that a participant took part in: its table and key."""
    for column, table in EVENT_COLUMNS.items():
        if row.get(column):
            return table, row[column] or ""
    return None


EVENT_COLUMNS = {
    "visit_id": "visits",
    "engagement_id": "engagements",
    "session_id": "assembly_sessions",
    "agreement_id": "agreements",
}


def _session(row: Row, find: Find) -> str:
    kind = words(row.get("classification"))
    what = {"plenary": "session", "other": "sitting", "": "session"}.get(kind, f"{kind} session")
    number = ordinal(row.get("ordinal"))
    whose = find("organizations", row.get("organization_id"))
    said = f"{number} {what}".strip() + (f" of the {whose}" if whose else "")
    return said[:1].upper() + said[1:]


def _term(row: Row, find: Find) -> str:
    return ", ".join(filter(None, (find("officials", row.get("official_id")), row.get("post"))))


def _membership(row: Row, find: Find) -> str:
    country = find("countries", row.get("country"))
    step = words(row.get("step")) or "step"
    kind = f" as {words(row['kind'])}" if row.get("kind") else ""
    whose = find("organizations", row.get("organization_id"))
    return f"{country}: {step}{kind}" + (f", {whose}" if whose else "")


def _participant(row: Row, find: Find) -> str:
    tied = event(row)
    where = find(*tied) if tied else ""
    who = actor(row, find)
    role = f" ({words(row['role'])})" if row.get("role") else ""
    return f"{who}{role}" + (f": {where}" if where else "")


def _evidence(row: Row, _: Find) -> str:
    about = filter(None, (row.get("table"), row.get("row_id"), row.get("column")))
    return "/".join(about)


_MADE: dict[str, Callable[[Row, Find], str]] = {
    "assembly_sessions": _session,
    "terms": _term,
    "memberships": _membership,
    "participants": _participant,
    "statements": lambda row, _: row.get("summary") or "",
    "evidence": _evidence,
}
