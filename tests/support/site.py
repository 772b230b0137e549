"""The site of a package as `relations browse` makes it, and its pages read with a parser."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from relations.cli.output.site.pages import render
from relations.validators.browsing.site import Site, gather
from relations.validators.check import examine
from support.editing import EXAMPLE_PACKAGE

AS_OF = dt.date(2026, 1, 1)
VOID = {"meta", "link", "br", "img", "input", "hr", "rect", "path", "line", "circle", "stop"}


def gathered(root: Path = EXAMPLE_PACKAGE, seeds: Path | None = None, **options: object) -> Site:
    """What the site of a package shows, checked as on a fixed day."""
    report, package = examine(root, seeds=seeds or root / "seeds", as_of=AS_OF)
    return gather(report, package, **options)  # type: ignore[arg-type]


def rendered(root: Path = EXAMPLE_PACKAGE, **options: object) -> dict[str, bytes]:
    """The files of the site."""
    return render(gathered(root, **options), "0.0.0")  # type: ignore[arg-type]


def write(files: dict[str, bytes], folder: Path) -> Path:
    """Put the files into a folder, which must not be there yet."""
    folder.mkdir()
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@dataclass(frozen=True, slots=True)
class Element:
    """A start tag."""

    tag: str
    attributes: dict[str, str | None]


@dataclass
class Page(HTMLParser):
    """A page taken apart: its elements, its ids, its text, its style and its script."""

    source: str
    elements: list[Element] = field(default_factory=list)
    raw: dict[str, list[str]] = field(default_factory=dict)
    text: str = ""

    def __post_init__(self) -> None:
        HTMLParser.__init__(self, convert_charrefs=True)
        self.open: list[str] = []
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs)))
        assert len(dict(attrs)) == len(attrs), f"an attribute twice in {tag}"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"{tag} ends that never began"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("style", "script"):
            self.raw.setdefault(self.open[-1], []).append(data)
        else:
            self.text += data

    def all(self, tag: str) -> list[Element]:
        """The elements of a tag, in order."""
        return [each for each in self.elements if each.tag == tag]

    @property
    def ids(self) -> list[str]:
        """Every id, in order."""
        return [each.attributes["id"] or "" for each in self.elements if "id" in each.attributes]


def pages(files: dict[str, bytes]) -> dict[str, Page]:
    """The HTML pages of a site, parsed."""
    return {
        name: Page(data.decode("utf-8"))
        for name, data in files.items()
        if name.endswith(".html") and "/" not in name
    }
