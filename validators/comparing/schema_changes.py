"""What changed in a descriptor: the tables, their fields and constraints, and the header."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from relations.validators.comparing.version_step import Step

DERIVED = ("bytes", "hash", "rows", "schema", "description", "title")
"""Members of a resource that follow from its data, or are compared by themselves."""
DESCRIPTIVE = ("title", "description", "example", "categories", "rdfType")
MEANING = ("type", "format", "delimiter", "itemType", "decimalChar", "groupChar", "bareNumber")
IDENTITY = ("name", "id")


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """A change of the descriptor. ``table`` is empty where it is about the package."""

    table: str
    step: Step
    text: str


def schema_changes(old: dict[str, Any], new: dict[str, Any]) -> Iterator[SchemaChange]:
    """Every change from one descriptor to another, in the order of the new one."""
    yield from _header(old, new)
    before, after = _named(old.get("resources")), _named(new.get("resources"))
    for name in before:
        if name not in after:
            yield SchemaChange(name, Step.MAJOR, "the table is gone")
    for name, resource in after.items():
        if name in before:
            yield from _resource(name, before[name], resource)
        else:
            yield SchemaChange(name, Step.MINOR, "the table is new")


def _named(listed: object) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict) and isinstance(each.get("name"), str):
            found.setdefault(each["name"], each)
    return found


def _header(old: dict[str, Any], new: dict[str, Any]) -> Iterator[SchemaChange]:
    for name in sorted((old.keys() | new.keys()) - {"resources", "version", "created"}):
        if old.get(name) != new.get(name):
            step = Step.MAJOR if name in IDENTITY else Step.PATCH
            yield SchemaChange("", step, f"{name} {_went(old.get(name), new.get(name))}")


def _resource(table: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[SchemaChange]:
    for name in sorted((old.keys() | new.keys()) - set(DERIVED)):
        if old.get(name) != new.get(name):
            # Whoever reads the file by its path, its encoding or its form cannot any more.
            yield SchemaChange(table, Step.MAJOR, f"{name} {_went(old.get(name), new.get(name))}")
    for name in ("title", "description"):
        if old.get(name) != new.get(name):
            yield SchemaChange(table, Step.PATCH, f"its {name} is worded otherwise")
    before, after = _object(old.get("schema")), _object(new.get("schema"))
    yield from _fields(table, _named(before.get("fields")), _named(after.get("fields")))
    for name in ("primaryKey", "missingValues", "uniqueKeys", "fieldsMatch"):
        if before.get(name) != after.get(name):
            went = _went(before.get(name), after.get(name))
            yield SchemaChange(table, Step.MAJOR, f"{name} {went}")
    yield from _references(table, before, after)


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _fields(
    table: str, old: dict[str, dict[str, Any]], new: dict[str, dict[str, Any]]
) -> Iterator[SchemaChange]:
    before, after = list(old), list(new)
    for name in before:
        if name not in new:
            yield SchemaChange(table, Step.MAJOR, f"the field {name} is gone")
    for name in after:
        if name not in old:
            yield SchemaChange(table, Step.MAJOR, f"the field {name} is new")
    if [name for name in before if name in new] != [name for name in after if name in old]:
        yield SchemaChange(table, Step.MAJOR, "the fields stand in another order")
    for name in after:
        if name in old:
            yield from _field(table, name, old[name], new[name])


def _field(
    table: str, name: str, old: dict[str, Any], new: dict[str, Any]
) -> Iterator[SchemaChange]:
    for member in sorted((old.keys() | new.keys()) - {"name", "constraints"}):
        before, after = old.get(member), new.get(member)
        if before == after or (member == "categories" and _terms(old) != _terms(new)):
            # Terms that came or went are said once, as a constraint.
            continue
        if member in MEANING:
            yield SchemaChange(table, Step.MAJOR, f"{name}: {member} {_went(before, after)}")
        else:
            yield SchemaChange(table, Step.PATCH, f"{name}: its {member} is worded otherwise")
    before, after = _object(old.get("constraints")), _object(new.get("constraints"))
    for member in sorted(before.keys() | after.keys()):
        if before.get(member) != after.get(member):
            yield _constraint(table, name, member, before.get(member), after.get(member))


def _terms(field: dict[str, Any]) -> object:
    return _object(field.get("constraints")).get("enum")


def _constraint(table: str, name: str, member: str, old: Any, new: Any) -> SchemaChange:
    if member == "enum" and isinstance(old, list) and isinstance(new, list):
        gone = [str(term) for term in old if term not in new]
        more = [str(term) for term in new if term not in old]
        if not gone and not more:
            return SchemaChange(table, Step.PATCH, f"{name}: its terms stand in another order")
        said = [f"without {', '.join(gone)}"] if gone else []
        said += [f"with {', '.join(more)}"] if more else []
        step = Step.MAJOR if gone else Step.MINOR
        return SchemaChange(table, step, f"{name}: the vocabulary is now {' and '.join(said)}")
    step = Step.MAJOR if _tighter(member, old, new) else Step.MINOR
    return SchemaChange(table, step, f"{name}: {member} {_went(old, new)}")


def _tighter(member: str, old: Any, new: Any) -> bool:
    """Whether a constraint may refuse what it did not refuse before."""
    if new is None or new is False:
        return False
    if old is None or old is False:
        return True
    if isinstance(old, int | float) and isinstance(new, int | float):
        if member.startswith(("min", "exclusiveMin")):
            return new > old
        if member.startswith(("max", "exclusiveMax")):
            return new < old
    # Another pattern may refuse anything.
    return True


def _references(table: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[SchemaChange]:
    before, after = _reference_map(old), _reference_map(new)
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        if was is None:
            yield SchemaChange(table, Step.MAJOR, f"{name} now refers to {now}")
        elif now is None:
            yield SchemaChange(table, Step.MINOR, f"{name} refers to {was} no more")
        else:
            yield SchemaChange(table, Step.MINOR, f"{name} refers to {now} and not to {was}")


def _reference_map(schema: dict[str, Any]) -> dict[str, str]:
    found = {}
    listed = schema.get("foreignKeys")
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict) and isinstance(each.get("reference"), dict):
            fields = each.get("fields")
            name = fields if isinstance(fields, str) else ",".join(map(str, fields or ()))
            found[name] = str(each["reference"].get("resource") or "its own table")
    return found


def _went(old: object, new: object) -> str:
    if isinstance(old, list | dict) or isinstance(new, list | dict):
        return "is new" if old is None else "is gone" if new is None else "changed"
    if old is None:
        return f"is new: {_shown(new)}"
    if new is None:
        return f"is gone; it was {_shown(old)}"
    return f"went from {_shown(old)} to {_shown(new)}"


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"
