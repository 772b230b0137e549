"""A check that is answered from the package's cache folder where nothing has changed.

What is there to be found out is found out without anything heavy: no rule is imported, and no
table parsed, before it is known that the check has to be made.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relations.validators.caching import entries
from relations.validators.caching.installation import fingerprint
from relations.validators.caching.report_record import record, report
from relations.validators.caching.seen import Seen, still_so
from relations.validators.package import limits
from relations.validators.package.files import ARCHIVE, Folder, Given, is_address, locate
from relations.validators.package.sources import source_texts

if TYPE_CHECKING:
    from relations.validators.caching.steps import Past
    from relations.validators.finding import Report

MOST_FINDINGS = 20_000
"""A report with more is not kept: to read it would take as long as to check again."""


def check(
    path: Given = None,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    seeds: str | Path | None = None,
    as_of: dt.date | None = None,
    listed: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> Report:
    """The same report as ``check.check`` gives, whose arguments these are, and the same errors.

    A package in a zip or on the network is checked anew each time: it has no folder.
    """
    began = time.perf_counter()
    select, ignore = sorted(set(select)), sorted(set(ignore))
    day = as_of or dt.date.today()
    memory = _Memory.of(path, select, ignore, seeds, day, listed)
    known = memory.recall() if memory else None
    if known:
        return replace(known, seconds=time.perf_counter() - began)
    from relations.validators.caching.steps import Past, Remembering
    from relations.validators.caching.watched import Moved
    from relations.validators.check import examine

    def watched(past: Past) -> tuple[Report, Remembering]:
        watch = Remembering(past, Seen())
        made, _ = examine(
            path,
            select=select,
            ignore=ignore,
            seeds=seeds,
            as_of=day,
            listed=listed,
            progress=progress,
            watch=watch,
        )
        return made, watch

    try:
        made, watch = watched(memory.past() if memory else Past())
    except Moved:
        made, watch = watched(Past())
    # What was read past the files as the package has them was not seen.
    if memory and watch.saw_all:
        memory.keep(made, watch.seen, watch.present)
    return made


@dataclass(frozen=True, slots=True)
class _Memory:
    """Where the answer to one way of asking is kept; ``tool`` made it."""

    root: Path
    seeds: str | Path | None
    key: str
    steps: str
    tool: str

    @classmethod
    def of(
        cls,
        path: Given,
        select: list[str],
        ignore: list[str],
        seeds: str | Path | None,
        day: dt.date,
        listed: int | None,
    ) -> _Memory | None:
        """None where there is no folder to keep it in. Raises NotAPackage."""
        if is_address(path):
            return None
        found = locate(path)
        if found.suffix.lower() == ARCHIVE:
            return None
        texts = source_texts(found.parent, seeds)
        # Findings may name the package, and the folder with the texts, as they were named.
        texts_of = [str(texts.seeds), texts.leads_out]
        # A packed table may be one that is too long to be unpacked, or is so no more.
        asked = [str(found), *texts_of, select, ignore, listed, limits.stated()]
        # Only some steps ask for the day.
        return cls(found.parent, seeds, _key(*asked, day.isoformat()), _key(*asked), fingerprint())

    def recall(self) -> Report | None:
        """What this tool said, if all that it looked at is as it was."""
        content = self._stored(entries.REPORTS, self.key)
        if content is None:
            return None
        seen = ((tuple(question), answer) for question, answer in content["seen"])
        if not still_so(seen, Folder(self.root), source_texts(self.root, self.seeds)):
            return None
        return report(content["report"])

    def past(self) -> Past:
        """What this tool came to, step by step, when it was asked in this way last."""
        from relations.validators.caching import steps

        content = self._stored(entries.STEPS, self.steps)
        return steps.past(content["past"]) if content else steps.Past()

    def _stored(self, kind: str, key: str) -> dict[str, Any] | None:
        content = entries.stored(self.root, kind, key)
        return content if content and content.get("tool") == self.tool else None

    def keep(self, made: Report, seen: Seen, past: Past) -> None:
        """Keep a report that is whole, and its steps, if nothing moved while it was made."""
        from relations.validators.caching import steps

        if made.failures or not seen.steady:
            return
        if len(made.findings) + len(made.suppressed) > MOST_FINDINGS:
            return
        content = {
            "tool": self.tool,
            "seen": [[list(question), answer] for question, answer in seen.answers.items()],
            "report": record(made),
        }
        entries.store(self.root, entries.REPORTS, self.key, content)
        content = {"tool": self.tool, "past": steps.record(past)}
        entries.store(self.root, entries.STEPS, self.steps, content)


def _key(*asked: object) -> str:
    return hashlib.sha256(json.dumps(asked).encode("ascii")).hexdigest()
