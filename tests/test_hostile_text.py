"""Text from a package can do nothing in any format of a report.

Each text stands wherever a package can put its own words: cells, keys, names of files, the
package's name and version, the message of a crash. Each output is read with a real parser.
"""

from __future__ import annotations

import html.parser
import json
import re
from typing import Any

import pytest
from lxml import etree
from markdown_it import MarkdownIt
from markdown_it.token import Token

from relations.cli.output import full, html_report, json_report, sarif
from relations.cli.output.escaping import (
    brief,
    code_span,
    command_message,
    command_property,
    is_plain,
    json_for_script,
    json_text,
    line_start,
    markdown,
    visible,
)
from support.rendering import RENDERED
from support.reports import HOSTILE_TEXTS, RULES, VERSION, hostile

COLOUR = re.compile(r"\x1b\[(?:\d;)?\d\d?m")

every_text = pytest.mark.parametrize("text", HOSTILE_TEXTS, ids=lambda text: ascii(text[:24]))


def printed(said: str) -> None:
    """Nothing in ``said`` moves a cursor, turns a direction, hides, or starts a command."""
    said.encode("utf-8")
    unseen = {each for each in said if not is_plain(each)} - {"\n"}
    assert unseen == set()
    assert "##[" not in said


@every_text
@pytest.mark.parametrize("name", RENDERED)
def test_every_character_of_a_report_is_seen_as_itself(name: str, text: str) -> None:
    printed(RENDERED[name](hostile(text)))


@every_text
def test_with_colours_the_only_escape_sequences_are_ours(text: str) -> None:
    said = full.render(hostile(text), color=True)
    assert COLOUR.sub("", said) == full.render(hostile(text))


@every_text
@pytest.mark.parametrize(
    "name", ["full.txt", "concise.txt", "github.txt", "statistics.txt", "markdown.md"]
)
def test_no_text_adds_a_line_to_a_log(name: str, text: str) -> None:
    lines = RENDERED[name](hostile(text)).split("\n")
    assert len(lines) == len(RENDERED[name](hostile("plain")).split("\n"))


@every_text
@pytest.mark.parametrize("name", [name for name in RENDERED if name != "github.txt"])
def test_no_line_is_a_workflow_command(name: str, text: str) -> None:
    lines = RENDERED[name](hostile(text)).splitlines()
    assert [line for line in lines if line.lstrip().startswith("::")] == []


@every_text
def test_json_holds_the_very_text(text: str) -> None:
    report = json.loads(json_report.render(hostile(text), version=VERSION))
    sound = "".join("\ufffd" if "\ud800" <= each <= "\udfff" else each for each in text)
    (finding,) = report["findings"]
    for holder, name in (
        (finding, "value"),
        (finding, "key"),
        (finding["location"], "file"),
        (report["package"], "name"),
        (report["failures"][0], "error"),
        (report["skipped"][0], "reason"),
    ):
        assert holder[name] == sound


@every_text
def test_sarif_has_no_link_in_a_message(text: str) -> None:
    (run,) = json.loads(sarif.render(hostile(text), rules=RULES, version=VERSION))["runs"]
    (result,) = run["results"]
    (invocation,) = run["invocations"]
    messages = [result["message"]["text"]]
    messages += [each["message"]["text"] for each in invocation["toolExecutionNotifications"]]
    for message in messages:
        # A link is a text in brackets, neither of them escaped, followed by its target.
        assert not re.search(r"(?<!\\)\[(?:[^\]\\]|\\.)*\]\(", message)
        assert is_plain(message)
    for location in (*result["locations"], *result["relatedLocations"]):
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"(?:[\w.~/-]|%[0-9A-F]{2})+", uri, re.ASCII)


@every_text
def test_junit_keeps_its_shape(text: str) -> None:
    def shape(text: str) -> list[tuple[str, list[str]]]:
        root = etree.fromstring(RENDERED["junit.xml"](hostile(text)).encode("utf-8"))
        assert not [each for each in root.iter() if not isinstance(each.tag, str)]
        return [(str(each.tag), [str(name) for name in each.attrib]) for each in root.iter()]

    assert shape(text) == shape("plain")
    root = etree.fromstring(RENDERED["junit.xml"](hostile(text)).encode("utf-8"))
    (failure,) = root.iter("failure")
    assert visible(f"there is no row `{text}` in {text}") in (failure.text or "")


@every_text
def test_github_has_one_command_for_each_finding_and_failure(text: str) -> None:
    lines = RENDERED["github.txt"](hostile(text)).splitlines()
    commands = [line for line in lines if line.lstrip().startswith("::")]
    assert len(commands) == 2
    # As the runner does: up to the second `::` the properties, after it the message.
    name, _, given = commands[1][2 : commands[1].index("::", 2)].partition(" ")
    properties = dict(each.split("=", 1) for each in given.split(","))
    assert name == "error"
    assert list(properties) == ["file", "line", "endLine", "col", "endColumn", "title"]
    meant = properties["file"]
    for code, character in (("%3A", ":"), ("%2C", ","), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        meant = meant.replace(code, character)
    assert meant == visible(text)


@every_text
def test_gitlab_holds_the_text_as_text(text: str) -> None:
    failure, issue = json.loads(RENDERED["gitlab.json"](hostile(text)))
    assert issue["location"] == {"path": visible(text), "lines": {"begin": 2, "end": 2}}
    assert visible(f"there is no row `{text}` in {text}") in issue["description"]
    assert failure["check_name"] == "relations-failed"


# -- Markdown --------------------------------------------------------------------------------

# All that GitHub and GitLab add which could do something: links without brackets, tables, HTML.
GFM = MarkdownIt("gfm-like", {"html": True, "linkify": True})
HARMLESS = {
    "heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline",
    "bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close",
    "table_open", "table_close", "thead_open", "thead_close", "tbody_open", "tbody_close",
    "tr_open", "tr_close", "th_open", "th_close", "td_open", "td_close",
    "text", "code_inline", "softbreak", "strong_open", "strong_close",
}  # fmt: skip
MENTION = re.compile(r"@\w|(?:^|\W)#\d|\bGH-\d|://|www\.", re.IGNORECASE)


def _tokens(said: str) -> list[Token]:
    return [each for block in GFM.parse(said) for each in (block, *(block.children or ()))]


def _seen(tokens: list[Token]) -> str:
    return "".join(
        "\n" if each.type == "softbreak" else each.content
        for each in tokens
        if each.type in ("text", "code_inline", "softbreak")
    )


@every_text
@pytest.mark.parametrize("name", ["markdown.md", "summary.md"])
def test_markdown_is_only_text_and_code(name: str, text: str) -> None:
    tokens = _tokens(RENDERED[name](hostile(text)))
    assert {each.type for each in tokens} <= HARMLESS
    words = [each.content for each in tokens if each.type == "text"]
    assert [each for each in words if MENTION.search(each)] == []
    blocks = [each.type for each in tokens if each.block]
    plain = _tokens(RENDERED[name](hostile("plain")))
    assert blocks == [each.type for each in plain if each.block]


@every_text
def test_markdown_says_what_the_text_says(text: str) -> None:
    words = visible(text).replace("|", "\\x7c").replace("`", "")
    said = _seen(_tokens(f"x {markdown(text)}")).removeprefix("x ").replace("`", "")
    assert said.split() == words.split()
    assert {each.type for each in _tokens(f"x {markdown(text)}")} <= HARMLESS
    code = [each for each in _tokens(f"x {code_span(text)}") if each.type == "code_inline"]
    assert [each.content for each in code] == [visible(text).replace("|", "\\x7c")]


def test_the_markdown_parser_would_see_what_is_not_escaped() -> None:
    seen = {each.type for text in HOSTILE_TEXTS for each in _tokens(f"x {text}")}
    assert {"link_open", "image", "html_inline", "em_open", "fence"} <= seen


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("there is no row `AZX` in countries", "there is no row `AZX` in countries"),
        ("did you mean `EST`?", "did you mean `EST`?"),
        ("the end, 2023-03-01, isn't (yet) after it!", None),
        ("see start_date or a*b", "see `start_date` or `a*b`"),
        ("by @someone, see #12", "by `@someone,` see `#12`"),
        ("ask example.org now", "ask `example.org` now"),
        ("odd ` tick", "odd `` ` `` tick"),
        ("", ""),
    ],
)
def test_plain_words_stay_plain_in_markdown(text: str, said: str | None) -> None:
    assert markdown(text) == (text if said is None else said)


# -- HTML ------------------------------------------------------------------------------------

TAGS = {
    "html", "head", "meta", "title", "style", "body", "a", "header", "div", "p", "code", "h1", "dl",
    "dt", "dd", "span", "main", "section", "h2", "ul", "li", "table", "thead", "tr", "th", "tbody",
    "td", "form", "label", "input", "select", "option", "button", "ol", "pre", "mark", "wbr",
    "details", "summary", "strong", "footer", "script",
}  # fmt: skip
ATTRIBUTES = {
    "aria-label", "aria-labelledby", "aria-pressed", "autocomplete", "charset", "class", "content",
    "data-clear", "data-last", "data-severity", "data-shows", "data-turn", "hidden", "href",
    "http-equiv", "id", "inputmode", "lang", "min", "name", "placeholder", "role", "scope",
    "tabindex", "type", "value",
}  # fmt: skip


class _Reader(html.parser.HTMLParser):
    """Collects tags, attributes, comments, what scripts hold, and the text outside of them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.comments: list[str] = []
        self.scripts: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "script" and self.get_starttag_text():
            self.scripts.append(data)
        self.text += data


@every_text
def test_html_keeps_its_shape(text: str) -> None:
    page = RENDERED["html"](hostile(text))
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert set(reader.tags) <= TAGS
    assert {name for name, _ in reader.attributes} <= ATTRIBUTES
    assert reader.comments == []
    assert reader.tags.count("script") == 2
    assert all(value.startswith("#") for name, value in reader.attributes if name == "href")
    assert visible(text).replace("`", "")[:200] in reader.text.replace("`", "")
    without = [tag for tag in reader.tags if tag not in ("wbr", "code")]
    plain = _Reader()
    plain.feed(RENDERED["html"](hostile("plain")))
    assert without == [tag for tag in plain.tags if tag not in ("wbr", "code")]


@every_text
def test_the_data_of_the_page_is_json_and_ends_where_it_should(text: str) -> None:
    page = RENDERED["html"](hostile(text))
    start = page.index('id="data">') + len('id="data">')
    block = page[start : page.index("</script>", start)]
    data = json.loads(block)
    assert "<" not in block
    assert brief(f"there is no row `{text}` in {text}") in data["texts"]
    assert page[page.index("</script>", start) :].startswith("</script>\n<script>//")


# -- The parts -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Šešelj, Ərdoğan, 王毅 — “so”…", None),
        ("a\tb\nc\rd", "a\\tb\\nc\\rd"),
        ("\x00\x1b\x7f\x9b", "\\x00\\x1b\\x7f\\x9b"),
        ("no\u00a0break", "no\\xa0break"),
        ("\u202e\u200b\ufeff\u2028", "\\u202e\\u200b\\ufeff\\u2028"),
        ("\U000e0041", "\\U000e0041"),
        ("\ud800", "\\ud800"),
        ("##[error]", "##\\x5berror]"),
        ("\u3164", "\\u3164"),
    ],
)
def test_a_character_not_seen_as_itself_is_shown_by_its_code(text: str, shown: str | None) -> None:
    assert visible(text) == (text if shown is None else shown)
    assert visible(visible(text)) == visible(text)


def test_a_long_text_is_cut_whatever_it_holds() -> None:
    assert brief("x" * 500) == "x" * 500
    assert brief("x" * 501) == "x" * 499 + "…"
    assert len(brief("\x1b" * 400)) == 500


def test_workflow_commands_are_escaped_as_the_runner_reads_them() -> None:
    assert command_message("100%, a:b") == "100%25, a:b"
    assert command_property("100%, a:b") == "100%25%2C a%3Ab"
    assert line_start("  ::error::x") == "  \\x3a:error::x"
    assert line_start("a::error::x") == "a::error::x"


@pytest.mark.parametrize(
    "value",
    [{"a": [1, {"b": None}], "c": {}}, [], [[1, 2], ["ü", "\x7f\u202e\U000e0041"]], "x", 1.5],
)
@pytest.mark.parametrize("expand", range(4))
def test_json_says_the_same_however_it_is_laid_out(value: Any, expand: int) -> None:
    assert json.loads(json_text(value, expand)) == value
    assert json.loads(json_for_script(value)) == value
    printed(json_text(value, expand))


def test_the_page_is_the_same_for_the_same_report() -> None:
    pages = {html_report.render(hostile("x"), rules=RULES, version=VERSION) for _ in range(3)}
    assert len(pages) == 1
