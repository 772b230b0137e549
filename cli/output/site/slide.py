"""The timeline as one SVG picture that stands on its own: for a slide or a paper.

The page draws in percent of its width; a picture has a width of its own, and its texts must be
broken into lines here, since SVG does not.
"""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import Environment

from relations.cli.output.site.density import Density
from relations.cli.output.site.drawing import Chart, Lane, Line
from relations.validators.browsing.site import Site

WIDTH, LABELS, MARGIN = 1600, 560, 60
TOP, LANE_HEAD, LINE, TITLE_LINE = 210, 46, 22, 26
LABEL_LETTERS, TITLE_LETTERS = 50, 62
"""How many letters fit a line: an estimate, on the safe side, of a usual sans serif."""


@dataclass(frozen=True, slots=True)
class Row:
    """An event placed: the top of its row, and its label line by line."""

    line: Line
    y: int
    label: tuple[str, ...]
    below: str

    @property
    def middle(self) -> int:
        """Where its shapes stand."""
        return self.y + 3


@dataclass(frozen=True, slots=True)
class Group:
    """A lane placed."""

    lane: Lane
    y: int
    rows: tuple[Row, ...]


def slide(environment: Environment, site: Site, chart: Chart) -> str:
    """The picture of the whole timeline."""
    y = TOP
    groups = []
    for lane in chart.lanes:
        head, y = y, y + LANE_HEAD
        rows = []
        for line in lane.lines:
            label = broken(line.event.ref.label, LABEL_LETTERS, 2)
            below = " · ".join(part for part in (line.event.when, *line.event.aside[:1]) if part)
            rows.append(Row(line, y, label, broken(below, LABEL_LETTERS + 8, 1)[0]))
            y += TITLE_LINE * len(label) + LINE + 18
        groups.append(Group(lane, head, tuple(rows)))
        y += 10
    title = broken(site.title, TITLE_LETTERS, 1)[0]
    return environment.get_template("slide.svg").render(
        chart=chart,
        groups=groups,
        title=title,
        width=WIDTH,
        height=max(900, y + 70),
        bottom=y,
        left=MARGIN,
        drawing=MARGIN + LABELS,
        drawn=WIDTH - 2 * MARGIN - LABELS,
        top=TOP,
    )


def slide_of_many(environment: Environment, site: Site, density: Density) -> str:
    """The picture of very many events: how many in each year."""
    return environment.get_template("slide-of-many.svg").render(
        density=density,
        title=broken(site.title, TITLE_LETTERS, 1)[0],
        lane=650 // len(density.rows),
    )


def broken(text: str, letters: int, lines: int) -> tuple[str, ...]:
    """A text in at most so many lines of so many letters, cut with an ellipsis."""
    made = [""]
    for word in text.split():
        longer = f"{made[-1]} {word}".strip()
        if len(longer) <= letters or not made[-1]:
            made[-1] = longer
        else:
            made.append(word)
    if len(made) > lines:
        made = [*made[: lines - 1], " ".join(made[lines - 1 :])]
    return tuple(
        line if len(line) <= letters else line[: letters - 1].rstrip() + "…" for line in made
    )
