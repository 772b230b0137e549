"""The command line. Heavy imports happen inside the command that needs them."""

from __future__ import annotations

import enum
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    import datetime as dt

    from relations.validators.finding import Report

OK, FINDINGS, USAGE, FAULT = 0, 1, 2, 3

app = typer.Typer(
    name="relations",
    help="Check, build and read data packages of relations between two countries.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class OutputFormat(enum.StrEnum):
    """How `relations check` writes its report."""

    full = "full"
    concise = "concise"
    json = "json"
    sarif = "sarif"
    junit = "junit"
    github = "github"
    gitlab = "gitlab"
    markdown = "markdown"
    html = "html"


class FailOn(enum.StrEnum):
    """The least severity that makes the exit code 1."""

    error = "error"
    warning = "warning"
    info = "info"


PackagePath = Annotated[
    Path | None,
    typer.Argument(
        metavar="[PATH]",
        help="A folder or a datapackage.json; default: the nearest one here or above.",
        show_default=False,
    ),
]


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"relations {version('bilateral-relations')}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    """Check, build and read data packages of relations between two countries."""


@app.command()
def check(
    path: PackagePath = None,
    output_format: Annotated[
        OutputFormat | None,
        typer.Option(
            help="Default: full on a terminal, github under GitHub Actions, concise elsewhere.",
            show_default=False,
        ),
    ] = None,
    output_file: Annotated[
        Path | None, typer.Option(help="Write the report there.", show_default=False)
    ] = None,
    select: Annotated[
        str, typer.Option(metavar="CODE,…", help="Run these rules alone.", show_default=False)
    ] = "",
    ignore: Annotated[
        str, typer.Option(metavar="CODE,…", help="Run all but these rules.", show_default=False)
    ] = "",
    fail_on: Annotated[
        FailOn, typer.Option(help="The least severity that makes the exit code 1.")
    ] = FailOn.error,
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Count the findings of each rule instead.")
    ] = False,
    seeds: Annotated[
        Path | None,
        typer.Option(
            help="Folder with the texts of the sources; default: RELATIONS_SEEDS, then seeds/.",
            show_default=False,
        ),
    ] = None,
    as_of: Annotated[
        str,
        typer.Option(
            metavar="YYYY-MM-DD", help="Check as on this day; default: today.", show_default=False
        ),
    ] = "",
    max_per_rule: Annotated[
        int, typer.Option(min=0, help="Show at most so many findings of a rule; 0: all.")
    ] = 20,
    progress: Annotated[
        bool, typer.Option("--progress/--no-progress", help="Say on standard error what goes on.")
    ] = True,
) -> None:
    """Check a package and say what is wrong with it, at the exact line and cell."""
    from relations.cli.output import formats
    from relations.cli.progress import Progress

    day = _day(as_of)
    from relations.validators.check import UnknownRule
    from relations.validators.check import check as run
    from relations.validators.package.files import NotAPackage

    with Progress(progress) as shown:
        try:
            report = run(
                path,
                select=_codes(select),
                ignore=_codes(ignore),
                seeds=seeds,
                as_of=day,
                progress=shown.say,
            )
        except NotAPackage as error:
            _refuse(str(error))
        except UnknownRule as error:
            _refuse_rule(str(error))
    name = (output_format or _default_format()).value
    to_terminal = output_file is None and sys.stdout.isatty()
    options = formats.RenderOptions(
        width=_width(),
        color=to_terminal and "NO_COLOR" not in os.environ,
        max_per_rule=max_per_rule,
    )
    text = formats.statistics(report) if statistics else formats.render(name, report, options)
    _deliver(text, output_file)
    if name == OutputFormat.github:
        _write_step_summary(formats.summary(report))
    raise typer.Exit(_exit_code(report, fail_on))


def _day(text: str) -> dt.date | None:
    import datetime as dt

    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        _refuse(f"--as-of takes a day such as 2026-01-31, not {text!r}")


def _exit_code(report: Report, fail_on: FailOn) -> int:
    from relations.validators.finding import Severity

    if report.failures:
        return FAULT
    return FINDINGS if report.fails_on(Severity(fail_on.value)) else OK


def _default_format() -> OutputFormat:
    if os.environ.get("GITHUB_ACTIONS") == "true":
        return OutputFormat.github
    return OutputFormat.full if sys.stdout.isatty() else OutputFormat.concise


def _width() -> int:
    import shutil

    return shutil.get_terminal_size((100, 24)).columns


def _codes(text: str) -> list[str]:
    return [code.strip() for code in text.split(",") if code.strip()]


def _deliver(text: str, output_file: Path | None) -> None:
    if output_file is None:
        sys.stdout.write(text)
        return
    from relations.validators.atomic import replace_file

    try:
        replace_file(output_file, text.encode("utf-8"))
    except OSError as error:
        _refuse(f"{output_file} cannot be written: {error.strerror}")


def _write_step_summary(text: str) -> None:
    target = os.environ.get("GITHUB_STEP_SUMMARY")
    if target:
        with Path(target).open("a", encoding="utf-8") as file:
            file.write(text)


@app.command()
def rules(
    code: Annotated[
        str, typer.Argument(metavar="[CODE]", help="Explain this rule.", show_default=False)
    ] = "",
) -> None:
    """List every rule, or explain one: what, why, a bad and a good example."""
    from relations.validators.registry import RULES

    if code:
        found = next((rule for rule in RULES if rule.code == code), None)
        if found is None:
            _refuse_rule(code)
        from relations.validators.building.generated_parts import manual

        typer.echo(f"{found.code}\n{'=' * len(found.code)}\n\n{manual(found)}", nl=False)
        return
    width = max(len(rule.code) for rule in RULES)
    family = ""
    for rule in RULES:
        if rule.family != family:
            typer.echo(f"{chr(10) if family else ''}{rule.family}")
            family = rule.family
        mark = "fix" if rule.fixable else ""
        typer.echo(f"  {rule.code:<{width}}  {rule.severity.value:<7}  {mark:<3}  {rule.title}")


@app.command()
def build(
    path: PackagePath = None,
    check_only: Annotated[
        bool, typer.Option("--check", help="Only say what is stale; exit 1 if anything is.")
    ] = False,
) -> None:
    """Make anew all that is derived: the descriptor's resources and the generated pages."""
    from relations.validators.atomic import ChangedMeanwhile, replace_file
    from relations.validators.building.build import CannotBuild, plan
    from relations.validators.package.files import NotAPackage

    try:
        stale = [derived for derived in plan(path) if derived.stale]
    except (NotAPackage, CannotBuild) as error:
        _refuse(str(error))
    for derived in stale:
        if check_only:
            typer.echo(f"{derived.name} is stale: run `relations build`")
            continue
        try:
            replace_file(derived.path, derived.new, expected=derived.old)
        except (ChangedMeanwhile, OSError) as error:
            _refuse(str(error))
        typer.echo(f"{derived.name} rebuilt")
    if not stale:
        typer.echo("everything is up to date")
    raise typer.Exit(FINDINGS if stale and check_only else OK)


@app.command()
def browse(
    path: PackagePath = None,
    *,
    output: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder for the site.", show_default=False)
    ],
    exports: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder with exports that the site is to offer for download.",
            show_default=False,
        ),
    ] = None,
    with_passages: Annotated[
        bool,
        typer.Option(
            "--with-passages",
            help="Show the cited passages themselves: for a holder's own use, not to publish.",
        ),
    ] = False,
    allow_errors: Annotated[
        bool, typer.Option("--allow-errors", help="Build it even where the check finds errors.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a site that is in DIR already.")
    ] = False,
    seeds: Annotated[
        Path | None,
        typer.Option(
            help="Folder with the texts of the sources; default: RELATIONS_SEEDS, then seeds/.",
            show_default=False,
        ),
    ] = None,
    as_of: Annotated[
        str,
        typer.Option(
            metavar="YYYY-MM-DD", help="The day of the check; default: today.", show_default=False
        ),
    ] = "",
) -> None:
    """Build the web page of a package: timeline, people, tables, evidence, downloads."""
    from importlib.metadata import version

    from relations.cli.output.site.pages import render
    from relations.validators.atomic import AlreadyThere, staged_folder
    from relations.validators.browsing.site import gather
    from relations.validators.check import examine
    from relations.validators.finding import Severity
    from relations.validators.package.files import NotAPackage, Unreadable

    try:
        report, package = examine(path, seeds=seeds, as_of=_day(as_of))
    except NotAPackage as error:
        _refuse(str(error))
    stopped = _exit_code(report, FailOn.error)
    if stopped and not allow_errors:
        errors = report.count(Severity.ERROR)
        typer.echo(
            f"relations: nothing was built: the check finds {errors} errors and "
            f"{len(report.failures)} rules that could not run; see `relations check`, or build it "
            "all the same with --allow-errors",
            err=True,
        )
        raise typer.Exit(stopped)
    try:
        site = gather(report, package, exports=exports, with_passages=with_passages)
        files = render(site, version("bilateral-relations"))
        output.parent.mkdir(parents=True, exist_ok=True)
        with staged_folder(output, force=force) as folder:
            for name, data in files.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(data)
    except (AlreadyThere, Unreadable) as error:
        _refuse(str(error))
    except OSError as error:
        _refuse(f"{error.filename}: {error.strerror}")
    size = sum(map(len, files.values()))
    typer.echo(f"{output / 'index.html'}: {len(files)} files, {size / 1e6:.1f} MB")


def _refuse(message: str) -> NoReturn:
    """One line on standard error, and exit code 2."""
    typer.echo(f"relations: {message}", err=True)
    raise typer.Exit(USAGE)


def _refuse_rule(code: str) -> NoReturn:
    from relations.validators.nearest import did_you_mean
    from relations.validators.registry import RULES

    hint = did_you_mean(code, [rule.code for rule in RULES], "see `relations rules`")
    _refuse(f"there is no rule {code!r}; {hint}")


def main() -> None:
    """The entry point: whatever goes wrong inside is one line and exit code 3."""
    try:
        app()
    except BrokenPipeError:
        # The reader, `head` for one, has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(OK)
    except Exception as error:
        if os.environ.get("RELATIONS_DEBUG"):
            raise
        message = f"{type(error).__name__}: {error}"
        print(f"relations: a fault of the tool itself: {message}", file=sys.stderr)
        print("Set RELATIONS_DEBUG=1 to see where.", file=sys.stderr)
        sys.exit(FAULT)
