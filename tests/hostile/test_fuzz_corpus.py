"""Every input that fuzzing starts from, or that it once found, through the target it is for."""

from __future__ import annotations

from pathlib import Path

import pytest

from fuzzing.targets import CORPUS, TARGETS

FILES = sorted(each for target in TARGETS for each in (CORPUS / target).iterdir())


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_must_hold_holds_of_every_file_of_the_corpus(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


def test_the_corpus_is_small() -> None:
    sizes = {path: path.stat().st_size for path in FILES}
    assert {path.parent.name for path in FILES} == set(TARGETS)
    assert max(sizes.values()) <= 20_100
    assert len(FILES) < 40 * len(TARGETS)
