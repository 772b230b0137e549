r"""Replay the transcripts of a Markdown page: what it says a command prints, it has to print.

A transcript is a fenced block of kind ``console``. A line that begins with ``$ `` is a command,
lines after it that begin with ``> `` go on with it (as a shell shows them), and what follows is
what it prints, on both channels, as they come. ``...`` on a line of its own stands for any
lines, and within a line for any characters. Every command has to end well, unless the next one
is ``echo $?``.

The line before a fence may say where its block begins, ``<!-- replayed in an empty folder -->``;
who replays the page knows the places that it names. Without such a line a block goes on where
the one before it ended: the working folder, exported variables and ``$?`` carry over. A block is
left out where that line is ``<!-- not replayed: why -->``.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ANY = "..."
_FENCE = re.compile(r"^(?P<indent> *)```console *$")
_LEFT_OUT = re.compile(r"<!-- not replayed: .+ -->")
_PLACE = re.compile(r"<!-- replayed in (.+) -->")
EMPTY = "an empty folder"
_COLUMNS = "100"


@dataclass
class Command:
    """One command of a page. ``line`` is that of its ``$``, 1-based; ``place`` is where it
    begins, empty where it goes on in the folder of the command before."""

    line: int
    text: str
    place: str = ""
    expected: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Step:
    """A command that was run."""

    command: Command
    printed: list[str]
    status: int


def commands(page: str) -> list[Command]:
    """The commands of every transcript of a page that is not left out."""
    return list(_commands(page.splitlines()))


def _commands(lines: list[str]) -> Iterator[Command]:
    number = 0
    while number < len(lines):
        fence = _FENCE.match(lines[number])
        number += 1
        if not fence:
            continue
        indent = fence["indent"]
        before = next((each.strip() for each in lines[: number - 1][::-1] if each.strip()), "")
        left_out = _LEFT_OUT.fullmatch(before) is not None
        named = _PLACE.fullmatch(before)
        place = named[1] if named else ""
        command: Command | None = None
        while number < len(lines) and lines[number] != f"{indent}```":
            line = lines[number].removeprefix(indent)
            number += 1
            if line.startswith("$ "):
                if command and not left_out:
                    yield command
                command, place = Command(number, line[2:], place), ""
            elif command is None:
                raise AssertionError(f"line {number}: a transcript begins with a command")
            elif not command.expected and (line == ">" or line.startswith("> ")):
                command.text += "\n" + line[2:]
            else:
                command.expected.append(line)
        if command and not left_out:
            yield command


def replay(
    page: Path,
    folder: Path,
    places: Mapping[str, Callable[[Path], object]] | None = None,
    environment: dict[str, str] | None = None,
) -> list[Step]:
    """Run every command of a page below ``folder``; what each printed, and how it ended.

    ``places`` says, by the name that the page has for it, how an empty folder is made the place
    where a block begins; an empty folder needs no saying. Programs are looked for beside the
    Python that runs this first. ``environment`` is added to a small one: nothing of the
    caller's but its PATH is passed on.
    """
    known = {EMPTY: lambda _: None, **(places or {})}
    state = folder / ".transcript"
    state.mkdir()
    home = state / "home"
    home.mkdir()
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    base = {
        "PATH": path,
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "COLUMNS": _COLUMNS,
        "GIT_CONFIG_NOSYSTEM": "1",
        **(environment or {}),
    }
    steps: list[Step] = []
    status, where = 0, ""
    for command in commands(page.read_text("utf-8")):
        if command.place or not where:
            (state / "exported").unlink(missing_ok=True)
            begun = folder / f"place{len(steps)}"
            begun.mkdir()
            known[command.place or EMPTY](begun)
            status, where = 0, str(begun)
        status, where, printed = _run(command.text, status, where, base, state)
        steps.append(Step(command, printed, status))
    return steps


def _run(
    text: str, status: int, where: str, base: dict[str, str], state: Path
) -> tuple[int, str, list[str]]:
    exported, left = state / "exported", state / "left"
    program = (
        f'[ -f "{exported}" ] && . "{exported}"\n'
        'cd "$REPLAY_WHERE"\n'
        f'trap \'ended=$?; export -p > "{exported}"; pwd > "{left}"; exit $ended\' EXIT\n'
        f"(exit {status})\n"
        f"{text}\n"
    )
    done = subprocess.run(
        ["bash", "-c", program],
        env={**base, "REPLAY_WHERE": where},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    exported_text = exported.read_text("utf-8")
    # What belongs to one command alone.
    exported.write_text(
        "\n".join(line for line in exported_text.splitlines() if "REPLAY_WHERE" not in line),
        "utf-8",
    )
    return done.returncode, left.read_text("utf-8").rstrip("\n"), done.stdout.splitlines()


def differences(steps: list[Step]) -> list[str]:
    """What a page says otherwise than it is: one text for each command that it is wrong about."""
    wrong = []
    for number, step in enumerate(steps):
        following = steps[number + 1].command.text if number + 1 < len(steps) else ""
        if step.status and following != "echo $?":
            printed = "\n".join(step.printed)
            wrong.append(f"{_where(step)}: ended with {step.status}\n{printed}")
        elif not matches(step.command.expected, step.printed):
            expected = "\n".join(step.command.expected)
            printed = "\n".join(step.printed)
            wrong.append(f"{_where(step)}: expected\n{expected}\nbut it printed\n{printed}")
    return wrong


def _where(step: Step) -> str:
    return f"line {step.command.line}: $ {step.command.text}"


def matches(expected: list[str], printed: list[str]) -> bool:
    """Whether lines are as expected, ``...`` standing for anything."""
    parts = []
    for line in expected:
        if line.strip() == ANY:
            parts.append("(?:.*\n)*?")
        else:
            parts.append(".*?".join(re.escape(part) for part in line.split(ANY)) + "\n")
    return re.fullmatch("".join(parts), "".join(f"{line}\n" for line in printed)) is not None


def completed(page: str, steps: list[Step]) -> str:
    """The page with what its commands printed in place of what it expected.

    Where it expected it already (a ``...`` counts), its own lines stay.
    """
    lines = page.splitlines()
    for step in reversed(steps):
        start = step.command.line + step.command.text.count("\n")
        indent = re.match(" *", lines[step.command.line - 1])
        assert indent
        if not matches(step.command.expected, step.printed):
            lines[start : start + len(step.command.expected)] = [
                (indent[0] + each).rstrip() for each in step.printed
            ]
    return "\n".join(lines) + "\n"
