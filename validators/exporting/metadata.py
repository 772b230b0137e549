"""What the metadata formats say of a package as a whole, taken from its descriptor."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import quote

from relations.validators.exporting.contents import Contents


def base_iri(contents: Contents) -> str:
    """What the ids of things begin with, ending with ``#``; the same for every version.

    The package's ``id`` or ``homepage`` where that is a web address; else a name-based UUID of
    its name, so that two exports of one package still agree.
    """
    for key in ("id", "homepage"):
        value = contents.text(key)
        if value.startswith(("http://", "https://")):
            return value.partition("#")[0] + "#"
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, 'datapackage:' + contents.name)}#"


def address(contents: Contents, path: str, folder: Path) -> str:
    """Where a file of the package is, seen from a document in ``folder``.

    Below the base address where there is one; else relative to that folder, and for a package
    in a zip relative to the package.
    """
    if contents.base_url or contents.root is None:
        return contents.base_url + quote(path)
    return quote(Path(os.path.relpath(contents.root / path, folder)).as_posix())


def people(contents: Contents, role: str | None = None) -> list[dict[str, Any]]:
    """The contributors, those with ``role`` alone, as Schema.org persons and organizations.

    One with a given or family name is a person.
    """
    made = []
    for each in contents.objects("contributors"):
        roles = each.get("roles") or ([each["role"]] if each.get("role") else [])
        if role is not None and role not in roles:
            continue
        person = any(each.get(key) for key in ("givenName", "familyName"))
        one: dict[str, Any] = {"@type": "Person" if person else "Organization"}
        name = each.get("title") or f"{each.get('givenName', '')} {each.get('familyName', '')}"
        one["name"] = str(name).strip()
        if each.get("path"):
            one["url"] = each["path"]
        made.append(one)
    return made


def creators(contents: Contents) -> list[dict[str, Any]]:
    """Those who made the package: with the role creator or author, or else everybody."""
    return people(contents, "creator") or people(contents, "author") or people(contents)


def licenses(contents: Contents) -> list[str]:
    """The addresses of the licences, or their names where they have none."""
    return [
        str(each.get("path") or each.get("name") or each.get("title"))
        for each in contents.objects("licenses")
    ]
