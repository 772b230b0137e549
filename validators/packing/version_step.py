"""Whether a version follows the last release as the changes since then ask for."""

from __future__ import annotations

from pathlib import Path

from relations.validators.comparing.comparison import compare
from relations.validators.comparing.edition import open_edition
from relations.validators.package.files import NotAPackage


def why_not(previous: Path, package: Path) -> str:
    """Why the package in a folder does not fit the release before it; empty where it does.

    Raises NotAPackage where there is no release at ``previous``.
    """
    if not previous.exists():
        raise NotAPackage(f"no such file or folder: {previous}")
    old, new = open_edition(str(previous)), open_edition(str(package))
    names = old.descriptor.get("name"), new.descriptor.get("name")
    if names[0] != names[1]:
        return f"{previous} is a release of {names[0]}, not of {names[1]}"
    compared = compare(old, new)
    if compared.notes:
        return f"it cannot be compared with {previous}: {compared.notes[0]}"
    if compared.errors:
        number = "1 id stands" if compared.errors == 1 else f"{compared.errors} ids stand"
        return f"{number} for something else than in {previous}: see `relations diff`"
    if not compared.version.fits:
        return f"the version does not fit {previous}: {compared.version.text}"
    return ""
