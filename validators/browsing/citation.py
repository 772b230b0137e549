"""How to cite the package: from its CITATION.cff, else from its descriptor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from relations.validators.package.files import Files, Unreadable, UnsafePath

CITATION_FILE = "CITATION.cff"


@dataclass(frozen=True, slots=True)
class Citation:
    """What a reference needs. ``origin`` is the file that it was taken from."""

    authors: tuple[str, ...]
    title: str
    version: str
    released: str
    url: str
    publisher: str
    origin: str
    remark: str = ""

    @property
    def year(self) -> str:
        """The year of the release; n.d. where that is not stated."""
        return self.released[:4] or "n.d."

    @property
    def reference(self) -> str:
        """One line for a list of references."""
        who = _enumerated(self.authors) or "Anonymous"
        version = f" (Version {self.version})" if self.version else ""
        end = " ".join(
            part for part in (f"{self.publisher}." if self.publisher else "", self.url) if part
        )
        return f"{who} ({self.year}). {self.title}{version} [Data set]. {end}".strip()

    @property
    def bibtex(self) -> str:
        """The same for BibTeX."""
        word = re.sub(r"[^a-z]", "", (self.authors[0].split() or [""])[-1].lower()
                      if self.authors else "")  # fmt: skip
        digits = re.sub(r"[^0-9]", "", self.year)
        fields = {
            "author": " and ".join(f"{{{_tex(author)}}}" for author in self.authors),
            "title": f"{{{_tex(self.title)}}}",
            "year": digits,
            "version": _tex(self.version),
            "publisher": _tex(self.publisher),
            "url": self.url if re.fullmatch(r"[^\s{}\\]*", self.url) else "",
            "note": "Data set",
        }
        lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
        return f"@misc{{{word or 'data'}{digits},\n" + ",\n".join(lines) + "\n}"


def _enumerated(names: tuple[str, ...]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} & {names[-1]}"


def _tex(text: str) -> str:
    text = re.sub(r"[{}\\]", "", text)
    return re.sub(r"([&%$#_])", r"\\\1", text)


def citation(source: Files, descriptor: Mapping[str, Any]) -> Citation:
    """How to cite a package; what CITATION.cff leaves out is taken from the descriptor."""
    own = _of_descriptor(descriptor)
    try:
        data = source.read(CITATION_FILE)
    except FileNotFoundError:
        return own
    except (Unreadable, UnsafePath) as error:
        return _remarked(own, f"{CITATION_FILE} {error}")
    import yaml

    try:
        # The base loader: everything stays text, versions and dates among them.
        content = yaml.load(data.decode("utf-8"), Loader=yaml.BaseLoader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        return _remarked(own, f"{CITATION_FILE} is no YAML")
    if not isinstance(content, dict):
        return _remarked(own, f"{CITATION_FILE} is no YAML mapping")
    return Citation(
        authors=tuple(_authors(content.get("authors"))) or own.authors,
        title=_text(content.get("title")) or own.title,
        version=_text(content.get("version")) or own.version,
        released=_text(content.get("date-released")) or own.released,
        url=_address(content) or own.url,
        publisher=own.publisher,
        origin=CITATION_FILE,
    )


def _remarked(own: Citation, remark: str) -> Citation:
    return Citation(
        own.authors, own.title, own.version, own.released, own.url, own.publisher, own.origin,
        remark,
    )  # fmt: skip


def _of_descriptor(content: Mapping[str, Any]) -> Citation:
    contributors = content.get("contributors")
    people = contributors if isinstance(contributors, list) else []
    named = [each for each in people if isinstance(each, dict) and _text(each.get("title"))]
    publishers = [each for each in named if "publisher" in _roles(each)]
    authors = [each for each in named if "publisher" not in _roles(each)]
    return Citation(
        authors=tuple(_text(each.get("title")) for each in authors),
        title=_text(content.get("title")) or _text(content.get("name")),
        version=_text(content.get("version")),
        released=_text(content.get("created"))[:10],
        url=_text(content.get("homepage")) or _text(content.get("id")),
        publisher=", ".join(_text(each.get("title")) for each in publishers),
        origin="datapackage.json",
    )


def _roles(contributor: Mapping[str, Any]) -> list[Any]:
    roles = contributor.get("roles")
    return roles if isinstance(roles, list) else [contributor.get("role")]


def _authors(listed: object) -> Iterable[str]:
    for each in listed if isinstance(listed, list) else []:
        if not isinstance(each, dict):
            continue
        family, given = _text(each.get("family-names")), _text(each.get("given-names"))
        particle = _text(each.get("name-particle"))
        person = ", ".join(part for part in (f"{particle} {family}".strip(), given) if part)
        if name := person or _text(each.get("name")) or _text(each.get("alias")):
            yield name


def _address(content: Mapping[str, Any]) -> str:
    if doi := _text(content.get("doi")):
        return f"https://doi.org/{doi}"
    return _text(content.get("url")) or _text(content.get("repository-code"))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
