"""What in a descriptor is against the Data Package standard, in words that people read.

The JSON Schema of the standard says what. Nearly every descriptor is valid, which `jsonschema_rs`
says at once; `jsonschema`, which takes longer to import than all else here, explains what is not.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relations.schemas.descriptor import PROFILE, PROFILE_FILE
from relations.validators.package.json_places import Steps

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

KINDS = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "nothing",
    "number": "a number",
    "object": "an object",
    "string": "text",
}
"""JSON's kinds of value, for readers."""

PATTERNS = {
    "hash": "a digest in hexadecimal, such as `sha256:9f86…`",
    "mediatype": "a media type, such as `text/csv`",
    "name": "made of letters, digits, `.`, `_` and `-`",
    "path": "a path within the package, such as `datapackage/visits.csv`, or an address",
}
"""What the patterns of the standard ask for, by the name of the member."""

FORMATS = {
    "date-time": "a date and time with its zone, such as `2024-05-16T12:00:00Z`",
    "email": "an e-mail address",
    "uri": "an address, such as `https://example.org/`",
}

_DATE_TIME = re.compile(
    "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.][0-9]+)?"
    "(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
_SLUG = re.compile("[a-z0-9][a-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Violation:
    """One place that is against the standard: the way to it, what is wrong, what would be right."""

    steps: Steps
    message: str
    hint: str


def violations(content: dict[str, Any]) -> Iterator[Violation]:
    """Every place of a descriptor that is against the standard, each once."""
    seen: set[Steps] = set()
    for found in (*_by_hand(content), *_by_schema(content)):
        if found.steps not in seen:
            seen.add(found.steps)
            yield found


def without_derived(
    content: dict[str, Any], derived: dict[str, dict[str, Any]], otherwise_wrong: Iterable[Steps]
) -> dict[str, Any]:
    """A descriptor less what is as it was made from the models, which need not be judged again.

    ``derived`` are the resources as `relations build` would write them, by name. What is left
    stands where it stood. ``otherwise_wrong`` are the ways to paths with a finding of their own.
    """
    listed = content.get("resources")
    if not isinstance(listed, list):
        return content
    wrong = {steps[1] for steps in otherwise_wrong if steps[0] == "resources"}
    left = []
    for index, resource in enumerate(listed):
        if isinstance(resource, dict):
            made = derived.get(_name(resource), {})
            resource = {
                key: _rest_of_schema(value, made.get(key)) if key == "schema" else value
                for key, value in resource.items()
                if key in ("name", "path") or key not in made or not same(value, made[key])
            }
            if index in wrong:
                resource["path"] = "a.csv"
        left.append(resource)
    return {**content, "resources": left}


def _name(resource: dict[str, Any]) -> str:
    name = resource.get("name")
    return name if isinstance(name, str) else ""


def _rest_of_schema(schema: Any, made: Any) -> Any:
    fields = schema.get("fields") if isinstance(schema, dict) else None
    if not isinstance(fields, list) or not isinstance(made, dict):
        return schema
    kept = {
        key: value for key, value in schema.items() if key not in made or not same(value, made[key])
    }
    sound = {json.dumps(each, sort_keys=True) for each in made["fields"]}
    left = [{"name": "as made"} if json.dumps(f, sort_keys=True) in sound else f for f in fields]
    return kept | {"fields": left}


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal; to Python true is 1, and 1.0 too."""
    return bool(one == other) and json.dumps(one, sort_keys=True) == json.dumps(
        other, sort_keys=True
    )


def _by_hand(content: dict[str, Any]) -> Iterator[Violation]:
    """What the standard says in words alone."""
    profile = content.get("$schema")
    if profile != PROFILE:
        yield Violation(
            ("$schema",),
            "`$schema` is missing"
            if profile is None
            else "`$schema` does not name version 2.0 of the Data Package standard",
            f"write `{PROFILE}`",
        )
    name = content.get("name")
    if isinstance(name, str) and not _SLUG.fullmatch(name):
        yield Violation(
            ("name",),
            f"`{name}` cannot be the name of a package",
            "use lower-case letters, digits, `.`, `_` and `-` alone",
        )


def _by_schema(content: dict[str, Any]) -> Iterator[Violation]:
    schema = json.loads(PROFILE_FILE.read_text("utf-8"))
    if not is_valid(content, schema):
        yield from explained(content, schema)


def explained(content: dict[str, Any], schema: dict[str, Any]) -> Iterator[Violation]:
    """All that is not valid in a descriptor, in words."""
    import jsonschema

    formats = jsonschema.FormatChecker(formats=())
    for name, is_right in _formats().items():
        formats.checks(name)(is_right)
    draft = jsonschema.validators.extend(  # type: ignore[no-untyped-call]
        jsonschema.Draft7Validator, {"uniqueItems": _repeated_items}
    )
    for error in draft(schema, format_checker=formats).iter_errors(content):
        yield _explained(error)


def _repeated_items(
    _: Validator, wanted: bool, value: object, __: object
) -> Iterator[ValidationError]:
    """A list that has an item twice, in a time that grows with the list.

    `jsonschema` compares each item with each other, minutes for a list of a thousand objects.
    """
    from jsonschema import ValidationError

    if wanted and isinstance(value, list) and len({_identity(each) for each in value}) < len(value):
        yield ValidationError("an item is there twice")


def _identity(item: Any) -> Any:
    """What two equal JSON values have in common: 1 is 1.0, and not true.

    Within a list or an object a number is taken as it is written.
    """
    if isinstance(item, int | float) and not isinstance(item, bool):
        return item
    return json.dumps(item, sort_keys=True)


def is_valid(content: dict[str, Any], schema: dict[str, Any]) -> bool:
    """Whether a descriptor is certainly valid; False also where that cannot be told quickly."""
    import jsonschema_rs

    validator = jsonschema_rs.Draft7Validator(schema, formats=_formats(), validate_formats=True)
    try:
        return validator.is_valid(content)
    except ValueError:
        # A number or a nesting that it does not take.
        return False


def _formats() -> dict[str, Callable[[object], bool]]:
    return {"date-time": _is_date_time, "email": _is_email, "uri": _is_address}


def _is_date_time(value: object) -> bool:
    if not isinstance(value, str):
        return True
    if not _DATE_TIME.fullmatch(value):
        return False
    day, clock = value[:10], value[11:19]
    try:
        dt.date.fromisoformat(day)
        # A minute may have a sixty-first second.
        dt.time.fromisoformat(clock[:6] + ("59" if clock[6:] == "60" else clock[6:]))
    except ValueError:
        return False
    return True


def _is_email(value: object) -> bool:
    return not isinstance(value, str) or bool(re.fullmatch(r"[^@\s]+@[^@\s]+", value))


def _is_address(value: object) -> bool:
    return not isinstance(value, str) or bool(
        re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+", value)
    )


def _explained(error: ValidationError) -> Violation:
    """An error of `jsonschema` in plain words, at the innermost place that it can be blamed on."""
    if error.validator in ("anyOf", "oneOf") and error.context:
        return _of_forms(error, list(error.context))
    steps: Steps = tuple(error.absolute_path)
    value: Any = error.instance
    what, rule = _subject(steps), _rule(error)
    match error.validator:
        case "required":
            missing = next(
                each for each in rule if each not in value and repr(each) in error.message
            )
            return Violation((*steps, missing), f"{what} lacks `{missing}`", f"add `{missing}`")
        case "type":
            right = _kinds(rule if isinstance(rule, list) else [rule])
            return Violation(
                steps, f"{what} is {_kind(value)} and should be {right}", f"make it {right}"
            )
        case "enum":
            return _not_one_of(steps, value, rule)
        case "pattern":
            right = PATTERNS.get(str(steps[-1]) if steps else "", f"of the form `{rule}`")
            return Violation(steps, f"{what} is {_shown(value)}", f"it should be {right}")
        case "format":
            right = FORMATS.get(rule, rule)
            return Violation(steps, f"{what} is {_shown(value)}", f"it should be {right}")
        case "minItems":
            return Violation(steps, f"{what} is an empty list", "add an item, or remove the list")
        case "minProperties":
            return Violation(steps, f"{what} says nothing", "fill it, or remove it")
        case "uniqueItems":
            return Violation(steps, f"{what} has an item twice", "remove one of the two")
        case "oneOf":
            # More than one form fits; of those in the standard only a resource can do so.
            return Violation(steps, f"{what} has both `path` and `data`", "keep one of the two")
        case _:
            return Violation(steps, f"{what}: {error.message}", "see the Data Package standard")


def _of_forms(error: ValidationError, context: list[ValidationError]) -> Violation:
    """Where the standard offers several forms: what the one that was meant lacks."""
    steps: Steps = tuple(error.absolute_path)
    forms: dict[Any, list[ValidationError]] = {}
    for each in context:
        forms.setdefault(each.schema_path[0], []).append(each)
    if all(each.validator == "required" and not each.path for each in context):
        lacks = [{_explained(each).steps[-1] for each in errors} for errors in forms.values()]
        common = sorted(map(str, set.intersection(*lacks)))
        if common:
            return Violation(
                (*steps, common[0]), f"{_subject(steps)} lacks `{common[0]}`", f"add `{common[0]}`"
            )
        names = " or ".join(f"`{each}`" for each in sorted(map(str, set.union(*lacks))))
        return Violation(steps, f"{_subject(steps)} lacks {names}", "add one of them")
    meant = [errors for errors in forms.values() if not any(map(_of_another_kind, errors))]
    if meant:
        return _explained(min(meant, key=len)[0])
    types = [each for each in context if list(each.path) == ["type"] and each.validator == "enum"]
    if types:
        terms = [term for each in types for term in _rule(each)]
        return _not_one_of(tuple(types[0].absolute_path), types[0].instance, terms)
    kinds = [_rule(each) for each in context if each.validator == "type" and not each.path]
    right = _kinds(dict.fromkeys(kinds))
    return Violation(
        steps,
        f"{_subject(steps)} is {_kind(error.instance)} and should be {right}",
        f"make it {right}",
    )


def _rule(error: ValidationError) -> Any:
    """What the part of the schema that a value fails asks for."""
    return error.validator_value


def _of_another_kind(error: ValidationError) -> bool:
    """Whether an error says that another form was meant, not that this one was written badly."""
    if error.validator == "type":
        return not error.path
    if error.validator == "enum":
        return list(error.path) == ["type"]
    return error.validator == "required" and not error.path and "'type'" in error.message


def _not_one_of(steps: Steps, value: object, terms: Iterable[object]) -> Violation:
    return Violation(
        steps,
        f"{_subject(steps)} is {_shown(value)}",
        f"use one of: {', '.join(map(str, terms))}",
    )


def _subject(steps: Steps) -> str:
    """How a message calls the place to which the steps lead."""
    if not steps:
        return "the descriptor"
    last = steps[-1]
    if isinstance(last, str):
        return f"`{last}`"
    return f"item {last + 1} of `{steps[-2]}`" if len(steps) > 1 else f"item {last + 1}"


def _kinds(names: Iterable[str]) -> str:
    return " or ".join(KINDS.get(name, name) for name in names)


def _kind(value: object) -> str:
    if value is None:
        return KINDS["null"]
    for kind, name in ((bool, "boolean"), (str, "string"), (list, "array"), (dict, "object")):
        if isinstance(value, kind):
            return KINDS[name]
    return KINDS["integer" if isinstance(value, int) else "number"]


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"`{text if len(text) <= 60 else text[:59] + '…'}`"
