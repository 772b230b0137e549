"""Fuzz one target with atheris: `python tests/fuzzing/run.py TARGET [FOLDER…] [-option=value…]`.

What is found to reach new code is written to the first folder; the committed corpus is read
besides, and never written to. The options are those of libFuzzer.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parent.parent))

WATCHED = [
    "relations.schemas.dates",
    "relations.validators.searching.date_readings",
    "relations.validators.package",
    "json",
]
"""Where it counts as news that code is reached."""


def main() -> None:
    name, *options = sys.argv[1:]
    with atheris.instrument_imports(include=WATCHED):
        from fuzzing.targets import CORPUS, TARGETS
    folders = [each for each in options if not each.startswith("-")]
    options = [each for each in options if each.startswith("-")]
    words = Path(__file__).parent / f"{name}.dict"
    arguments = [sys.argv[0], *folders, str(CORPUS / name), f"-dict={words}", *options]
    atheris.Setup(arguments, TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
