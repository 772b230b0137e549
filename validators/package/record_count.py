"""How many rows a CSV file has, from its line ends and quotation marks alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

_IN_QUOTES = re.compile(rb'"[^"]*"')


def records(chunks: Iterable[bytes]) -> int:
    """The line ends outside quotation marks, less that of the last line.

    ``chunks`` are the bytes of the file, cut anywhere. A mark that nothing closes opens nothing.
    """
    certain = since_open = 0
    is_open, last = False, b""
    for chunk in chunks:
        last = chunk[-1:] or last
        rest = chunk
        if is_open:
            closing = rest.find(b'"')
            if closing < 0:
                since_open += rest.count(b"\n")
                continue
            is_open, rest = False, rest[closing + 1 :]
        rest = _IN_QUOTES.sub(b"", rest)
        opening = rest.find(b'"')
        is_open = opening >= 0
        certain += rest.count(b"\n", 0, opening if is_open else len(rest))
        since_open = rest.count(b"\n", opening) if is_open else 0
    return certain + since_open - (last == b"\n")
