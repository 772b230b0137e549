"""Check a package, then write it in another format: whole, or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

from relations.validators.atomic import staged_file, staged_folder
from relations.validators.check import examine
from relations.validators.exporting.contents import CannotExport, Contents
from relations.validators.exporting.formats import Format
from relations.validators.file_name import plain_name
from relations.validators.finding import Report, Severity
from relations.validators.package.files import Given
from relations.validators.package.own_files import refuse_own
from relations.validators.stop import NotSound, must_have_run


class HasErrors(NotSound):
    """The package has errors and is not exported; the message is one plain line."""


def export(
    wanted: Format,
    path: Given = None,
    output: Path | None = None,
    *,
    allow_errors: bool = False,
    force: bool = False,
    base_url: str = "",
    seeds: Path | None = None,
    as_of: dt.date | None = None,
    progress: Callable[[str], None] | None = None,
) -> Path:
    """Export a package to ``output`` (default: its name and version, here); where it went.

    ``allow_errors`` exports a package with errors too, in what shape it is. ``force`` replaces
    what is at ``output``. ``base_url`` is the address of the folder in which the package is
    published, for the formats that name files.

    Raises NotAPackage, HasErrors, NotChecked, CannotExport, AlreadyThere, OwnFile (each with
    one plain line) and OSError.
    """
    if base_url:
        base_url = _folder_address(base_url)
    if output is not None:
        refuse_own(output, path)
    report, package = examine(path, seeds=seeds, as_of=as_of, progress=progress)
    errors = report.count(Severity.ERROR)
    if not allow_errors:
        _refuse(report, errors)
    contents = Contents.of(package, errors + len(report.failures), base_url)
    target = output or Path(default_name(report, wanted))
    if progress:
        progress(f"writing {target}")
    stage: Callable[..., AbstractContextManager[Path]]
    stage = staged_folder if wanted.is_folder else staged_file
    with stage(target, force=force) as temporary:
        wanted.write(contents, temporary)
    return target


def _folder_address(url: str) -> str:
    """The address with a slash at its end, so that names of files may follow."""
    parts = urlsplit(url)
    web = parts.scheme in ("http", "https") and parts.netloc
    if not web or parts.query or parts.fragment:
        raise CannotExport(
            f"{url} is no address of a folder: it begins with https:// or http://, and has "
            "neither ? nor #"
        )
    return url if url.endswith("/") else url + "/"


def _refuse(report: Report, errors: int) -> None:
    must_have_run(report)
    if errors:
        counted = "1 error" if errors == 1 else f"{errors} errors"
        raise HasErrors(
            f"{report.path} has {counted} and is not exported: see `relations check`, "
            "or give --allow-errors"
        )


def default_name(report: Report, wanted: Format) -> str:
    """The name of the package, its version, and the ending of the format."""
    return plain_name(report.name or "package", report.version, ending=wanted.ending)
