"""Reports made by hand, to hold the renderers against: fixed, hostile, clean, and as long as
wanted. None of them depends on the catalogue of rules or on a package."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from relations.validators.finding import (
    Failure,
    Finding,
    Location,
    Report,
    Severity,
    Skip,
    Spans,
    fingerprint,
    sort_key,
)
from relations.validators.rule import Rule


def _rule(
    code: str,
    family: str,
    severity: Severity,
    manual: str,
    needs: tuple[str, ...] = (),
    fixable: bool = False,
) -> Rule:
    return Rule(
        code,
        family,
        severity,
        manual,
        bad=(),
        find=lambda package: (),  # noqa: ARG005
        needs=needs,
        fixable=fixable,
    )


RULES = (
    _rule(
        "ragged-row",
        "file",
        Severity.ERROR,
        "A row has more or fewer cells than the header.\n\nNearly always a comma too many.\n",
    ),
    _rule(
        "stray-space",
        "file",
        Severity.ERROR,
        "A cell begins or ends with white space.\n\nNobody sees it, and `EST ` is not `EST`.\n",
        fixable=True,
    ),
    _rule(
        "stale-descriptor",
        "descriptor",
        Severity.WARNING,
        "The descriptor does not describe the files as they are.\n\nIt may be:\n\n"
        "- a hash\n- a size, or\n  a count\n",
    ),
    _rule(
        "unknown-reference",
        "key",
        Severity.ERROR,
        "A cell refers to a row that does not exist.\n\nOften an id that is off by one digit.\n",
    ),
    _rule(
        "end-before-start",
        "date",
        Severity.ERROR,
        "Something ends before it begins.\n\nAn error only where it is certain.\n",
        needs=("visits.start_date", "visits.end_date", "terms.start_date"),
    ),
    _rule(
        "lead-from-elsewhere",
        "consistency",
        Severity.WARNING,
        "The lead of a visit comes from another country.\n\nIt may be so; mostly it is a slip.\n",
        needs=("visits.lead_official_id", "officials.country"),
    ),
    _rule(
        "text-not-present",
        "evidence",
        Severity.INFO,
        "The text of a source is not here.\n\nIts spans could not be verified.\n",
        needs=("sources",),
    ),
    _rule(
        "span-differs",
        "evidence",
        Severity.ERROR,
        "A cited passage is not what the source has there.\n\nThe digest says so.\n",
        needs=("evidence", "sources"),
    ),
)
ROW_COUNTS = (
    ("countries", 2),
    ("officials", 3),
    ("terms", 3),
    ("visits", 3),
    ("sources", 1),
    ("evidence", 14),
)
VERSION = "1.2.3"

VISIT = "V0002,State visit to Estonia,ISL,ETS,state,bilateral,head_of_state,P0001,2022-05-16"
NOTE = 'V0003,"A visit, with talks",EST,ISL,working,bilateral,minister,P0002,2023-03-02,2023-03-01'


def _finding(
    code: str,
    message: str,
    hint: str,
    location: Location,
    excerpt: str | None = None,
    table: str | None = None,
    key: str | None = None,
    field: str | None = None,
    value: str | None = None,
    related: tuple[Location, ...] = (),
) -> Finding:
    rule = next(rule for rule in RULES if rule.code == code)
    return Finding(
        code=code,
        severity=rule.severity,
        message=message,
        hint=hint,
        location=location,
        table=table,
        key=key,
        field=field,
        value=value,
        related=related,
        fixable=rule.fixable,
        fingerprint=fingerprint(code, table or location.file, key, field, value, 0),
        excerpt=excerpt,
    )


def _at(line: str, cell: str, file: str, number: int) -> Location:
    start = line.index(cell) + 1
    return Location(file, number, start, start + len(cell))


OFFICIAL = "P0003,王毅 Wáng Yì,王,毅,王毅,,ISL ,Q1,"
WIDE = (
    "C0007,visits,V0002,start_date,R0001,1040,1052,"
    + "a3f5" * 16
    + ",inferred,supports,author,the year is that of the visit before it"
)

FINDINGS = (
    _finding(
        "stale-descriptor",
        "the descriptor says 12 rows of `evidence` and the file has 14",
        "run `relations build`",
        Location("datapackage.json"),
    ),
    _finding(
        "stray-space",
        "there is white space at an end of the cell",
        "remove it",
        _at(OFFICIAL, "ISL ", "datapackage/officials.csv", 4),
        OFFICIAL,
        "officials",
        "P0003",
        "country",
        "ISL ",
    ),
    _finding(
        "ragged-row",
        "the row has 4 cells where the header has 8",
        "find the comma too many or too few",
        Location("datapackage/terms.csv", 3),
        "T0002,P0002,G0001,Minister",
        "terms",
    ),
    _finding(
        "unknown-reference",
        "there is no row `ETS` in countries",
        "did you mean `EST`?",
        _at(VISIT, "ETS", "datapackage/visits.csv", 3),
        VISIT,
        "visits",
        "V0002",
        "host_country",
        "ETS",
        (Location("datapackage/countries.csv", 1),),
    ),
    _finding(
        "lead-from-elsewhere",
        "the lead, P0001, is of EST, and the visit is one of ISL",
        "correct the lead or the visiting country",
        _at(VISIT, "P0001", "datapackage/visits.csv", 3),
        VISIT,
        "visits",
        "V0002",
        "lead_official_id",
        "P0001",
        (Location("datapackage/officials.csv", 2, 45, 48), Location("datapackage/terms.csv", 2)),
    ),
    _finding(
        "end-before-start",
        "the end, 2023-03-01, is before the start, 2023-03-02",
        "correct one of the two",
        _at(NOTE, "2023-03-01", "datapackage/visits.csv", 4),
        NOTE,
        "visits",
        "V0003",
        "end_date",
        "2023-03-01",
    ),
    _finding(
        "span-differs",
        "the source has another text from 1040 to 1052",
        "find the passage again with `relations cite`",
        _at(WIDE, "a3f5" * 16, "datapackage/evidence.csv", 8),
        WIDE,
        "evidence",
        "C0007",
        "span_sha256",
        "a3f5" * 16,
    ),
    _finding(
        "text-not-present",
        "the text of R0001 is not here, so 13 of its spans were not verified",
        "put R0001.txt into seeds/",
        Location("datapackage/sources.csv", 2),
        "R0001,Chronicle,,,,,,book,,R0001.txt,,,",
        "sources",
        "R0001",
        "file",
        "R0001.txt",
    ),
)

FIXED = Report(
    name="estonia-iceland",
    version="0.3.0",
    path="/data/estonia-iceland/datapackage.json",
    spans=Spans(cited=14, verified=0, unverified=13),
    findings=tuple(sorted(FINDINGS, key=sort_key)),
    skipped=(
        Skip("end-before-start", "terms", "the column start_date is missing"),
        Skip("unknown-reference", "engagements", "the file is missing"),
        Skip("stray-space", "engagements", "the file is missing"),
    ),
    failures=(Failure("lead-from-elsewhere", "ZeroDivisionError: division by zero"),),
    row_counts=ROW_COUNTS,
    ran=tuple(rule.described for rule in RULES),
    suppressed=((replace(FINDINGS[4], key="V0001"), "He had two passports."),),
    seconds=0.84,
)

CLEAN = Report(
    name="estonia-iceland",
    version="0.3.0",
    path="/data/estonia-iceland/datapackage.json",
    spans=Spans(cited=14, verified=14),
    findings=(),
    row_counts=ROW_COUNTS,
    ran=tuple(rule.described for rule in RULES),
    seconds=0.84,
)


HOSTILE_TEXTS = (
    "\x1b[31mred\x1b]0;title\x07",
    "::error::broken",
    "\n::error file=x::broken\n",
    "##[error]broken",
    "]]><!-- --><![CDATA[",
    "<script>window.hurt = 1</script>",
    "</script><script>window.hurt = 1</script>",
    '"><img src=x onerror="window.hurt = 1">',
    "\u202eright to left\u2066",
    "zero\u200bwidth\u2060\ufeff\u00adhere",
    "\u3164\u034f\ufe0f",
    "line\r\nbreak\u2028\u2029\u0085\x0b\x0c",
    "nul\x00, bell\x07, delete\x7f, \x9b31m",
    "lone \ud800 surrogate \udfff",
    "not a character \ufffe\uffff",
    "a | b `c` ``d`` ` *e* _f_ ~g~",
    "[click](https://example.org) ![image](https://example.org/x.png)",
    "https://example.org www.example.org someone@example.org @someone #1 GH-1",
    "# heading\n- list\n\n    code\n```\nfence",
    "100% %0A %25 a:b,c",
    "{0} {1}",
    "&amp; &lt; &#27;",
    "'; alert(1) //",
    "e" + "\u0301" * 400,
    "x" * 5_000,
)


def hostile(text: str) -> Report:
    """A report with ``text`` wherever a package or a crash can put its own words."""
    location = Location(text, 2, 3, 3 + len(text))
    finding = Finding(
        code="unknown-reference",
        severity=Severity.ERROR,
        message=f"there is no row `{text}` in {text}",
        hint=f"did you mean {text}?",
        location=location,
        table=text,
        key=text,
        field=text,
        value=text,
        related=(location,),
        fingerprint=fingerprint("unknown-reference", text, text, text, text, 0),
        excerpt=f"V1{text},rest",
    )
    return Report(
        name=text,
        version=text,
        path=text,
        spans=Spans(),
        findings=(finding,),
        skipped=(Skip("end-before-start", text, text), Skip("stray-space", text, text)),
        failures=(Failure("span-differs", text),),
        row_counts=((text, 1),),
        ran=tuple(rule.described for rule in RULES),
        suppressed=((finding, text),),
    )


def long(count: int) -> Report:
    """A report of ``count`` findings: half of one rule, the rest of two others."""
    return replace(FIXED, failures=(), findings=tuple(_many(count)))


def _many(count: int) -> Iterable[Finding]:
    reference, span, lead = FINDINGS[3], FINDINGS[6], FINDINGS[4]
    for number in range(count):
        model = (reference, span, reference, lead)[number % 4]
        key = f"{(model.key or '')[0]}{number + 1:04}"
        line = (model.excerpt or "").replace(model.key or "", key, 1)
        cell = model.value or ""
        yield replace(
            model,
            key=key,
            excerpt=line,
            location=_at(line, cell, model.location.file, number + 2),
            fingerprint=fingerprint(model.code, model.table, key, model.field, cell, 0),
        )
