"""The descriptor of a package, read with care: `datapackage.json` as bytes, text and object."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

DATA_FOLDER = "datapackage"


@dataclass
class Descriptor:
    """What the descriptor file holds.

    ``content`` is the parsed object, empty where it could not be parsed; then ``fault`` says
    why, with ``line`` and ``column``. ``repeated`` are keys that one object has twice.
    """

    name: str
    data: bytes
    content: dict[str, Any] = field(default_factory=dict)
    fault: str | None = None
    line: int | None = None
    column: int | None = None
    repeated: list[str] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        try:
            self.text = self.data.decode("utf-8-sig")
            content = json.loads(
                self.text, object_pairs_hook=self._object, parse_constant=self._constant
            )
        except UnicodeDecodeError as error:
            self.fault = f"byte {error.start} is not UTF-8"
        except json.JSONDecodeError as error:
            self.fault, self.line, self.column = error.msg, error.lineno, error.colno
        except (ValueError, RecursionError) as error:
            # An integer of thousands of digits, or an object nested too deep.
            self.fault = str(error)
        else:
            if isinstance(content, dict):
                self.content = content
            else:
                self.fault = "it is not a JSON object"

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            seen: set[str] = set()
            for key, _ in pairs:
                if key in seen:
                    self.repeated.append(key)
                seen.add(key)
        return made

    @staticmethod
    def _constant(name: str) -> None:
        raise ValueError(f"{name} is no JSON value")

    @property
    def readable(self) -> bool:
        """Whether there is an object to look into."""
        return self.fault is None

    def line_of(self, text: str) -> int | None:
        """The first line on which ``text`` stands, 1-based."""
        where = self.text.find(text)
        return None if where < 0 else self.text.count("\n", 0, where) + 1

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
