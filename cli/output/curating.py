"""What the commands say that find passages and write rows. Pure functions of what was found."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relations.cli.output.ansi import Paint
from relations.cli.output.escaping import brief, json_text, visible
from relations.cli.output.passages import in_context, opening

if TYPE_CHECKING:
    from relations.cli.asking import Answers
    from relations.validators.curating.bench import Row, Verdict
    from relations.validators.curating.citing import NotThere, Several, Span
    from relations.validators.curating.new_package import Begun
    from relations.validators.curating.refusal import Refused
    from relations.validators.finding import Finding

MOST_HITS = 20


def located(span: Span, paint: Paint) -> str:
    """Where a passage is: its range, its digest, and what stands around it."""
    return (
        f"{_range(span)}\nsha256 {span.sha256}\n  "
        f"{in_context(span.before, span.text, span.after, paint)}\n"
    )


def located_json(span: Span, ids: Sequence[tuple[str, str]] = ()) -> str:
    """The same for a program, with the evidence that was added, if any."""
    evidence = [{"evidence_id": evidence_id, "for": target} for evidence_id, target in ids]
    more = {"evidence": evidence} if evidence else {}
    return json_text({**_span(span), **more}, expand=1) + "\n"


def _span(span: Span) -> dict[str, Any]:
    return {
        "source_id": span.source_id,
        "char_start": span.start,
        "char_end": span.end,
        "span_sha256": span.sha256,
        "text": span.text,
    }


def _range(span: Span) -> str:
    return f"{span.source_id} {span.start}:{span.end}"


def several(hits: Sequence[Span], paint: Paint) -> str:
    """The places at which a passage stands, numbered for `--hit`."""
    lines = [f"the passage is there {len(hits)} times; pick one with --hit, or write more of it"]
    width = len(str(min(len(hits), MOST_HITS)))
    for number, hit in enumerate(hits[:MOST_HITS], 1):
        where = f"{number:>{width}}  {hit.start}:{hit.end}"
        lines.append(f"{where}  {in_context(hit.before, hit.text, hit.after, paint)}")
    if len(hits) > MOST_HITS:
        lines.append(f"{MOST_HITS} of {len(hits)} shown")
    return "\n".join(lines) + "\n"


def not_there(missing: NotThere, paint: Paint) -> str:
    """That a source does not have a passage, and how far it has it."""
    if missing.start is None:
        return f"{missing.source_id} has no such passage, nor the beginning of it\n"
    span = missing.start
    return (
        f"{missing.source_id} has no such passage. It begins like this, at {span.start}:\n  "
        f"{in_context(span.before, span.text, span.after, paint)}\n"
        f"and goes on otherwise than: {opening(missing.rest)}\n"
    )


def said(error: Refused | NotThere | Several, paint: Paint) -> str:
    """Why a passage or a change was not taken."""
    from relations.validators.curating.citing import NotThere, Several

    if isinstance(error, NotThere):
        return not_there(error, paint)
    if isinstance(error, Several):
        return several(error.hits, paint)
    return refused(error.findings, paint)


def refused(findings: Iterable[Finding], paint: Paint) -> str:
    """What the rules have against a change that was not made."""
    lines = ["nothing was written: the rules refuse it"]
    lines += [f"  {_finding(each, paint)}" for each in findings]
    return "\n".join(lines) + "\n"


def objection(finding: Finding) -> str:
    """What a rule has against an answer."""
    hint = f" ({visible(brief(finding.hint))})" if finding.hint else ""
    return f"{visible(brief(finding.message))}{hint} [{finding.code}]"


def _finding(finding: Finding, paint: Paint) -> str:
    where = " ".join(
        visible(part)
        for part in (finding.table or finding.location.file, finding.key, finding.field)
        if part
    )
    severity = paint(finding.severity.value, finding.severity.value)
    hint = f" ({visible(brief(finding.hint))})" if finding.hint else ""
    return f"{where}: {severity}[{finding.code}] {visible(brief(finding.message))}{hint}"


def written(what: Sequence[str], verdict: Verdict, paint: Paint) -> str:
    """What was added and to which files, what rules warn of, and what is still to come."""
    lines = [visible(each) for each in what]
    files = ", ".join(visible(each) for each in verdict.files)
    lines.append(f"written: {files}" + (", and what is built from them" if verdict.made else ""))
    lines += [_finding(each, paint) for each in verdict.warned]
    if verdict.awaited:
        lines.append("still to come:")
        lines += [f"  {_finding(each, paint)}" for each in verdict.awaited]
    return "\n".join(lines) + "\n"


def cited(ids: Sequence[tuple[str, str]], span: Span) -> list[str]:
    """The lines that say which evidence was added: ids and what each is for."""
    first, last = ids[0][0], ids[-1][0]
    which = first if first == last else f"{first} to {last}"
    about = ", ".join(target for _, target in ids)
    return [f"{which}: {_range(span)} for {about}"]


def added(row: Row, table: str, evidence: int) -> str:
    """That a row was added, and with how much evidence."""
    key = next(iter(row.values()))
    rows = f", cited by {evidence} rows of evidence" if evidence > 1 else ""
    return f"{key} added to {table}" + (", cited by a row of evidence" if evidence == 1 else rows)


def as_command(table: str, answers: Answers, voice: str) -> str:
    """What was answered, as the command that says the same without questions."""
    parts = [f"relations add {table}"]
    parts += [f"--set {shlex.quote(f'{name}={value}')}" for name, value in answers.cells.items()]
    for number, each in enumerate(answers.supports):
        if number == 0:
            parts.append(f"--from {shlex.quote(each.span.source_id)}")
        before = f"{','.join(each.columns)}=" if each.columns else ""
        parts.append(f"--cite {before}{each.span.start}:{each.span.end}")
    parts += [f"--infer {shlex.quote(f'{name}={how}')}" for name, how in answers.inferred.items()]
    if voice != "author":
        parts.append(f"--voice {shlex.quote(voice)}")
    lines = " \\\n  ".join(map(visible, parts))
    return f"what was answered, as a command to go on from:\n{lines}\n"


def new_source(row: Row) -> list[str]:
    """What became of a new source."""
    language = row["language"] or "not clear: give --set language="
    return [
        f"{row['source_id']}: {row['title']}",
        f"  {row['file']}, {row['char_length']} characters, language {language}",
    ]


def begun(new: Begun, name: Path) -> str:
    """What a new package consists of, and what to do next."""
    lines = [f"{visible(str(name))}: {len(new.written)} files written"]
    lines += [f"kept as it was: {visible(each)}" for each in new.kept]
    lines += [
        f"{code} is a code that ISO has withdrawn: say in countries.csv when the state ended"
        for code in new.withdrawn
    ]
    lines.append("next: relations cite --add FILE, with the text of a source")
    return "\n".join(lines) + "\n"
