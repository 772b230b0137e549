"""What `--fix` would do, and doing it: safe fixes of table files, and never of a fact.

`plan_fixes` reads nothing and writes nothing: it makes the new bytes from a package that was
read and the report on it. A file that cannot be mended without risk is in the plan too, as it
is, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from relations.validators.atomic import FileChange, replace_files
from relations.validators.finding import Finding, Report
from relations.validators.fixing.rewriting import OF_FILES, CannotRewrite, Rewriting
from relations.validators.package.files import Folder
from relations.validators.package.package import Package
from relations.validators.registry import RULES
from relations.validators.rule import Mend
from relations.validators.rules.file.row_order import form_with_rank
from relations.validators.stop import CannotDo

LEFT_STALE = "the descriptor's sizes and hashes no longer fit: run `relations build`"
"""What is to be said after `apply`, unless the descriptor is rebuilt at once."""

DONE = {
    "byte-order-mark": ("the byte-order mark is gone", "the byte-order mark is gone"),
    "carriage-return": ("1 line ends with LF alone", "{} lines end with LF alone"),
    "no-final-newline": ("the last line ends with LF", "the last line ends with LF"),
    "needless-quotes": ("1 cell lost its quotation marks", "{} cells lost their quotation marks"),
    "row-order": ("the rows are sorted by their keys", "the rows are sorted by their keys"),
    "stray-space": (
        "1 cell lost its outer white space",
        "{} cells lost their outer white space",
    ),
    "not-nfc": ("1 cell is in the composed form", "{} cells are in the composed form"),
    "malformed-numeric-code": ("1 code has its zeros again", "{} codes have their zeros again"),
}
"""For each rule that is fixed, what has been done: once, and several times."""


class CannotFix(CannotDo):
    """The fixes cannot be written; the message is one plain line."""


@dataclass(frozen=True, slots=True)
class FileFix:
    """One file with something to fix: its bytes as read and as they ought to be.

    ``file`` is its name in the package, ``path`` where it lies (None in a zip). ``done`` says in
    short sentences what was mended. Where ``refused`` is not empty it says why nothing was: then
    ``new`` is ``old``.
    """

    file: str
    path: Path | None
    old: bytes
    new: bytes
    done: tuple[str, ...] = ()
    refused: str = ""


def plan_fixes(package: Package, report: Report) -> tuple[FileFix, ...]:
    """A fix for each file of which the report has a finding that can be fixed.

    Only what the rules that ran find is fixed, and nothing that is suppressed.
    """
    codes = frozenset(rule.code for rule in RULES if rule.fixable) & frozenset(report.codes)
    fixable: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if finding.fixable:
            fixable.setdefault(finding.location.file, []).append(finding)
    fixes = []
    for table, file in package.files.items():
        if file.name not in fixable:
            continue
        file = file.whole
        settled = [
            finding for finding, _ in report.suppressed if finding.location.file == file.name
        ]
        rewriting = Rewriting(
            file,
            codes - {each.code for each in settled if each.code in OF_FILES},
            _mends(package, table),
            ranked=form_with_rank(package.columns(table)[file.declared[0]]),
            kept=frozenset((each.code, each.key or "", each.field) for each in settled),
        )
        rows = (
            file.row_at(each.location.line)
            for each in fixable[file.name]
            if each.field and each.location.line
        )
        path = _path(package, file.name)
        try:
            new = rewriting.rewritten(row for row in rows if row is not None)
        except CannotRewrite as error:
            fixes.append(FileFix(file.name, path, file.data, file.data, refused=str(error)))
        else:
            fixes.append(FileFix(file.name, path, file.data, new, _said(rewriting.done)))
    return tuple(fixes)


def apply(fixes: Iterable[FileFix]) -> tuple[str, ...]:
    """Write the fixed files, each in one step; gives their names. Hold the package's lock.

    Nothing is written where one of the files is no longer what was read (ChangedMeanwhile), or
    where the package is no folder (CannotFix). Raises OSError where a folder cannot be written
    to. The descriptor's sizes and hashes do not fit any more afterwards: see LEFT_STALE.
    """
    changed = [fix for fix in fixes if fix.new != fix.old]
    changes = []
    for fix in changed:
        if fix.path is None:
            raise CannotFix(f"{fix.file} is inside a zip: unpack it, and fix the folder")
        changes.append(FileChange(fix.path, fix.old, fix.new))
    replace_files(changes)
    return tuple(fix.file for fix in changed)


def _mends(package: Package, table: str) -> dict[str, dict[str, Mend]]:
    """How the cells of each column are mended, by rule, in the order in which the rules run."""
    made: dict[str, dict[str, Mend]] = {}
    for name, column in package.columns(table).items():
        checked = {check.code for check in column.checks}
        made[name] = {
            rule.code: rule.mend
            for rule in RULES
            # A rule that explains is about the columns with its check, the others about all.
            if rule.mend and (not rule.explain or rule.code in checked)
        }
    return made


def _path(package: Package, name: str) -> Path | None:
    """Where a file lies; None for one in a zip."""
    return package.source.path(name) if isinstance(package.source, Folder) else None


def _said(done: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(
        DONE[rule.code][done[rule.code] > 1].format(done[rule.code])
        for rule in RULES
        if done.get(rule.code)
    )
