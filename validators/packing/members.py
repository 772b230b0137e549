"""What goes into a release: the data, what describes it, and how to cite and use it.

The licence is the one beside the tables. A plain LICENSE at the root goes in only where the
descriptor names it: in a repository that holds code as well, it is the licence of the code.

Never the texts of the sources, which belong to their publishers: of ``seeds/`` only the
curation notes, and none that is itself the text of a source.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from relations.schemas.tables import TABLES
from relations.validators.building import codebook, licence_file
from relations.validators.package.files import Folder, Unreadable, UnsafePath
from relations.validators.package.package import Package
from relations.validators.package.sources import SEEDS
from relations.validators.stop import CannotDo
from relations.validators.suppressions import FILE as SUPPRESSIONS

CHECKSUMS = "SHA256SUMS"
"""The digests of all other files, as `sha256sum --check` reads them."""

BESIDE = ("README.md", "CHANGELOG.md", "CITATION.cff", SUPPRESSIONS, codebook.FILE,
          licence_file.FILE)  # fmt: skip
_LICENCE = re.compile(r"(?:LICEN[CS]E|COPYING)(?:[-.][A-Za-z0-9.-]+)?")
_PLAIN = re.compile(r"(?:LICEN[CS]E|COPYING)(?:\.(?:md|txt))?")
LICENCES = "LICENSES"


def members(package: Package, folder: Folder) -> dict[str, bytes]:
    """The files of a release by name: the descriptor first, the checksums last.

    ``folder`` is where the package lies. Raises CannotDo where one cannot be read.
    """
    descriptor = package.descriptor
    files = {descriptor.name: descriptor.data}
    for name in sorted(_names(package, folder)):
        files.setdefault(name, _read(folder, name))
    # A note that is itself the text of a source, under another name, stays out all the same.
    texts = set(package.frame("sources")["sha256"].drop_nulls())
    found = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    files = {name: data for name, data in files.items() if found[name] not in texts}
    lines = (f"{found[name]}  {name}\n" for name in sorted(files))
    return files | {CHECKSUMS: "".join(lines).encode("utf-8")}


def _read(folder: Folder, name: str) -> bytes:
    try:
        return folder.read(name)
    except (FileNotFoundError, UnsafePath, Unreadable) as error:
        # A link that leads nowhere is not found, though it is there.
        said = "leads nowhere" if isinstance(error, FileNotFoundError) else error
        raise CannotDo(f"{name} {said}") from error


def _names(package: Package, folder: Folder) -> Iterator[str]:
    for table in TABLES:
        yield package.descriptor.path_of(table)
    yield from (name for name in BESIDE if _is_there(folder, name))
    named = licence_file.paths(package.descriptor.content)
    for entry in folder.root.iterdir():
        name = entry.name
        fits = _LICENCE.fullmatch(name) and (name in named or not _PLAIN.fullmatch(name))
        if fits and entry.is_file():
            yield name
    yield from folder.names_in(LICENCES)
    # What a source is named as is its text, though somebody has edited it since.
    texts = {f"{SEEDS}/{name}".lower() for name in package.frame("sources")["file"].drop_nulls()}
    for name in folder.names_in(SEEDS):
        if name.endswith(".md") and name.lower() not in texts:
            yield name


def _is_there(folder: Folder, name: str) -> bool:
    try:
        return folder.exists(name)
    except UnsafePath:
        # Then reading it says so.
        return True
