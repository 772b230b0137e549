"""Run a program as a process of its own and say how long it took and how much memory."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Finds = Callable[[Path], int | None]
"""How many of the faults a program found, from what it wrote."""


@dataclass(frozen=True)
class Run:
    """One run of a program: ``seconds`` by the clock and of all processors, and ``peak`` bytes.

    The peak is that of the largest of its processes, as the system counts it.
    """

    seconds: float
    cpu: float
    peak: int


@dataclass
class Contender:
    """A program to measure, and its runs.

    ``allowed`` are the exit codes with which it has done its work. ``output`` is where what it
    writes goes; ``finds`` reads it. One that is ``primed`` is run once before it is measured;
    what comes ``before`` each run after that is not measured.
    """

    name: str
    command: Sequence[str]
    allowed: tuple[int, ...] = (0,)
    output: Path = Path(os.devnull)
    finds: Finds | None = None
    once: bool = False
    primed: bool = False
    before: Callable[[], None] | None = None
    runs: list[Run] = field(default_factory=list)
    found: int | None = None
    failed: str = ""

    @property
    def seconds(self) -> float:
        """The median."""
        return statistics.median(run.seconds for run in self.runs)

    @property
    def range(self) -> tuple[float, float]:
        """The shortest and the longest."""
        times = [run.seconds for run in self.runs]
        return min(times), max(times)

    @property
    def cpu(self) -> float:
        """The median of all processors' seconds."""
        return statistics.median(run.cpu for run in self.runs)

    @property
    def peak(self) -> int:
        """The largest, in bytes."""
        return max(run.peak for run in self.runs)

    @property
    def measured(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.runs) and not self.failed


class Failed(Exception):
    """A program did not do its work; the message has its last words."""


def run(contender: Contender, limit: float) -> Run:
    """Run it once. Raises Failed where it fails or takes more than ``limit`` seconds."""
    # This process imports nothing heavy: its memory is where that of a child begins to count.
    with contender.output.open("wb") as output, _Words() as words:
        began = time.perf_counter()
        child = subprocess.Popen(
            contender.command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=words.end,
            env=_surroundings(),
            start_new_session=True,
        )
        stop = threading.Timer(limit, os.killpg, (child.pid, signal.SIGKILL))
        stop.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
        finally:
            stop.cancel()
        seconds = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode == -signal.SIGKILL:
        raise Failed(f"stopped after {seconds:.0f} s, or for want of memory")
    if child.returncode not in contender.allowed:
        raise Failed(f"exit code {child.returncode}: {words.last()}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def _surroundings() -> dict[str, str]:
    unwanted = ("RELATIONS_SEEDS", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY")
    return {name: value for name, value in os.environ.items() if name not in unwanted}


class _Words:
    """What a program says on standard error: the end of it is kept."""

    def __enter__(self) -> _Words:
        begin, self.end = os.pipe()
        self._kept = b""
        self._reader = threading.Thread(target=self._read, args=(begin,))
        self._reader.start()
        return self

    def _read(self, begin: int) -> None:
        with open(begin, "rb") as pipe:
            while more := pipe.read1():
                self._kept = (self._kept + more)[-2000:]

    def __exit__(self, *_: object) -> None:
        os.close(self.end)
        self._reader.join()

    def last(self) -> str:
        """The last line."""
        lines = self._kept.decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else ""


def in_turn(contenders: Iterable[Contender], repeats: int, limit: float) -> None:
    """Run all in turn, ``repeats`` times over; those that are slow, ``once``."""
    listed = list(contenders)
    for contender in listed:
        if contender.primed:
            say(f"before  {contender.name}")
            try:
                run(contender, limit)
            except Failed as error:
                contender.failed = str(error)
    for turn in range(repeats):
        for contender in listed:
            if contender.failed or (turn and contender.once):
                continue
            say(f"{turn + 1}/{repeats}  {contender.name} …", end="")
            if contender.before:
                contender.before()
            try:
                made = run(contender, limit)
                contender.runs.append(made)
                if contender.finds and not turn:
                    contender.found = contender.finds(contender.output)
            except Failed as error:
                contender.failed = str(error)
                say(f" {error}")
            else:
                say(f" {made.seconds:.2f} s, {made.peak / 1e6:,.0f} MB")


def say(what: str, end: str = "\n") -> None:
    """Progress, on standard error."""
    print(what, end=end, file=sys.stderr, flush=True)
