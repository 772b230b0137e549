"""Files and folders that take their place whole, or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from relations.validators.atomic import AlreadyThere, staged_file, staged_folder


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_file_takes_its_place_with_the_permissions_of_a_new_one(tmp_path: Path) -> None:
    mask = os.umask(0o022)
    try:
        with staged_file(tmp_path / "out") as temporary:
            temporary.write_bytes(b"whole")
            assert not (tmp_path / "out").exists()
    finally:
        os.umask(mask)
    assert (tmp_path / "out").read_bytes() == b"whole"
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o644
    assert names(tmp_path) == ["out"]


def test_a_file_that_is_there_stays_without_force(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"old")
    with (
        pytest.raises(AlreadyThere, match="out is there already; --force replaces it"),
        staged_file(tmp_path / "out"),
    ):
        pytest.fail("nothing is to be written")
    with staged_file(tmp_path / "out", force=True) as temporary:
        temporary.write_bytes(b"new")
    assert (tmp_path / "out").read_bytes() == b"new"
    assert names(tmp_path) == ["out"]


def test_a_file_that_came_meanwhile_stays(tmp_path: Path) -> None:
    with pytest.raises(AlreadyThere, match="out is there already"), staged_file(tmp_path / "out"):
        (tmp_path / "out").write_bytes(b"theirs")
    assert (tmp_path / "out").read_bytes() == b"theirs"
    assert names(tmp_path) == ["out"]


@pytest.mark.parametrize("stage", [staged_file, staged_folder])
def test_a_failure_leaves_nothing(tmp_path: Path, stage: type[staged_file]) -> None:
    with pytest.raises(RuntimeError, match="half way"), stage(tmp_path / "out"):
        raise RuntimeError("half way")
    assert names(tmp_path) == []


def test_neither_takes_the_place_of_the_other(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with (
        pytest.raises(AlreadyThere, match="is a folder"),
        staged_file(tmp_path / "folder", force=True),
    ):
        pytest.fail("nothing is to be written")
    with (
        pytest.raises(AlreadyThere, match="is no folder"),
        staged_folder(tmp_path / "file", force=True),
    ):
        pytest.fail("nothing is to be written")


def test_a_folder_takes_its_place_and_replaces_the_old_one_with_force(tmp_path: Path) -> None:
    for content in ("old", "new"):
        with staged_folder(tmp_path / "out", force=True) as temporary:
            (temporary / "table").write_text(content)
    assert (tmp_path / "out" / "table").read_text() == "new"
    assert names(tmp_path) == ["out"]
    with pytest.raises(AlreadyThere, match="--force replaces it"), staged_folder(tmp_path / "out"):
        pytest.fail("nothing is to be written")


def test_a_folder_with_anything_else_in_it_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis").write_text("ten years")
    with (
        pytest.raises(AlreadyThere, match="holds thesis, which would be lost"),
        staged_folder(tmp_path / "home", force=True) as temporary,
    ):
        (temporary / "table").touch()
    assert (tmp_path / "home" / "thesis").read_text() == "ten years"
    assert names(tmp_path) == ["home"]


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), staged_file(tmp_path / "none" / "out"):
        pytest.fail("nothing is to be written")
