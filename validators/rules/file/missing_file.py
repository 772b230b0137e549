"""A table's file is not there.

The descriptor names it, and nothing lies under that name. It may have been renamed, or left
out when the folder was copied. An empty table is a file all the same: its header alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from relations.validators.example import Expect, Remove, bad
from relations.validators.finding import Severity
from relations.validators.nearest import nearest
from relations.validators.package.descriptor import DATA_FOLDER
from relations.validators.package.file_form import is_table
from relations.validators.rule import Fault, Rule

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    renamed = renamed_files(package)
    for table, name in missing_files(package).items():
        other = renamed.get(name)
        yield Fault(
            f"the file of {table} is not there",
            f"did you mean `{other}`?" if other else "put it there; an empty table has a header",
            table=table,
            file=name,
        )


def missing_files(package: Package) -> dict[str, str]:
    """The tables whose file the descriptor names in vain; a table that it lacks is not one."""
    lists = package.descriptor.resource
    return {
        table: package.descriptor.path_of(table)
        for table, (kind, _) in package.unopened.items()
        if kind == "missing" and (lists(table) or not package.descriptor.readable)
    }


def unlisted_files(package: Package) -> list[str]:
    """The files of tables directly in the data folder that no resource lists."""
    paths = {package.descriptor.path_of(table) for table in package.declared}
    # Where a path is unsafe, that is the finding about the table's file.
    paths |= {
        f"{DATA_FOLDER}/{table}.csv"
        for table, (kind, _) in package.unopened.items()
        if kind == "unsafe"
    }
    for resource in package.descriptor.resources():
        path = resource.get("path")
        paths.update(
            each for each in (path if isinstance(path, list) else [path]) if isinstance(each, str)
        )
    listed = {str(PurePosixPath(path)) for path in paths}
    return [
        name
        for name in package.source.names_in(DATA_FOLDER)
        if is_table(name) and name not in listed
    ]


def renamed_files(package: Package) -> dict[str, str]:
    """For each missing file the unlisted one that seems to be it: one defect, one finding."""
    missing = list(missing_files(package).values())
    if not missing:
        return {}
    left = unlisted_files(package)
    renamed = {}
    for name in missing:
        own = PurePosixPath(name).name.lower()
        alike = (each for each in left if PurePosixPath(each).name.lower() == own)
        other = next(alike, None) or nearest(name, left, cutoff=0.8)
        if other:
            renamed[name] = other
            left.remove(other)
    return renamed


RULE = Rule(
    code="missing-file",
    family="file",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    in_descriptor=True,
    bad=(
        bad(
            Remove("datapackage/statements.csv"),
            built=False,
            expect=Expect("datapackage/statements.csv"),
        ),
    ),
)
