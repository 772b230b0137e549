"""The arguments of a command, read from its declaration where they are plain.

Typer has pydantic convert each value, and importing that takes longer than a check that is
answered from the cache. What is read here gives what Typer would make of it; whatever is not
plain (a value that does not fit, an option that nobody declared, a dash where none belongs) is
left to Typer, which has the words for what is wrong.
"""

from __future__ import annotations

import enum
import os
import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any

_SPECIAL = (
    "allow_dash",
    "callback",
    "clamp",
    "count",
    "default_factory",
    "envvar",
    "exists",
    "is_eager",
    "max",
    "parser",
    "prompt",
    "resolve_path",
    "writable",
)
"""What a declaration may ask for that is not plain."""
_EXPANDED_ON_WINDOWS = "*?[]~%$"


class NotPlain(Exception):
    """For Typer to read."""


@dataclass(frozen=True, slots=True)
class _Parameter:
    """``options`` are the ways to name it, with the value of a flag; none: by position."""

    name: str
    kind: type
    options: dict[str, bool | None]
    least: int | None


def plain_arguments(command: Callable[..., Any], given: Sequence[str]) -> dict[str, Any] | None:
    """Keyword arguments for ``command``, those left out that have their defaults; None: ask Typer.

    ``command`` is declared with `Annotated`, as Typer takes it.
    """
    try:
        return _read(_parameters(command), list(given))
    except NotPlain:
        return None


def _read(parameters: list[_Parameter], given: list[str]) -> dict[str, Any]:
    options = {option: each for each in parameters for option in each.options}
    positions = [each for each in parameters if not each.options]
    read: dict[str, Any] = {}
    while given:
        word = given.pop(0)
        name, equals, value = word.partition("=")
        if not word.startswith("-"):
            if not positions:
                raise NotPlain
            parameter, value = positions.pop(0), word
        elif name not in options:
            raise NotPlain
        else:
            parameter = options[name]
            flag = parameter.options[name]
            if flag is not None:
                if equals or parameter.name in read:
                    raise NotPlain
                read[parameter.name] = flag
                continue
            if not equals:
                value = given.pop(0) if given else ""
        if parameter.name in read:
            raise NotPlain
        read[parameter.name] = _value(parameter, value)
    return read


def _value(parameter: _Parameter, text: str) -> Any:
    if not text or text.startswith("-"):
        raise NotPlain
    if os.name == "nt" and any(character in text for character in _EXPANDED_ON_WINDOWS):
        raise NotPlain
    kind = parameter.kind
    if kind is str:
        return text
    if kind is int:
        if not (text.isascii() and text.isdigit()) or int(text) < (parameter.least or 0):
            raise NotPlain
        return int(text)
    if issubclass(kind, enum.Enum):
        if text not in {each.value for each in kind}:
            raise NotPlain
        return kind(text)
    assert kind is Path
    if os.path.lexists(text) and not os.access(text, os.R_OK):
        raise NotPlain
    return Path(text)


def _parameters(command: Callable[..., Any]) -> list[_Parameter]:
    hints = typing.get_type_hints(command, include_extras=True)
    return [_parameter(name, hint) for name, hint in hints.items() if name != "return"]


def _parameter(name: str, hint: Any) -> _Parameter:
    (annotated, info) = typing.get_args(hint)
    kinds = [each for each in typing.get_args(annotated) or (annotated,) if each is not NoneType]
    kind = kinds[0]
    known = kind in (str, int, bool, Path) or issubclass(kind, enum.Enum)
    if len(kinds) > 1 or not known or any(getattr(info, each, None) for each in _SPECIAL):
        raise NotPlain
    return _Parameter(name, kind, _options(name, kind, info), getattr(info, "min", None))


def _options(name: str, kind: type, info: Any) -> dict[str, bool | None]:
    # An argument cannot be asked for, an option can.
    if not hasattr(info, "prompt"):
        return {}
    long = "--" + name.replace("_", "-")
    declared = info.param_decls or (f"{long}/--no-{long[2:]}" if kind is bool else long,)
    options: dict[str, bool | None] = {}
    for each in declared:
        yes, _, no = each.partition("/")
        options[yes] = True if kind is bool else None
        if no:
            options[no] = False
    return options
