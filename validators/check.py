"""One way through: open a package, run the rules over it, make the report.

from relations.validators.check import check
report = check("datapackage.json")
print(report.findings)
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from relations.validators.engines.engine import Engine
from relations.validators.finding import Report
from relations.validators.package.descriptor import Descriptor
from relations.validators.package.files import Files
from relations.validators.package.package import Package, named, open_package
from relations.validators.package.sources import SourceTexts, source_texts
from relations.validators.registry import RULES
from relations.validators.rule import Rule
from relations.validators.run import Anew, Run, Steps
from relations.validators.stop import UnknownRule
from relations.validators.suppressions import NEVER_SUPPRESSED, settle

Progress = Callable[[str], None]


def check(
    path: str | Path | None = None,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    seeds: str | Path | None = None,
    as_of: dt.date | None = None,
    engine: Engine | None = None,
    listed: int | None = None,
    progress: Progress | None = None,
    cache: bool = False,
) -> Report:
    """Check a package: a folder, a ``datapackage.json``, a zip, or the address of one of them.

    None: the nearest one here or above.

    ``select`` runs only these rules, ``ignore`` all but these. ``seeds`` is the folder with
    the texts of the sources (default: the environment variable RELATIONS_SEEDS, then
    ``seeds/`` in the package). ``as_of`` is the day to check for (default: today).
    ``engine`` is where the rules run (default: polars).
    ``listed`` bounds what a table full of faults costs: of what a rule finds in so many rows
    of one column or more, only the first are listed, and the others counted (None: all listed);
    of what it finds one by one in a table, those beyond 20,000.
    ``progress`` is called with a short phrase as the work goes on. ``cache``: a package in a
    folder that is as it was when it was checked last is answered from its ``.relations-cache``.

    Raises NotAPackage where there is none, and UnknownRule for a code that no rule has. What
    is wrong with the package is never raised: it is in the report.
    """
    if cache and engine is None:
        from relations.validators.caching import remembered

        return remembered.check(
            path,
            select=select,
            ignore=ignore,
            seeds=seeds,
            as_of=as_of,
            listed=listed,
            progress=progress,
        )
    return examine(
        path,
        select=select,
        ignore=ignore,
        seeds=seeds,
        as_of=as_of,
        engine=engine,
        listed=listed,
        progress=progress,
    )[0]


class Watch(Protocol):
    """Sees what a check asks of a package, and may answer for some of it."""

    def open(
        self,
        source: Files,
        descriptor: Descriptor,
        texts: SourceTexts,
        as_of: dt.date,
        progress: Progress | None,
    ) -> tuple[Package, Steps]:
        """The package with its tables, and what watches the steps of its check."""


def examine(
    path: str | Path | None = None,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    seeds: str | Path | None = None,
    as_of: dt.date | None = None,
    engine: Engine | None = None,
    listed: int | None = None,
    progress: Progress | None = None,
    watch: Watch | None = None,
) -> tuple[Report, Package]:
    """What ``check`` says of a package, and the package itself: read once, for what shows it.

    ``watch`` opens it for an ``engine`` that is none but polars.
    """
    began = time.perf_counter()
    chosen = choose(select, ignore)
    name = named(path)
    source, descriptor, root = open_package(path)
    texts = source_texts(root, seeds)
    day = as_of or dt.date.today()
    steps: Steps = Anew()
    if watch:
        package, steps = watch.open(source, descriptor, texts, day, progress)
    else:
        package = Package.open(source, descriptor, texts, day, engine, progress=progress)
    report = report_on(
        package, name, chosen, progress=progress, began=began, listed=listed, steps=steps
    )
    return report, package


def report_on(
    package: Package,
    path: str,
    chosen: Iterable[Rule],
    *,
    progress: Progress | None = None,
    began: float | None = None,
    listed: int | None = None,
    steps: Steps | None = None,
) -> Report:
    """Run the ``chosen`` rules over a package that is open, wherever its files come from.

    ``path`` is what the report calls it; ``began`` a ``time.perf_counter()`` to count from;
    ``listed`` as in ``check``; ``steps`` watches the rules.
    """
    began = time.perf_counter() if began is None else began
    run = Run(package, steps or Anew(), listed)
    with package.engine.searching(long=package.has_long_tables):
        return _report_on(run, path, tuple(chosen), progress, began)


def _report_on(
    run: Run, path: str, wanted: Sequence[Rule], progress: Progress | None, began: float
) -> Report:
    package = run.package
    asked = {rule.code for rule in wanted}
    running = with_spoilers(wanted)
    for number, rule in enumerate(running):
        if progress:
            progress(_where(package, rule, number, len(running), began))
        run.rule(rule, heard=rule.code in asked)
    spans = run.spans()
    settled = settle(
        run.findings(),
        package.suppressions.entries,
        package.as_of,
        never=(rule.code for rule in RULES if rule.family == NEVER_SUPPRESSED),
    )
    content = package.descriptor.content
    codes = frozenset(run.codes)
    return Report(
        name=_text(content.get("name")),
        version=_text(content.get("version")),
        path=path,
        spans=spans,
        findings=settled.kept,
        skipped=tuple(run.skipped),
        failures=tuple(run.failures),
        row_counts=tuple(package.row_counts.items()),
        ran=tuple(rule.described for rule in wanted if rule.code in codes),
        suppressed=settled.suppressed,
        unlisted=tuple(run.unlisted.items()),
        seconds=time.perf_counter() - began,
    )


def choose(select: Iterable[str], ignore: Iterable[str]) -> tuple[Rule, ...]:
    """The rules that a selection means, in the registry's order. Raises UnknownRule."""
    wanted, unwanted = set(select), set(ignore)
    known = {rule.code for rule in RULES}
    for code in sorted((wanted | unwanted) - known):
        raise UnknownRule(code)
    return tuple(
        rule for rule in RULES if (not wanted or rule.code in wanted) and rule.code not in unwanted
    )


def with_spoilers(chosen: Sequence[Rule]) -> tuple[Rule, ...]:
    """The chosen rules and those before them that make a cell unknown to them.

    A cell is no better for not asking about it: what would be silent beside the finding of
    another rule must be silent without it too.
    """
    # By code: comparing rules whole compares their examples.
    asked = {rule.code for rule in chosen}
    last = max((place for place, rule in enumerate(RULES) if rule.code in asked), default=-1)
    return tuple(rule for rule in RULES[: last + 1] if rule.code in asked or rule.spoils)


def _where(package: Package, rule: Rule, number: int, rules: int, began: float) -> str:
    """How far a check has come: the rule, the rows, how many a second so far, the time left."""
    rows = sum(package.row_counts.values())
    spent = max(time.perf_counter() - began, 0.001)
    done = number / rules
    left = f", about {spent / done - spent:,.0f} s left" if done > 0.1 else ""
    rate = f" ({rows * done / spent:,.0f} a second)" if number else ""
    return f"{rows:,} rows{rate}, rule {number + 1} of {rules}{left}: {rule.code}"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
