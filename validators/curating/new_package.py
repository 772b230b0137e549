"""A new package for other countries, which a check passes as it stands.

It has no facts yet, and yet it has sources: the published lists that its countries come from.
Every file is written whole, and the descriptor last, so that a folder becomes a package only
when all of it is there; the same command goes on where a killed one stopped.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from relations.schemas.country_codes import by_alpha3
from relations.schemas.descriptor import PROFILE
from relations.schemas.table import columns
from relations.schemas.tables import TABLES
from relations.validators.atomic import FileChange, replace_files
from relations.validators.building.build import derived_files
from relations.validators.building.resources import serialized
from relations.validators.check import report_on
from relations.validators.curating.new_row import country_row
from relations.validators.curating.overlay import Overlay
from relations.validators.curating.refusal import CannotChange, Refused
from relations.validators.curating.table_rows import as_csv
from relations.validators.finding import Severity
from relations.validators.lock import locked
from relations.validators.nearest import nearest
from relations.validators.package.descriptor import DATA_FOLDER, Descriptor
from relations.validators.package.files import (
    DESCRIPTOR,
    Folder,
    Unreadable,
    UnsafePath,
    read_regular,
)
from relations.validators.package.package import Package
from relations.validators.package.sources import SEEDS, SourceTexts
from relations.validators.registry import RULES

DISTRIBUTION = "bilateral-relations"
FIRST_VERSION = "0.1.0"
LISTS = (
    "ISO 3166-1 and 3166-3: codes of countries",
    "Correlates of War: State System Membership",
    "Gleditsch and Ward: List of Independent States",
)
"""What the rows of countries rest on."""

_NAME = re.compile("[a-z0-9][a-z0-9._-]*")

_SEEDS_IGNORED = """\
# The texts of sources belong to their publishers; the notes about them are ours.
*
!.gitignore
!README.md
!R[0-9]*.md
"""

_ATTRIBUTES = """\
# A table's digest is that of its bytes, wherever it is checked out.
* text=auto eol=lf
# Digests and ranges of characters are those of the texts as they are.
seeds/** -text
"""

_IGNORED = """\
.relations-cache/
# Left by a command that was killed; the next one takes it away.
.*.part
"""

_WORKFLOW = """\
name: check
on:
  push:
  pull_request:
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683  # v4.2.2
        with:
          persist-credentials: false
      - uses: actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065  # v5.6.0
        with:
          python-version: "3.12"
      - run: python -m pip install --quiet "{distribution}~={version}"
      - run: relations check
      - run: relations build --check
"""

_README = """\
# {title}

Who visited whom, who held which office, what was signed, which assembly sat: {names}, as a
[Data Package](https://datapackage.org) of thirteen tables. Every fact says which characters of
which source it rests on.

<!-- relations:tables -->
<!-- /relations:tables -->

## For its curators

```text
relations cite --add article.txt     a new source: its row, and a note about it under seeds/
relations add officials              a new row; it asks for the cells, and for the passage
relations cite R0001 "some words" --for V0001/start_date
relations trace V0001                a row, and all the evidence behind it
relations trace --coverage           what is cited, and what of a source is still to be read
relations check                      everything that is wrong, at the exact cell
relations diff HEAD                  what is new since the last commit, and the version it needs
```

Texts of sources lie under `seeds/` and stay out of git: they belong to their publishers. The
notes beside them are ours: what was taken, what was left out, and why. Tables are written in our
own words. Where a date or a place is concluded and not stated, its evidence says so, and how.

The data are licensed CC-BY-4.0.
"""


@dataclass(frozen=True, slots=True)
class Begun:
    """A package that was begun: the files written, and those that were there and were kept."""

    root: Path
    written: tuple[str, ...]
    kept: tuple[str, ...]
    withdrawn: tuple[str, ...]
    """Codes that ISO has withdrawn: when those states ended is for the curator to say."""


def begin(root: Path, countries: Sequence[str], *, title: str = "", name: str = "") -> Begun:
    """Write a new package for these countries (alpha-3 codes) into ``root``.

    Raises CannotChange where a code is not known, the name is no package's name, or a package
    is there already; Locked and OSError where the folder cannot be written to.
    """
    codes = sorted(set(countries))
    if len(codes) < 2:
        raise CannotChange("relations need two countries: give --country at least twice")
    names = [_country_name(code) for code in codes]
    name = name or "-".join(code.lower() for code in codes)
    if not _NAME.fullmatch(name):
        raise CannotChange(f"{name!r} is no package's name: lower-case letters, digits, `.-_`")
    title = title or f"Relations of {_listed(names)}"
    there = next((each for each in (root, *root.parents) if each.exists()), root)
    if there.exists() and not there.is_dir():
        raise CannotChange(f"{there} is no folder")
    needed, optional = _files(root, codes, title, name, _listed(names))
    root.mkdir(parents=True, exist_ok=True)
    with locked(root):
        changes, kept = _changes(root, needed, optional)
        replace_files(changes)
    return Begun(
        root,
        tuple(change.path.relative_to(root).as_posix() for change in changes),
        tuple(kept),
        tuple(code for code in codes if by_alpha3()[code].withdrawn),
    )


def _country_name(code: str) -> str:
    known = by_alpha3()
    if code in known:
        return known[code].name
    by_name = {each.name: alpha3 for alpha3, each in known.items()}
    # Of two states with the same two letters, the one that is still there.
    by_two_letters = {
        each.alpha2: alpha3
        for alpha3, each in sorted(known.items(), key=lambda item: not item[1].withdrawn)
    }
    upper = code.upper()
    found = upper if upper in known else by_two_letters.get(upper)
    found = found or by_name.get(nearest(code, by_name) or "")
    hint = (
        f"did you mean {found} ({known[found].name})?"
        if found
        else "give an alpha-3 code, as AZE; "
        "a state without one can be added afterwards, by `relations add countries`"
    )
    raise CannotChange(f"ISO 3166 has no country {code!r}; {hint}")


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _files(
    root: Path, codes: Sequence[str], title: str, name: str, names: str
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The files that a package needs, in the order of writing, and those it can do without."""
    optional = {
        ".gitattributes": _ATTRIBUTES.encode("utf-8"),
        ".gitignore": _IGNORED.encode("utf-8"),
        ".github/workflows/check.yml": _WORKFLOW.format(
            distribution=DISTRIBUTION, version=version(DISTRIBUTION)
        ).encode("utf-8"),
        "README.md": _README.format(title=title, names=names).encode("utf-8"),
    }
    needed = {"seeds/.gitignore": _SEEDS_IGNORED.encode("utf-8")}
    for table, model in TABLES.items():
        rows = [country_row(code) for code in codes] if table == "countries" else []
        needed[f"{DATA_FOLDER}/{table}.csv"] = as_csv(list(columns(model)), rows)
    header = Descriptor(DESCRIPTOR, serialized(_header(title, name)))
    source = Overlay(Folder(root), needed | optional)
    for derived in derived_files(source, header, root):
        if derived.name in optional:
            optional[derived.name] = derived.new
        else:
            needed[derived.name] = derived.new
    needed[DESCRIPTOR] = needed.pop(DESCRIPTOR)
    _prove(root, needed | optional)
    return needed, optional


def _header(title: str, name: str) -> dict[str, Any]:
    return {
        "$schema": PROFILE,
        "name": name,
        "title": title,
        "version": FIRST_VERSION,
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "title": "Creative Commons Attribution 4.0 International",
                "path": "https://creativecommons.org/licenses/by/4.0/",
            }
        ],
        "contributors": [{"title": f"The curators of {name}", "roles": ["creator"]}],
        "sources": [{"title": each} for each in LISTS],
    }


def _prove(root: Path, files: dict[str, bytes]) -> None:
    """Nothing is begun that a check would find fault with."""
    source = Overlay(Folder(root), files)
    descriptor = Descriptor(DESCRIPTOR, files[DESCRIPTOR])
    package = Package.open(source, descriptor, SourceTexts(root / SEEDS), dt.date.today())
    report = report_on(package, str(root), RULES)
    if report.failures:
        raise RuntimeError(f"the rule {report.failures[0].code} failed")
    found = tuple(each for each in report.findings if each.severity is not Severity.INFO)
    if found:
        raise Refused(found)


def _changes(
    root: Path, needed: dict[str, bytes], optional: dict[str, bytes]
) -> tuple[list[FileChange], list[str]]:
    folder = Folder(root)
    changes, kept = [], []
    for name, data in (*optional.items(), *needed.items()):
        try:
            path = folder.path(name)
        except UnsafePath as error:
            raise CannotChange(f"{root / name} {error}") from error
        try:
            old: bytes | None = read_regular(path)
        except FileNotFoundError:
            old = None
        except Unreadable as error:
            raise CannotChange(f"{path} {error}") from error
        if old is None:
            changes.append(FileChange(path, None, data))
        elif old == data:
            continue
        elif name in optional:
            kept.append(name)
        else:
            raise CannotChange(f"{path} is there already: there may be a package in {root}")
    if not changes:
        raise CannotChange(f"there is such a package in {root} already")
    return changes, kept
