"""The command line. Heavy imports happen inside the command that needs them.

The annotations are real ones: Typer would have each of them, written as text, compiled anew.
"""

import contextlib
import enum
import errno
import gc
import io
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from relations.validators.package.limits import MAX_LISTED, described

if TYPE_CHECKING:
    import datetime as dt

    from relations.cli.asking import Answers
    from relations.cli.output.ansi import Paint
    from relations.validators.curating.bench import Bench
    from relations.validators.curating.citing import Span
    from relations.validators.finding import Report
    from relations.validators.package.files import Given
    from relations.validators.package.package import Package

OK, FINDINGS, USAGE, FAULT = 0, 1, 2, 3
INTERRUPTED = 130
REPOSITORY = {
    "github": "GITHUB_WORKSPACE",
    "sarif": "GITHUB_WORKSPACE",
    "gitlab": "CI_PROJECT_DIR",
}
"""Where a service that reads a format says that the repository lies."""
COMPLETION = "_RELATIONS_COMPLETE"
"""Set by a shell that asks what may be completed."""

app = typer.Typer(
    name="relations",
    help="Check, build and read data packages of relations between two countries.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _complete_codes(incomplete: str) -> list[str]:
    from relations.cli import completing

    return completing.codes(incomplete)


def _complete_tables(incomplete: str) -> list[str]:
    from relations.cli import completing

    return completing.tables(incomplete)


def _complete_ids(incomplete: str) -> list[tuple[str, str]]:
    from relations.cli import completing

    return completing.ids(incomplete)


def _complete_settings(context: typer.Context, incomplete: str) -> list[str]:
    from relations.cli import completing

    # `cite` sets cells of the source that it adds. An option without its value keeps the
    # arguments before it from being sorted out.
    table = "sources"
    if context.info_name == "add":
        table = context.params.get("table") or next(iter(context.args), "")
    return completing.settings(table, incomplete)


def _complete_sources(incomplete: str) -> list[tuple[str, str]]:
    from relations.cli import completing

    return completing.sources(incomplete)


def _complete_targets(incomplete: str) -> list[str]:
    from relations.cli import completing

    return completing.targets(incomplete)


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


class EngineName(enum.StrEnum):
    """Where the rules run."""

    polars = "polars"
    duckdb = "duckdb"
    spark = "spark"


class FailOn(enum.StrEnum):
    """The least severity that makes the exit code 1."""

    error = "error"
    warning = "warning"
    info = "info"


PackagePath = Annotated[
    str | None,
    typer.Argument(
        metavar="[PATH]",
        help="A folder or a datapackage.json; default: the nearest one here or above.",
        show_default=False,
    ),
]


ReadPath = Annotated[
    str | None,
    typer.Argument(
        metavar="[PATH]",
        help="A folder, a datapackage.json, a zip, or the http(s) address of one of them; "
        "default: the nearest descriptor here or above.",
        show_default=False,
    ),
]


PackageOption = Annotated[
    str | None,
    typer.Option(
        "--package",
        help="A folder or a datapackage.json; default: the nearest one here or above.",
        show_default=False,
    ),
]


SeedsOption = Annotated[
    Path | None,
    typer.Option(
        help="Folder with the texts of the sources; default: RELATIONS_SEEDS, then seeds/.",
        show_default=False,
    ),
]


AsOfOption = Annotated[
    str,
    typer.Option(
        metavar="YYYY-MM-DD", help="Check as on this day; default: today.", show_default=False
    ),
]


LIMITS = f"""\
What comes in a zip or from the network is taken in up to limits. Beyond one of them a line says
so and the exit code is 2; an environment variable of its name sets another. From the network
only public hosts are asked, through no proxy, and on a local host nothing but the package.

\b
{described()}

A report for programs lists {MAX_LISTED.usual:,} findings of a rule in one column, and says how many
more there are; {MAX_LISTED.variable} sets another number.
"""


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


@app.command(epilog=LIMITS)
def check(
    path: ReadPath = None,
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
        str,
        typer.Option(
            metavar="CODE,…",
            help="Run these rules alone.",
            show_default=False,
            autocompletion=_complete_codes,
        ),
    ] = "",
    ignore: Annotated[
        str,
        typer.Option(
            metavar="CODE,…",
            help="Run all but these rules.",
            show_default=False,
            autocompletion=_complete_codes,
        ),
    ] = "",
    fail_on: Annotated[
        FailOn, typer.Option(help="The least severity that makes the exit code 1.")
    ] = FailOn.error,
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend what can be mended without touching a fact.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what --fix would do instead of the findings.")
    ] = False,
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Count the findings of each rule instead.")
    ] = False,
    seeds: SeedsOption = None,
    as_of: AsOfOption = "",
    max_per_rule: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Show at most so many findings of a rule, 0 for all; default: 20 in text.",
            show_default=False,
        ),
    ] = None,
    progress: Annotated[
        bool, typer.Option("--progress/--no-progress", help="Say on standard error what goes on.")
    ] = True,
    no_cache: Annotated[
        bool,
        typer.Option("--no-cache", help="Check anew what has not changed since the last check."),
    ] = False,
    engine: Annotated[
        EngineName, typer.Option(help="Where the rules run; each finds the same.")
    ] = EngineName.polars,
    spark_url: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="The Spark of --engine spark: sc://… or a master; default: SPARK_REMOTE, then "
            "SPARK_MASTER, then Spark in this process.",
            show_default=False,
        ),
    ] = "",
) -> None:
    """Check a package and say what is wrong with it, at the exact line and cell."""
    from relations.cli.output import formats
    from relations.cli.progress import Progress

    if output_format is not None and (diff or statistics):
        # Both are texts of their own; a program that asked for JSON would get neither.
        _refuse(f"{'--diff' if diff else '--statistics'} is plain text: leave out --output-format")
    day = _day(as_of)
    if output_file is not None:
        _refuse_own(output_file, path)
    fixed = _fix(path, _codes(select), _codes(ignore), seeds, day, show=diff) if fix or diff else ""
    if engine is not EngineName.polars or spark_url:
        run = _on_engine(engine.value, spark_url)
    elif no_cache or fix or diff:
        from relations.validators.check import check as run
    else:
        from relations.validators.caching.remembered import check as run
    from relations.validators.finding import Severity
    from relations.validators.stop import CannotDo, UnknownRule

    name = (output_format or _default_format()).value
    with Progress(progress) as shown:
        try:
            report = run(
                path,
                select=_codes(select),
                ignore=_codes(ignore),
                seeds=seeds,
                as_of=day,
                listed=formats.listed(name, max_per_rule),
                progress=shown.say,
            )
        except CannotDo as error:
            _refuse(str(error))
        except UnknownRule as error:
            _refuse_rule(str(error))
    to_terminal = output_file is None and sys.stdout.isatty()
    options = formats.RenderOptions(
        width=_width(),
        color=to_terminal and "NO_COLOR" not in os.environ,
        max_per_rule=max_per_rule,
        base=_base(report, name),
        fail_on=Severity(fail_on.value),
    )
    if diff:
        text = fixed
    elif statistics:
        text = formats.statistics(report)
    else:
        text = formats.render(name, report, options)
    _deliver(text, output_file)
    if name == OutputFormat.github:
        _write_step_summary(formats.summary(report))
    raise typer.Exit(_exit_code(report, fail_on))


def _on_engine(name: str, spark_url: str) -> "Callable[..., Report]":
    """A check whose rules run elsewhere; made only once it is asked for, where CannotDo is told."""
    from relations.validators.check import check as run

    def checked(*given: Any, **named: Any) -> "Report":
        from relations.validators.engines.choice import engine_of

        return run(*given, **named, engine=engine_of(name, spark_url or None))

    return checked


def _fix(
    path: str | None,
    select: list[str],
    ignore: list[str],
    seeds: Path | None,
    day: "dt.date | None",
    *,
    show: bool,
) -> str:
    """Fix, or with ``show`` only give the difference as text; what was done on standard error."""
    from relations.validators.fixing.difference import unified_diff
    from relations.validators.fixing.mending import Mended, mend, planned

    chosen = {"select": select, "ignore": ignore}
    with _stops():
        if show:
            mended = Mended(planned(path, **chosen, seeds=seeds, as_of=day))
        else:
            mended = mend(path, **chosen, seeds=seeds, as_of=day)
    for each in mended.fixes:
        for done in () if show else each.done:
            typer.echo(f"{each.file}: {done}", err=True)
        if each.refused:
            typer.echo(f"{each.file}: left as it is: {each.refused}", err=True)
    for remark in mended.remarks:
        typer.echo(remark, err=True)
    return unified_diff(mended.fixes)


def _day(text: str) -> "dt.date | None":
    import datetime as dt

    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        _refuse(f"--as-of takes a day such as 2026-01-31, not {text!r}")


def _exit_code(report: "Report", fail_on: FailOn) -> int:
    from relations.validators.finding import Severity

    if report.failures:
        return FAULT
    return FINDINGS if report.fails_on(Severity(fail_on.value)) else OK


def _base(report: "Report", format_name: str) -> str:
    """The package's folder as seen from here, so that links find the file.

    A format for a service names files as they lie in the repository, wherever in it the job
    works. Of what lies in a zip, the zip itself: there is no such file beside it.
    """
    from relations.validators.package.files import ARCHIVE, is_address

    zipped = report.path.lower().endswith(ARCHIVE)
    if is_address(report.path):
        return report.path if zipped else report.path.rpartition("/")[0]
    folder = Path(report.path) if zipped else Path(report.path).parent
    here = Path.cwd()
    repository = os.environ.get(REPOSITORY.get(format_name, ""), "")
    if repository and folder.resolve().is_relative_to(Path(repository).resolve()):
        folder = folder.resolve().relative_to(Path(repository).resolve())
    elif folder.is_absolute() and folder.is_relative_to(here):
        folder = folder.relative_to(here)
    return "" if folder == Path() else folder.as_posix()


def _default_format() -> OutputFormat:
    if os.environ.get("GITHUB_ACTIONS") == "true":
        return OutputFormat.github
    return OutputFormat.full if sys.stdout.isatty() else OutputFormat.concise


def _width() -> int:
    import shutil

    return shutil.get_terminal_size((100, 24)).columns


def _codes(text: str) -> list[str]:
    return [code.strip() for code in text.split(",") if code.strip()]


def _refuse_own(output_file: Path, path: "Given") -> None:
    from relations.validators.package.own_files import refuse_own

    with _stops():
        refuse_own(output_file, path)


def _deliver(text: str, output_file: Path | None) -> None:
    if output_file is None:
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except BrokenPipeError:
            # What was found is told by the exit code still.
            _write_to_nobody()
        except OSError as error:
            _write_to_nobody()
            _refuse(f"the report cannot be written: {error.strerror}")
        return
    from relations.validators.atomic import deliver

    try:
        deliver(output_file, text.encode("utf-8"))
    except OSError as error:
        _refuse(f"{output_file} cannot be written: {error.strerror}")


def _write_step_summary(text: str) -> None:
    target = os.environ.get("GITHUB_STEP_SUMMARY")
    if not target:
        return
    try:
        with Path(target).open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        # The report is there all the same, and so is its exit code.
        typer.echo(f"relations: {target} cannot be written: {error.strerror}", err=True)


@app.command()
def rules(
    code: Annotated[
        str,
        typer.Argument(
            metavar="[CODE]",
            help="Explain this rule.",
            show_default=False,
            autocompletion=_complete_codes,
        ),
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
    from relations.validators.building.build import plan, rebuild

    with _stops():
        stale = [each for each in plan(path) if each.stale] if check_only else rebuild(path)
    for derived in stale:
        typer.echo(
            f"{derived.name} is stale: run `relations build`"
            if check_only
            else f"{derived.name} rebuilt"
        )
    if not stale:
        typer.echo("everything is up to date")
    raise typer.Exit(FINDINGS if stale and check_only else OK)


Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="COLUMN=VALUE",
        help="A cell; repeat it.",
        show_default=False,
        autocompletion=_complete_settings,
    ),
]


class TextFormat(enum.StrEnum):
    """How `cite` and `trace` write what they found."""

    full = "full"
    json = "json"
    markdown = "markdown"


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the package goes.")],
    country: Annotated[
        list[str],
        typer.Option(metavar="CODE", help="A country, as AZE; give two or more."),
    ],
    title: Annotated[str, typer.Option(help="Title of the package.", show_default=False)] = "",
    name: Annotated[
        str, typer.Option(help="Name of the package; default: the codes.", show_default=False)
    ] = "",
) -> None:
    """Begin a package for other countries; `relations check` passes on it as it stands."""
    from relations.cli.output import curating
    from relations.validators.curating.new_package import begin

    with _refusals():
        sys.stdout.write(curating.begun(begin(folder, country, title=title, name=name), folder))


@app.command()
def cite(
    source: Annotated[
        str,
        typer.Argument(
            help="Id or file name of a source; may be left out where there is only one.",
            show_default=False,
            autocompletion=_complete_sources,
        ),
    ] = "",
    text: Annotated[
        str,
        typer.Argument(
            help="Words of the source, ... for those left out; - reads standard input.",
            show_default=False,
        ),
    ] = "",
    add_file: Annotated[
        Path | None,
        typer.Option("--add", metavar="FILE", help="Make a source of a text.", show_default=False),
    ] = None,
    settings: Settings = None,
    at: Annotated[
        str,
        typer.Option(metavar="START:END", help="Cite by range, not words.", show_default=False),
    ] = "",
    hit: Annotated[
        int | None, typer.Option(metavar="N", help="Which of several places.", show_default=False)
    ] = None,
    wanted: Annotated[
        list[str] | None,
        typer.Option(
            "--for",
            metavar="TABLE/ROW[/COLUMN]",
            help="Add evidence for this; …/facts: for the row and all that is due. Repeat it.",
            show_default=False,
            autocompletion=_complete_targets,
        ),
    ] = None,
    basis: Annotated[str, typer.Option(help="stated or inferred.")] = "stated",
    voice: Annotated[str, typer.Option(help="author, quoted or reported.")] = "author",
    stance: Annotated[str, typer.Option(help="supports or contradicts.")] = "supports",
    note: Annotated[str, typer.Option(help="How it is inferred.", show_default=False)] = "",
    output_format: Annotated[TextFormat, typer.Option(help="full or json.")] = TextFormat.full,
    seeds: SeedsOption = None,
    package: PackageOption = None,
) -> None:
    """Find a passage in a source; with --for, add it as evidence; with --add, a new source."""
    from relations.cli.output import curating
    from relations.validators.curating import bench, citing, targets

    of_evidence = {
        "--basis": basis != "stated",
        "--voice": voice != "author",
        "--stance": stance != "supports",
        "--note": bool(note),
    }
    with _refusals():
        if add_file:
            alone = {"TEXT": bool(source or text), "--at": bool(at), "--hit": hit is not None}
            _refuse_without("--add", alone | {"--for": bool(wanted)} | of_evidence)
            _add_source(add_file, settings or [], seeds, package)
            return
        if settings:
            _refuse("--set says something of a new source: give the file of it with --add")
        if not wanted and any(of_evidence.values()):
            said = next(name for name, given in of_evidence.items() if given)
            _refuse(f"{said} says something of evidence: give what it is for with --for")
        if not (text or at):
            # With one argument it is the passage, and the source the only one there is.
            source, text = "", source
        if not (text or at) or targets.table_of(text) == "sources":
            _refuse("give the words of a passage, or its range with --at")
        if output_format is TextFormat.markdown:
            _refuse("a passage is written in full or as json")
        as_json = output_format is TextFormat.json
        if not wanted:
            found = _passage(bench.open_bench(package, seeds=seeds), source, text, at, hit)
            sys.stdout.write(
                curating.located_json(found) if as_json else curating.located(found, _paint())
            )
            return
        with bench.bench(package, seeds=seeds) as change:
            found = _passage(change, source, text, at, hit)
            about = [each for name in wanted for each in targets.targets(change, name)]
            given = {"basis": basis, "voice": voice, "stance": stance, "note": note}
            ids = [(citing.cite(change, each, found, **given), str(each)) for each in about]
            verdict = change.judge()
            change.write()
        sys.stdout.write(
            curating.located_json(found, ids)
            if as_json
            else curating.written(curating.cited(ids, found), verdict, _paint())
        )


def _refuse_without(option: str, given: dict[str, bool]) -> None:
    """Refuse what would be left undone without a word."""
    said = [name for name, is_given in given.items() if is_given]
    if said:
        _refuse(f"{option} makes a source and cites nothing: leave out {' and '.join(said)}")


def _passage(change: "Bench", source: str, text: str, at: str, hit: int | None) -> "Span":
    from relations.validators.curating import citing

    found = citing.source(change, source)
    if at:
        return citing.at_range(found, at)
    if text == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "replace").rstrip("\n")
    return citing.one_hit(found, text, hit)


def _add_source(file: Path, settings: list[str], seeds: Path | None, package: str | None) -> None:
    from relations.cli.output import curating
    from relations.validators.curating import bench, new_row, new_source

    with bench.bench(package, seeds=seeds) as change:
        given = new_row.given_cells(change, "sources", settings)
        row = new_source.add_source(change, file, given)
        verdict = change.judge()
        change.write()
    sys.stdout.write(curating.written(curating.new_source(row), verdict, _paint()))


@app.command()
def add(
    table: Annotated[str, typer.Argument(help="The table.", autocompletion=_complete_tables)],
    settings: Settings = None,
    source: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="SOURCE",
            help="Source of the passages; may be left out where there is only one.",
            show_default=False,
            autocompletion=_complete_sources,
        ),
    ] = "",
    passages: Annotated[
        list[str] | None,
        typer.Option(
            "--cite",
            metavar="[COLUMN,…=]TEXT",
            help="Words (or START:END) that support the row, or some cells of it. Repeat it.",
            show_default=False,
        ),
    ] = None,
    inferred: Annotated[
        list[str] | None,
        typer.Option(
            "--infer",
            metavar="COLUMN=HOW",
            help="A cell that is concluded and not stated. Repeat it.",
            show_default=False,
        ),
    ] = None,
    voice: Annotated[str, typer.Option(help="author, quoted or reported.")] = "author",
    seeds: SeedsOption = None,
    package: PackageOption = None,
) -> None:
    """Add a row and its evidence: asked for on a terminal, or given with --set and --cite."""
    from relations.cli.output import curating
    from relations.validators.curating import bench, new_row

    asked: contextlib.AbstractContextManager[Answers | None] = (
        contextlib.nullcontext()
        if settings or passages or inferred
        else _asked(table, source, voice, seeds, package)
    )
    with asked as answers, _refusals():
        with bench.bench(package, seeds=seeds) as change:
            if answers:
                given, support, how = answers.cells, answers.supports, answers.inferred
            else:
                given = new_row.given_cells(change, table, settings or [])
                support = new_row.supports(change, table, source, passages or [])
                how = new_row.inferences(change, table, inferred or [])
            row = new_row.whole_row(change, table, given)
            cited = new_row.add_row(change, table, row, support, inferred=how, voice=voice)
            verdict = change.judge()
            change.write()
        what = [curating.added(row, table, cited)]
        sys.stdout.write(curating.written(what, verdict, _paint()))


@contextlib.contextmanager
def _asked(
    table: str, source: str, voice: str, seeds: Path | None, package: str | None
) -> "Iterator[Answers]":
    """What a person answers. Where the command comes to nothing, they get it back as another."""
    from relations.cli.asking import Answers, Terminal, ask_row
    from relations.cli.output import curating
    from relations.cli.typing_line import read_line
    from relations.validators.curating import bench, citing, new_row

    answers = Answers()
    try:
        with _refusals():
            # Without the lock: a person may take an hour.
            change = bench.open_bench(package, seeds=seeds)
            new_row.known_columns(change, table)
            if not sys.stdin.isatty():
                _refuse("there is no terminal to ask on: give the cells with --set COLUMN=VALUE")
            if source:
                citing.source(change, source)
            # What cannot be written to at all is not to be found out after the last answer.
            change.judge()
            try:
                terminal = Terminal(read_line, typer.echo, _paint())
                ask_row(change, table, terminal, answers, source)
            except (EOFError, KeyboardInterrupt):
                _refuse("no more answers; nothing was written")
        yield answers
    except BaseException:
        if answers.cells:
            sys.stdout.write(curating.as_command(table, answers, voice))
        raise


@app.command()
def trace(
    row: Annotated[
        str,
        typer.Argument(
            metavar="[ROW_ID]",
            help="The key of a row, as V0003, or TABLE/ROW.",
            show_default=False,
            autocompletion=_complete_ids,
        ),
    ] = "",
    coverage: Annotated[
        bool,
        typer.Option("--coverage", help="Count what is cited, and find what is unread, instead."),
    ] = False,
    output_format: Annotated[
        TextFormat, typer.Option(help="full, json or markdown.")
    ] = TextFormat.full,
    seeds: SeedsOption = None,
    package: PackageOption = None,
) -> None:
    """Show a row with what it rests on: for every cell the evidence, and its passage."""
    from relations.cli.output import covering, tracing
    from relations.validators.tracing.coverage import coverage as counted
    from relations.validators.tracing.row_trace import trace as follow

    if coverage == bool(row):
        _refuse("give the key of a row, or --coverage")
    with _stops():
        opened = _open_to_read(package, seeds)
        found = counted(opened) if coverage else follow(opened, row)
    to = covering if coverage else tracing
    if output_format is TextFormat.full:
        sys.stdout.write(to.full(found, _paint()))
    else:
        sys.stdout.write(getattr(to, f"as_{output_format.value}")(found))


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="A folder, a zip, or a git revision, as HEAD~1.")],
    new: Annotated[
        str,
        typer.Argument(help="The same; default: the package as it is here.", show_default=False),
    ] = "",
    output_format: Annotated[
        TextFormat, typer.Option(help="full, json or markdown.")
    ] = TextFormat.full,
    check_version: Annotated[
        bool,
        typer.Option("--check-version", help="Exit 1 where the version does not go far enough."),
    ] = False,
    package: PackageOption = None,
) -> None:
    """Compare two editions, cell by cell, and say which version step follows from it.

    Exits with 1 where an id stands for something else now.
    """
    from relations.cli.output import comparing
    from relations.validators.comparing.comparison import compare
    from relations.validators.comparing.edition import open_edition
    from relations.validators.package.files import locate

    with _stops():
        before = open_edition(old, package)
        new = new or str(package or locate(None).parent)
        found = compare(before, open_edition(new, package))
    if output_format is TextFormat.full:
        sys.stdout.write(comparing.full(found, _paint()))
    else:
        sys.stdout.write(getattr(comparing, f"as_{output_format.value}")(found))
    wrong = found.errors or (check_version and not found.version.fits)
    raise typer.Exit(FINDINGS if wrong else OK)


def _open_to_read(path: str | None, seeds: Path | None) -> "Package":
    import datetime as dt

    from relations.validators.package.package import Package, open_package
    from relations.validators.package.sources import source_texts

    source, descriptor, root = open_package(path)
    return Package.open(source, descriptor, source_texts(root, seeds), dt.date.today())


@contextlib.contextmanager
def _stops() -> Iterator[None]:
    """What stops a command: one line, and the exit code for its kind."""
    from relations.validators.package.files import Unreadable
    from relations.validators.stop import CannotDo, NotChecked, NotSound, UnknownRule

    try:
        yield
    except (CannotDo, Unreadable) as error:
        _refuse(str(error))
    except UnknownRule as error:
        _refuse_rule(str(error))
    except NotSound as error:
        _stop(str(error), FINDINGS)
    except NotChecked as error:
        _stop(str(error), FAULT)
    except BrokenPipeError:
        raise
    except OSError as error:
        _refuse(f"{error.filename or 'the disk'}: {error.strerror or error}")


@contextlib.contextmanager
def _refusals() -> Iterator[None]:
    """The same, and what the rules refuse of a change, as findings and exit code 1."""
    from relations.cli.output import curating
    from relations.validators.curating.citing import NotThere, Several
    from relations.validators.curating.refusal import Refused

    with _stops():
        try:
            yield
        except (Refused, NotThere, Several) as error:
            sys.stdout.write(curating.said(error, _paint()))
            raise typer.Exit(FINDINGS) from None


def _paint() -> "Paint":
    from relations.cli.output.ansi import Paint

    return Paint(sys.stdout.isatty() and "NO_COLOR" not in os.environ)


@app.command()
def browse(
    path: ReadPath = None,
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
    seeds: SeedsOption = None,
    as_of: AsOfOption = "",
) -> None:
    """Build the web page of a package: timeline, people, tables, evidence, downloads."""
    from importlib.metadata import version

    from relations.cli.output.site.pages import render
    from relations.cli.output.statistics import counted
    from relations.validators.atomic import staged_folder
    from relations.validators.browsing.site import gather
    from relations.validators.check import examine
    from relations.validators.finding import Severity
    from relations.validators.package.own_files import refuse_own

    with _stops():
        refuse_own(output, path)
        report, package = examine(path, seeds=seeds, as_of=_day(as_of))
    stopped = _exit_code(report, FailOn.error)
    if stopped and not allow_errors:
        errors = report.count(Severity.ERROR)
        failed = counted(len(report.failures), "rule")
        typer.echo(
            f"relations: nothing was built: the check finds {counted(errors, 'error')} and "
            f"{failed} that could not run; see `relations check`, or build it all the same with "
            "--allow-errors",
            err=True,
        )
        raise typer.Exit(stopped)
    with _stops():
        site = gather(report, package, exports=exports, with_passages=with_passages)
        files = render(site, version("bilateral-relations"))
        output.parent.mkdir(parents=True, exist_ok=True)
        with staged_folder(output, force=force) as folder:
            for name, data in files.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(data)
    if site.why_no_release:
        typer.echo(f"relations: no zip to download on it: {site.why_no_release}", err=True)
    size = sum(map(len, files.values()))
    typer.echo(f"{output / 'index.html'}: {len(files)} files, {size / 1e6:.1f} MB")


class ExportFormat(enum.StrEnum):
    """What `relations export` writes."""

    sqlite = "sqlite"
    parquet = "parquet"
    xlsx = "xlsx"
    jsonld = "jsonld"
    ftm = "ftm"
    croissant = "croissant"
    panel = "panel"


@app.command()
def export(
    export_format: Annotated[
        ExportFormat, typer.Argument(metavar="FORMAT", help="|".join(ExportFormat))
    ],
    path: ReadPath = None,
    output: Annotated[
        Path | None,
        typer.Option(help="Where to; default: name and version, here.", show_default=False),
    ] = None,
    allow_errors: Annotated[
        bool, typer.Option("--allow-errors", help="Export it even where the check finds errors.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there already.")] = False,
    base_url: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="Where the files are published, for jsonld and croissant.",
            show_default=False,
        ),
    ] = "",
    seeds: SeedsOption = None,
    as_of: AsOfOption = "",
) -> None:
    """Check a package, then write it as a database, a workbook, linked data or a panel."""
    from relations.validators.exporting.formats import FORMATS

    wanted = next(each for each in FORMATS if each.name == export_format.value)
    if wanted.missing:
        _refuse(wanted.missing)
    from relations.validators.exporting.export import export as run

    day = _day(as_of)
    with _stops():
        target = run(
            wanted,
            path,
            output,
            allow_errors=allow_errors,
            force=force,
            base_url=base_url,
            seeds=seeds,
            as_of=day,
        )
    typer.echo(target)


@app.command()
def pack(
    path: PackagePath = None,
    output: Annotated[
        Path | None,
        typer.Option(help="The zip; default: name and version, here.", show_default=False),
    ] = None,
    previous: Annotated[
        Path | None,
        typer.Option(
            metavar="OLD.zip",
            help="The last release, which the version has to follow.",
            show_default=False,
        ),
    ] = None,
    allow_warnings: Annotated[
        bool, typer.Option("--allow-warnings", help="Release it with warnings.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there already.")] = False,
    seeds: SeedsOption = None,
    as_of: AsOfOption = "",
) -> None:
    """Put a package that checks clean into a zip to release: the same input, the same bytes."""
    from relations.validators.packing.release import pack as run

    day = _day(as_of)
    with _stops():
        made = run(
            path,
            output,
            previous=previous,
            allow_warnings=allow_warnings,
            force=force,
            seeds=seeds,
            as_of=day,
        )
    typer.echo(f"{made.path}: {len(made.files)} files, {made.size} bytes, sha256:{made.sha256}")


def _stop(message: str, code: int) -> NoReturn:
    """One line on standard error, and this exit code."""
    from relations.cli.output.escaping import visible

    typer.echo(f"relations: {visible(message)}", err=True)
    raise typer.Exit(code)


def _refuse(message: str) -> NoReturn:
    """One line on standard error, and exit code 2."""
    _stop(message, USAGE)


def _refuse_rule(code: str) -> NoReturn:
    from relations.validators.nearest import did_you_mean
    from relations.validators.registry import RULES

    hint = did_you_mean(code, [rule.code for rule in RULES], "see `relations rules`")
    _refuse(f"there is no rule {code!r}; {hint}")


def _run() -> None:
    """Run the command that the arguments name; some, plainly asked for, without Typer's imports."""
    name, *arguments = sys.argv[1:] or [""]
    quick: dict[str, Callable[..., None]] = {"check": check, "rules": rules}
    if name in quick and COMPLETION not in os.environ:
        from relations.cli.plain_arguments import plain_arguments

        plain = plain_arguments(quick[name], arguments)
        if plain is not None:
            try:
                quick[name](**plain)
            except typer.Exit as end:
                sys.exit(end.exit_code)
            except KeyboardInterrupt:
                sys.exit(INTERRUPTED)
            return
    app()


def _is_text(argument: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in argument)


def _write_to_nobody() -> None:
    """Go on where the reader, `head` for one, has seen enough."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _open_streams() -> None:
    """Have both streams: a caller may have closed one, and reports are UTF-8 whatever the
    locale says."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # It is needed to the end of the process, which closes it.
            nobody = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
            setattr(sys, name, nobody)
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")


def main() -> None:
    """The entry point: whatever goes wrong inside is one line and exit code 3."""
    # Imports make many objects and no garbage: to look for it among them costs a tenth of a check.
    gc.set_threshold(100_000, 50, 50)
    _open_streams()
    try:
        _run()
    except BrokenPipeError:
        _write_to_nobody()
        sys.exit(OK)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception as error:
        from relations.validators.stop import was_interrupted

        if was_interrupted(error):
            sys.exit(INTERRUPTED)
        if isinstance(error, OSError) and error.filename is None and error.errno == errno.ENOSPC:
            # Of what commands write, they name the file: this is where their output goes.
            _write_to_nobody()
            print(f"relations: the output cannot be written: {error.strerror}", file=sys.stderr)
            sys.exit(USAGE)
        if isinstance(error, UnicodeEncodeError) and not all(map(_is_text, sys.argv)):
            # Names of files may have such bytes; where text goes, they do not get through.
            print("relations: an argument has bytes that are no text in UTF-8", file=sys.stderr)
            sys.exit(USAGE)
        if os.environ.get("RELATIONS_DEBUG"):
            raise
        message = f"{type(error).__name__}: {error}"
        print(f"relations: a fault of the tool itself: {message}", file=sys.stderr)
        print("Set RELATIONS_DEBUG=1 to see where.", file=sys.stderr)
        sys.exit(FAULT)
    finally:
        # Nor at the end: all of it goes with the process.
        gc.freeze()
