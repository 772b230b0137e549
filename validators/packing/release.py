"""Check a package, see that it is fit to be released, and put it into one zip."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from relations.validators.atomic import staged_file
from relations.validators.building.build import CannotBuild, derived_files
from relations.validators.check import examine
from relations.validators.file_name import plain_name
from relations.validators.finding import Report, Severity
from relations.validators.package.files import ARCHIVE, Folder, Given, locate
from relations.validators.package.own_files import refuse_own
from relations.validators.package.package import Package
from relations.validators.packing.archive import zipped
from relations.validators.packing.members import members
from relations.validators.packing.version_step import why_not
from relations.validators.stop import CannotDo, NotSound, must_have_run


class NotFit(NotSound):
    """The package is not fit to be released; the message is one plain line."""


@dataclass(frozen=True, slots=True)
class Release:
    """A release as written. ``size`` is in bytes, ``sha256`` of the zip, in hexadecimal."""

    path: Path
    files: tuple[str, ...]
    size: int
    sha256: str


def pack(
    path: Given = None,
    output: Path | None = None,
    *,
    previous: Path | None = None,
    allow_warnings: bool = False,
    force: bool = False,
    seeds: Path | None = None,
    as_of: dt.date | None = None,
    progress: Callable[[str], None] | None = None,
) -> Release:
    """Release a package in a folder as a zip at ``output`` (default: name and version, here).

    ``previous`` is the zip of the last release; the version has to follow its version as the
    changes demand. ``allow_warnings`` releases a package with warnings; one with errors is refused.

    Raises NotAPackage, NotFit, NotChecked, AlreadyThere, OwnFile (each with one plain line) and
    OSError.
    """
    path = locate(path)
    if output is not None:
        refuse_own(output, path)
    report, package = examine(path, seeds=seeds, as_of=as_of, progress=progress)
    folder = _fit(report, package, allow_warnings)
    if previous is not None:
        reason = why_not(previous, folder.root)
        if reason:
            raise NotFit(reason)
    files = members(package, folder)
    data = zipped(files)
    target = output or Path(default_name(report))
    with staged_file(target, force=force) as temporary:
        temporary.write_bytes(data)
    return Release(target, tuple(files), len(data), hashlib.sha256(data).hexdigest())


def release_bytes(report: Report, package: Package) -> bytes:
    """The zip that `pack` would write of a package that is open, warnings allowed.

    ``report`` is of the same check. Raises NotFit, NotChecked and CannotDo.
    """
    return zipped(members(package, _fit(report, package, allow_warnings=True)))


def default_name(report: Report) -> str:
    """The file name of a release: the package's name and version."""
    return plain_name(report.name, report.version, ending=ARCHIVE)


def _fit(report: Report, package: Package, allow_warnings: bool) -> Folder:
    """The folder of a package that is fit to be released.

    Raises NotFit, NotChecked, and CannotDo where it is in no folder.
    """
    _must_be_clean(report, allow_warnings)
    return _must_be_built(package)


def _must_be_clean(report: Report, allow_warnings: bool) -> None:
    must_have_run(report)
    errors, warnings = report.count(Severity.ERROR), report.count(Severity.WARNING)
    if errors or (warnings and not allow_warnings):
        counted = [
            f"{number} {word}{'' if number == 1 else 's'}"
            for number, word in ((errors, "error"), (warnings, "warning"))
            if number
        ]
        raise NotFit(
            f"{report.path} has {' and '.join(counted)} and is not released: see `relations check`"
        )


def _must_be_built(package: Package) -> Folder:
    """The folder of the package, in which everything derived is up to date."""
    source = package.source
    if not isinstance(source, Folder):
        raise CannotDo("a zip is packed already: give the folder that it was made from")
    try:
        derived = derived_files(source, package.descriptor, source.root)
    except CannotBuild as error:
        raise NotFit(str(error)) from error
    for each in derived:
        if each.stale:
            raise NotFit(f"{each.name} is stale: run `relations build`")
    if not package.descriptor.content.get("version"):
        raise NotFit(f"{package.descriptor.name} states no version")
    return source
