"""The site of a package: what is in its files, and that hostile text does nothing there."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
import shutil
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from relations.cli.output.escaping import is_plain
from relations.cli.output.site.pages import render
from relations.schemas.tables import TABLES
from relations.validators.package.package import declared
from relations.validators.packing.release import pack
from support.commands import Shell
from support.editing import EXAMPLE_PACKAGE, read_table
from support.exporting import with_cells
from support.reports import HOSTILE_TEXTS
from support.site import AS_OF, Page, gathered, pages, rendered

ROOT = Path(__file__).parent.parent
PAGES = {
    "index.html", "people.html", "tables.html", "codebook.html", "data.html",
    *(f"{table}.html" for table in TABLES),
}  # fmt: skip
HOSTILE = (
    ("visits", "V0001", "title", "<script>window.hurt = 1</script>"),
    ("visits", "V0002", "title", "</title></script><script>window.hurt = 1</script>"),
    ("visits", "V0003", "locations", '"><img src=x onerror="window.hurt = 1">'),
    ("visits", "V0004", "note", "]]><!-- --><![CDATA["),
    ("officials", "P0001", "name", "\u202eright to left\u2066"),
    ("officials", "P0002", "other_names", "zero\u200bwidth;' onmouseover='window.hurt=1"),
    ("organizations", "G0001", "name", "javascript:window.hurt=1"),
    ("sources", "R0001", "url", "javascript:window.hurt=1"),
    ("sources", "R0001", "title", "{{ 7 * 7 }} {% raw %} &amp; &#60;b&#62;"),
    ("engagements", "E0001", "title", "\x1b[31mred\x07 a\u2028b"),
    ("statements", "X0001", "summary", "data:text/html,<svg onload=window.hurt=1>"),
    ("statements", "X0002", "topic", "<b>odd</b>"),
    ("evidence", "C0079", "note", "</style><style>*{display:none}</style>"),
    ("countries", "FIN", "country", '"><b id="main">'),
)


@pytest.fixture(scope="module")
def example() -> dict[str, bytes]:
    return rendered()


@pytest.fixture(scope="module")
def parsed(example: dict[str, bytes]) -> dict[str, Page]:
    return pages(example)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    root = with_cells(tmp_path_factory.mktemp("hostile"), *HOSTILE)
    path = root / "datapackage.json"
    content = json.loads(path.read_bytes())
    content |= {
        "title": "<script>window.hurt = 1</script>\u2067",
        "description": '" onload="window.hurt=1" \u202e',
        "homepage": "javascript:window.hurt=1",
        "licenses": [{"title": "<i>free</i>", "path": "javascript:window.hurt=1"}],
        "contributors": [{"title": "}\\input{x}</pre><script>window.hurt=1</script>"}],
    }
    path.write_text(json.dumps(content), "utf-8")
    (root / "CITATION.cff").write_text("title: [<b>, &x\n", "utf-8")
    return rendered(root)


def test_the_files_are_the_pages_the_picture_and_the_package(example: dict[str, bytes]) -> None:
    data = {f"data/datapackage/{table}.csv" for table in TABLES} | {
        "data/datapackage.json", "data/datapackage/codebook.md", "data/datapackage/LICENSE"
    }  # fmt: skip
    assert set(example) == PAGES | data | {"timeline.svg", "example-est-isl-1.0.0.zip"}
    for name in data:
        assert example[name] == (EXAMPLE_PACKAGE / name.removeprefix("data/")).read_bytes()


def test_the_same_package_gives_the_same_bytes_wherever_it_lies(
    example: dict[str, bytes], tmp_path: Path
) -> None:
    shutil.copytree(EXAMPLE_PACKAGE, tmp_path / "elsewhere")
    assert rendered(tmp_path / "elsewhere") == example


def test_the_site_of_our_package_is_small() -> None:
    if not (ROOT / "datapackage" / "visits.csv").is_file():
        pytest.skip("the package is not there")
    files = rendered(ROOT)
    assert sum(map(len, files.values())) < 2_000_000
    assert len(files["index.html"]) < 150_000


def test_every_page_is_well_formed_and_its_ids_are_unique(
    parsed: dict[str, Page], hostile: dict[str, bytes]
) -> None:
    for site in (parsed, pages(hostile)):
        for name, page in site.items():
            assert page.open == [], name
            assert len(page.ids) == len(set(page.ids)), name
            assert not [each for each in page.ids if re.search(r"\s|^$", each)], name


def test_every_link_leads_somewhere(
    parsed: dict[str, Page], example: dict[str, bytes], hostile: dict[str, bytes]
) -> None:
    for files, site in ((example, parsed), (hostile, pages(hostile))):
        followed = 0
        for name, page in site.items():
            for link in page.all("a"):
                address = link.attributes["href"] or ""
                if address.startswith(("http://", "https://")):
                    assert {"noopener", "noreferrer"} <= set((link.attributes["rel"] or "").split())
                    continue
                file, _, anchor = address.partition("#")
                target = unquote(file) or name
                assert target in files, (name, address)
                if anchor:
                    assert anchor in site[target].ids, (name, address)
                followed += 1
        assert followed > 1_000


def test_the_policy_names_the_digests_of_the_one_style_and_the_one_script(
    parsed: dict[str, Page],
) -> None:
    for name, page in parsed.items():
        (policy,) = [
            each.attributes["content"] or ""
            for each in page.all("meta")
            if each.attributes.get("http-equiv") == "Content-Security-Policy"
        ]
        (style,), (script,) = page.raw["style"], page.raw["script"]
        assert policy.split("; ") == [
            "default-src 'none'",
            f"style-src '{_digest(style)}'",
            f"script-src '{_digest(script)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ], name


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_no_page_asks_for_anything(example: dict[str, bytes], hostile: dict[str, bytes]) -> None:
    for site in (pages(example), pages(hostile)):
        for name, page in site.items():
            assert len(page.all("style")) == len(page.all("script")) == 1, name
            links = [each.attributes for each in page.all("link")]
            assert [each["rel"] for each in links] == ["icon"]
            assert (links[0]["href"] or "").startswith("data:image/svg+xml,")
            for element in page.elements:
                assert element.tag not in ("img", "iframe", "object", "embed", "form", "base")
                for attribute, value in element.attributes.items():
                    assert not attribute.startswith("on"), (name, element)
                    assert attribute not in ("src", "srcset", "style", "action", "ping"), name
                    if attribute in ("href", "xlink:href"):
                        assert not re.match(r"\s*(?:javascript|data|vbscript):", value or "") or (
                            element.tag == "link"
                        ), (name, element)
            assert not re.search(r"url\((?!#)|@import", page.raw["style"][0])


def test_hostile_text_is_shown_and_does_nothing(hostile: dict[str, bytes]) -> None:
    site = pages(hostile)
    for name, page in site.items():
        assert all(is_plain(line) for line in _without_spaces(page.text)), name
    visits = site["visits.html"].text
    for _, _, column, value in HOSTILE[:4]:
        assert value in visits, column
    assert "\\u202eright to left\\u2066" in site["officials.html"].text
    assert "zero\\u200bwidth" in site["officials.html"].text
    assert "\\x1b[31mred\\x07 a\\u2028b" in site["engagements.html"].text
    assert "{{ 7 * 7 }} {% raw %} &amp; &#60;b&#62;" in site["sources.html"].text
    assert "<script>window.hurt = 1</script>\\u2067" in site["index.html"].text
    assert "CITATION.cff is no YAML" in site["data.html"].text
    ElementTree.fromstring(hostile["timeline.svg"])


def _without_spaces(text: str) -> list[str]:
    return re.split(r"[\n\u00a0\u202f]", text)


def test_any_text_comes_through_as_it_is(tmp_path: Path) -> None:
    texts = [
        text.encode("utf-8", "replace").decode("utf-8").replace("\r", "") for text in HOSTILE_TEXTS
    ]
    places = [
        (table, row[next(iter(row))], "note")
        for table in ("participants", "visits", "agreements", "engagements", "officials")
        for row in read_table(EXAMPLE_PACKAGE, table)
    ]
    assert len(places) >= len(texts)
    cells = [(*place, text) for place, text in zip(places, texts, strict=False)]
    site = pages(rendered(with_cells(tmp_path, *cells)))
    for table, _, _, text in cells:
        page = site[f"{table}.html"]
        assert len(page.all("script")) == 1
        shown = "".join(each if is_plain(each) or each == "\n" else "\\" for each in text)
        longest = max(re.split(r"[\\\n\[]", shown), key=len)
        assert longest in page.text
        assert "window.hurt" not in str(page.elements)


def test_the_state_of_a_package_with_errors_is_on_its_first_page(
    hostile: dict[str, bytes],
) -> None:
    site = pages(hostile)
    assert re.search(r"The last check found \d+ errors", site["index.html"].text)
    assert "unknown-term" in site["data.html"].text


def test_every_row_is_in_its_table_and_has_its_evidence(parsed: dict[str, Page]) -> None:
    for table in TABLES:
        key = next(iter(declared()[table]))
        rows = read_table(EXAMPLE_PACKAGE, table)
        ids = set(parsed[f"{table}.html"].ids)
        assert {row[key] for row in rows} <= ids, table
        assert f"{len(rows)} row" in parsed[f"{table}.html"].text
    for row in read_table(EXAMPLE_PACKAGE, "evidence"):
        assert row["evidence_id"] in parsed[f"{row['table']}.html"].ids
        assert row["span_sha256"] in parsed["evidence.html"].text


def test_an_inferred_cell_says_so_and_how(parsed: dict[str, Page]) -> None:
    text = " ".join(parsed["visits.html"].text.split())
    assert "State visit to Estonia V0001 inferred Evidence C0079" in text
    assert "parent inferred C0079 The day in Tartu is told as part of the state visit." in text


def test_the_passages_are_on_no_page_unless_asked_for(example: dict[str, bytes]) -> None:
    source = (EXAMPLE_PACKAGE / "seeds" / "R0001.txt").read_text("utf-8")
    spans = {
        source[int(row["char_start"]) : int(row["char_end"])]
        for row in read_table(EXAMPLE_PACKAGE, "evidence")
    }
    long = [span for span in spans if len(span.split()) > 5]
    assert len(long) > 10
    own = {name: " ".join(page.text.split()) for name, page in pages(example).items()}
    for span in long:
        assert not [name for name, text in own.items() if span in text], span
    shown = pages(rendered(with_passages=True))
    cited = " ".join(shown["visits.html"].text.split())
    assert "paid a state visit to Estonia" in cited
    assert all(span in " ".join(shown["sources.html"].text.split()) for span in long)
    assert "for a holder’s own use" in shown["index.html"].text


def test_without_the_text_of_a_source_the_page_says_what_was_not_compared(
    tmp_path: Path,
) -> None:
    files = rendered(seeds=tmp_path, with_passages=True)
    site = pages(files)
    assert "79 could not be compared: the text was not at hand" in site["index.html"].text
    assert "not compared" in site["visits.html"].text
    assert "paid a state visit" not in site["visits.html"].text


def test_a_passage_that_no_longer_matches_is_not_shown(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    text = (EXAMPLE_PACKAGE / "seeds" / "R0001.txt").read_text("utf-8")
    (seeds / "R0001.txt").write_text(text.replace("May 2022", "Mai 2022"), "utf-8")
    page = pages(rendered(seeds=seeds, with_passages=True))["visits.html"]
    assert "the text says something else now" in page.text
    assert "Mai 2022" not in page.text


def test_downloads_are_listed_with_their_digests(parsed: dict[str, Page]) -> None:
    data = (EXAMPLE_PACKAGE / "datapackage" / "visits.csv").read_bytes()
    text = parsed["data.html"].text
    assert hashlib.sha256(data).hexdigest() in text
    assert "datapackage/visits.csv" in text


def test_all_is_offered_in_one_zip_which_is_the_release(
    example: dict[str, bytes], parsed: dict[str, Page], tmp_path: Path
) -> None:
    name = "example-est-isl-1.0.0.zip"
    release = pack(EXAMPLE_PACKAGE, tmp_path / name, as_of=AS_OF)
    assert example[name] == release.path.read_bytes()
    for page in ("index.html", "data.html"):
        assert name in [link.attributes["href"] for link in parsed[page].all("a")]
    assert release.sha256 in parsed["data.html"].text


def test_what_is_not_fit_to_be_released_is_offered_file_by_file(
    tmp_path: Path, hostile: dict[str, bytes]
) -> None:
    stale = with_cells(tmp_path)
    (stale / "datapackage" / "codebook.md").unlink()
    assert gathered(stale).why_no_release == (
        "datapackage/codebook.md is stale: run `relations build`"
    )
    for files in (rendered(stale), hostile):
        assert not [name for name in files if name.endswith(".zip")]
        assert "in one zip" not in pages(files)["data.html"].text
        assert "data/datapackage/visits.csv" in files


def test_exports_are_offered_where_they_are_given(tmp_path: Path) -> None:
    (tmp_path / "parquet").mkdir()
    (tmp_path / "relations.sqlite").write_bytes(b"SQLite format 3\x00")
    (tmp_path / "parquet" / "visits.parquet").write_bytes(b"PAR1")
    (tmp_path / ".hidden").write_bytes(b"")
    files = rendered(exports=tmp_path)
    added = {name: files[name] for name in files if name.startswith("exports/")}
    assert added == {
        "exports/relations.sqlite": b"SQLite format 3\x00",
        "exports/parquet/visits.parquet": b"PAR1",
    }
    page = pages(files)["data.html"]
    assert {"exports/relations.sqlite", "exports/parquet/visits.parquet"} <= {
        link.attributes["href"] for link in page.all("a")
    }
    assert "SQLite database" in page.text


def test_the_picture_for_a_slide_stands_on_its_own(example: dict[str, bytes]) -> None:
    root = ElementTree.fromstring(example["timeline.svg"])
    space = "{http://www.w3.org/2000/svg}"
    assert root.tag == f"{space}svg"
    assert root.find(f"{space}title") is not None
    described = root.findtext(f"{space}desc") or ""
    for event in gathered().timeline.events:
        assert event.ref.label in described
        assert event.when in described
    assert b"href" not in example["timeline.svg"]


def test_the_day_of_the_check_is_said_and_changes_nothing_else() -> None:
    site = gathered()
    text = " ".join(pages(render(site, "0"))["index.html"].text.split())
    assert "Checked on 1 January 2026: 0 errors, 0 warnings; 79 of 79 cited spans verified" in text
    assert site.as_of == AS_OF


def test_the_command_builds_a_folder_and_replaces_it_only_when_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Shell(tmp_path, monkeypatch)
    arguments = ("browse", str(EXAMPLE_PACKAGE), "--output", "out/site", "--as-of", "2026-01-01")
    done = run(*arguments)
    assert (done.code, done.err) == (0, "")
    built = tmp_path / "out" / "site"
    assert re.fullmatch(r"out/site/index\.html: \d+ files, \d\.\d MB\n", done.out)
    made = {
        path.relative_to(built).as_posix(): path.read_bytes()
        for path in built.rglob("*")
        if path.is_file()
    }
    assert set(made) == set(rendered())
    again = run(*arguments)
    assert again.code == 2
    assert "--force replaces it" in again.err
    (built / "index.html").write_text("edited", "utf-8")
    assert run(*arguments, "--force").code == 0
    assert (built / "index.html").read_bytes() == made["index.html"]


def test_the_command_refuses_a_package_with_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = with_cells(tmp_path, ("visits", "V0001", "visit_type", "pompous"))
    run = Shell(tmp_path, monkeypatch)
    done = run("browse", str(root), "--output", "site")
    assert done.code == 1
    assert "the check finds 1 error and 0 rules that could not run" in done.err
    assert not (tmp_path / "site").exists()
    done = run("browse", str(root), "--output", "site", "--allow-errors")
    assert done.code == 0
    assert done.err.startswith("relations: no zip to download on it: ")
    assert "has 1 error and is not released" in done.err
    assert "1 error" in (tmp_path / "site" / "index.html").read_text("utf-8")


def test_wrong_use_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Shell(tmp_path, monkeypatch)
    assert run("browse", str(EXAMPLE_PACKAGE)).code == 2
    nothing = run("browse", str(tmp_path), "--output", "site")
    assert (nothing.code, "no datapackage.json" in nothing.err) == (2, True)
    day = run("browse", str(EXAMPLE_PACKAGE), "--output", "site", "--as-of", "soon")
    assert (day.code, "such as 2026-01-31" in day.err) == (2, True)


def test_an_empty_package_has_a_page_too(tmp_path: Path) -> None:
    root = tmp_path / "empty"
    shutil.copytree(EXAMPLE_PACKAGE, root)
    for table in TABLES:
        path = root / "datapackage" / f"{table}.csv"
        path.write_text(path.read_text("utf-8").partition("\n")[0] + "\n", "utf-8")
    (root / "datapackage" / "terms.csv").unlink()
    files = rendered(root)
    site = pages(files)
    assert "timeline.svg" not in files
    assert "No visit, session, agreement" in site["index.html"].text
    assert "the file of terms is not there" in site["terms.html"].text
    assert set(site) == PAGES


def test_a_site_of_years_and_of_days_have_readable_axes(tmp_path: Path) -> None:
    root = with_cells(
        tmp_path,
        ("visits", "V0001", "start_date", "1992"),
        ("visits", "V0001", "end_date", ".."),
        ("visits", "V0003", "start_date", "2024-06-11%"),
    )
    site = gathered(root)
    event = next(each for each in site.timeline.events if each.ref.key == "V0001")
    (span,) = event.spans
    assert (span.first, span.sure, span.end) == (
        dt.date(1992, 1, 1),
        (dt.date(1992, 12, 31), AS_OF),
        "open",
    )
    text = pages(render(site, "0"))["index.html"].text
    assert "since 1992" in text
    assert "perhaps about 11 June 2024" in text
