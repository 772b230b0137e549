"""How much of a package that comes in a zip or over the network is taken in before it is refused,
and how much is said of one that is full of faults.

Each limit is stated here once. An environment variable of its name sets another.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from relations.validators.stop import CannotDo

KIB, MIB, GIB = 1024, 1024**2, 1024**3
_UNITS = {"": 1, "K": KIB, "M": MIB, "G": GIB}
_SIZE = re.compile(r"(\d{1,15}) ?([KMG]?)(?:i?B)?", re.IGNORECASE | re.ASCII)


class BeyondLimit(CannotDo):
    """More was asked of us than a limit allows; the message is one plain line."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit: the variable that sets it, its usual value, and what it holds down.

    ``unit`` is "bytes", "seconds", or empty for what is counted in pieces.
    """

    variable: str
    usual: int
    about: str
    unit: str = ""

    @property
    def stated(self) -> str:
        """What the environment says, in its own words."""
        return os.environ.get(self.variable, "").strip()

    @property
    def value(self) -> int:
        """The limit in force. Raises CannotDo where its variable holds no such number."""
        stated = self.stated
        if not stated:
            return self.usual
        read = _SIZE.fullmatch(stated)
        if read is None or (read[2] and self.unit != "bytes"):
            such = "a size such as 500M" if self.unit == "bytes" else "a whole number"
            raise CannotDo(f"{self.variable} takes {such}, not {stated!r}")
        value = int(read[1]) * _UNITS[read[2].upper()]
        if self.unit == "seconds" and not value:
            # To a socket, no time to wait means not to wait for what it does.
            raise CannotDo(f"{self.variable} takes a second at least, not {stated!r}")
        return value

    def shown(self, value: int) -> str:
        """A value as people write it."""
        if self.unit == "bytes":
            for unit in ("G", "M", "K"):
                if value and value % _UNITS[unit] == 0:
                    return f"{value // _UNITS[unit]} {unit}iB"
        return f"{value:,} {self.unit}".rstrip()

    def refusal(self, what: str) -> BeyondLimit:
        """The error to raise; ``what`` says which limit of what was reached, without the figure."""
        return BeyondLimit(
            f"{what} {self.shown(self.value)}, the limit; {self.variable} sets another"
        )


MAX_FILE = Limit("RELATIONS_MAX_FILE", GIB, "one file, downloaded or unpacked", "bytes")
MAX_UNPACKED = Limit("RELATIONS_MAX_UNPACKED", 2 * GIB, "a zip, packed or unpacked", "bytes")
MAX_DOWNLOAD = Limit("RELATIONS_MAX_DOWNLOAD", 2 * GIB, "all that is downloaded", "bytes")
MAX_FILES = Limit("RELATIONS_MAX_FILES", 20_000, "files in a zip, or downloaded")
MAX_RATIO = Limit(
    "RELATIONS_MAX_RATIO", 200, "times its packed size that a file of a zip may unpack to"
)
MAX_SECONDS = Limit("RELATIONS_MAX_SECONDS", 600, "all downloads together", "seconds")
MAX_WAIT = Limit("RELATIONS_MAX_WAIT", 30, "without an answer, or a further byte", "seconds")
MAX_REDIRECTS = Limit("RELATIONS_MAX_REDIRECTS", 5, "redirects, one after another")

LIMITS = (
    MAX_FILE,
    MAX_UNPACKED,
    MAX_DOWNLOAD,
    MAX_FILES,
    MAX_RATIO,
    MAX_SECONDS,
    MAX_WAIT,
    MAX_REDIRECTS,
)

MAX_LISTED = Limit(
    "RELATIONS_MAX_LISTED", 20_000, "findings of a rule in one column, listed for programs"
)
"""The others are counted: a file of 10 MB can have millions, which would take gigabytes to list."""


def stated() -> list[str]:
    """What the environment says of each limit, in its own words; "" where it says nothing."""
    return [each.stated for each in LIMITS]


def described() -> str:
    """The limits as a table, for the help: variable, usual value, what it holds down."""
    width = max(len(each.variable) for each in LIMITS)
    figures = [each.shown(each.usual) for each in LIMITS]
    across = max(map(len, figures))
    return "\n".join(
        f"  {each.variable:<{width}}  {figure:>{across}}  {each.about}"
        for each, figure in zip(LIMITS, figures, strict=True)
    )
