"""Checks a package, and prints as JSON what the check is made of: [what, seconds, of processors].

The time of a step is that since the one before: what several rules ask for is paid for by the
first of them. The arguments are the package and, with commas, the rules to leave out.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from relations.validators.check import examine
from relations.validators.package.descriptor import Descriptor
from relations.validators.package.files import Files
from relations.validators.package.package import Package
from relations.validators.package.sources import SourceTexts
from relations.validators.run import Done

START, READ, REST = "to start", "to read the files", "the report"


class Timed:
    """Watches a check, and answers for none of its steps."""

    def __init__(self) -> None:
        self.costs: dict[str, list[float]] = {}
        # While it starts it does nothing but work, on one processor.
        self._last, self._last_cpu = time.perf_counter(), time.process_time()
        self.costs[START] = [self._last_cpu, self._last_cpu]

    def note(self, what: str) -> None:
        """Count what was spent since this was called last."""
        now, cpu = time.perf_counter(), time.process_time()
        spent = self.costs.setdefault(what, [0.0, 0.0])
        spent[0] += now - self._last
        spent[1] += cpu - self._last_cpu
        self._last, self._last_cpu = now, cpu

    def open(
        self,
        source: Files,
        descriptor: Descriptor,
        texts: SourceTexts,
        as_of: dt.date,
        progress: Callable[[str], None] | None,
    ) -> tuple[Package, Timed]:
        """The package with its tables, and this."""
        package = Package.open(source, descriptor, texts, as_of, progress=progress)
        self.note(READ)
        return package, self

    def recall(self, step: str) -> None:
        """Nothing is known beforehand."""

    @contextmanager
    def making(self, step: str, done: Done) -> Iterator[None]:  # noqa: ARG002
        """While a step is made: a rule, or a rule in a table, or the cells of a table."""
        yield
        self.note(step.partition(" ")[0])


package, ignored = sys.argv[1], sys.argv[2].split(",")
timed = Timed()
# As the command lists for people.
report, _ = examine(package, ignore=ignored, listed=100, watch=timed)
timed.note(REST)
assert not report.failures
json.dump([[what, *spent] for what, spent in timed.costs.items()], sys.stdout)
