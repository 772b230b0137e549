"""The site in a real browser: what a reader does with it, and what it may not do.

Needs Chromium with its driver and the extra `browser`; skipped where they are not installed.
"""

from __future__ import annotations

import functools
import http.server
import importlib.util
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from test_site import HOSTILE

from relations.cli.output.site import density, split
from relations.schemas.tables import TABLES
from support import chromium
from support.editing import EXAMPLE_PACKAGE, read_table, rebuild, write_table
from support.exporting import with_cells
from support.site import rendered, write

pytest.importorskip("selenium", reason="the extra `browser` is not installed: no selenium")
AXE = importlib.util.find_spec("axe_playwright_python")
pytestmark = pytest.mark.skipif(
    not (chromium.BROWSER and chromium.DRIVER),
    reason="chromium and chromedriver are not installed",
)

PAGES = (
    "index.html", "people.html", "tables.html", "codebook.html", "data.html",
    *(f"{table}.html" for table in TABLES),
)  # fmt: skip
OF_EACH_KIND = (
    "index.html", "people.html", "tables.html", "codebook.html", "data.html", "visits.html",
    "sources.html", "evidence.html",
)  # fmt: skip
WIDTHS = (360, 1280)
Open = Callable[[str], Any]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(rendered(), tmp_path_factory.mktemp("site") / "site")


@pytest.fixture(scope="module")
def long_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with 250 statements more, and its events counted by year."""
    root = with_cells(tmp_path_factory.mktemp("long"))
    rows = read_table(root, "statements")
    for number in range(1, 251):
        rows.append(rows[0] | {"statement_id": f"X{1000 + number}", "summary": f"Said {number}."})
    write_table(root, "statements", rows)
    rebuild(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(density, "MOST_LINES", 3)
        patch.setattr(split, "ROWS_ON_PAGE", 60)
        patch.setattr(split, "RECORDS_ON_PAGE", 300)
        evidence = {name: data for name, data in rendered(root).items() if "evidence" in name}
        patch.setattr(split, "ROWS_ON_PAGE", 5_000)
        return write(rendered(root) | evidence, tmp_path_factory.mktemp("out") / "site")


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = with_cells(tmp_path_factory.mktemp("hostile"), *HOSTILE)
    return write(rendered(root, with_passages=True), tmp_path_factory.mktemp("out") / "site")


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    driver = chromium.start(tmp_path_factory.mktemp("browser"))
    yield driver
    driver.quit()


@pytest.fixture(params=WIDTHS)
def browser(driver: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """At each width; afterwards nothing was logged and nothing but pages was asked for."""
    driver.get("about:blank")
    for log in ("browser", "performance"):
        driver.get_log(log)
    chromium.resize(driver, request.param)
    chromium.prefer(driver, "light")
    yield driver
    chromium.allow_scripts(driver, True)
    assert driver.get_log("browser") == []
    asked = [each.partition("#")[0] for each in chromium.requests(driver)]
    strange = [
        each
        for each in asked
        if not (each.startswith(("file:", "http://127.0.0.1:")) and each.endswith(".html"))
        and not each.startswith("data:image/svg+xml,")
        and each != "about:blank"
    ]
    assert strange == []


@pytest.fixture
def opened(browser: Any, site: Path) -> Open:
    def open_(address: str) -> Any:
        name, _, anchor = address.partition("#")
        browser.get("about:blank")
        browser.get((site / name).as_uri() + (f"#{anchor}" if anchor else ""))
        return browser

    return open_


def one(page: Any, selector: str) -> Any:
    return page.find_element("css selector", selector)


def texts(page: Any, selector: str) -> list[str]:
    """The texts of elements, hidden ones left out."""
    found = page.find_elements("css selector", selector)
    return [each.text for each in found if each.is_displayed()]


def choose(page: Any, label: str, text: str) -> None:
    from selenium.webdriver.support.ui import Select

    field = page.find_element("xpath", f"//label[normalize-space(text())='{label}']/select")
    Select(field).select_by_visible_text(text)


def press(page: Any, selector: str) -> None:
    """Click on what a reader would scroll to first."""
    element = one(page, selector)
    page.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
    element.click()


def address(page: Any) -> str:
    return str(page.current_url).rpartition("/")[2]


def overflow(page: Any) -> list[str]:
    """What sticks out of the page to the right."""
    found: list[str] = page.execute_script(
        """
        const width = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= width) return [];
        return Array.from(document.body.querySelectorAll("*"))
          .filter(each => each.getBoundingClientRect().right > width + 0.5
                          && !each.closest(".scroll, svg, .unseen"))
          .map(each => each.outerHTML.slice(0, 120)).concat("the page as a whole");
        """
    )
    return found


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_width_and_fetches_nothing(opened: Open, name: str) -> None:
    page = opened(name)
    assert overflow(page) == []
    loaded = page.execute_script(
        "return performance.getEntriesByType('resource').map(each => each.name)"
    )
    assert [each for each in loaded if not each.startswith("data:image/svg+xml,")] == []
    assert len(page.find_elements("css selector", "h1")) == 1


@functools.cache
def axe_core() -> str:
    """The script of axe-core, which the extra `browser` brings."""
    assert AXE is not None
    assert AXE.origin is not None
    return (Path(AXE.origin).parent / "axe.min.js").read_text("utf-8")


@pytest.mark.skipif(AXE is None, reason="the extra `browser` is not installed: no axe-core")
@pytest.mark.parametrize("name", OF_EACH_KIND)
def test_axe_finds_nothing(opened: Open, browser: Any, name: str) -> None:
    # Each colour scheme once: contrast does not depend on the width.
    narrow = browser.execute_script("return window.innerWidth") == WIDTHS[0]
    chromium.prefer(browser, "light" if narrow else "dark")
    page = opened(name)
    assert violations(page) == []


def violations(page: Any) -> list[tuple[str, str, list[Any]]]:
    """What axe-core finds: rule, impact and the first places."""
    page.execute_script(axe_core())
    # The codebook takes axe a while.
    page.set_script_timeout(300)
    found = page.execute_async_script(
        "axe.run({resultTypes: ['violations']}).then(arguments[arguments.length - 1])"
    )
    assert found["passes"]
    return [
        (each["id"], each["impact"], [node["target"] for node in each["nodes"]][:3])
        for each in found["violations"]
    ]


def test_from_the_timeline_through_a_visit_to_its_evidence(opened: Open) -> None:
    page = opened("index.html")
    press(page, ".rows a[href='visits.html#V0001']")
    assert address(page) == "visits.html#V0001"
    visit = one(page, "article:target")
    assert one(visit, "h3").text == "State visit to Estonia V0001"
    press(page, "#V0001 .why[href='#C0022']")
    claim = one(page, "li:target")
    assert claim.text == "start date stated C0022"
    passage = page.find_element("xpath", "//li[@id='C0022']/ancestor::li")
    assert "characters 46–129" in passage.text
    assert "the source’s own voice" in passage.text
    assert "verified" in passage.text
    assert "sha256 51f1c39334c8…" in passage.text
    press(page, "#C0022 a.id")
    assert address(page) == "evidence.html#C0022"
    row = one(page, "tr:target")
    assert "51f1c39334c84b96bb8deb1feaa6dfaf9457088422ade222ab35fd1c34b4b1c8" in row.text


def test_an_inferred_cell_leads_to_how_it_was_inferred(opened: Open) -> None:
    page = opened("visits.html#V0004")
    cell = page.find_element("xpath", "//article[@id='V0004']//dt[.='parent']/../dd")
    assert "inferred" in cell.text
    one(cell, "a.why").click()
    assert (
        one(page, "li:target .how").text == "The day in Tartu is told as part of the state visit."
    )


def test_a_table_is_filtered_by_words_and_by_terms(opened: Open) -> None:
    page = opened("participants.html")
    field = one(page, ".controls input")
    assert one(page, "output").text == "14 rows"
    field.send_keys("tallinn DECLARATION")
    assert one(page, "output").text == "3 of 14 rows"
    assert texts(page, "tbody th") == ["N0008", "N0009", "N0010"]
    field.clear()
    field.send_keys("no such thing")
    assert one(page, "output").text == "0 of 14 rows"
    field.clear()
    field.send_keys(" ")
    choose(page, "role", "speaker")
    assert texts(page, "tbody th") == ["N0007", "N0013"]


@pytest.mark.parametrize("typed", ["sigrun", "SİGRÚN", "sıgrún dalberg"])
def test_letters_are_found_without_their_marks(typed: str, opened: Open) -> None:
    page = opened("officials.html")
    one(page, ".controls input").send_keys(typed)
    assert one(page, "output").text == "1 of 4 rows"
    assert texts(page, "tbody th") == ["P0004"]


def test_a_filtered_row_that_a_link_leads_to_is_shown_again(opened: Open) -> None:
    page = opened("evidence.html")
    choose(page, "basis", "inferred")
    assert texts(page, "tbody th") == ["C0079"]
    page.execute_script("location.hash = '#C0001'")
    assert one(page, "tr:target").is_displayed()
    assert one(page, "output").text == "79 rows"


def test_a_table_is_sorted_both_ways_and_the_unknown_stays_last(opened: Open) -> None:
    page = opened("visits.html")
    head = page.find_element("xpath", "//th[.='end date']")
    assert head.get_attribute("aria-sort") is None
    press_in(page, head)
    assert texts(page, "table.data tbody th") == ["V0001", "V0004", "V0002", "V0003"]
    assert head.get_attribute("aria-sort") == "ascending"
    press_in(page, head)
    assert texts(page, "table.data tbody th") == ["V0002", "V0001", "V0004", "V0003"]
    assert head.get_attribute("aria-sort") == "descending"


def press_in(page: Any, head: Any) -> None:
    button = one(head, "button")
    page.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()


def test_numbers_are_sorted_as_numbers(opened: Open) -> None:
    page = opened("evidence.html")
    press_in(page, page.find_element("xpath", "//th[.='char start']"))
    starts = [
        int(each)
        for each in page.execute_script(
            "return Array.from(document.querySelectorAll('table.data td[data-sort]'))"
            ".filter((_, place) => place % 2 === 0).map(each => each.dataset.sort)"
        )
    ]
    assert starts == sorted(starts)
    assert len(starts) == 79


def test_a_heading_leads_to_what_the_column_means(opened: Open, browser: Any) -> None:
    page = opened("visits.html")
    about = page.find_element("xpath", "//th[.='host country']/a")
    assert about.accessible_name == "host country: what it means"
    press_link(page, about)
    assert address(page) == "codebook.html#codebook-visits-host_country"
    assert "host_country" in one(page, "tr:target").text
    chromium.allow_scripts(browser, False)
    page = opened("visits.html")
    press_link(page, page.find_element("link text", "host country"))
    assert address(page) == "codebook.html#codebook-visits-host_country"


def press_link(page: Any, link: Any) -> None:
    page.execute_script("arguments[0].scrollIntoView({block: 'center', inline: 'center'})", link)
    link.click()


def shown_ids(page: Any) -> list[str]:
    """The keys of the rows that are to be seen."""
    found: list[str] = page.execute_script(
        "return Array.from(document.querySelectorAll('table.data tbody th'))"
        ".filter(each => each.offsetParent !== null).map(each => each.textContent.trim())"
    )
    return found


def test_a_long_table_is_turned_page_by_page(browser: Any, long_site: Path) -> None:
    browser.get((long_site / "statements.html").as_uri())
    every = len(read_table(EXAMPLE_PACKAGE, "statements")) + 250
    assert len(shown_ids(browser)) == 100
    assert one(browser, ".turning span").text == f"rows 1–100 of {every}"
    assert not one(browser, ".turning button:first-of-type").is_enabled()
    press(browser, ".turning button:last-of-type")
    assert one(browser, ".turning span").text == f"rows 101–200 of {every}"
    assert len(shown_ids(browser)) == 100
    press(browser, ".turning button:last-of-type")
    assert len(shown_ids(browser)) == every - 200
    assert not one(browser, ".turning button:last-of-type").is_enabled()
    # The filter finds rows of every page, the order is that of all rows.
    one(browser, ".controls input").send_keys("x1250 SAID")
    assert shown_ids(browser) == ["X1250"]
    assert not one(browser, ".turning").is_displayed()
    one(browser, ".controls input").clear()
    one(browser, ".controls input").send_keys("Said")
    head = browser.find_element("xpath", "//th[.='statement']")
    press_in(browser, head)
    press_in(browser, head)
    assert shown_ids(browser)[:2] == ["X1250", "X1249"]
    assert len(shown_ids(browser)) == 100


def test_a_row_on_a_later_page_of_a_table_is_found(browser: Any, long_site: Path) -> None:
    browser.get((long_site / "evidence-2.html").as_uri() + "#C0070")
    assert one(browser, "tr:target").is_displayed()
    assert "C0070" in one(browser, "tr:target").text


def test_long_tables_are_whole_without_a_script_and_in_print(browser: Any, long_site: Path) -> None:
    every = len(read_table(EXAMPLE_PACKAGE, "statements")) + 250
    chromium.allow_scripts(browser, False)
    browser.get((long_site / "statements.html").as_uri())
    assert len(shown_ids(browser)) == every
    chromium.allow_scripts(browser, True)
    browser.get((long_site / "statements.html").as_uri())
    press(browser, ".turning button:last-of-type")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert len(shown_ids(browser)) == every
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_from_the_years_to_an_event(browser: Any, long_site: Path) -> None:
    browser.get((long_site / "index.html").as_uri())
    assert overflow(browser) == []
    press(browser, ".pages a[href='timeline-2022.html']")
    assert one(browser, "h1").text == "2022"
    assert overflow(browser) == []
    press(browser, ".rows a[href='visits.html#V0001']")
    assert one(browser, "article:target h3").is_displayed()


@pytest.mark.skipif(AXE is None, reason="the extra `browser` is not installed: no axe-core")
@pytest.mark.parametrize("name", ["index.html", "timeline-2022.html", "statements.html"])
def test_axe_finds_nothing_where_there_is_much(browser: Any, long_site: Path, name: str) -> None:
    narrow = browser.execute_script("return window.innerWidth") == WIDTHS[0]
    chromium.prefer(browser, "light" if narrow else "dark")
    browser.get((long_site / name).as_uri())
    assert violations(browser) == []


def test_everything_works_by_keyboard(opened: Open) -> None:
    from selenium.webdriver.common.keys import Keys

    page = opened("visits.html")
    one(page, "body").send_keys(Keys.TAB)
    assert page.switch_to.active_element.text == "Skip to the content"
    assert page.switch_to.active_element.location["y"] >= 0
    page.switch_to.active_element.send_keys(Keys.ENTER)
    assert address(page) == "visits.html#main"
    button = page.find_element("xpath", "//th[.='title']/button")
    button.send_keys(Keys.ENTER)
    assert texts(page, "table.data tbody th") == ["V0004", "V0002", "V0003", "V0001"]


def test_a_link_leads_from_a_person_to_a_meeting_and_back(opened: Open) -> None:
    page = opened("index.html")
    press(page, ".met a[href='people.html#P0003']")
    assert address(page) == "people.html#P0003"
    assert one(page, "article:target h2").text == "Mart Koppel P0003"
    press(page, "#P0003 a[href='engagements.html#E0001']")
    assert one(page, "article:target h3").text == "Talks in Tallinn E0001"


@pytest.mark.parametrize("table", list(TABLES))
def test_without_a_script_every_row_is_there_and_nothing_dead_is_offered(
    opened: Open, browser: Any, table: str
) -> None:
    chromium.allow_scripts(browser, False)
    page = opened(f"{table}.html")
    rows = read_table(EXAMPLE_PACKAGE, table)
    assert texts(page, "table.data tbody th") == [next(iter(row.values())) for row in rows]
    assert page.find_elements("css selector", "button, input, select") == []
    assert overflow(page) == []


def test_hostile_text_does_nothing(browser: Any, hostile_site: Path) -> None:
    for name in PAGES:
        browser.get((hostile_site / name).as_uri())
        assert browser.execute_script("return window.hurt") is None, name
        assert one(browser, "h1").is_displayed()
        assert overflow(browser) == []
    assert "<script>window.hurt = 1</script>" in _shown(browser, hostile_site, "visits.html")


def _shown(browser: Any, folder: Path, name: str) -> str:
    browser.get((folder / name).as_uri())
    return str(one(browser, "main").text)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and notes what was asked for."""

    asked: list[str]

    def log_message(self, *_: object) -> None:
        self.asked.append(self.path)


def test_on_a_web_server_only_the_pages_are_asked_for(browser: Any, site: Path) -> None:
    asked: list[str] = []
    handler = type("Handler", (_Quiet,), {"asked": asked})
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(handler, directory=str(site))
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        browser.get(f"http://127.0.0.1:{server.server_port}/index.html")
        press(browser, ".rows a[href='visits.html#V0001']")
        assert one(browser, "article:target h3").is_displayed()
        browser.get("about:blank")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert asked == ["/index.html", "/visits.html"]


def test_printed_it_is_complete(browser: Any, site: Path) -> None:
    browser.get((site / "index.html").as_uri())
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        shown = browser.execute_script(
            "return Array.from(document.querySelectorAll('details .said li'))"
            ".every(each => each.getBoundingClientRect().height > 0)"
        )
        assert shown
        assert not one(browser, ".top nav").is_displayed()
        assert all(each.is_displayed() for each in browser.find_elements("css selector", ".track"))
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
