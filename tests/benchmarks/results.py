"""What was measured, and the pages and pictures that tell it."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import contenders as who
from costs import Cost, table
from measuring import Contender
from plot import plot

BEGIN, END = "<!-- relations:benchmark -->", "<!-- /relations:benchmark -->"
MEASURED_WITH = ("polars", "pandera", "narwhals", "frictionless", "duckdb", "typer")


@dataclass(frozen=True)
class Row:
    """One program: seconds (the middle, the shortest, the longest), peak bytes, faults found."""

    name: str
    seconds: float
    shortest: float
    longest: float
    cpu: float
    peak: int
    runs: int
    found: int | None = None
    failed: str = ""


@dataclass
class Group:
    """Programs measured in turn, on a package of so many rows. ``kind``: start, size or cited."""

    kind: str
    visits: int
    evidence: int
    rows: list[Row]
    faults: int = 0
    left_out: str = ""
    costs: list[Cost] = field(default_factory=list)
    """Of what a check is made in which nothing is wrong."""

    @classmethod
    def of(cls, kind: str, visits: int, evidence: int, listed: Sequence[Contender]) -> Group:
        """The group of what was run."""
        return cls(kind, visits, evidence, [_row(each) for each in listed])

    def seconds(self, name: str) -> float | None:
        """The middle time of a program; None where it has none."""
        return next((row.seconds for row in self.rows if row.name == name and row.runs), None)

    def ratio(self, one: str, other: str) -> float | None:
        """How many times as long one took as the other."""
        first, second = self.seconds(one), self.seconds(other)
        return first / second if first and second else None

    @property
    def title(self) -> str:
        """What was measured."""
        if self.kind == "start":
            return "To start, and our own package"
        rows = f"{self.visits:,} visits and {self.evidence:,} evidence rows"
        return f"{rows}, every fact cited, all rules" if self.kind == "cited" else rows


def _row(each: Contender) -> Row:
    if not each.measured:
        return Row(each.name, 0, 0, 0, 0, 0, 0, None, each.failed)
    times = (round(seconds, 3) for seconds in (each.seconds, *each.range, each.cpu))
    return Row(each.name, *times, each.peak, len(each.runs), each.found)


@dataclass(frozen=True)
class Surroundings:
    """When and where it was measured, and with what."""

    date: str
    machine: str
    cores: int
    memory: int
    python: str
    versions: dict[str, str] = field(default_factory=dict)
    repeats: int = 1


def surroundings(repeats: int) -> Surroundings:
    """Those of this process."""
    return Surroundings(
        dt.date.today().isoformat(),
        _processor(),
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 0,
        os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        platform.python_version(),
        {name: found for name in MEASURED_WITH if (found := _version(name))},
        repeats,
    )


def _processor() -> str:
    try:
        said = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        said = ""
    named = re.search(r"^model name\s*: (.+)$", said, re.MULTILINE)
    # Some virtual machines do not say more than what kind of processor it is.
    name = named[1].strip() if named else ""
    return name if name and name != "unknown" else f"{platform.system()} {platform.machine()}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


@dataclass(frozen=True)
class Results:
    """All groups of one run."""

    surroundings: Surroundings
    groups: list[Group]

    @classmethod
    def load(cls, path: Path) -> Results:
        """Those that were written last."""
        made = json.loads(path.read_text("utf-8"))
        groups = [
            Group(
                **{
                    **group,
                    "rows": [Row(**row) for row in group["rows"]],
                    "costs": [Cost(**cost) for cost in group.get("costs", ())],
                }
            )
            for group in made["groups"]
        ]
        return cls(Surroundings(**made["surroundings"]), groups)

    def write(self, folder: Path) -> None:
        """results.json, results.md and results.svg."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in self.files().items():
            (folder / name).write_text(text, "utf-8", newline="")

    def files(self) -> dict[str, str]:
        """The text of each file."""
        return {
            "results.json": json.dumps(asdict(self), indent=1) + "\n",
            "results.md": self._page(),
            "results.svg": self._picture(),
        }

    def _page(self) -> str:
        return (
            "# How fast\n\nMade by `run.py`; [README.md](README.md) says what the figures mean.\n\n"
            f"{self.markdown()}\n![Seconds of each program, on a logarithmic scale](results.svg)\n"
        )

    def _picture(self) -> str:
        return plot(
            [
                (
                    group.title,
                    [
                        (row.name, row.shortest, row.seconds, row.longest)
                        for row in sorted(group.rows, key=lambda row: row.seconds)
                        if row.runs
                    ],
                )
                for group in self.groups
            ]
        )

    def markdown(self) -> str:
        """The surroundings, a table per group, and the ratios."""
        parts = [self.where()]
        parts += [_table(group) for group in self.groups]
        parts.append(self._ratios())
        parts += [_costs(group) for group in self.groups if group.costs]
        return "\n".join(parts)

    def where(self) -> str:
        """When, where and how it was measured."""
        at = self.surroundings
        named = ", ".join(f"{name} {number}" for name, number in at.versions.items())
        how = "One run of each, a process of its own"
        if at.repeats > 1:
            how = (
                f"The middle of {at.repeats} runs in turn, each a process of its own; in brackets "
                "the shortest and the longest"
            )
        return (
            f"Measured on {at.date}: {at.machine}, {at.cores} processors, "
            f"{at.memory / 1e9:.0f} GB; Python {at.python}, {named}. {how}.\n"
        )

    def _ratios(self) -> str:
        lines = ["| ratio | |", "|---|---:|"]
        lines += [f"| {name} | {value:.2f} |" for name, value in self.ratios()]
        return "\n".join(lines) + "\n"

    def ratios(self) -> list[tuple[str, float]]:
        """Times of one program in those of another."""
        wanted = []
        for group in self.groups:
            if group.kind == "start":
                pairs = [
                    (who.HELP, who.TYPER),
                    (who.OWN, who.IMPORT_PANDERA),
                    (who.OWN_CACHED, who.IMPORT_PANDERA),
                    (who.OWN, who.OWN_FRICTIONLESS),
                ]
                where = ""
            else:
                pairs = [
                    (who.RELATIONS, who.POLARS),
                    (who.RELATIONS, who.POLARS_SCAN),
                    (who.RELATIONS_CLEAN, who.POLARS),
                    (who.RELATIONS_CACHED, who.POLARS),
                    (who.RELATIONS_COMMON, who.POLARS),
                    (who.FRICTIONLESS, who.RELATIONS),
                    (who.FRICTIONLESS, who.RELATIONS_CLEAN),
                    (who.FRICTIONLESS, who.RELATIONS_COMMON),
                    (who.PANDERA, who.RELATIONS),
                    (who.RELATIONS_WORST, who.RELATIONS_CLEAN),
                ]
                where = f", {group.visits:,} visits"
                where += " all cited" if group.kind == "cited" else ""
            for one, other in pairs:
                ratio = group.ratio(one, other)
                if ratio is not None:
                    wanted.append((f"{one} ÷ {other}{where}".replace("|", "\\|"), ratio))
        return wanted

    def in_readme(self, page: str) -> str:
        """The page with the tables of sizes between its markers. Raises ValueError without them."""
        begin, end = page.find(BEGIN), page.find(END)
        if begin < 0 or end < begin:
            raise ValueError(f"no place for the table: {BEGIN} and {END}")
        tables = [_table(group) for group in self.groups if group.kind == "size"]
        return f"{page[:begin]}{BEGIN}\n" + "\n".join([self.where(), *tables]) + page[end:]


def _table(group: Group) -> str:
    floor = who.POLARS if group.kind != "start" else who.IMPORT_PANDERA
    against = "÷ polars" if group.kind != "start" else "÷ import of pandera"
    head = [
        "",
        "seconds",
        "of processors",
        against,
        "peak memory",
        *(["faults found"] if group.faults else []),
    ]
    lines = [f"**{group.title}**", "", f"| {' | '.join(head)} |", "|---|---:|---:|---:|---:|"]
    lines[-1] += "---:|" if group.faults else ""
    for row in group.rows:
        name = f"`{row.name}`" if row.name.startswith("python") else row.name
        if not row.runs:
            cells = [name, f"failed: {row.failed}".replace("|", "\\|"), "", "", ""]
        else:
            ratio = group.ratio(row.name, floor)
            cells = [
                name,
                f"{_seconds(row.seconds)} ({_seconds(row.shortest)}–{_seconds(row.longest)})"
                if row.runs > 1
                else f"{_seconds(row.seconds)} (once)",
                _seconds(row.cpu),
                f"{ratio:.2f}" if ratio else "",
                f"{row.peak / 1e6:,.0f} MB",
            ]
        if group.faults:
            cells.append("" if row.found is None else f"{row.found} of {group.faults}")
        lines.append(f"| {' | '.join(cells)} |")
    if group.left_out:
        lines += ["", f"{group.left_out}."]
    return "\n".join(lines) + "\n"


def _costs(group: Group) -> str:
    made_of = table(group.costs, group.seconds(who.POLARS))
    return f"**What the check of {group.title}, nothing wrong, is made of**\n\n{made_of}"


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f}" if seconds < 10 else f"{seconds:.1f}"
