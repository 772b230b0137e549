"""Every format by its name, and what each is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from relations.validators.finding import Report, Severity
from relations.validators.package.limits import MAX_LISTED

DISTRIBUTION = "bilateral-relations"
READ_TO_THE_END = 20
"""How many findings of a rule people are shown where they do not say how many."""


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How to show a report; each format takes what concerns it.

    ``width`` is the terminal's in columns, ``color`` asks for colours. ``max_per_rule`` caps
    the findings of a rule in the formats for people; 0: all; None: what suits the format.
    ``base`` is the folder of the package as seen from where the reader is, with forward
    slashes: from the working folder or the root of the repository; empty: the same folder.
    ``fail_on`` is the least severity that makes a test case fail.
    """

    width: int = 100
    color: bool = False
    max_per_rule: int | None = None
    base: str = ""
    fail_on: Severity = Severity.ERROR

    def capped_at(self, usual: int) -> int:
        """``max_per_rule``, or ``usual`` where none is asked for."""
        return usual if self.max_per_rule is None else self.max_per_rule


def render(name: str, report: Report, options: RenderOptions | None = None) -> str:
    """The report in the format ``name``, one of FORMATS. Ends with a line feed."""
    return FORMATS[name](report, options or RenderOptions())


def listed(name: str, max_per_rule: int | None) -> int | None:
    """How many findings of a rule in one column are listed for a format; the others are counted.

    Raises CannotDo where the environment sets a limit that is none.
    """
    cap = CAPS[name] if max_per_rule is None and name in CAPS else max_per_rule
    return cap if cap and name in CAPS else MAX_LISTED.value


def summary(report: Report) -> str:
    """What a GitHub step appends to the page of its run. Markdown."""
    from relations.cli.output import github

    return github.summary(report)


def statistics(report: Report) -> str:
    """How often each rule found something."""
    from relations.cli.output import statistics as by_rule

    return by_rule.render(report, rules=report.ran)


def _version() -> str:
    from importlib.metadata import version

    return version(DISTRIBUTION)


# Each module is imported when its format is asked for: the report of a check is not delayed by
# the formats that nobody wants.


def _full(report: Report, options: RenderOptions) -> str:
    from relations.cli.output import full

    return full.render(
        report,
        width=options.width,
        color=options.color,
        max_per_rule=options.capped_at(READ_TO_THE_END),
        base=options.base,
    )


def _concise(report: Report, options: RenderOptions) -> str:
    from relations.cli.output import concise

    cap = options.capped_at(READ_TO_THE_END)
    return concise.render(report, max_per_rule=cap, base=options.base)


def _json(report: Report, _: RenderOptions) -> str:
    from relations.cli.output import json_report

    return json_report.render(report, version=_version())


def _sarif(report: Report, options: RenderOptions) -> str:
    from relations.cli.output import sarif

    return sarif.render(report, rules=report.ran, version=_version(), base=options.base)


def _junit(report: Report, options: RenderOptions) -> str:
    from relations.cli.output import junit

    return junit.render(report, rules=report.ran, fail_on=options.fail_on)


def _github(report: Report, options: RenderOptions) -> str:
    from relations.cli.output import github

    cap = options.capped_at(READ_TO_THE_END)
    return github.render(report, max_per_rule=cap, base=options.base)


def _gitlab(report: Report, options: RenderOptions) -> str:
    from relations.cli.output import gitlab

    return gitlab.render(report, base=options.base)


def _markdown(report: Report, options: RenderOptions) -> str:
    from relations.cli.output import markdown

    return markdown.render(report, max_per_rule=options.capped_at(READ_TO_THE_END))


def _html(report: Report, options: RenderOptions) -> str:
    from relations.cli.output import html_report

    return html_report.render(
        report, rules=report.ran, version=_version(), max_per_rule=options.capped_at(0)
    )


CAPS = {
    "full": READ_TO_THE_END,
    "concise": READ_TO_THE_END,
    "github": READ_TO_THE_END,
    "markdown": READ_TO_THE_END,
    "html": 0,
}
"""The formats for people, and how many findings of a rule they show where nobody says; 0: all."""

FORMATS: dict[str, Callable[[Report, RenderOptions], str]] = {
    "full": _full,
    "concise": _concise,
    "json": _json,
    "sarif": _sarif,
    "junit": _junit,
    "github": _github,
    "gitlab": _gitlab,
    "markdown": _markdown,
    "html": _html,
}
