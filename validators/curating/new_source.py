"""A new source: its row, its text in the seeds folder, and an empty note about it."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from relations.validators.curating import language
from relations.validators.curating.new_row import clean
from relations.validators.curating.refusal import CannotChange
from relations.validators.package.files import Unreadable, read_regular
from relations.validators.package.sources import SEEDS

if TYPE_CHECKING:
    from relations.validators.curating.bench import Bench, Row

COUNTED = ("source_id", "file", "sha256", "char_length")
"""The columns that are filled from the text, and are not for people to give."""
LONGEST_TITLE = 120
NOTE = ".md"
"""What the notes about the sources end in, and no text of a source may."""


def add_source(change: Bench, path: Path, given: Row) -> Row:
    """Note a source to be added, with its text and its note; its row.

    ``given`` are cells that the curator knows. What the text itself tells is filled in: its
    digest and length, its language where that is clear, its first line as its title where it
    is short. Raises CannotChange.
    """
    for name in COUNTED:
        if name in given:
            raise CannotChange(f"{name} is filled from the file, and cannot be given")
    if path.suffix.lower() == NOTE:
        raise CannotChange(
            f"{path} is named as the notes under seeds/ are, which are published: "
            f"give the text another name, as {path.stem}.txt"
        )
    data = _read(path)
    text = _decoded(path, data)
    digest = hashlib.sha256(data).hexdigest()
    same = change.matching("sources", {"sha256": digest})
    if same:
        raise CannotChange(f"{path} is a source already: {same[0]['source_id']}")
    namesake = change.matching("sources", {"file": path.name})
    if namesake:
        raise CannotChange(
            f"{namesake[0]['source_id']} has a file named {path.name}; give this one another name"
        )
    row = {
        "source_id": change.next_id("sources"),
        "title": _title(path, text),
        "language": language.guessed(text),
        **given,
        "file": path.name,
        "sha256": digest,
        "char_length": str(len(text)),
    }
    _place_text(change, path, data)
    note = change.root / SEEDS / f"{row['source_id']}{NOTE}"
    if not note.exists():
        change.put(note, _note(row).encode("utf-8"))
    change.add("sources", row)
    _list_in_descriptor(change, row)
    return row


def _read(path: Path) -> bytes:
    try:
        return read_regular(path)
    except FileNotFoundError:
        raise CannotChange(f"no such file: {path}") from None
    except Unreadable as error:
        raise CannotChange(f"{path} {error}") from error


def _decoded(path: Path, data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CannotChange(
            f"{path} is not UTF-8 (byte {error.start}): save its text as plain UTF-8 first"
        ) from error
    if not text.replace("\ufeff", "").strip() or "\0" in text:
        raise CannotChange(f"{path} has no text that could be cited")
    return text


def _title(path: Path, text: str) -> str:
    """The first line, where it could be a title; else the name of the file."""
    lines = (clean(" ".join(line.split())) for line in text.lstrip("\ufeff").splitlines())
    first = next((line for line in lines if line), "")
    return first if first and len(first) <= LONGEST_TITLE and first[0].isalnum() else path.stem


def _place_text(change: Bench, path: Path, data: bytes) -> None:
    """Have the text lie in the seeds folder, and see to it that git leaves it out."""
    target = change.seeds / path.name
    if target.resolve() != path.resolve():
        change.put(target, data)
    if target.resolve().is_relative_to(change.root.resolve()) and _git_takes(change.root, target):
        raise CannotChange(
            f"git would take {target} into the package; a text belongs to its publisher: "
            "have git ignore it first"
        )


def _git_takes(root: Path, path: Path) -> bool:
    """Whether git would add a file; False where there is no git, or no repository."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), "check-ignore", "--quiet", "--", str(path.absolute())],
            capture_output=True,
            check=False,
            timeout=10,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    # 0: ignored; 1: not ignored; 128: no repository.
    return done.returncode == 1


def _note(row: Row) -> str:
    return f"""\
# {row["source_id"]}: {row["title"]}

The text belongs to its publisher and is no part of the package. Whoever holds a copy puts it
here as `{row["file"]}` ({row["char_length"]} characters, SHA-256 `{row["sha256"]}`).

## What was taken, and from which characters

## What was left out, and why
"""


def _list_in_descriptor(change: Bench, row: Row) -> None:
    """The descriptor names the sources of the package too, for those who read it alone."""
    listed = change.header.get("sources")
    if not isinstance(listed, list):
        listed = change.header["sources"] = []
    entry = {"title": row["title"]}
    if row.get("url"):
        entry["path"] = row["url"]
    if entry not in listed:
        listed.append(entry)
