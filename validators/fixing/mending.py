"""Fix a package in place: plan, write, and bring the descriptor along."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from relations.validators.atomic import FileChange, replace_files
from relations.validators.building.build import CannotBuild, plan
from relations.validators.check import examine
from relations.validators.fixing.fixes import LEFT_STALE, FileFix, apply, plan_fixes
from relations.validators.lock import locked
from relations.validators.package.files import Given, locate


@dataclass(frozen=True, slots=True)
class Mended:
    """What was fixed, and what is to be said of it besides."""

    fixes: tuple[FileFix, ...]
    remarks: tuple[str, ...] = ()


def planned(
    path: Given,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    seeds: Path | None = None,
    as_of: dt.date | None = None,
) -> tuple[FileFix, ...]:
    """What `mend` would do."""
    report, package = examine(path, select=select, ignore=ignore, seeds=seeds, as_of=as_of)
    return plan_fixes(package, report)


def mend(
    path: Given,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    seeds: Path | None = None,
    as_of: dt.date | None = None,
) -> Mended:
    """Fix what can be fixed safely; rebuild the descriptor where it was up to date before.

    Raises what `check`, `locked` and `apply` raise; then nothing was written.
    """
    named = locate(path)
    root = named if named.is_dir() else named.parent
    with locked(root):
        fixes = planned(path, select=select, ignore=ignore, seeds=seeds, as_of=as_of)
        if all(fix.new == fix.old for fix in fixes):
            return Mended(fixes)
        was_up_to_date = _is_up_to_date(path)
        apply(fixes)
        if not was_up_to_date:
            # An edit that is mended back leaves a file that the descriptor describes still.
            return Mended(fixes, () if _is_up_to_date(path) else (LEFT_STALE,))
        stale = [each for each in plan(path) if each.stale]
        replace_files([FileChange(each.path, each.old, each.new) for each in stale])
    return Mended(fixes, tuple(f"{each.name} rebuilt" for each in stale))


def _is_up_to_date(path: Given) -> bool:
    try:
        return not any(derived.stale for derived in plan(path))
    except CannotBuild:
        return False
