"""The descriptor of a package, read with care: `datapackage.json` as bytes, text and object."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NoReturn

from relations.validators.nearest import nearest
from relations.validators.package.json_places import JsonPlaces, half_character, place_of
from relations.validators.package.text_places import TextPlaces, byte_at_fault, line_and_column

DATA_FOLDER = "datapackage"

MEMBERS = frozenset(
    {
        "$schema",
        "contributors",
        "created",
        "description",
        "homepage",
        "id",
        "image",
        "keywords",
        "licenses",
        "name",
        "resources",
        "sources",
        "title",
        "version",
    }
)
"""What a descriptor has at its top, by Data Package v2; it may have more."""

MOST_DIGITS = 4_000
"""Of a whole number. Python refuses to read more than 4,300, and no count needs twenty."""


LARGEST = 8 * 1024**2
"""Bytes of a descriptor. One of ours has 70,000; to find its way in one takes a hundred times as
much memory."""
MOST_COMMAS = 50_000
"""As many values it may have, each of which can be a finding. One of ours has 3,000."""
DEEPEST = 100
"""Lists and objects within each other. Ours go nine deep."""


class _Refused(ValueError):
    """A value that Python's parser takes, or fails at, and that JSON cannot hand on."""

    def __init__(self, literal: str, reason: str) -> None:
        super().__init__(reason)
        self.literal = literal


@dataclass
class Descriptor:
    """What the descriptor file holds.

    ``content`` is the parsed object, empty where it could not be parsed; then ``fault`` says
    why, in the words of the parser, with ``line`` and ``column`` where they are known.
    """

    name: str
    data: bytes
    content: dict[str, Any] = field(default_factory=dict)
    fault: str | None = None
    line: int | None = None
    column: int | None = None
    text: str = ""
    repeats_a_name: bool = False
    """Whether some object has one name twice; ``places`` says which."""

    def __post_init__(self) -> None:
        if len(self.data) > LARGEST:
            self.fault = f"it has {len(self.data):,} bytes; {LARGEST:,} are the most that is read"
            return
        if (commas := self.data.count(b",")) > MOST_COMMAS:
            self.fault = f"it has {commas:,} commas; {MOST_COMMAS:,} are the most that is read"
            return
        try:
            self.text = self.data.decode("utf-8-sig")
            content = json.loads(
                self.text,
                object_pairs_hook=self._object,
                parse_constant=_constant,
                parse_float=_fraction,
                parse_int=_whole_number,
            )
            # An escape can make half of a character, which no file could then hold.
            json.dumps(content, ensure_ascii=False).encode("utf-8")
            if _deeper(content, DEEPEST):
                raise RecursionError
        except json.JSONDecodeError as error:
            error = _at_the_comma(error)
            self.fault, self.line, self.column = error.msg, error.lineno, error.colno
        except UnicodeDecodeError as error:
            self.line, self.column, value = byte_at_fault(error)
            self.fault = f"byte 0x{value:02X} is not UTF-8"
        except UnicodeEncodeError:
            self.fault = "an escape stands for half of a character"
            self.line, self.column = line_and_column(self.text, half_character(self.text))
        except RecursionError:
            self.fault = "it is nested too deep"
        except _Refused as refused:
            self.fault = str(refused)
            offset = place_of(self.text, refused.literal)
            self.line, self.column = line_and_column(self.text, offset)
        else:
            if isinstance(content, dict):
                self.content = content
            else:
                self.fault = "it is not a JSON object"

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        self.repeats_a_name = self.repeats_a_name or len(made) < len(pairs)
        return made

    @property
    def readable(self) -> bool:
        """Whether there is an object to look into."""
        return self.fault is None

    @cached_property
    def places(self) -> JsonPlaces:
        """Where everything in the descriptor stands; asked only for what is to be reported."""
        return JsonPlaces(self.text)

    @cached_property
    def lines(self) -> TextPlaces:
        """Its lines, and where in them a character stands."""
        return TextPlaces(self.text)

    def place(self, *steps: str | int) -> tuple[int | None, int | None]:
        """Line and column, 1-based, of a member or an item; None, None where there is none."""
        offset = self.places.offsets.get(steps) if self.readable else None
        return (None, None) if offset is None else self.lines.line_and_column(offset)

    def resources(self) -> list[dict[str, Any]]:
        """The resources that are objects; none where the list is missing or no list."""
        listed = self.content.get("resources")
        return (
            [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
        )

    def resource(self, table: str) -> dict[str, Any] | None:
        """The first resource of this name."""
        return next((each for each in self.resources() if each.get("name") == table), None)

    def path_of(self, table: str) -> str:
        """The path of a table's file: as stated, or where convention has it."""
        resource = self.resource(table)
        path = resource.get("path") if resource else None
        if isinstance(path, list) and len(path) == 1:
            path = path[0]
        return path if isinstance(path, str) and path else f"{DATA_FOLDER}/{table}.csv"


def _deeper(content: Any, limit: int) -> bool:
    """Whether some list or object lies within more than ``limit`` others."""
    layer = [content]
    for _ in range(limit + 1):
        inner: list[Any] = []
        for each in layer:
            if isinstance(each, dict):
                inner.extend(each.values())
            elif isinstance(each, list):
                inner.extend(each)
        layer = [each for each in inner if isinstance(each, dict | list)]
        if not layer:
            return False
    return True


def _constant(name: str) -> NoReturn:
    raise _Refused(name, f"{name} is no JSON value")


def _fraction(literal: str) -> float:
    number = float(literal)
    if math.isinf(number):
        # Written again it would be `Infinity`, which is no JSON.
        raise _Refused(literal, "a number is larger than programs can hold")
    return number


def _whole_number(literal: str) -> int:
    digits = len(literal.lstrip("-"))
    if digits > MOST_DIGITS:
        raise _Refused(literal, f"a number has {digits:,} digits")
    return int(literal)


def misspelled(descriptor: Descriptor, member: str) -> str | None:
    """A question, where the descriptor has a name that seems to stand for the one it lacks."""
    found = nearest(member, (key for key in descriptor.content if key not in MEMBERS), cutoff=0.8)
    return f"did you mean `{member}` where it says `{found}`?" if found else None


_CLOSING = {"}": "object", "]": "array"}


def _at_the_comma(error: json.JSONDecodeError) -> json.JSONDecodeError:
    """The error as Python 3.13 words it, which points at a comma too many and not behind it."""
    before = error.doc[: error.pos].rstrip()
    closing = _CLOSING.get(error.doc[error.pos : error.pos + 1])
    if not closing or not before.endswith(","):
        return error
    said = f"Illegal trailing comma before end of {closing}"
    return json.JSONDecodeError(said, error.doc, len(before) - 1)
