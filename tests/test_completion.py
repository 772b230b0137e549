"""What a shell completes: rule codes, tables, columns, ids."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from relations.validators.registry import RULES
from support.editing import EXAMPLE_PACKAGE


def completed(line: str, folder: Path) -> list[str]:
    """What bash is offered at the end of ``line``."""
    words = line.split(" ")
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; sys.argv = ['relations']; from relations.cli.app import main; main()",
        ],
        cwd=folder,
        env={
            "_RELATIONS_COMPLETE": "complete_bash",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(words) - 1),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("relations rules end-", ["end-before-start"]),
        ("relations check --select ragged-row,end-", ["ragged-row,end-before-start"]),
        ("relations check --ignore stray-sp", ["stray-space"]),
        ("relations add of", ["officials"]),
        ("relations add visits --set start", ["start_date="]),
        ("relations add visits --set title=x --set host", ["host_country="]),
        ("relations add visits --from R", ["R0001"]),
        ("relations cite --add x.txt --set publi", ["publisher=", "published="]),
        ("relations cite R", ["R0001"]),
        ("relations cite R0001 words --for as", ["assembly_sessions/"]),
        ("relations cite R0001 words --for visits/V", [f"visits/V000{n}" for n in (1, 2, 3, 4)]),
        ("relations cite R0001 words --for V0001/st", ["V0001/start_date", "V0001/status"]),
        ("relations cite R0001 words --for visits/V0001/f", ["visits/V0001/facts"]),
        ("relations trace visits/V", [f"visits/V000{n}" for n in (1, 2, 3, 4)]),
        ("relations trace visit/V", []),
        ("relations trace V", [f"V000{n}" for n in (1, 2, 3, 4)]),
    ],
)
def test_what_is_offered(line: str, offered: list[str]) -> None:
    found = completed(line, EXAMPLE_PACKAGE)
    assert found == offered


def test_every_rule_is_offered() -> None:
    assert completed("relations rules ", EXAMPLE_PACKAGE) == [rule.code for rule in RULES]


def test_where_there_is_no_package_nothing_is_offered_and_nothing_said(tmp_path: Path) -> None:
    assert completed("relations trace V", tmp_path) == []
    (tmp_path / "datapackage.json").write_text("{", "utf-8")
    assert completed("relations trace V", tmp_path) == []
    (tmp_path / "datapackage.json").write_text(
        '{"resources": [{"name": "visits", "path": "../../secret.csv"}]}', "utf-8"
    )
    assert completed("relations trace V", tmp_path) == []
