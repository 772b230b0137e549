"""A package as it would be: changed files laid over those that are there."""

from __future__ import annotations

from pathlib import PurePosixPath

from relations.validators.package.files import Files, safe_name


class Overlay:
    """The files of ``base``, but for those in ``changed``, which maps names to new bytes."""

    def __init__(self, base: Files, changed: dict[str, bytes]) -> None:
        self.base = base
        self.changed = {safe_name(name): data for name, data in changed.items()}

    def exists(self, name: str) -> bool:
        path = safe_name(name)
        return any(path == each or path in each.parents for each in self.changed) or (
            self.base.exists(name)
        )

    def read(self, name: str) -> bytes:
        data = self.changed.get(safe_name(name))
        return self.base.read(name) if data is None else data

    def names_in(self, folder: str) -> list[str]:
        path = PurePosixPath(folder)
        new = {f"{folder}/{each.name}" for each in self.changed if each.parent == path}
        return sorted(new.union(self.base.names_in(folder)))
