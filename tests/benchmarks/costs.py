"""What a check is made of, step by step."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import contenders
from measuring import Contender, Failed, run, say

PROGRAM = contenders.PROGRAMS / "time_steps.py"
LEAST = 0.01
"""The part of the whole from which a step is told by itself."""


@dataclass(frozen=True)
class Cost:
    """A step of a check: its name, and seconds by the clock and of all processors."""

    name: str
    seconds: float
    cpu: float


def costs_of(package: Path, work: Path, repeats: int, limit: float) -> list[Cost]:
    """The steps of a check in the order in which they are made; the middle times.

    There are none where the program fails: the others were measured all the same.
    """
    output = work / "steps.json"
    command = [sys.executable, str(PROGRAM), str(package), contenders.IGNORED]
    times: dict[str, list[tuple[float, float]]] = {}
    for turn in range(repeats):
        say(f"{turn + 1}/{repeats}  the steps of a check")
        try:
            run(Contender("the steps of a check", command, output=output), limit)
        except Failed as error:
            say(f"  {error}")
            return []
        for name, seconds, cpu in json.loads(output.read_text("utf-8")):
            times.setdefault(name, []).append((seconds, cpu))
    return [
        Cost(name, *(round(statistics.median(each), 4) for each in zip(*spent, strict=True)))
        for name, spent in times.items()
    ]


def table(costs: Sequence[Cost], floor: float | None) -> str:
    """The steps as a table, the longest first; ``floor`` are the seconds that polars reads for."""
    whole = sum(each.seconds for each in costs)
    long = sorted(
        (each for each in costs if each.seconds >= LEAST * whole),
        key=lambda each: each.seconds,
        reverse=True,
    )
    short = [each for each in costs if each not in long]
    others = Cost(
        f"{len(short)} other steps together",
        sum(each.seconds for each in short),
        sum(each.cpu for each in short),
    )
    lines = ["| step | seconds | of processors | ÷ polars |", "|---|---:|---:|---:|"]
    for each in [*long, others, Cost("all", whole, sum(each.cpu for each in costs))]:
        ratio = f"{each.seconds / floor:.2f}" if floor else ""
        lines.append(f"| {each.name} | {each.seconds:.3f} | {each.cpu:.3f} | {ratio} |")
    return "\n".join(lines) + "\n"
