"""The static site of a package: from values to the bytes of its files. Pure.

Every page is one file that needs no other: its style and script stand in it, and its content
security policy names their digests and allows nothing else, so that no page can fetch
anything, from anywhere. All text is escaped by the template engine; characters that are not
seen as themselves are shown by their code.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from relations.cli.output.escaping import is_plain, pieces
from relations.cli.output.site import density, split
from relations.cli.output.site.coverage import coverage
from relations.cli.output.site.drawing import Chart, chart, offices
from relations.cli.output.site.slide import slide, slide_of_many
from relations.validators.browsing import labels
from relations.validators.browsing.records import Column, Record, Ref, Table
from relations.validators.browsing.site import Site
from relations.validators.browsing.spoken_dates import spoken
from relations.validators.browsing.timeline import Undated
from relations.validators.building import codebook_html
from relations.validators.finding import Finding, Severity

HERE = Path(__file__).parent
MENU = (
    ("index.html", "Overview"),
    ("people.html", "People"),
    ("tables.html", "Tables"),
    ("codebook.html", "Codebook"),
    ("data.html", "Download and cite"),
)
FIGURES = (
    ("visits", "visit"),
    ("engagements", "engagement"),
    ("assembly_sessions", "session"),
    ("agreements", "agreement"),
    ("officials", "official"),
    ("statements", "statement"),
)
NAMING = ("title", "name", "summary")
DIGESTS = ("sha256", "span_sha256")
TYPOGRAPHIC = "\n\u00a0\u202f"
_TITLES = {"assembly_sessions": "Sessions"}


@dataclass(frozen=True, slots=True)
class State:
    """The outcome of the check, counted."""

    errors: int
    warnings: int
    infos: int
    failures: int
    rules: int


def render(site: Site, tool_version: str) -> dict[str, bytes]:
    """Every file of the site: its name, relative and with forward slashes, and its bytes."""
    pages = _Pages(site, tool_version)
    made = {name: text.encode("utf-8") for name, text in pages.all()}
    for download in (*site.files, *filter(None, [site.release]), *site.exports):
        made[download.address] = download.data
    return made


class _Pages:
    """The pages of one site; what they share is made once."""

    def __init__(self, site: Site, tool_version: str) -> None:
        self.site = site
        self.style, self.script = _asset("site.css"), _asset("site.js")
        self.density, self.charts = _pictures(site)
        self.rows = {
            table.name: split.parts(table.records, table.name, split.ROWS_ON_PAGE)
            for table in site.tables
        }
        # Evidence is read in its table, and beside the rows that it is about.
        self.records = {
            table.name: split.parts(table.records, f"{table.name}-rows", split.RECORDS_ON_PAGE)
            for table in site.tables
            if len(table.records) > split.RECORDS_ON_PAGE and table.name != "evidence"
        }
        self.places = {
            (name, record.ref.anchor): part.page
            for name, made in (self.rows | self.records).items()
            for part in made
            for record in part.items
            if part.page != f"{name}.html"
        }
        self.people = split.parts(site.people, "people", split.PEOPLE_ON_PAGE)
        self.people_page = {
            person.ref.anchor: part.page for part in self.people for person in part.items
        }
        severities = [finding.severity for finding in site.report.findings]
        self.environment = _environment()
        self.environment.globals.update(
            site=site,
            menu=MENU,
            tool_version=tool_version,
            css=Markup(self.style),
            script=Markup(self.script),
            split=split,
            policy=_policy(self.style, self.script),
            state=State(
                severities.count(Severity.ERROR),
                severities.count(Severity.WARNING),
                severities.count(Severity.INFO),
                len(site.report.failures),
                len(site.report.codes),
            ),
        )
        self.environment.filters |= {
            "speaker": self._speaker,
            "target": self._target,
            "href": self._href,
            "person": lambda ref: f"{self.people_page.get(ref.anchor, 'people.html')}#{ref.anchor}",
            "evidence": lambda anchor: self._address("evidence", anchor),
        }

    def all(self) -> Iterable[tuple[str, str]]:
        """Name and text of every page, and of the picture for a slide."""
        site = self.site
        yield self._page(
            "index.html",
            charts=self.charts,
            density=self.density,
            undated=self._undated(),
            figures=[
                (name, len(site.table(name).records), plural(len(site.table(name).records), one))
                for name, one in FIGURES
            ],
        )
        periods = self.density.periods if self.density else ()
        filled = [each for each in periods if each.events]
        for period in filled:
            yield self._page(
                period.page,
                template="period.html",
                section="index.html",
                period=period,
                periods=filled,
                chart=chart(density.panel(period)),
                most=density.MOST_OF_A_YEAR,
            )
        yield from self._people()
        yield self._page("tables.html")
        for table in site.tables:
            yield from self._table(table)
        yield self._page("codebook.html", codebook=_codebook(site))
        yield self._page(
            "data.html",
            severities=[
                severity.value
                for severity in Severity
                if any(finding.severity is severity for finding in site.report.findings)
            ],
        )
        if self.density:
            yield "timeline.svg", slide_of_many(self.environment, site, self.density)
        elif self.charts:
            yield "timeline.svg", slide(self.environment, site, self.charts[0])

    def _people(self) -> Iterable[tuple[str, str]]:
        overview = self.site.timeline.overview
        for part in self.people:
            yield self._page(
                part.page,
                template="people.html",
                section="people.html",
                part=part,
                parts_of=self.people,
                axis_of=chart(replace(overview, events=())) if overview else None,
                offices=offices(part.items, overview) if overview else {},
            )

    def _table(self, table: Table) -> Iterable[tuple[str, str]]:
        """Its pages: the table itself and, where it is long, others for its rows one by one."""
        apart = self.records.get(table.name, ())
        for part in self.rows[table.name]:
            yield self._page(
                part.page,
                template="table.html",
                section="tables.html",
                table=table,
                part=part,
                parts_of=self.rows[table.name],
                records=() if apart or table.name == "evidence" else part.items,
                naming=NAMING,
                columns=_in_reading_order(table),
                download=next((each for each in self.site.files if each.name == table.file), None),
                coverage=(
                    list(coverage(self.site))
                    if table.name == "sources" and part.page == "sources.html"
                    else []
                ),
            )
        for part in apart:
            yield self._page(
                part.page,
                template="rows.html",
                section="tables.html",
                table=table,
                part=part,
                parts_of=apart,
            )

    def _page(
        self, name: str, *, template: str = "", section: str = "", **values: Any
    ) -> tuple[str, str]:
        made = self.environment.get_template(template or name)
        return name, made.render(page=name, section=section or name, **values)

    def _undated(self) -> list[tuple[Ref | None, str, list[Undated]]]:
        """What has no date, by the event that bounds it; last what nothing bounds."""
        groups: dict[Ref | None, list[Undated]] = {}
        for each in self.site.timeline.undated:
            groups.setdefault(each.during, []).append(each)
        made = [(during, items[0].when, items) for during, items in groups.items()]
        return sorted(made, key=lambda group: group[0] is None)

    def _speaker(self, statement: Record) -> str:
        for column in ("official_id", "organization_id"):
            cell = statement.cell(column)
            if cell:
                return cell.ref.label if cell.ref else cell.value
        return "the source itself"

    def _target(self, finding: Finding) -> str:
        """Where the row of a finding is shown; empty where it has none."""
        if not finding.table or not finding.key:
            return ""
        records = self.site.table(finding.table).records
        row = next((each for each in records if each.ref.key == finding.key), None)
        return self._href(row.ref) if row else ""

    def _href(self, ref: Ref) -> str:
        """The address of a row, relative to every page."""
        return self._address(ref.table, ref.anchor)

    def _address(self, table: str, anchor: str) -> str:
        return f"{self.places.get((table, anchor), f'{table}.html')}#{anchor}"


def _pictures(site: Site) -> tuple[density.Density | None, list[Chart]]:
    """The pictures of the overview: of very many events one that counts, else one row each."""
    overview = site.timeline.overview
    if not overview:
        return None, []
    if len(overview.events) > density.MOST_LINES:
        return density.density(site.timeline.everything), []
    return None, [chart(panel) for panel in (overview, *site.timeline.close_ups)]


def _in_reading_order(table: Table) -> list[Column]:
    """The columns as people read them: the key, what names the row, the rest, digests last."""

    def place(column: Column) -> int:
        if column.kind == "key":
            return 0
        if column.name in NAMING:
            return 1
        return 3 if column.name in DIGESTS else 2

    return sorted(table.columns, key=place)


def _codebook(site: Site) -> Markup:
    """The codebook's fragment, its wide tables in boxes that can be scrolled and reached."""
    made = codebook_html.fragment(site.codebook)
    boxed = re.sub(
        r"<table>\n<caption>(.*?)</caption>",
        r'<div class="scroll" role="region" aria-label="\1" tabindex="0"><table class="plain">'
        r"<caption>\1</caption>",
        made,
    )
    linked = re.sub(
        r'<a (?:rel="([^"]*)" )?(?=href="https?:)',
        lambda found: f'<a rel="{found[1] or ""}{" " if found[1] else ""}noopener noreferrer" ',
        boxed,
    )
    return Markup(_visible(linked.replace("</table>", "</table></div>")))


@cache
def _asset(name: str) -> str:
    return (HERE / "assets" / name).read_text("utf-8")


def _policy(style: str, script: str) -> str:
    """Nothing may be fetched; the one style and the one script are known by their digests."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_digest(style)}'",
            f"script-src '{_digest(script)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "words": labels.words,
        "column": column_name,
        "title": table_title,
        "web": is_web_address,
        "day": day,
        "many": many,
        "pc": percent,
        "short": lambda digest: digest[:12] + "…" if len(digest) > 12 else digest,
        "state": lambda state: _STATES[state],
        "thousands": lambda number: f"{number:,}",
        "size": size,
        "path": lambda name: quote(name, errors="surrogateescape"),
    }
    return made


_STATES = {
    "verified": "verified",
    "differs": "the text says something else now",
    "not compared": "not compared",
}


def _visible(value: Any) -> Any:
    """Text with every unseen character shown by its code; the templates' own is left alone.

    Line ends and no-break spaces, which names are written with, are text like any other here.
    """
    if not isinstance(value, str) or isinstance(value, Markup) or is_plain(value):
        return value
    return "".join(
        each if each in TYPOGRAPHIC else shown
        for each, shown in zip(value, pieces(value), strict=True)
    )


def is_web_address(text: str) -> bool:
    """Whether a text may become a link: http or https, and nothing that hides in it."""
    return re.fullmatch(r"https?://[^\s\"'<>\\^`{|}]+", text) is not None and text.isprintable()


def column_name(name: str) -> str:
    """A column in words: `host_country` is "host country", `visit_id` is "visit"."""
    words = name.replace("_", " ")
    return words.removesuffix(" id") if words != "id" else words


def table_title(name: str) -> str:
    """A table in words, with a capital."""
    return _TITLES.get(name) or labels.words(name).capitalize()


def day(date: dt.date) -> str:
    """A day in words."""
    return spoken(date.isoformat())


def plural(number: int, one: str, several: str = "") -> str:
    """The noun that goes with a number."""
    return one if number == 1 else several or f"{one}s"


def many(number: int, one: str, several: str = "") -> str:
    """A number and its noun; pieces of evidence are the one odd plural."""
    return f"{number} {plural(number, one, several)}"


def size(number: int) -> str:
    """A number of bytes for people."""
    return f"{number / 1e6:.1f} MB" if number >= 999_500 else f"{max(1, round(number / 1e3))} kB"


def percent(number: float) -> str:
    """A number as SVG writes percent, without needless digits."""
    return f"{number:g}%" if number == round(number, 1) else f"{number:.3f}".rstrip("0") + "%"
