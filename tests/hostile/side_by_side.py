"""Give each hostile input to this program and to `frictionless validate`; print both as a table.

    python tests/hostile/side_by_side.py [--before FOLDER] [--only WORD]… > table.md

The inputs are those of the tests beside this; what is looked at here is how they are answered:
exit code, what is said, peak of memory, time. `--before` names a folder with another state of this
program, as `FOLDER/relations/{cli,schemas,validators}`, which is asked too; `--only` takes those
inputs that have one of the words in their names. Each run has a minute. It takes long.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent))

import pytest
import test_bytes
import test_paths
import test_urls
import test_zips

from support.editing import EXAMPLE_PACKAGE
from support.hostile_server import serving

SECONDS = 60
RELATIONS = "from relations.cli.app import main; main()"
FRICTIONLESS = "from frictionless.__main__ import console; console()"

STARTER = """
import json, os, subprocess, sys, threading, time
seconds, out, err, *command = sys.argv[1:]
began = time.perf_counter()
with open(out, "wb") as told, open(err, "wb") as complained:
    run = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=told, stderr=complained)
    late = threading.Timer(float(seconds), run.kill)
    late.start()
    _, status, used = os.wait4(run.pid, 0)
    late.cancel()
print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_maxrss, time.perf_counter() - began]))
"""
"""Between this process and the one that is measured, for a child begins with its parent's peak."""

Input = Callable[[Path], "contextlib.AbstractContextManager[str]"]
"""Makes an input in an empty folder; gives what is to be checked, as it is named from there."""


@dataclass(frozen=True)
class Run:
    """How a program answered: ``peak`` in MB, ``seconds`` of the clock."""

    code: int
    out: str
    err: str
    peak: int
    seconds: float

    def cell(self, said: str) -> str:
        if self.code == -9 and self.seconds >= SECONDS:
            said = "no end"
        elif "Traceback" in self.err:
            said = "traceback"
        return f"{said}; {self.peak} MB, {self.seconds:.1f} s"


def run(folder: Path, program: str, *arguments: str, path: Path | None = None) -> Run:
    out, err = folder.parent / "out", folder.parent / "err"
    surroundings = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    if path:
        surroundings["PYTHONPATH"] = str(path)
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(
        [sys.executable, "-S", "-c", STARTER, f"{SECONDS}", str(out), str(err), *command],
        cwd=folder,
        env=surroundings,
        capture_output=True,
        text=True,
        check=True,
    )
    code, peak, seconds = json.loads(done.stdout)
    told = (each.read_text("utf-8", errors="replace") for each in (out, err))
    return Run(code, *told, peak // 1024, seconds)


def by_relations(folder: Path, given: str, path: Path | None = None) -> str:
    asked = ("--output-format", "json", "--as-of", "2026-01-01", "--no-progress")
    done = run(folder, RELATIONS, "check", given, *asked, path=path)
    said = done.err.strip().split("\n")[0].removeprefix("relations: ").replace(given, "…")
    with contextlib.suppress(ValueError):
        report = json.loads(done.out)
        codes = [
            "crashed" if report["failures"] else "",
            *(each["code"] for each in report["findings"] if each["code"] != "descriptor-stale"),
        ]
        said = counted(filter(None, codes))
    return done.cell(f"{done.code}: {said}")


def by_frictionless(folder: Path, given: str) -> str:
    done = run(folder, FRICTIONLESS, "validate", "--json", given)
    said = "no answer"
    with contextlib.suppress(ValueError):
        report = json.loads(done.out[done.out.index("{") :])
        errors = [error for each in (report, *report["tasks"]) for error in each["errors"]]
        said = "valid" if report["valid"] else counted(each["type"] for each in errors)
    return done.cell(f"{done.code}: {said}")


def counted(codes: Iterator[str]) -> str:
    """The first three kinds, each with its number: `2 × unknown-term`."""
    counts = Counter(codes)
    some = [f"{n} × {code}" if n > 1 else code for code, n in counts.most_common(3)]
    return ", ".join([*some, "…"] if len(counts) > 3 else some) or "nothing"


def package(make: Callable[[Path], object]) -> Input:
    @contextlib.contextmanager
    def given(folder: Path) -> Iterator[str]:
        root = folder / "package"
        shutil.copytree(EXAMPLE_PACKAGE, root)
        make(root)
        yield "package/datapackage.json"

    return given


def under_the_name_of_a_table(make: Callable[[Path], None]) -> Input:
    def put(root: Path) -> None:
        (root / test_paths.VISITS).unlink()
        make(root / test_paths.VISITS)

    return package(put)


def archive(data: bytes) -> Input:
    @contextlib.contextmanager
    def given(folder: Path) -> Iterator[str]:
        (folder / "x.zip").write_bytes(data)
        yield "x.zip"

    return given


def address(answer: Any) -> Input:
    @contextlib.contextmanager
    def given(_: Path) -> Iterator[str]:
        # A limit of a gigabyte or of ten minutes is not what is tried.
        with pytest.MonkeyPatch.context() as surroundings, serving(answer) as server:
            for limit, value in test_urls.SMALL.items():
                surroundings.setenv(limit, value)
            yield f"http://127.0.0.1:{server.port}{test_urls.DESCRIPTOR}"

    return given


def sparse(root: Path) -> None:
    with (root / test_paths.VISITS).open("ab") as file:
        file.truncate(100 * 1024**3)


def cases(test: Callable[..., object]) -> Iterator[tuple[str, Any]]:
    """The inputs of a test with parameters, each with its name."""
    [mark] = [each for each in test.pytestmark if each.name == "parametrize"]  # type: ignore[attr-defined]
    for each in mark.args[1]:
        values = getattr(each, "values", each)
        yield getattr(each, "id", None) or repr(values[0])[1:-1], values[0]


def inputs() -> Iterator[tuple[str, str, Input]]:
    """Group, name, and what makes it."""
    for name, path in cases(test_paths.test_a_path_that_leads_out_is_one_finding):
        yield "path", name, package(lambda root, path=path: test_paths.listed_at(root, path))  # type: ignore[misc]
    for name, make in cases(test_paths.test_what_is_no_table_is_one_finding):
        yield "in place of a table", name, under_the_name_of_a_table(make)
    yield "in place of a table", "a sparse file of 100 GB", package(sparse)
    for test in (
        test_zips.test_a_bomb_does_not_go_off,
        test_zips.test_a_member_that_is_not_read_is_a_finding,
    ):
        for name, data in cases(test):
            yield "zip", name, archive(data)
    for name, answer in cases(test_urls.test_what_a_server_does_is_one_line):
        yield "address", name, address(answer)
    for name, (make, _) in {**test_bytes.CASES, **test_bytes.LONG}.items():
        yield "bytes", name, package(make)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--before", type=Path)
    options.add_argument("--only", action="append", default=[])
    asked = options.parse_args()
    before = asked.before.resolve() if asked.before else None
    print(f"| input |{' before |' if before else ''} now | frictionless |")
    print(f"|---|{'---|' if before else ''}---|---|")
    for group, name, make in inputs():
        if asked.only and not any(word in f"{group}: {name}" for word in asked.only):
            continue
        cells = []
        for ask in (
            *([lambda *given: by_relations(*given, path=before)] if before else []),
            by_relations,
            by_frictionless,
        ):
            # Made anew for each: the one before may have changed something.
            with tempfile.TemporaryDirectory() as made:
                folder = Path(made) / "here"
                folder.mkdir()
                with make(folder) as given:
                    cells.append(ask(folder, given))
        row = [f"{group}: {name}", *cells]
        told = (each.replace("|", "\\|").replace("\n", " ") for each in row)
        print("|", " | ".join(told), "|", flush=True)


if __name__ == "__main__":
    main()
