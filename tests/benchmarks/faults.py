"""Faults put into an invented package, each with the one finding that it must give.

A fault is a few cells of one row written anew. Rows are taken where nothing else hangs on them, so
that no fault hides another or makes a second finding; what would (a row that cannot be read, a key
that others name) is left to the tests of the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from world import ENDED, GENERATIONS, OFFICES, Row, World


@dataclass(frozen=True)
class Site:
    """Where a fault may be put: the row, the one above it, and the world that they are of."""

    world: World
    row: Row
    above: Row


Change = Callable[[Site], Row | None]
"""The new cells of a row; None where this row does not lend itself to the fault."""


@dataclass(frozen=True)
class Kind:
    """A kind of fault: what it changes, and the code and field of its finding.

    ``uncites``: it takes a cell's evidence away, so it is one finding only in a package whose
    other cells are uncited as well.
    """

    code: str
    table: str
    field: str
    change: Change
    uncites: bool = False


@dataclass(frozen=True)
class Fault:
    """A fault at its place: the ``number`` of a row (of evidence: of the visit it is about)."""

    kind: Kind
    number: int
    cells: Row


def written(**cells: str | None) -> Change:
    """These cells, whatever the row has."""
    return lambda _: dict(cells)


def over(column: str, pattern: str) -> Change:
    """The cell as it is, put into a pattern at ``{}``; no row where it is empty."""

    def change(site: Site) -> Row | None:
        cell = site.row[column]
        return {column: pattern.replace("{}", cell)} if cell else None

    return change


def instead(column: str, value: str) -> Change:
    """Another value where there is one."""
    return lambda site: {column: value} if site.row[column] else None


def _years_later(column: str, years: int) -> Change:
    def change(site: Site) -> Row | None:
        start, end = site.row["start_date"], site.row["end_date"]
        if not (start and end and len(start) == 10) or not "1965" < start < "2015":
            return None
        return {column: f"{int(end[:4]) + years}{end[4:8]}15"}

    return change


def _much_later(date: str) -> Change:
    # With a last day, that would be before the first.
    return lambda site: {"start_date": date} if not site.row["end_date"] else None


def _lead(countries: int, generations: int) -> Change:
    """The lead of another country or another time, with the same office."""

    def change(site: Site) -> Row | None:
        lead, world = site.row["lead_official_id"], site.world
        if not lead or len(site.row["start_date"] or "") < 10:
            return None
        number = int(lead[1:]) - 1
        generation = (number % GENERATIONS + generations) % GENERATIONS
        of_country = number // GENERATIONS + countries * world.leads
        of_country %= len(world.states) * world.leads
        return {"lead_official_id": f"P{of_country * GENERATIONS + generation + 1:04}"}

    return change


def _level(site: Site) -> Row | None:
    row = site.row
    if not (row["level"] and row["lead_official_id"]) or row["visit_type"] == "state":
        return None
    levels = [office for office, _ in OFFICES]
    return {"level": levels[(levels.index(row["level"]) + 1) % len(levels)]}


def _state_visit(site: Site) -> Row | None:
    low = site.row["level"] in ("speaker", "minister") and site.row["visit_type"]
    return {"visit_type": "state"} if low else None


def _copied(*names: str) -> Change:
    """Cells of the row above."""
    return lambda site: {name: site.above[name] for name in names}


def _same_start(site: Site) -> Row | None:
    row, above = site.row, site.above
    if not (above["lead_official_id"] and row["end_date"] and above["end_date"]):
        return None
    if row["host_country"] in (above["visiting_country"], above["host_country"]):
        return None
    if not (row["visit_type"] and above["visit_type"]) and (
        row["visit_type"] or above["visit_type"]
    ):
        return None
    names = ("visiting_country", "lead_official_id", "start_date", "end_date", "visit_type")
    if bool(row["level"]) != bool(above["level"]):
        return None
    return {name: above[name] for name in (*names, "level")}


def _same_visit(site: Site) -> Row | None:
    row, above = site.row, site.above
    # What its evidence is about must not be empty, and what has no evidence not filled.
    if any(bool(row[name]) != bool(above[name]) for name in row if name not in ("note", "_i")):
        return None
    return {name: above[name] for name in row if name not in ("visit_id", "note", "_i")}


def _own_country(site: Site) -> Row | None:
    return {"host_country": site.row["visiting_country"]}


def _ended_state(site: Site) -> Row | None:
    start = site.row["start_date"] or ""
    return {"host_country": ENDED} if start > "1993" and len(start) == 10 else None


def _reversed(site: Site) -> Row:
    return {"char_end": site.row["char_start"], "char_start": site.row["char_end"]}


def _other_digest(site: Site) -> Row:
    digest = site.row["span_sha256"] or ""
    return {"span_sha256": digest[::-1]}


def _early(column: str, other: str) -> Change:
    def change(site: Site) -> Row | None:
        date = site.row[other]
        return {column: f"{int(date[:4]) - 2}{date[4:]}"} if date else None

    return change


def _like_above(site: Site) -> Row | None:
    row, above = site.row, site.above
    if above["country"] != row["country"] or (row["wikidata_id"] and above["wikidata_id"]):
        return None
    parts = ("family_name", "given_name")
    return {"name": f"{above['family_name']}, {above['given_name']}"} | {
        part: above[part] for part in parts
    }


VISITS = (
    Kind("unknown-term", "visits", "visit_type", instead("visit_type", "stately")),
    Kind("malformed-date", "visits", "start_date", written(start_date="12 May 2001")),
    Kind("stray-space", "visits", "title", over("title", "{} ")),
    Kind("unknown-reference", "visits", "host_country", written(host_country="QQQ")),
    Kind("end-before-start", "visits", "end_date", _years_later("end_date", -2)),
    Kind("visit-to-own-country", "visits", "host_country", _own_country),
    Kind("impossible-date", "visits", "start_date", written(start_date="2001-02-29")),
    Kind("not-nfc", "visits", "title", over("title", "{} in Forli\u0300")),
    Kind("lead-of-another-country", "visits", "lead_official_id", _lead(1, 1)),
    Kind("repeated-visit", "visits", "start_date", _same_start),
    Kind("later-than-as-of", "visits", "start_date", _much_later("2199-05")),
    Kind("unknown-term", "visits", "level", instead("level", "headofstate")),
    Kind("malformed-list", "visits", "locations", over("locations", "{};;")),
    Kind("formula-like-cell", "visits", "note", written(note="=1+1")),
    Kind("unknown-reference", "visits", "lead_official_id", written(lead_official_id="P9999999")),
    Kind("lasts-too-long", "visits", "end_date", _years_later("end_date", 2)),
    Kind("office-not-held", "visits", "lead_official_id", _lead(0, 1)),
    Kind("missing-value", "visits", "title", written(title=None)),
    Kind("malformed-date", "visits", "end_date", instead("end_date", "2001/05/12")),
    Kind("mixed-script", "visits", "title", over("title", "{} by М\u043eskva and Mоscow")),
    Kind("duplicate-fact", "visits", "visit_id", _same_visit),
    Kind("state-not-in-existence", "visits", "host_country", _ended_state),
    Kind("unknown-reference", "visits", "session_id", written(session_id="S9999999")),
    Kind("level-contradicts-office", "visits", "level", _level),
    Kind("low-level-state-visit", "visits", "visit_type", _state_visit),
    Kind("control-character", "visits", "title", over("title", "{}\u0007")),
    Kind("unknown-term", "visits", "occasion", written(occasion="bilatteral")),
    Kind("unknown-term", "visits", "status", instead("status", "done")),
    Kind("impossible-date", "visits", "end_date", instead("end_date", "2001-13-01")),
    Kind("invisible-character", "visits", "title", over("title", "{}\u200b")),
    Kind("unknown-reference", "visits", "parent_id", written(parent_id="V999999999999")),
    Kind("missing-value", "visits", "visiting_country", written(visiting_country=None)),
)

EVIDENCE = (
    Kind("digest-mismatch", "evidence", "span_sha256", _other_digest),
    Kind("unknown-term", "evidence", "basis", written(basis="said")),
    Kind("span-outside-source", "evidence", "char_end", written(char_end="999999999")),
    Kind("not-a-number", "evidence", "char_start", written(char_start="12a")),
    Kind("evidence-of-unknown-row", "evidence", "row_id", written(row_id="V999999999999"), True),
    Kind("malformed-digest", "evidence", "span_sha256", over("span_sha256", "{}0")),
    Kind("unknown-reference", "evidence", "source_id", written(source_id="R9999")),
    Kind("reversed-span", "evidence", "char_end", _reversed),
    Kind("out-of-range", "evidence", "char_start", written(char_start="-1")),
    Kind("evidence-of-unknown-column", "evidence", "column", written(column="begin"), True),
    Kind("inferred-without-note", "evidence", "note", written(basis="inferred", note=None)),
    Kind("missing-value", "evidence", "voice", written(voice=None)),
    Kind("malformed-id", "evidence", "evidence_id", written(evidence_id="C12")),
    Kind("evidence-of-empty-cell", "evidence", "column", written(column="parent_id"), True),
    Kind("unknown-term", "evidence", "table", written(table="visit"), True),
    Kind("unknown-term", "evidence", "stance", written(stance="for")),
    Kind("stray-space", "evidence", "note", written(note=" Seen twice.")),
)

SHORT = (
    Kind("malformed-wikidata-id", "officials", "wikidata_id", written(wikidata_id="12345")),
    Kind("unknown-term", "participants", "role", written(role="leader")),
    Kind("outside-visit", "engagements", "date", _early("date", "date")),
    Kind("malformed-list", "statements", "subjects", written(subjects="trade;")),
    Kind("unknown-reference", "memberships", "session_id", written(session_id="S9999999")),
    Kind("similar-names", "officials", "name", _like_above),
    Kind("unknown-term", "organizations", "classification", instead("classification", "court")),
    Kind("not-a-number", "agreements", "number_of_instruments",
         written(number_of_instruments="one")),
    Kind("unknown-term", "terms", "capacity", written(capacity="full")),
    Kind("malformed-date", "memberships", "date", written(date="1.3.1970")),
    Kind("stray-space", "statements", "summary", over("summary", " {}")),
)  # fmt: skip

KINDS = tuple(
    kind
    for at in range(max(len(VISITS), len(EVIDENCE), len(SHORT)))
    for kinds in (VISITS, EVIDENCE, SHORT)
    for kind in kinds[at : at + 1]
)
"""All kinds, those of different tables taking turns."""

IN_VISITS = (*range(21, 40, 2), 71, 73)
"""The last two digits of visits that may have a fault; with them nothing else hangs together."""
IN_EVIDENCE = (*range(41, 48, 2), *range(51, 60, 2))
"""The same of visits of which the first evidence row may have one."""
BLOCK, BLOCKS = 200, 60
"""Visits that are looked at together, and how often, for one that lends itself to a fault."""


def plan(world: World, count: int, short: dict[str, list[Row]]) -> list[Fault]:
    """``count`` faults of all kinds in turn, spread over each table."""
    usable = [kind for kind in KINDS if not (world.cited and kind.uncites)]
    wanted = [usable[at % len(usable)] for at in range(count)]
    of_table: dict[str, list[Kind]] = {}
    for kind in wanted:
        of_table.setdefault(kind.table, []).append(kind)
    made: list[Fault] = []
    for table, kinds in of_table.items():
        if table == "visits":
            made += _in_visits(world, kinds)
        elif table == "evidence":
            made += _in_evidence(world, kinds)
        else:
            made += _in_short(world, kinds, short[table])
    return made


def _in_visits(world: World, kinds: list[Kind]) -> Iterator[Fault]:
    yield from _spread(world, kinds, IN_VISITS, _visits_from)


def _in_evidence(world: World, kinds: list[Kind]) -> Iterator[Fault]:
    yield from _spread(world, kinds, IN_EVIDENCE, _evidence_from)


Rows = Callable[[World, int, int], Iterator[tuple[int, Row, Row]]]


def _visits_from(world: World, first: int, end: int) -> Iterator[tuple[int, Row, Row]]:
    rows = world.visits(first, end).to_dicts()
    for above, row in pairwise(rows):
        yield row["_i"], row, above


def _evidence_from(world: World, first: int, end: int) -> Iterator[tuple[int, Row, Row]]:
    told: set[int] = set()
    for row in world.evidence(world.visits(first, end), 0).to_dicts():
        if row["_i"] not in told:
            told.add(row["_i"])
            yield row["_i"], row, row


def _spread(
    world: World, kinds: list[Kind], digits: tuple[int, ...], rows: Rows
) -> Iterator[Fault]:
    taken: set[int] = set()
    # Round the whole table: of visits that lie together the dates do, too.
    stride = max(BLOCK, world.size // BLOCKS // BLOCK * BLOCK)
    for at, kind in enumerate(kinds):
        first = world.size * at // len(kinds)
        blocks = [(first + turn * stride) % world.size for turn in range(BLOCKS)]
        tried = (_first(world, kind, rows, digits, taken, begin) for begin in blocks)
        found = next(filter(None, tried), None)
        if found is None:
            raise ValueError(f"no row for {kind.code} in {kind.table}: too many faults")
        taken.add(found.number)
        yield found


def _first(
    world: World, kind: Kind, rows: Rows, digits: tuple[int, ...], taken: set[int], begin: int
) -> Fault | None:
    for number, row, above in rows(world, begin, min(begin + BLOCK, world.size)):
        if number % 100 in digits and number not in taken:
            cells = kind.change(Site(world, row, above))
            if cells is not None:
                return Fault(kind, number, cells)
    return None


def _in_short(world: World, kinds: list[Kind], rows: list[Row]) -> Iterator[Fault]:
    taken: set[int] = set()
    for at, kind in enumerate(kinds):
        first = len(rows) * at // len(kinds)
        for number in (*range(max(first, 1), len(rows)), *range(1, first)):
            # Neighbours stay free: some faults are made of the row above.
            if taken & {number - 1, number, number + 1}:
                continue
            cells = kind.change(Site(world, rows[number], rows[number - 1]))
            if cells is not None:
                break
        else:
            raise ValueError(f"no row for {kind.code} in {kind.table}: too many faults")
        taken.add(number)
        yield Fault(kind, number, cells)


def apply(frame: pl.DataFrame, places: dict[int, Row]) -> pl.DataFrame:
    """The frame with new cells at these positions."""
    by_column: dict[str, dict[int, str | None]] = {}
    for position, cells in places.items():
        for column, value in cells.items():
            by_column.setdefault(column, {})[position] = value
    made = []
    for column, values in by_column.items():
        at = pl.Series(list(values), dtype=pl.UInt32)
        made.append(frame[column].scatter(at, pl.Series(list(values.values()), dtype=pl.String)))
    return frame.with_columns(made)


def wrong_visits(frame: pl.DataFrame) -> pl.DataFrame:
    """Visits with every row wrong in nearly every column."""
    number = pl.col("_i").cast(pl.String)
    return frame.with_columns(
        visit_id=pl.format("W{}", number),
        title=pl.format(" {}", "title"),
        visiting_country=pl.lit("Q1"),
        host_country=pl.lit("QQQ"),
        visit_type=pl.lit("stately"),
        occasion=pl.lit("bilatteral"),
        level=pl.lit("king"),
        lead_official_id=pl.format("P99{}", number),
        start_date=pl.lit("13/05/2001"),
        end_date=pl.lit("2001-02-31"),
        locations=pl.lit("Nuniku;;"),
        status=pl.lit("done"),
        parent_id=pl.format("U{}", number),
        session_id=pl.lit("S9999999"),
        note=pl.lit("=1+1"),
    )


def wrong_evidence(frame: pl.DataFrame) -> pl.DataFrame:
    """Evidence with every row wrong in nearly every column."""
    return frame.with_columns(
        evidence_id=pl.format("D{}", pl.int_range(pl.len()).cast(pl.String)),
        table=pl.lit("visit"),
        row_id=pl.format("{} ", "row_id"),
        column=pl.lit("begin"),
        source_id=pl.lit("R9999"),
        char_start=pl.lit("12a"),
        char_end=pl.lit("0"),
        span_sha256=pl.col("span_sha256").str.head(63),
        basis=pl.lit("said"),
        stance=pl.lit("for"),
        voice=pl.lit("me"),
        note=pl.lit(" Seen."),
    )
