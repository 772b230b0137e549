"""The version step that changes ask for, by the Data Package version recipe.

Major: what breaks its readers (a field gone, new or moved, a name, a type, a constraint that is
tighter, data that others refer to gone or with another meaning). Minor: more data, or looser
rules. Patch: a correction.
https://datapackage.org/recipes/data-package-version/
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

_VERSION = re.compile(r"(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(?:[-+].*)?")


class Step(enum.IntEnum):
    """How far a version goes on."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    @property
    def word(self) -> str:
        """The step as people write it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a step is asked for."""

    step: Step
    text: str


@dataclass(frozen=True, slots=True)
class VersionVerdict:
    """Whether the stated versions go as far as the changes ask.

    ``needed`` is the least version that would do, empty where the old one is no version;
    ``fits`` is false where the new one is less than that, or no version, and where something
    could not be compared that may ask for more. ``text`` says it.
    """

    old: str
    new: str
    step: Step
    needed: str
    fits: bool
    text: str


def verdict(old: str, new: str, step: Step, *, whole: bool = True) -> VersionVerdict:
    """Compare two stated versions with the step that is asked for.

    ``whole`` is false where not everything could be compared, so that the step is a least one.
    """
    before, after = _parsed(old), _parsed(new)
    if before is None or after is None:
        which = "old" if before is None else "new"
        text = f"the {which} version, {(old if before is None else new) or 'empty'}, is none"
        return VersionVerdict(old, new, step, "", False, text)
    least = _raised(before, step)
    needed = _text(least)
    furthest = _raised(before, Step.MAJOR)
    if after < before:
        text = f"{new} goes back behind {old}; it has to be {needed} or later"
    elif after < least:
        went = "is still that" if after == before else "does not go far enough"
        text = f"a {step.word} step from {old} leads to {needed}; {new} {went}"
    elif not whole and after < furthest:
        text = (
            f"whether {new} goes far enough from {old} cannot be told, for not everything could "
            f"be compared; {_text(furthest)} would in any case"
        )
        return VersionVerdict(old, new, step, needed, False, text)
    elif not whole:
        text = f"{new} goes far enough, whatever could not be compared"
    elif after == least:
        text = f"{new} is right" if step else f"nothing changed, and so did not {old}"
    else:
        asked = f"a {step.word} step would have led to {needed}" if step else "nothing changed"
        text = f"{new} is further than needed: {asked}"
    return VersionVerdict(old, new, step, needed, after >= least, text)


def _parsed(text: str) -> tuple[int, int, int] | None:
    found = _VERSION.fullmatch(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def _text(version: tuple[int, int, int]) -> str:
    return ".".join(str(part) for part in version)


def _raised(version: tuple[int, int, int], step: Step) -> tuple[int, int, int]:
    major, minor, patch = version
    if step is Step.MAJOR:
        return major + 1, 0, 0
    if step is Step.MINOR:
        return major, minor + 1, 0
    return (major, minor, patch + 1) if step is Step.PATCH else version
