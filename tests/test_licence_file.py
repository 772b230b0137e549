"""The licence of the data lies beside the tables, says what the descriptor says, and goes along."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from relations.validators.building.build import plan, rebuild
from relations.validators.building.licence_file import FILE, ORIGIN
from relations.validators.check import check
from relations.validators.curating.new_package import begin
from support.exporting import AS_OF, with_cells

ROOT = Path(__file__).parent.parent
CC_BY = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons\nAttribution",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}


def described(root: Path, **more: Any) -> Path:
    path = root / "datapackage.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | more))
    return root


def test_ours_is_the_one_that_the_descriptor_names() -> None:
    text = (ROOT / FILE).read_text("utf-8")
    (licence,) = json.loads((ROOT / "datapackage.json").read_bytes())["licenses"]
    assert licence["name"] == "CC-BY-4.0"
    assert f"    {licence['title']}\n    SPDX-License-Identifier: CC-BY-4.0\n" in text
    assert f"    {licence['path']}\n" in text


def test_it_names_every_licence_and_how_to_give_credit(tmp_path: Path) -> None:
    listed = [CC_BY, {"name": "ODbL-1.0"}, {"title": " "}, "none", {"path": "LICENSE-DATA.txt"}]
    root = described(with_cells(tmp_path), licenses=listed)
    (root / "CITATION.cff").write_text('title: "Visits"\nauthors:\n  - name: Two of us\n', "utf-8")
    rebuild(root)
    assert (root / FILE).read_text("utf-8") == (
        "The tables of this data package, and what describes them, are licensed under\n\n"
        "    Creative Commons Attribution\n"
        "    SPDX-License-Identifier: CC-BY-4.0\n"
        "    https://creativecommons.org/licenses/by/4.0/\n\n"
        "    SPDX-License-Identifier: ODbL-1.0\n\n"
        "    LICENSE-DATA.txt\n\n"
        "Credit is given like this, with a word on what was changed:\n\n"
        "    Two of us (n.d.). Visits (Version 1.0.0) [Data set].\n\n"
        "The texts of the sources belong to their publishers and are no part of the data.\n\n"
        f"{ORIGIN}\n"
    )
    assert not [each.name for each in plan(root) if each.stale]


@pytest.mark.parametrize("licenses", [None, [], "CC-BY-4.0", [{}], [{"name": " "}]])
def test_where_no_licence_is_named_none_is_made_up(licenses: object, tmp_path: Path) -> None:
    root = described(with_cells(tmp_path), licenses=licenses)
    (root / FILE).unlink()
    assert FILE not in [each.name for each in plan(root)]


def test_one_that_a_person_wrote_is_left_alone(tmp_path: Path) -> None:
    root = with_cells(tmp_path)
    (root / FILE).write_text("All rights reserved.\n", "utf-8")
    rebuild(root)
    assert (root / FILE).read_text("utf-8") == "All rights reserved.\n"
    report = check(root, seeds=root / "seeds", as_of=AS_OF)
    assert report.findings == ()


def test_a_new_package_has_one(tmp_path: Path) -> None:
    begin(tmp_path / "new", ["AZE", "GEO"])
    assert "SPDX-License-Identifier: CC-BY-4.0" in (tmp_path / "new" / FILE).read_text("utf-8")
