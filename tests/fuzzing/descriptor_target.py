"""What must hold of the loader of descriptors for any bytes at all."""

from __future__ import annotations

import json
from typing import Any

from relations.schemas.descriptor import PROFILE_FILE
from relations.validators.package.descriptor import Descriptor, misspelled
from relations.validators.package.json_places import Steps, pointer
from relations.validators.package.profile import explained, is_valid, violations

NAME = "datapackage.json"
PROFILE = json.loads(PROFILE_FILE.read_text("utf-8"))


def holds(data: bytes) -> None:
    descriptor = Descriptor(NAME, data)
    if descriptor.readable:
        it_holds_what_json_says(descriptor)
        everything_has_its_place(descriptor)
        what_is_against_the_standard_is_said(descriptor)
        its_tables_have_paths(descriptor)
    else:
        the_fault_is_clear(descriptor)


def it_holds_what_json_says(descriptor: Descriptor) -> None:
    text = descriptor.data.decode("utf-8-sig")
    assert descriptor.text == text
    assert isinstance(descriptor.content, dict)
    assert alike(json.loads(text), descriptor.content)
    # It can be written again, as a file of UTF-8 that other programs read.
    again = json.dumps(descriptor.content, ensure_ascii=False, allow_nan=False)
    assert alike(json.loads(again.encode("utf-8")), descriptor.content)


def alike(one: Any, other: Any) -> bool:
    return json.dumps(one) == json.dumps(other)


def the_fault_is_clear(descriptor: Descriptor) -> None:
    assert descriptor.content == {}
    assert descriptor.fault
    assert len(descriptor.fault) < 300
    assert "\n" not in descriptor.fault
    descriptor.fault.encode("utf-8")
    assert descriptor.place("name") == (None, None)
    assert (descriptor.line is None) is (descriptor.column is None)
    if descriptor.line is not None:
        assert descriptor.column is not None
        lines = descriptor.data.split(b"\n")
        assert 1 <= descriptor.line <= len(lines)
        line = lines[descriptor.line - 1].decode("utf-8", "replace")
        assert 1 <= descriptor.column <= len(line) + 1


def everything_has_its_place(descriptor: Descriptor) -> None:
    """Each member stands where its name is, each item where its value is; nothing else does."""
    lines = descriptor.text.split("\n")
    found: dict[Steps, Any] = {}
    walk: list[tuple[Steps, Any]] = [((), descriptor.content)]
    while walk:
        steps, value = walk.pop()
        inside = (
            value.items()
            if isinstance(value, dict)
            else enumerate(value)
            if isinstance(value, list)
            else ()
        )
        for step, each in inside:
            found[(*steps, step)] = each
            walk.append(((*steps, step), each))
    assert found.keys() <= descriptor.places.offsets.keys()
    if not descriptor.repeats_a_name:
        assert found.keys() == descriptor.places.offsets.keys()
        assert descriptor.places.repeated == []
    else:
        assert descriptor.places.repeated
    decoder = json.JSONDecoder()
    for steps, value in found.items():
        line, column = descriptor.place(*steps)
        assert line is not None
        assert column is not None
        rest = "\n".join([lines[line - 1][column - 1 :], *lines[line:]])
        here, _ = decoder.raw_decode(rest)
        assert alike(here, steps[-1] if isinstance(steps[-1], str) else value)


def what_is_against_the_standard_is_said(descriptor: Descriptor) -> None:
    # Two judges, one quick and one that explains; the quick one may leave it to the other.
    if is_valid(descriptor.content, PROFILE):
        assert list(explained(descriptor.content, PROFILE)) == []
    seen = set()
    for found in violations(descriptor.content):
        assert found.steps not in seen
        seen.add(found.steps)
        assert found.message
        assert found.hint
        (found.message + found.hint + pointer(found.steps)).encode("utf-8")
        line, _ = descriptor.place(*found.steps)
        if line is None and len(found.steps) > 1:
            # What is missing has no place; what lacks it has.
            assert descriptor.place(*found.steps[:-1])[0] is not None, found


def its_tables_have_paths(descriptor: Descriptor) -> None:
    for table in ("visits", ""):
        assert descriptor.path_of(table)
        resource = descriptor.resource(table)
        assert resource is None or resource["name"] == table
    for member in ("licenses", "version"):
        said = misspelled(descriptor, member)
        assert said is None or said.endswith("?")
