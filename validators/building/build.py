"""What `relations build` derives: each file as it is and as it ought to be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from relations.schemas import declared as facts
from relations.validators.atomic import FileChange, replace_files
from relations.validators.building import (
    codebook,
    codebook_markdown,
    generated_parts,
    licence_file,
    resources,
)
from relations.validators.lock import locked
from relations.validators.package.descriptor import Descriptor
from relations.validators.package.files import (
    Files,
    Folder,
    Given,
    Unreadable,
    UnsafePath,
    locate,
)
from relations.validators.package.package import declared, open_package
from relations.validators.package.table_reading import read_table
from relations.validators.stop import CannotDo


class CannotBuild(CannotDo):
    """The package cannot be built as it stands; the message is one plain line."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived file: ``old`` bytes (None where it is not there yet) and ``new`` ones."""

    path: Path
    name: str
    old: bytes | None
    new: bytes

    @property
    def stale(self) -> bool:
        """Whether the file has to be written."""
        return self.old != self.new


def plan(path: Given = None) -> tuple[Derived, ...]:
    """Every derived file of a package, stale or not.

    Raises NotAPackage where there is none, CannotBuild where its descriptor or a table
    cannot be read.
    """
    found = locate(path)
    source, descriptor, _ = open_package(found)
    if not isinstance(source, Folder):
        raise CannotBuild(f"{found} is a zip: unpack it, and build the folder")
    return (*_models(source), *derived_files(source, descriptor, source.root))


def _models(source: Folder) -> list[Derived]:
    """In the repository where the models lie: what they state, from which the rest is made."""
    name = f"{facts.FILE.parent.name}/{facts.FILE.name}"
    if source.root.resolve() != facts.FILE.resolve().parents[1]:
        return []
    facts.read_models()
    new = facts.serialized(facts.declared_tables())
    return [Derived(source.root / name, name, _present(source, name), new)]


def rebuild(path: Given = None) -> tuple[Derived, ...]:
    """Write every derived file that is stale; these files.

    Raises the same, Locked where another command keeps the package, ChangedMeanwhile where
    another program wrote to one of the files, and OSError.
    """
    if not any(each.stale for each in plan(path)):
        return ()
    with locked(locate(path).parent):
        stale = tuple(each for each in plan(path) if each.stale)
        replace_files([FileChange(each.path, each.old, each.new) for each in stale])
    return stale


def derived_files(source: Files, descriptor: Descriptor, root: Path) -> tuple[Derived, ...]:
    """The same for a package that is open; ``root`` is the folder that it is written to.

    Raises CannotBuild.
    """
    if descriptor.fault:
        where = f" (line {descriptor.line})" if descriptor.line else ""
        raise CannotBuild(f"{descriptor.name} cannot be read{where}: {descriptor.fault}")
    files = {table: (descriptor.path_of(table), b"") for table in declared()}
    for table, (name, _) in files.items():
        try:
            files[table] = (name, source.read(name))
        except FileNotFoundError:
            raise CannotBuild(f"{name} is not there") from None
        except (UnsafePath, Unreadable) as error:
            raise CannotBuild(f"{name} cannot be read: {error}") from error
    try:
        content = resources.rebuilt(descriptor.content, files)
    except Unreadable as error:
        raise CannotBuild(f"a table cannot be read: {error}") from error
    path, name = root / descriptor.name, descriptor.name
    derived = [Derived(path, name, descriptor.data, resources.serialized(content))]
    derived.append(_codebook(source, root, content, files))
    derived.extend(_licence(source, root, content))
    derived.extend(_pages(source, root, content))
    return tuple(derived)


def _codebook(
    source: Files, root: Path, content: dict[str, Any], files: dict[str, tuple[str, bytes]]
) -> Derived:
    frames = {
        table: read_table(table, name, data, tuple(declared()[table])).frame
        for table, (name, data) in files.items()
    }
    described = codebook.describe(
        content, {table: name for table, (name, _) in files.items()}, frames
    )
    new = codebook_markdown.page(described).encode("utf-8")
    name = codebook.FILE
    return Derived(root / name, name, _present(source, name), new)


def _present(source: Files, name: str) -> bytes | None:
    """A file that may not be there. Raises CannotBuild where it is and must not be read."""
    try:
        return source.read(name) if source.exists(name) else None
    except (UnsafePath, Unreadable) as error:
        raise CannotBuild(f"{name} {error}") from error


def _licence(source: Files, root: Path, content: dict[str, Any]) -> list[Derived]:
    name = licence_file.FILE
    new = licence_file.text(source, content).encode("utf-8")
    old = _present(source, name)
    by_hand = old is not None and licence_file.ORIGIN.encode("utf-8") not in old
    return [Derived(root / name, name, old, new)] if new and not by_hand else []


def _pages(source: Files, root: Path, content: dict[str, Any]) -> list[Derived]:
    pages = []
    for name in generated_parts.PAGES:
        old = _present(source, name)
        if old is None:
            continue
        try:
            new = generated_parts.refreshed(old.decode("utf-8"), content).encode("utf-8")
        except UnicodeDecodeError:
            raise CannotBuild(f"{name} is not UTF-8") from None
        pages.append(Derived(root / name, name, old, new))
    return pages
