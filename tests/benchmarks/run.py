"""Measure `relations check` beside other programs that read the same files.

    python tests/benchmarks/run.py

Every program runs as a process of its own, all in turn, several times over; the middle time
counts. Progress goes to standard error, the tables to standard output and, with a picture, to
results.md, results.svg and results.json beside this file.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import contenders
from costs import costs_of
from measuring import Contender, in_turn, say
from results import Group, Results, surroundings

HERE = Path(__file__).parent
README = contenders.ROOT / "README.md"


def main(arguments: list[str] | None = None) -> None:
    given = _parser().parse_args(arguments)
    if given.no_run:
        results = Results.load(given.into / "results.json")
    else:
        with tempfile.TemporaryDirectory(prefix="relations-benchmark-", dir=given.work) as work:
            results = Results(surroundings(given.repeats), _measured(given, Path(work)))
    results.write(given.into)
    print(results.markdown())
    if given.write_readme:
        README.write_text(results.in_readme(README.read_text("utf-8")), "utf-8", newline="")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Measure relations beside others that read the same files.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=[1_000_000], metavar="VISITS",
        help="rows of visits; of evidence there are half as many (default: 1000000)",
    )  # fmt: skip
    parser.add_argument(
        "--cited", type=int, default=200_000, metavar="VISITS",
        help="rows of visits where every fact is cited; 0 for none (default: 200000)",
    )  # fmt: skip
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--faults", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--frictionless-limit", type=int, default=1_000_000, metavar="VISITS",
        help="larger packages are not given to frictionless, which takes a minute for a million",
    )  # fmt: skip
    parser.add_argument(
        "--slow-repeats", action="store_true", help="run frictionless as often as the others"
    )
    parser.add_argument(
        "--no-starting", action="store_true", help="leave out what a command costs to start"
    )
    parser.add_argument(
        "--limit", type=float, default=3600, metavar="SECONDS", help="stop a process after that"
    )
    parser.add_argument("--work", type=Path, help="where the packages are made and deleted")
    parser.add_argument("--into", type=Path, default=HERE, help="where the results are written")
    parser.add_argument(
        "--write-readme", action="store_true", help="show the table in the README as well"
    )
    parser.add_argument(
        "--no-run", action="store_true", help="measure nothing: write the last results again"
    )
    return parser


def _measured(given: argparse.Namespace, work: Path) -> list[Group]:
    groups = []
    if not given.no_starting:
        groups.append(_group("start", 0, 0, contenders.starting(), given))
    if given.cited:
        package = work / "cited"
        rows = _generate(package, given, given.cited, "--cited")
        groups.append(_group("cited", given.cited, rows, contenders.of_cited(package), given))
    for size in given.sizes:
        packages = [work / f"{size}-{name}" for name in ("faulty", "clean", "worst", "edited")]
        faulty, clean, worst, edited = packages
        rows = _generate(faulty, given, size, "--faults", str(given.faults))
        _generate(clean, given, size)
        _generate(worst, given, size, "--every-row-fails")
        shutil.copytree(clean, edited)
        all_of_them = contenders.at_size(
            faulty,
            clean,
            worst,
            edited,
            work,
            frictionless=size <= given.frictionless_limit,
            slow_once=not given.slow_repeats,
        )
        group = _group("size", size, rows, all_of_them, given)
        group.faults = given.faults
        group.costs = costs_of(clean, work, given.repeats, given.limit)
        if size > given.frictionless_limit:
            group.left_out = f"{contenders.FRICTIONLESS}: left out above "
            group.left_out += f"{given.frictionless_limit:,} visits"
        groups.append(group)
        for package in packages:
            shutil.rmtree(package)
    return groups


def _generate(package: Path, given: argparse.Namespace, visits: int, *more: str) -> int:
    """Make a package; how many rows of evidence it has."""
    say(f"generating {visits:,} visits {' '.join(more)}")
    # As a process of its own: what this one holds in memory would count for all it starts.
    subprocess.run(
        [sys.executable, str(HERE / "generate.py"), str(package), "--visits", str(visits),
         "--seed", str(given.seed), *more],
        check=True,
    )  # fmt: skip
    with (package / "datapackage" / "evidence.csv").open("rb") as file:
        return sum(1 for _ in file) - 1


def _group(
    kind: str, visits: int, evidence: int, listed: list[Contender], given: argparse.Namespace
) -> Group:
    in_turn(listed, given.repeats, given.limit)
    return Group.of(kind, visits, evidence, listed)


if __name__ == "__main__":
    main()
