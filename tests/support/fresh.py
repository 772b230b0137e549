"""A new package with one source, made by the library itself: where a curator begins."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from relations.validators.curating.bench import bench
from relations.validators.curating.new_package import begin
from relations.validators.curating.new_row import whole_row
from relations.validators.curating.new_source import add_source

ARTICLE = """\
Two neighbours in the north

In March 2021 the prime minister of Norway, Kari Lunde, travelled to Reykjav\u00edk for an official
visit of two days, the fourth and the fifth. She and her host spoke about fisheries \u2013 and about
\u201clittle else\u201d, as she told reporters.
"""

VISIT = {
    "title": "Official visit to Iceland",
    "visiting_country": "NOR",
    "host_country": "ISL",
    "visit_type": "official",
    "start_date": "2021-03-04",
    "end_date": "2021-03-05",
    "status": "held",
}


def fresh(folder: Path, *, visit: bool = False) -> Path:
    """An empty package for Norway and Iceland with an article as R0001; its root.

    With ``visit``, it has V0001 as well, which nothing cites yet.
    """
    root = folder / "package"
    for name, data in _files(visit).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


@functools.cache
def _files(visit: bool) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "package")
        begin(root, ["NOR", "ISL"])
        article = Path(folder, "article.txt")
        article.write_text(ARTICLE, "utf-8", newline="")
        with bench(root) as change:
            add_source(change, article, {})
            if visit:
                change.add("visits", whole_row(change, "visits", VISIT))
            change.judge()
            change.write()
        return snapshot(root)


def cells(row: dict[str, str]) -> list[str]:
    """`--set` arguments for a row."""
    return [part for name, value in row.items() for part in ("--set", f"{name}={value}")]


def snapshot(root: Path) -> dict[str, bytes]:
    """Every file of a package by its name, the cache folder left out."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".relations-cache" not in path.parts
    }
