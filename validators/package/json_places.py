"""Where the values of a JSON text stand, and the names that one of its objects has twice."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

_TOKEN = re.compile(r'[{}\[\]]|"(?:[^"\\]|\\.)*"|[^\s{}\[\],:"]+', re.DOTALL)

Steps = tuple[str | int, ...]
"""The way to a value: names of members and numbers of items, from the outside in."""


@dataclass
class JsonPlaces:
    """Offsets in a text that is known to be JSON.

    ``offsets`` has, for each member, that of its name and, for each item, that of its value;
    of a name that is there twice the last, which is the one that counts. ``repeated`` are the
    members whose object had the name already, with the offset of the later name.
    """

    text: str
    offsets: dict[Steps, int] = field(default_factory=dict)
    repeated: list[tuple[Steps, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        path: list[str | int] = []
        # For each open object the names seen so far, for each open list None.
        open_: list[set[str] | None] = []
        # For each open list the number of the next item.
        items: list[int] = []
        awaits_name = False
        for token in _TOKEN.finditer(self.text):
            mark, offset = token[0], token.start()
            if mark in "}]":
                open_.pop()
                items.pop()
            elif awaits_name and open_ and open_[-1] is not None:
                name = json.loads(mark)
                path.append(name)
                if name in open_[-1]:
                    self.repeated.append((tuple(path), offset))
                open_[-1].add(name)
                self.offsets[tuple(path)] = offset
                awaits_name = False
                continue
            else:
                if open_ and open_[-1] is None:
                    path.append(items[-1])
                    items[-1] += 1
                    self.offsets[tuple(path)] = offset
                if mark in "{[":
                    open_.append(set() if mark == "{" else None)
                    items.append(0)
                    awaits_name = mark == "{"
                    continue
            # A value ends here, and with it the step that led to it.
            if path:
                path.pop()
            awaits_name = bool(open_) and open_[-1] is not None


def place_of(text: str, literal: str) -> int:
    """Where a number or a word, at which a parser of the text stopped, stands first."""
    return next(each.start() for each in _TOKEN.finditer(text) if each[0].startswith(literal))


def half_character(text: str) -> int:
    """Where the string stands, in a text that is JSON, that has a surrogate without the other."""
    return next(
        each.start()
        for each in _TOKEN.finditer(text)
        if each[0].startswith('"') and re.search("[\ud800-\udfff]", json.loads(each[0]))
    )


def pointer(steps: Steps) -> str:
    """The way to a value as a JSON Pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)
