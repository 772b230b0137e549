"""What fixes would change, as a unified diff that shows what is invisible."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator

from relations.validators.fixing.fixes import FileFix

CONTEXT = 3
"""Unchanged lines that are shown above and below a change."""

# Controls, white space that is no plain space, marks of direction, the byte-order mark.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\xa0\xad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]"
)

_Opcode = tuple[str, int, int, int, int]
"""A tag (equal, replace, delete, insert), then first and last line in the old and the new."""


def unified_diff(fixes: Iterable[FileFix]) -> str:
    """The change of each file, for people to read: empty where nothing would change.

    Characters that nobody sees are written as ``\\r`` or ``\\xa0``, and so are spaces at the end
    of a changed line: a terminal is safe from them, and a reader sees what goes.
    """
    parts: list[str] = []
    for fix in fixes:
        if fix.new != fix.old:
            parts += [f"--- {fix.file}\n", f"+++ {fix.file}\n"]
            old, new = _lines(fix.old), _lines(fix.new)
            for group in _groups(old, new):
                parts += _hunk(group, old, new)
    return "".join(parts)


def _lines(data: bytes) -> list[str]:
    """The lines with their line feeds; the last has none where the file does not end with one."""
    return re.findall("[^\n]*\n|[^\n]+", data.decode("utf-8"))


def _groups(old: list[str], new: list[str]) -> Iterable[list[_Opcode]]:
    """The changes in groups, each with the lines around it."""
    if len(old) == len(new):
        changed = [index for index, line in enumerate(old) if line != new[index]]
        if {old[index] for index in changed}.isdisjoint({new[index] for index in changed}):
            # No line moved: a comparison line by line says all, in linear time.
            return list(_in_place(changed, len(old)))
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return matcher.get_grouped_opcodes(CONTEXT)


def _in_place(changed: list[int], length: int) -> Iterator[list[_Opcode]]:
    group: list[_Opcode] = []
    for first, last in _runs(changed):
        here = group[-1][2] if group else 0
        if group and first - here > 2 * CONTEXT:
            yield [*group, _equal(here, here + CONTEXT)]
            group = []
        group.append(_equal(here if group else max(here, first - CONTEXT), first))
        group.append(("replace", first, last, first, last))
    if group:
        here = group[-1][2]
        yield [*group, _equal(here, min(length, here + CONTEXT))]


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Where numbers that follow each other begin and end (exclusive)."""
    first = 0
    for index in range(1, len(numbers) + 1):
        if index == len(numbers) or numbers[index] != numbers[index - 1] + 1:
            yield numbers[first], numbers[index - 1] + 1
            first = index


def _equal(first: int, last: int) -> _Opcode:
    return ("equal", first, last, first, last)


def _hunk(group: list[_Opcode], old: list[str], new: list[str]) -> Iterator[str]:
    _, old_first, _, new_first, _ = group[0]
    _, _, old_last, _, new_last = group[-1]
    yield f"@@ -{_span(old_first, old_last)} +{_span(new_first, new_last)} @@\n"
    for tag, first, last, first_new, last_new in group:
        if tag == "equal":
            yield from (_shown(" ", line) for line in old[first:last])
        else:
            yield from (_shown("-", line) for line in old[first:last])
            yield from (_shown("+", line) for line in new[first_new:last_new])


def _span(first: int, last: int) -> str:
    count = last - first
    return f"{first + 1 if count else first},{count}"


def _shown(mark: str, line: str) -> str:
    end = "" if line.endswith("\n") else "\n\\ No newline at end of file"
    visible = _INVISIBLE.sub(_escaped, line.removesuffix("\n"))
    if mark != " ":
        visible = re.sub(" +$", lambda spaces: "\\x20" * len(spaces[0]), visible)
    return f"{mark}{visible}{end}\n"


def _escaped(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")
