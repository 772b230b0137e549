"""Rules about the descriptor, beyond their examples: places, words, and no second finding."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relations.schemas.descriptor import PROFILE_FILE
from relations.schemas.tables import TABLES
from relations.validators.check import check
from relations.validators.example import Cell, Edit, Remove, Replace, Write, bad
from relations.validators.finding import Finding, Report
from relations.validators.package.descriptor import Descriptor
from relations.validators.package.json_places import JsonPlaces, Steps, pointer
from relations.validators.package.profile import (
    explained,
    is_valid,
    violations,
    without_derived,
)
from relations.validators.registry import RULES
from support.editing import EXAMPLE_PACKAGE, edited

NAME = "datapackage.json"
CONTENT: dict[str, Any] = json.loads((EXAMPLE_PACKAGE / NAME).read_text("utf-8"))
DESCRIPTOR_RULES = {rule.code for rule in RULES if rule.family == "descriptor"}
FAMILIES = ("file", "descriptor")
CODES = tuple(rule.code for rule in RULES if rule.family in FAMILIES)

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)


def examined(root: Path) -> Report:
    report = check(root, select=CODES, as_of=dt.date(2026, 1, 1))
    assert report.failures == ()
    return report


def after(folder: Path, *edits: Edit, built: bool = False) -> Report:
    return examined(edited(bad(*edits, expect=(), built=built), folder))


def with_content(folder: Path, content: object) -> Report:
    text = json.dumps(content, indent=2, ensure_ascii=False)
    return after(folder, Write(NAME, text.encode("utf-8")))


def short(findings: tuple[Finding, ...]) -> list[tuple[str, int | None, str | None]]:
    return [(each.code, each.location.line, each.field) for each in findings]


def walk(value: object, steps: Steps = ()) -> dict[Steps, object]:
    found: dict[Steps, object] = {}
    members = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for step, inner in members:
        found[*steps, step] = inner
        found |= walk(inner, (*steps, step))
    return found


ODD: st.SearchStrategy[object] = st.sampled_from(
    [
        *(None, True, 0, -1, 1.5, 10**40, float("nan"), "", " ", "a b", "..", "/x", "x.csv\n", "é"),
        *("2024-05-16T12:00:00Z", "2024-05-16", "a@b", "https://example.org/", "any", "string"),
        *("csv", [], {}, ["a"], ["a", "a"], {"path": "a.csv"}, {"name": "a"}, {"type": "table"}),
    ]
)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.data())
def test_what_is_called_valid_at_once_is_valid(data: st.DataObject) -> None:
    schema = json.loads(PROFILE_FILE.read_text("utf-8"))
    content = json.loads(json.dumps(CONTENT))
    places = sorted(walk(content), key=str)
    for steps in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=2)):
        here = content
        try:
            for step in steps[:-1]:
                here = here[step]
            if steps:
                here[steps[-1]] = data.draw(ODD | values)
        except (KeyError, IndexError, TypeError):
            continue  # taken away by the first change
    assert is_valid(content, schema) == (list(explained(content, schema)) == [])


@given(values, st.sampled_from([None, 0, 3]))
@settings(max_examples=200, deadline=None)
def test_every_value_of_a_json_text_is_found_where_it_stands(
    value: Any, indent: int | None
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    places = JsonPlaces(text)
    found = walk(value)
    assert places.offsets.keys() == found.keys()
    assert places.repeated == []
    decoder = json.JSONDecoder()
    for steps, offset in places.offsets.items():
        expected = steps[-1] if isinstance(steps[-1], str) else found[steps]
        assert decoder.raw_decode(text, offset)[0] == expected


def test_names_that_are_there_twice_are_found_in_their_objects() -> None:
    text = '{"a": 1, "b": {"a": [{"x": [], "x": {}}]},\n "a": 2}'
    assert [(pointer(steps), text[offset:][:3]) for steps, offset in JsonPlaces(text).repeated] == [
        ("/b/a/0/x", '"x"'),
        ("/a", '"a"'),
    ]
    assert Descriptor(NAME, text.encode()).repeats_a_name
    assert Descriptor(NAME, text.encode()).place("a") == (2, 2)
    assert Descriptor(NAME, text.encode()).place("c") == (None, None)


def test_a_pointer_escapes_what_would_part_it() -> None:
    assert pointer(("a/b", 0, "~")) == "/a~1b/0/~0"


@pytest.mark.parametrize(
    ("data", "line", "column", "words"),
    [
        (b"", 1, 1, "a value should stand here"),
        (b'{"a": 1,}', 1, 8, "a comma stands before the closing brace"),
        (b'{"a": [1,\n ]}', 1, 9, "a comma stands before the closing bracket"),
        (b'{"a": 1, b', 1, 10, "a name in double quotation marks should stand here"),
        (b'{"a": [,]}', 1, 8, "a value should stand here"),
        (b'{"a" 1}', 1, 6, "a colon should stand here"),
        (b'{"a": [1 2]}', 1, 10, "a comma, or the end of the list or object"),
        (b'{"a": 1}\n}', 2, 1, "something stands after the end of the object"),
        (b'{"a": "b\n"}', 1, 9, "a line end or a tab stands within quotation marks"),
        (b'{"a": "b', 1, 7, "the quotation mark that opens here is never closed"),
        (b'{"a": "\\y"}', 1, 8, "a backslash stands before a character that needs none"),
        (b'{"a": "\\u12"}', 1, 9, "four hexadecimal digits should follow here"),
        (b'"text"', None, None, "it is not a JSON object"),
        (b'{"a": NaN}', 1, 7, "NaN is no JSON value"),
        (b'{"-Infinity": [1,\n -Infinity]}', 2, 2, "-Infinity is no JSON value"),
        (b'{"a": "\\ud800"}', 1, 7, "an escape stands for half of a character"),
        (b'{"a": "\\ud83d\\ude00",\n "\\udc00": 1}', 2, 2, "an escape stands for half of a"),
        (b'{"a": [1e308, -1e309]}', 1, 15, "a number is larger than programs can hold"),
        (b"[" * 100_000, None, None, "it is nested too deep"),
        (b'{"a": ' + b"9" * 5_000 + b"}", 1, 7, "a number has 5,000 digits"),
        ('{\n\t"é": "é'.encode() + b'\xe9"}', 2, 9, "byte 0xE9 is not UTF-8"),
    ],
)
def test_an_unreadable_descriptor_is_the_only_finding(
    data: bytes, line: int | None, column: int | None, words: str, tmp_path: Path
) -> None:
    report = after(tmp_path, Write(NAME, data))
    (finding,) = report.findings
    assert finding.code == "descriptor-unreadable"
    assert finding.message.startswith(f"the descriptor cannot be read: {words}")
    assert (finding.location.line, finding.location.column) == (line, column)
    silent = DESCRIPTOR_RULES - {"descriptor-unreadable"} | {"unlisted-file"}
    assert {(each.code, each.table, each.reason) for each in report.skipped} == {
        (code, None, "datapackage.json cannot be read") for code in silent
    }


@pytest.mark.parametrize(
    ("items", "twice"),
    [
        ([1, 1.0], True),
        ([0, -0.0], True),
        ([True, 1, "1", "true", None], False),
        ([{"a": 1, "b": [2]}, {"b": [2], "a": 1}], True),
        ([[1], [1, 1]], False),
        # Each compared with each other, these would take hours.
        ([{"a": number} for number in range(50_000)], False),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_list_has_an_item_twice_where_json_says_they_are_equal(
    items: list[Any], twice: bool
) -> None:
    fields = [{"name": "a", "type": "any", "constraints": {"enum": items}}]
    resource = {"name": "a", "path": "a.csv", "schema": {"fields": fields}}
    found = [(each.steps[-1], each.message) for each in violations({"resources": [resource]})]
    assert (("enum", "`enum` has an item twice") in found) is twice
    assert len(found) == 1 + twice  # and `$schema` is missing


def test_the_tables_are_judged_where_the_descriptor_cannot_be_read(tmp_path: Path) -> None:
    report = after(
        tmp_path,
        Cell("visits", "V0001", "title", "State visit "),
        Remove("datapackage/statements.csv"),
        Write(NAME, b"{"),
    )
    assert short(report.findings) == [
        ("descriptor-unreadable", 1, None),
        ("missing-file", None, None),
        ("stray-space", 2, "title"),
    ]


def test_a_byte_order_mark_does_not_keep_the_descriptor_from_being_read(tmp_path: Path) -> None:
    root = edited(bad(expect=()), tmp_path)
    (root / NAME).write_bytes(b"\xef\xbb\xbf" + (root / NAME).read_bytes())
    assert short(examined(root).findings) == [("descriptor-invalid", 1, None)]


def judged(**members: Any) -> list[tuple[str, str, str]]:
    """Pointer, message and hint of each violation of the example's descriptor so changed."""
    content = {key: value for key, value in (CONTENT | members).items() if value is not ...}
    return [(pointer(each.steps), each.message, each.hint) for each in violations(content)]


def with_resource(**members: Any) -> list[tuple[str, str, str]]:
    extra = {
        key: value
        for key, value in ({"name": "x", "path": "x.csv"} | members).items()
        if value is not ...
    }
    return judged(resources=[extra])


def test_the_example_is_within_the_standard_as_a_whole_and_in_part() -> None:
    assert judged() == []
    derived = {each["name"]: each for each in CONTENT["resources"]}
    rest = without_derived(CONTENT, derived, ())
    assert rest["resources"] == [
        {"name": table, "path": f"datapackage/{table}.csv"} for table in TABLES
    ]
    assert list(violations(rest)) == []


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        (
            {"$schema": ...},
            (
                "/$schema",
                "`$schema` is missing",
                "write `https://datapackage.org/profiles/2.0/datapackage.json`",
            ),
        ),
        (
            {"$schema": "https://example.org"},
            (
                "/$schema",
                "`$schema` does not name version 2.0 of the Data Package standard",
                "write `https://datapackage.org/profiles/2.0/datapackage.json`",
            ),
        ),
        (
            {"name": "Ä"},
            (
                "/name",
                "`Ä` cannot be the name of a package",
                "use lower-case letters, digits, `.`, `_` and `-` alone",
            ),
        ),
        ({"name": 5}, ("/name", "`name` is a whole number and should be text", "make it text")),
        ({"title": None}, ("/title", "`title` is nothing and should be text", "make it text")),
        ({"resources": ...}, ("/resources", "the descriptor lacks `resources`", "add `resources`")),
        (
            {"resources": []},
            ("/resources", "`resources` is an empty list", "add an item, or remove the list"),
        ),
        (
            {"resources": {}},
            ("/resources", "`resources` is an object and should be a list", "make it a list"),
        ),
        (
            {"resources": ["visits"]},
            (
                "/resources/0",
                "item 1 of `resources` is text and should be an object",
                "make it an object",
            ),
        ),
        (
            {"created": "2024-05-16"},
            (
                "/created",
                "`created` is `2024-05-16`",
                "it should be a date and time with its zone, such as `2024-05-16T12:00:00Z`",
            ),
        ),
        (
            {"homepage": "our page"},
            (
                "/homepage",
                "`homepage` is `our page`",
                "it should be an address, such as `https://example.org/`",
            ),
        ),
        (
            {"contributors": ["Ann"]},
            (
                "/contributors/0",
                "item 1 of `contributors` is text and should be an object",
                "make it an object",
            ),
        ),
        (
            {"contributors": [{}]},
            ("/contributors/0", "item 1 of `contributors` says nothing", "fill it, or remove it"),
        ),
        (
            {"contributors": [{"title": "Ann", "email": "ann"}]},
            ("/contributors/0/email", "`email` is `ann`", "it should be an e-mail address"),
        ),
        (
            {"licenses": [{"title": "Free"}]},
            ("/licenses/0", "item 1 of `licenses` lacks `name` or `path`", "add one of them"),
        ),
        (
            {"licenses": [{"name": "CC BY"}]},
            (
                "/licenses/0/name",
                "`name` is `CC BY`",
                "it should be made of letters, digits, `.`, `_` and `-`",
            ),
        ),
        (
            {"licenses": "CC0"},
            ("/licenses", "`licenses` is text and should be a list", "make it a list"),
        ),
        (
            {"version": 1.0},
            ("/version", "`version` is a number and should be text", "make it text"),
        ),
        (
            {"keywords": [True]},
            (
                "/keywords/0",
                "item 1 of `keywords` is true or false and should be text",
                "make it text",
            ),
        ),
    ],
)
def test_what_is_against_the_standard_is_said_in_words(
    members: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    assert judged(**members) == [expected]


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"name": ...}, ("/resources/0/name", "item 1 of `resources` lacks `name`", "add `name`")),
        (
            {"path": ...},
            ("/resources/0", "item 1 of `resources` lacks `data` or `path`", "add one of them"),
        ),
        (
            {"data": []},
            (
                "/resources/0",
                "item 1 of `resources` has both `path` and `data`",
                "keep one of the two",
            ),
        ),
        (
            {"path": "/etc/x.csv"},
            (
                "/resources/0/path",
                "`path` is `/etc/x.csv`",
                "it should be a path within the package, such as `datapackage/visits.csv`, "
                "or an address",
            ),
        ),
        (
            {"path": 5},
            (
                "/resources/0/path",
                "`path` is a whole number and should be text or a list",
                "make it text or a list",
            ),
        ),
        (
            {"path": []},
            ("/resources/0/path", "`path` is an empty list", "add an item, or remove the list"),
        ),
        ({"type": "tabel"}, ("/resources/0/type", "`type` is `tabel`", "use one of: table")),
        (
            {"bytes": "many"},
            (
                "/resources/0/bytes",
                "`bytes` is text and should be a whole number",
                "make it a whole number",
            ),
        ),
        (
            {"hash": "sha256:xyz"},
            (
                "/resources/0/hash",
                "`hash` is `sha256:xyz`",
                "it should be a digest in hexadecimal, such as `sha256:9f86…`",
            ),
        ),
        (
            {"mediatype": "csv"},
            (
                "/resources/0/mediatype",
                "`mediatype` is `csv`",
                "it should be a media type, such as `text/csv`",
            ),
        ),
        ({"schema": {}}, ("/resources/0/schema/fields", "`schema` lacks `fields`", "add `fields`")),
        (
            {"schema": {"fields": [{"type": "string"}]}},
            ("/resources/0/schema/fields/0/name", "item 1 of `fields` lacks `name`", "add `name`"),
        ),
        (
            {
                "schema": {
                    "fields": [{"name": "a", "type": "integer", "constraints": {"required": "yes"}}]
                }
            },
            (
                "/resources/0/schema/fields/0/constraints/required",
                "`required` is text and should be true or false",
                "make it true or false",
            ),
        ),
        (
            {"schema": {"fields": [{"name": "a", "constraints": {"enum": []}}]}},
            (
                "/resources/0/schema/fields/0/constraints/enum",
                "`enum` is an empty list",
                "add an item, or remove the list",
            ),
        ),
        (
            {"schema": {"fields": [{"name": "a"}], "fieldsMatch": ["exact"]}},
            (
                "/resources/0/schema/fieldsMatch",
                "`fieldsMatch` is a list and should be text",
                "make it text",
            ),
        ),
        (
            {"schema": {"fields": [{"name": "a"}], "primaryKey": ["a", "a"]}},
            (
                "/resources/0/schema/primaryKey",
                "`primaryKey` has an item twice",
                "remove one of the two",
            ),
        ),
        (
            {"schema": {"fields": [{"name": "a"}], "foreignKeys": [{"fields": ["a"]}]}},
            (
                "/resources/0/schema/foreignKeys/0/reference",
                "item 1 of `foreignKeys` lacks `reference`",
                "add `reference`",
            ),
        ),
    ],
)
def test_so_is_what_is_wrong_with_a_resource(
    members: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    assert with_resource(**members) == [expected]


def test_an_unknown_type_of_field_lists_those_that_there_are() -> None:
    ((place, message, hint),) = with_resource(schema={"fields": [{"name": "a", "type": "txt"}]})
    assert (place, message) == ("/resources/0/schema/fields/0/type", "`type` is `txt`")
    assert hint.startswith("use one of: string, number, integer,")
    assert " list," in hint


@pytest.mark.parametrize(
    ("created", "right"),
    [
        ("2024-05-16T12:00:00Z", True),
        ("2024-02-29t23:59:60.25+05:30", True),
        ("2024-05-16T12:00:00", False),
        ("2024-05-16 12:00:00Z", False),
        ("2023-02-29T12:00:00Z", False),
        ("2024-05-16T24:00:00Z", False),
        ("2024-05-16T12:00:00+2:00", False),
        ("2024-05-16T12:00:00+24:00", False),
    ],
)
def test_created_is_a_date_and_time_by_rfc_3339(created: str, right: bool) -> None:
    assert (judged(created=created) == []) is right


def changed(index: int, **members: Any) -> dict[str, Any]:
    """The example's descriptor with members of one resource changed, or removed by ``...``."""
    content: dict[str, Any] = json.loads(json.dumps(CONTENT))
    resource = content["resources"][index]
    for key, value in members.items():
        if value is ...:
            del resource[key]
        else:
            resource[key] = value
    return content


def test_what_is_against_the_standard_is_no_difference_as_well(tmp_path: Path) -> None:
    report = with_content(tmp_path, changed(5, encoding=5, bytes="many"))
    assert [(each.code, each.field) for each in report.findings] == [
        ("descriptor-invalid", "/resources/5/encoding"),
        ("descriptor-invalid", "/resources/5/bytes"),
    ]


@pytest.mark.parametrize(
    ("members", "field", "words"),
    [
        ({"schema": "visits.json"}, "/resources/5/schema", "`schema` differs"),
        ({"encoding": "latin-1"}, "/resources/5/encoding", "`encoding` differs"),
        ({"mediatype": ...}, "/resources/5/mediatype", "`mediatype` is missing"),
        ({"dialect": {"header": False}}, "/resources/5/dialect", "`dialect` is not in the model"),
        ({"path": ["datapackage/visits.csv"]}, "/resources/5/path", "`path` differs"),
    ],
)
def test_a_resource_that_differs_is_one_finding_at_the_first_place(
    members: dict[str, Any], field: str, words: str, tmp_path: Path
) -> None:
    (finding,) = with_content(tmp_path, changed(5, **members)).findings
    assert (finding.code, finding.table, finding.field) == ("schema-differs", "visits", field)
    assert finding.message == f"visits is not described as the model has it: {words}"
    assert finding.hint == "run `relations build`"


def test_a_schema_that_differs_is_named_at_its_innermost_place(tmp_path: Path) -> None:
    content = changed(5)
    fields = content["resources"][5]["schema"]["fields"]
    fields[4]["constraints"]["enum"][1] = "formal"
    del fields[6]["constraints"]
    (finding,) = with_content(tmp_path, content).findings
    assert finding.field == "/resources/5/schema/fields/4/constraints/enum/1"
    assert finding.excerpt == '                "formal",'


def test_true_is_not_one(tmp_path: Path) -> None:
    content = changed(5)
    content["resources"][5]["schema"]["fields"][0]["constraints"]["required"] = 1
    report = with_content(tmp_path, content)
    assert [(each.code, each.field) for each in report.findings] == [
        ("descriptor-invalid", "/resources/5/schema/fields/0/constraints/required")
    ]


def test_a_stale_resource_is_one_finding_that_lists_what_differs(tmp_path: Path) -> None:
    report = with_content(tmp_path, changed(5, rows=True, hash=..., bytes=1))
    (finding,) = report.findings
    size = (EXAMPLE_PACKAGE / "datapackage" / "visits.csv").stat().st_size
    assert finding.code == "descriptor-stale"
    assert finding.message == (
        "the descriptor and datapackage/visits.csv do not agree: "
        f"`bytes` is 1 and should be {size}, `hash` is not given, `rows` is True and should be 4"
    )
    assert finding.excerpt == '      "bytes": 1,'


def test_a_missing_file_is_not_stale_as_well(tmp_path: Path) -> None:
    report = after(tmp_path, Remove("datapackage/visits.csv"))
    assert short(report.findings) == [("missing-file", None, None)]
    stale = [each for each in report.skipped if each.code == "descriptor-stale"]
    assert [(each.table, each.reason) for each in stale] == [
        ("visits", "the file of visits is not there")
    ]


def test_a_misnamed_resource_is_one_finding(tmp_path: Path) -> None:
    (finding,) = with_content(tmp_path, changed(5, name="visit")).findings
    assert (finding.code, finding.table) == ("missing-table", "visits")
    assert finding.hint == "the resource `visit` is no table of the model: did you mean `visits`?"
    assert finding.excerpt == '      "name": "visit",'


def test_no_resources_at_all_is_one_finding(tmp_path: Path) -> None:
    report = with_content(tmp_path, CONTENT | {"resources": []})
    assert [(each.code, each.field) for each in report.findings] == [
        ("descriptor-invalid", "/resources")
    ]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("../visits.csv", "climbs out of the folder"),
        ("datapackage/../../visits.csv", "climbs out of the folder"),
        ("/etc/passwd", "is absolute"),
        ("~/visits.csv", "is absolute"),
        ("C:/visits.csv", "is absolute"),
        ("file:visits.csv", "is an address, not a file of the package"),
        ("http://example.org/visits.csv", "is an address, not a file of the package"),
        ("datapackage\\visits.csv", "has a character that no path here may have"),
        ("visits\0.csv", "has a character that no path here may have"),
        ("", "is empty"),
        (".", "is empty"),
    ],
)
def test_a_path_that_is_not_followed_is_one_finding(path: str, reason: str, tmp_path: Path) -> None:
    (finding,) = with_content(tmp_path, changed(5, path=path)).findings
    assert (finding.code, finding.field) == ("unsafe-path", "/resources/5/path")
    assert (finding.message, finding.value) == (f"the path `{path}` {reason}", path)


def test_each_path_of_a_list_is_looked_at(tmp_path: Path) -> None:
    report = with_content(tmp_path, changed(5, path=["datapackage/visits.csv", "../more.csv"]))
    assert [(each.code, each.field) for each in report.findings] == [
        ("unsafe-path", "/resources/5/path/1"),
    ]


def test_a_link_out_of_the_package_is_not_followed(tmp_path: Path) -> None:
    root = edited(bad(expect=()), tmp_path)
    path = root / "datapackage" / "visits.csv"
    path.rename(tmp_path / "visits.csv")
    path.symlink_to(tmp_path / "visits.csv")
    (finding,) = examined(root).findings
    assert (finding.code, finding.field) == ("unsafe-path", "/resources/5/path")
    assert finding.message == (
        "the path `datapackage/visits.csv` is a link that leads out of the package"
    )


def test_a_link_within_the_package_is_followed(tmp_path: Path) -> None:
    root = edited(bad(expect=()), tmp_path)
    path = root / "datapackage" / "visits.csv"
    path.rename(root / "elsewhere.csv")
    path.symlink_to("../elsewhere.csv")
    assert examined(root).findings == ()


def test_a_link_in_a_circle_cannot_be_read(tmp_path: Path) -> None:
    root = edited(bad(expect=()), tmp_path)
    path = root / "datapackage" / "visits.csv"
    path.unlink()
    path.symlink_to("visits.csv")
    assert short(examined(root).findings) == [("unreadable-file", None, None)]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    root = edited(bad(expect=()), tmp_path)
    path = root / "datapackage" / "visits.csv"
    path.unlink()
    os.mkfifo(path)
    (finding,) = examined(root).findings
    assert finding.code == "unreadable-file"
    assert finding.message == "the file of visits is no regular file"


def test_a_file_that_one_may_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = edited(bad(expect=()), tmp_path)
    opened = os.open

    def refuse(path: Path, *flags: int) -> int:
        if Path(path).name == "visits.csv":
            raise PermissionError(13, "Permission denied")
        return opened(path, *flags)

    monkeypatch.setattr(os, "open", refuse)
    (finding,) = examined(root).findings
    assert finding.code == "unreadable-file"
    assert finding.message == "the file of visits cannot be read: Permission denied"


def test_a_path_too_long_for_the_disk_is_a_finding_of_its_own(tmp_path: Path) -> None:
    report = with_content(tmp_path, changed(5, path="datapackage/" + "v" * 300 + ".csv"))
    codes = [each.code for each in report.findings]
    assert codes == ["unlisted-file", "unreadable-file"]


def test_a_renamed_file_is_one_finding(tmp_path: Path) -> None:
    data = (EXAMPLE_PACKAGE / "datapackage" / "visits.csv").read_bytes()
    report = after(
        tmp_path, Remove("datapackage/visits.csv"), Write("datapackage/Visits.csv", data)
    )
    (finding,) = report.findings
    assert (finding.code, finding.location.file) == ("missing-file", "datapackage/visits.csv")
    assert finding.hint == "did you mean `datapackage/Visits.csv`?"


def test_a_misspelled_member_is_named_in_the_hint(tmp_path: Path) -> None:
    report = after(tmp_path, Replace(NAME, b'"licenses": [', b'"licences": ['))
    (finding,) = report.findings
    assert finding.hint == "did you mean `licenses` where it says `licences`?"
