"""The replayer of transcripts itself; what it replays is the README."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.transcripts import commands, completed, differences, matches, replay

PAGE = """\
# A page

```console
$ echo one; echo two >&2
one
two
$ mkdir inner && cd inner && export WORD="three words here"
$ cat <<END
> $WORD
> END
three words here
```

Text in between.

<!-- not replayed: it would ask somebody -->
```console
$ exit 7
```

```text
$ not a transcript
```

- in a list:

  ```console
  $ basename "$PWD"
  inner
  $ false
  $ echo $?
  1
  ```
"""


def replayed(page: str, folder: Path) -> list[str]:
    path = folder / "page.md"
    path.write_text(page, "utf-8")
    return differences(replay(path, folder))


def test_a_page_that_is_right(tmp_path: Path) -> None:
    assert [each.line for each in commands(PAGE)] == [4, 7, 8, 28, 30, 31]
    assert replayed(PAGE, tmp_path) == []


def test_a_page_that_is_wrong(tmp_path: Path) -> None:
    page = "```console\n$ echo one\ntwo\n$ exit 3\n$ echo $?\n4\n$ false\n```\n"
    assert replayed(page, tmp_path) == [
        "line 2: $ echo one: expected\ntwo\nbut it printed\none",
        "line 5: $ echo $?: expected\n4\nbut it printed\n3",
        "line 7: $ false: ended with 1\n",
    ]


def test_programs_of_this_environment_come_first(tmp_path: Path) -> None:
    page = "```console\n$ relations --version\nrelations ...\n$ echo $HOME\n...home\n```\n"
    assert replayed(page, tmp_path) == []


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ([], [], True),
        ([], ["a"], False),
        (["a"], [], False),
        (["a"], ["a"], True),
        (["a.c"], ["abc"], False),
        (["..."], [], True),
        (["...", "z"], ["a", "b", "z"], True),
        (["a...z"], ["a to z"], True),
        (["a...z"], ["a", "z"], False),
        (["a", "..."], ["b"], False),
    ],
)
def test_dots_stand_for_anything(expected: list[str], printed: list[str], same: bool) -> None:
    assert matches(expected, printed) is same


def test_a_page_is_completed(tmp_path: Path) -> None:
    page = "```console\n$ echo one\n$ echo two\nthree\nfour\n$ echo five\nf...\n```\n"
    path = tmp_path / "page.md"
    path.write_text(page, "utf-8")
    assert completed(page, replay(path, tmp_path)) == (
        "```console\n$ echo one\none\n$ echo two\ntwo\n$ echo five\nf...\n```\n"
    )


PLACES = """\
<!-- replayed in a kitchen -->
```console
$ ls
kettle
$ export TEA=mint && mkdir cup && cd cup
```
It goes on:
```console
$ echo $TEA; ls ..
mint
cup
kettle
```
<!-- replayed in an empty folder -->
```console
$ echo $TEA; ls -A
```
<!-- replayed in a kitchen -->
```console
$ ls
kettle
```
"""


def test_a_block_begins_in_the_place_that_the_page_names(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text(PLACES, "utf-8")
    steps = replay(path, tmp_path, {"a kitchen": lambda folder: (folder / "kettle").touch()})
    assert differences(steps) == [
        "line 16: $ echo $TEA; ls -A: expected\n\nbut it printed\n",
    ]


def test_a_place_that_nobody_knows(tmp_path: Path) -> None:
    page = "<!-- replayed in a bathtub -->\n```console\n$ ls\n```\n"
    with pytest.raises(KeyError, match="a bathtub"):
        replayed(page, tmp_path)
