"""Text from cells, made harmless for each medium that shows it.

Text from a package is data: nothing in it may move a cursor, end a tag, start a workflow
command, turn the reading direction or hide from the eye. One idea does most of it: a character
that is not seen as itself is shown by its code (`\\x1b`, `\\u202e`). What a medium reads as its
own syntax is then escaped in the way of that medium.
"""

from __future__ import annotations

import html as html_entities
import json
import re
from typing import Any

# Invisible or blank, although Unicode counts them as letters, symbols or marks.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
# GitHub's runner obeys `##[` wherever it stands in a line of a log.
_RUNNER_COMMAND = "##["
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_encode = json.JSONEncoder(ensure_ascii=False).encode
_NOT_PLAIN_ASCII = re.compile(r"[^\n -~]")
_PLAIN_WORD = re.compile(
    r"""(?:[(“"'‘«]*                       # opened
        [^\W_]+(?:(?:[-–—’',/]|\.(?=\d))[^\W_]+)*)?  # isn't, 2024-05-16, 0.3; no example.org
        [)”"'’»\.,;:?!…]*                  # closed
        |[-–—]""",
    re.VERBOSE,
)
_LINKED_WORD = re.compile(r"\W*(?:www\.|gh-\d|[0-9a-f]{7,40}\W*$)", re.IGNORECASE)


def pieces(text: str) -> list[str]:
    """Per character of ``text``, what is shown of it: itself, or its code."""
    shown = [
        each if each.isprintable() and not _UNSEEN.match(each) else _code(each) for each in text
    ]
    start = text.find(_RUNNER_COMMAND)
    while start >= 0:
        shown[start + 2] = _code("[")
        start = text.find(_RUNNER_COMMAND, start + 1)
    return shown


def is_plain(text: str) -> bool:
    """Whether each character of ``text`` is shown as itself."""
    if not text.isprintable() or _RUNNER_COMMAND in text:
        return False
    return text.isascii() or not _UNSEEN.search(text)


def visible(text: str) -> str:
    """``text`` on one line, each character seen as what it is: for a terminal or a log."""
    return text if is_plain(text) else "".join(pieces(text))


def _code(character: str) -> str:
    number = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if number <= 0xFF:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"


def brief(text: str, limit: int = 500) -> str:
    """``text`` made visible, and cut where it is longer than people read."""
    shown = visible(text[: limit + 1])
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def line_start(text: str) -> str:
    """``text`` where a line of a log begins with it: `::error::` there is a command to GitHub."""
    shown = visible(text)
    return shown.replace(":", "\\x3a", 1) if shown.lstrip(" ").startswith(":") else shown


def command_message(text: str) -> str:
    """``text`` as the message of a GitHub workflow command."""
    return visible(text).replace("%", "%25")


def command_property(text: str) -> str:
    """``text`` as a property of a GitHub workflow command."""
    return command_message(text).replace(":", "%3A").replace(",", "%2C")


def markup(text: str) -> str:
    """``text`` as content or attribute of XML and HTML."""
    return html_entities.escape(visible(text))


def sarif_message(text: str) -> str:
    """``text`` as a plain SARIF message: brackets that would make a link are escaped."""
    shown = visible(text)
    return re.sub(r"([\[\]\\])", r"\\\1", shown) if "](" in shown else shown


def code_span(text: str) -> str:
    """``text`` as code in Markdown, whatever backticks it has, in a table's cell too."""
    shown = visible(text).replace("|", "\\x7c")
    if not shown:
        return ""
    runs = {len(run) for run in re.findall("`+", shown)}
    fence = "`" * next(size for size in range(1, len(runs) + 2) if size not in runs)
    # A space at each end is taken off again by CommonMark.
    pad = " " if shown[0] in " `" or shown[-1] in " `" else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def markdown(text: str) -> str:
    """``text`` as Markdown that says it and does nothing: no link, mention, image or tag.

    What stands between backticks becomes code, and so does every word that is more than
    letters, digits and usual punctuation: what sites add to Markdown leaves code alone.
    """
    quoted = visible(text).split("`")
    if len(quoted) % 2 == 0:
        return _words(visible(text))
    return "".join(
        code_span(part) if number % 2 else _words(part) for number, part in enumerate(quoted)
    )


def _words(text: str) -> str:
    return " ".join(
        word
        if not word or (_PLAIN_WORD.fullmatch(word) and not _LINKED_WORD.match(word))
        else code_span(word)
        for word in text.split(" ")
    )


def json_text(value: Any, expand: int = 0) -> str:
    """``value`` as JSON; its outer ``expand`` levels have one member a line, the rest none.

    Letters stay readable; what is not seen as itself is escaped, so that the text may pass a
    terminal or a log. A lone surrogate, which no strict reader accepts, becomes U+FFFD.
    """
    text = _laid_out(value, expand, "")
    if not (text.isascii() and text.replace("\n", "").isprintable()):
        text = _NOT_PLAIN_ASCII.sub(_json_code, text)
    return text.replace(_RUNNER_COMMAND, "##\\u005b")


def _laid_out(value: Any, expand: int, indent: str) -> str:
    if not expand or not value or not isinstance(value, dict | list):
        return _encode(value)
    inner = indent + "  "
    if isinstance(value, dict):
        members = [
            f"{_encode(name)}: {_laid_out(member, expand - 1, inner)}"
            for name, member in value.items()
        ]
        opened, closed = "{", "}"
    else:
        members = [_laid_out(member, expand - 1, inner) for member in value]
        opened, closed = "[", "]"
    return f"{opened}\n{inner}" + f",\n{inner}".join(members) + f"\n{indent}{closed}"


def _json_code(match: re.Match[str]) -> str:
    character = match[0]
    if "\ud800" <= character <= "\udfff":
        return "\\ufffd"
    if character.isprintable() and not _UNSEEN.match(character):
        return character
    return json.dumps(character)[1:-1] if character != "\x7f" else "\\u007f"


def json_for_script(value: Any) -> str:
    """``value`` as JSON that may stand in a `<script type="application/json">`."""
    return json_text(value).replace("<", "\\u003c")
