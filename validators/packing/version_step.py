"""Whether a version follows the last release as the changes since then demand.

By the Data Package recipe: a table or column gone, renamed or moved, a column added, or a row
taken out is a major step; rows or tables added are a minor one; a value corrected or a
description changed is a patch. Before version 1.0.0 a minor step does for a major one.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from pathlib import Path

from relations.validators.expressions import ROW
from relations.validators.package.files import NotAPackage
from relations.validators.package.package import Package, open_package
from relations.validators.package.sources import SourceTexts


class Step(enum.IntEnum):
    """By how much a version grows."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


def why_not(previous: Path, package: Package) -> str:
    """Why the package's version does not fit the release before it; empty where it does."""
    try:
        source, descriptor, root = open_package(previous)
    except NotAPackage as error:
        return str(error)
    old = Package.open(source, descriptor, SourceTexts(root / "seeds"), dt.date.today())
    names = _text(old, "name"), _text(package, "name")
    if names[0] != names[1]:
        return f"{previous} is a release of {names[0]}, not of {names[1]}"
    before, now = (_text(each, "version") for each in (old, package))
    if _numbers(before) is None or _numbers(now) is None:
        return f"the step from version {before!r} to {now!r} cannot be judged: write X.Y.Z"
    made, needed = step_made(before, now), step_needed(old, package)
    if made is Step.NONE:
        return f"version {now} does not come after {before}, the version of {previous}"
    if needed is Step.MAJOR and before.startswith("0."):
        needed = Step.MINOR
    if made < needed:
        return (
            f"version {now} is too small a step after {before}: the changes since {previous} "
            f"demand a {needed.name.lower()} step"
        )
    return ""


def step_made(before: str, now: str) -> Step:
    """The step from one version to another; none where the second is not the later one."""
    old, new = _numbers(before), _numbers(now)
    if old is None or new is None or new <= old:
        return Step.NONE
    first = next(index for index in range(3) if new[index] != old[index])
    return (Step.MAJOR, Step.MINOR, Step.PATCH)[first]


def step_needed(old: Package, new: Package) -> Step:
    """The step that the changes from one release to the next demand."""
    needed = Step.NONE if old.descriptor.data == new.descriptor.data else Step.PATCH
    for table in old.declared:
        needed = max(needed, _step_of_table(old, new, table))
    return needed


def _step_of_table(old: Package, new: Package, table: str) -> Step:
    before, after = old.files.get(table), new.files.get(table)
    if before is None or after is None:
        if before is after:
            return Step.NONE
        return Step.MAJOR if after is None else Step.MINOR
    if before.data == after.data:
        return Step.NONE
    if before.header != after.header:
        return Step.MAJOR
    key = next(iter(old.columns(table)))
    frames = before.frame.drop(ROW), after.frame.drop(ROW)
    if not frames[0].join(frames[1], on=key, how="anti").is_empty():
        return Step.MAJOR
    added = frames[1].join(frames[0], on=key, how="anti")
    return Step.PATCH if added.is_empty() else Step.MINOR


def _numbers(version: str) -> tuple[int, int, int] | None:
    match = re.fullmatch(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)", version)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def _text(package: Package, key: str) -> str:
    value = package.descriptor.content.get(key)
    return value if isinstance(value, str) else ""
