"""The codebook of the panel: the rules by which it counts, and its columns."""

from __future__ import annotations

import datetime as dt

from relations.validators.exporting.contents import Contents
from relations.validators.exporting.panel_events import MEASURES, Measure

RULES = (
    "**Direction.** `visiting_country` travels to `host_country`. Agreements and sittings have "
    "no direction: both rows of a dyad count them.",
    "**Dyads.** Every dyad of which a visit, an agreement or a sitting is recorded, in both "
    "directions, has a row for every period; 0 means that none is recorded here, not that there "
    "was none. A state has no rows before it began or after it ended (`valid_from`, `valid_to`).",
    "**Span.** From the first to the last month of all that is counted; an event known by its "
    "year alone counts from January to December.",
    "**Dates.** A visit and a sitting count once, where they begin; an agreement where it was "
    "signed or adopted or, where that day is empty, where the visit or sitting lies during which "
    "it was signed. An event counts in a month only where all days that its date may mean lie in "
    "that month, in a year only where they lie in that year. A date marked `?`, `~` or `%` "
    "counts in neither.",
    "**Legs.** A leg of a longer visit between the same two countries is not counted beside that "
    "visit.",
    "**Visits.** Only those with status `held` count as visits.",
    "**Parties.** The parties of an agreement are its participants with role `party` or "
    "`signatory`; where no country is named, that of the person or body. An agreement that was "
    "only announced does not count.",
    "**Sittings.** A country took part that has a participant in the sitting or in an engagement "
    "of it, sent a visit for it, hosted it or presided.",
    "**Codes.** States that succeed one another may share a COW or Gleditsch-Ward code: in the "
    "year of the change both may have a row.",
)
FILES = (
    "`dyad_month.csv`: one row per directed dyad and month.",
    "`dyad_year.csv`: one row per directed dyad and year, with what is known by its year alone.",
    "`undated.csv`: one row per event and dyad that no month can count, with the reason, and "
    "whether the year counts it.",
)
IDENTITY = (
    Measure("visiting_country, host_country", "ISO 3166 alpha-3; with the period, the key."),
    Measure("visiting_name, host_name", "Short English names."),
    Measure("visiting_cow, host_cow", "Correlates of War state numbers; empty where not known."),
    Measure("visiting_gw, host_gw", "Gleditsch-Ward state numbers; empty where not known."),
    Measure("year, month", "The period; `dyad_year.csv` has no month."),
)


def page(contents: Contents, span: tuple[dt.date, dt.date] | None) -> str:
    """The page, in Markdown; ``span`` is the first day of the first and of the last month."""
    months = f"{span[0]:%Y-%m} to {span[1]:%Y-%m}" if span else "none, since no event has a date"
    version = contents.text("version")
    made_from = f"`{contents.name}`" + (f", version {version}" if version else "")
    lines = ["# Codebook of the panel", ""]
    lines += [f"Made from {made_from}. Months covered: {months}.", ""]
    lines += [f"- {file}" for file in FILES]
    lines += ["", "## Rules", ""]
    lines += [f"- {rule}" for rule in RULES]
    lines += ["", "## Columns", "", "| column | what it is |", "|---|---|"]
    for each in (*IDENTITY, *MEASURES):
        names = ", ".join(f"`{name}`" for name in each.name.split(", "))
        lines.append(f"| {names} | {each.description} |")
    return "\n".join(lines) + "\n"
