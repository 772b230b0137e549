"""Findings that a person has looked at and settled: `relations.toml` beside the descriptor.

[[suppress]]
rule = "similar-names"
table = "officials"
key = "P0007"
reason = "Father and son; both are in the chronicle."
until = 2027-12-31

`rule` and `reason` are required. `table`, `key` and `field` narrow it, and a finding must agree
with each that is given; `until` is the last day on which it holds. What is suppressed leaves
the findings and stays in the report, with the reason.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from relations.validators.finding import Finding
from relations.validators.nearest import did_you_mean
from relations.validators.package.files import Files, Unreadable, UnsafePath
from relations.validators.package.text_places import TextPlaces

FILE = "relations.toml"
SECTION = "suppress"
NARROWING = ("table", "key", "field")
KEYS = ("rule", *NARROWING, "reason", "until")
NEVER_SUPPRESSED = "suppression"
"""The family whose findings no suppression hides: they are about the suppressions."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """One entry. ``reason`` is empty where none is given; ``line`` is that of its heading."""

    rule: str
    reason: str
    table: str | None = None
    key: str | None = None
    field: str | None = None
    until: dt.date | None = None
    line: int | None = None

    def expired(self, day: dt.date) -> bool:
        """Whether its last day is before ``day``."""
        return self.until is not None and self.until < day

    def in_force(self, day: dt.date) -> bool:
        """Whether it suppresses anything on ``day``: it says why, and its time is not over."""
        return bool(self.reason) and not self.expired(day)

    @property
    def narrowing(self) -> dict[str, str]:
        """What is given of table, key and field."""
        given = {name: getattr(self, name) for name in NARROWING}
        return {name: value for name, value in given.items() if value is not None}

    def __str__(self) -> str:
        return " ".join([self.rule, *self.narrowing.values()])


LARGEST = 1024**2
"""Bytes of the file, beyond which it is not read."""
MOST_DOTS = 100
"""Outside of texts, in a line. No name here has any, and a name of many parts takes the parser
as many steps as the square of their number."""


@dataclass(frozen=True, slots=True)
class Misread:
    """Something in the file that cannot be understood, and where (1-based)."""

    message: str
    hint: str
    line: int | None = None
    column: int | None = None
    value: str | None = None


@dataclass(frozen=True)
class Suppressions:
    """What the file holds: its sound entries, what could not be understood, and its text."""

    entries: tuple[Suppression, ...] = ()
    misread: tuple[Misread, ...] = ()
    text: str = ""

    @cached_property
    def rules(self) -> frozenset[str]:
        """The rules of which some finding may be settled."""
        return frozenset(entry.rule for entry in self.entries)

    @cached_property
    def lines(self) -> TextPlaces:
        """The lines of the text."""
        return TextPlaces(self.text)


@dataclass(frozen=True, slots=True)
class Settled:
    """Findings after the suppressions were applied. ``used`` are those that matched any."""

    kept: tuple[Finding, ...]
    suppressed: tuple[tuple[Finding, str], ...]
    used: frozenset[Suppression]


def settle(
    findings: Sequence[Finding],
    suppressions: Iterable[Suppression],
    day: dt.date,
    never: Iterable[str] = (),
) -> Settled:
    """Part the findings into those that stay and those that a suppression settles on ``day``.

    Findings of the codes in ``never`` stay whatever the suppressions say.
    """
    protected = frozenset(never)
    # By rule, then by what the entry narrows to: a finding is looked up, not compared with all.
    wanted: dict[str, dict[tuple[str, ...], dict[tuple[str, ...], Suppression]]] = {}
    for entry in suppressions:
        if entry.in_force(day) and entry.rule not in protected:
            narrowing = entry.narrowing
            by_names = wanted.setdefault(entry.rule, {}).setdefault(tuple(narrowing), {})
            by_names.setdefault(tuple(narrowing.values()), entry)
    if not wanted:
        return Settled(tuple(findings), (), frozenset())
    kept: list[Finding] = []
    suppressed: list[tuple[Finding, str]] = []
    used: set[Suppression] = set()
    for finding in findings:
        asked = (
            entries.get(tuple(getattr(finding, name) for name in names))
            for names, entries in wanted.get(finding.code, {}).items()
        )
        matching = [entry for entry in asked if entry]
        if matching:
            used.update(matching)
            suppressed.append((finding, matching[0].reason))
        else:
            kept.append(finding)
    return Settled(tuple(kept), tuple(suppressed), frozenset(used))


def load(source: Files) -> Suppressions:
    """Read the file, if the package has one. Nothing is raised: faults are in ``misread``."""
    try:
        data = source.read(FILE)
    except FileNotFoundError:
        return Suppressions()
    except (UnsafePath, Unreadable) as error:
        return Suppressions(
            misread=(Misread(f"{FILE} {error}", "put a plain text file in its place"),)
        )
    if len(data) > LARGEST:
        return Suppressions(
            misread=(
                Misread(
                    f"the file has {len(data):,} bytes, and is not read",
                    f"{LARGEST:,} are enough for thousands of entries: take some out",
                ),
            )
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Suppressions(
            misread=(Misread("a character is not UTF-8", "save the file as UTF-8", line),)
        )
    return parse(text)


def parse(text: str) -> Suppressions:
    """Read the text of the file."""
    for number, line in enumerate(_TEXTS.sub(_line_ends, text).split("\n"), start=1):
        if line.count(".") > MOST_DOTS:
            return Suppressions(
                misread=(Misread("a name has too many dots", "write it without", number),),
                text=text,
            )
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # A TOMLDecodeError mostly, but also a number of thousands of digits, or lists in lists.
        return Suppressions(misread=(_broken(str(error), text),), text=text)
    places = _Places(text)
    misread = [
        Misread(
            f"there is no setting `{name}`",
            did_you_mean(name, [SECTION], otherwise=f"this file holds [[{SECTION}]] entries alone"),
            places.of(name),
            value=name,
        )
        for name in content
        if name != SECTION
    ]
    listed = content.get(SECTION, [])
    if not isinstance(listed, list):
        misread.append(
            Misread(
                f"`{SECTION}` is not a list of entries",
                f"head each entry with [[{SECTION}]], in two pairs of brackets",
                places.of(SECTION),
                value=SECTION,
            )
        )
        listed = []
    entries: list[Suppression] = []
    lines = places.of_headings(len(listed))
    for entry, (first, last) in zip(listed, lines, strict=True):
        faults = list(_faults(entry, places, first, last))
        misread.extend(faults)
        if not faults:
            given = dict(entry)
            reason = given.pop("reason", "").strip()
            entries.append(Suppression(**given, reason=reason, line=first))
    return Suppressions(tuple(entries), tuple(misread), text)


def _broken(message: str, text: str) -> Misread:
    said, _, place = message.partition(" (at ")
    where = re.match(r"line (\d+), column (\d+)", place)
    line, column = (int(where[1]), int(where[2])) if where else (None, None)
    if place.startswith("end of document"):
        line = text.count("\n", 0, len(text.rstrip())) + 1
    plain = said[0].lower() + said[1:] if said else "it is no TOML"
    return Misread(
        f"this is no TOML: {plain}",
        'write each line as `name = "value"`, under a heading [[suppress]]',
        line,
        column,
    )


def _faults(entry: Any, places: _Places, first: int | None, last: int | None) -> Iterable[Misread]:
    if not isinstance(entry, dict):
        yield Misread("an entry is not a table", f"head it with [[{SECTION}]]", first)
        return
    for name, value in entry.items():
        line = places.of(name, first, last) or first
        if name not in KEYS:
            otherwise = f"an entry has {', '.join(KEYS)}"
            yield Misread(
                f"an entry has no `{name}`", did_you_mean(name, KEYS, otherwise), line, value=name
            )
        elif name == "until":
            # A date with a time is a date to Python as well.
            if type(value) is not dt.date:
                yield Misread(
                    "`until` is no day",
                    "write it as 2027-12-31, without quotation marks",
                    line,
                    value=str(value),
                )
        elif not isinstance(value, str):
            yield Misread(
                f"`{name}` is no text",
                "put its value in quotation marks",
                line,
                value=str(value),
            )
        elif name != "reason" and not value:
            yield Misread(f"`{name}` is empty", "fill it, or leave it out", line, value="")
    if "rule" not in entry:
        yield Misread("an entry names no rule", 'say which: rule = "…"', first)


_TEXTS = re.compile(
    r"""#[^\n]*|\"{3}(?:[^\\]|\\.)*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""", re.DOTALL
)
"""What says nothing about where names and headings stand: comments, and texts."""
_NAME = re.compile(r"""\s*+\[*+\s*+(?:"([^"]*)"|'([^']*)'|([^\s\]=."']++))\s*+[]=.]""")
_HEADING = re.compile(rf"""\s*+\[\[\s*+["']?{SECTION}["']?\s*+\]\]""")


def _line_ends(text: re.Match[str]) -> str:
    """What is left of a text or a comment: the lines that it takes."""
    return "\n" * text[0].count("\n")


class _Places:
    """On which lines the names and the headings of a file stand; read once for many questions."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _lines(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, line in enumerate(self._text.split("\n"), start=1):
            if name := _NAME.match(line):
                found.setdefault(
                    next(each for each in name.groups() if each is not None), []
                ).append(number)
        return found

    def of(self, name: str, first: int | None = None, last: int | None = None) -> int | None:
        """The first line, from one on and before another, on which a name or a heading stands."""
        lines = self._lines.get(name, [])
        at = bisect_left(lines, first or 1)
        return lines[at] if at < len(lines) and (last is None or lines[at] < last) else None

    def _inside_texts(self) -> set[int]:
        """The lines that begin inside a text."""
        found: set[int] = set()
        line, position = 1, 0
        for text in _TEXTS.finditer(self._text):
            line += self._text.count("\n", position, text.start())
            further = text[0].count("\n")
            found.update(range(line + 1, line + further + 1))
            line, position = line + further, text.end()
        return found

    def of_headings(self, count: int) -> list[tuple[int | None, int | None]]:
        """For each entry, the line of its heading and that of the next; None where unknown."""
        lines = self._text.split("\n")
        found = [number for number, line in enumerate(lines, start=1) if _HEADING.match(line)]
        if len(found) > count:
            # One of them stands inside a text of several lines.
            inside = self._inside_texts()
            found = [number for number in found if number not in inside]
        if len(found) != count:
            return [(self.of(SECTION), None)] * count
        ends = [*found, len(lines) + 1][1:]
        return list(zip(found, ends, strict=True))
