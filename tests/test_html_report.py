"""The HTML report in a real browser: what a person does with it, and what it may not do.

Needs Chromium with its driver and the extra `browser`; skipped where they are not installed.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from relations.cli.output import html_findings, html_report
from relations.validators.finding import Report
from support.reports import CLEAN, FIXED, HOSTILE_TEXTS, RULES, VERSION, hostile, long

webdriver = pytest.importorskip("selenium.webdriver", reason="the extra `browser` is missing")
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    not (BROWSER and DRIVER), reason="chromium and chromedriver are not installed"
)

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage",
)  # fmt: skip

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    options.binary_location = BROWSER or ""
    for flag in FLAGS:
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('browser')}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Opens a report from the disk; afterwards nothing was logged and no request was made."""

    def open_(report: Report, *, fragment: str = "", script: bool = True, most: int = 0) -> Any:
        page = tmp_path / "report.html"
        text = html_report.render(report, rules=RULES, version=VERSION, max_per_rule=most)
        page.write_text(text, "utf-8")
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not script})
        browser.get("about:blank")
        browser.get(page.as_uri() + fragment)
        return browser

    # What the browser loaded for itself before.
    browser.get("about:blank")
    for log in ("browser", "performance"):
        browser.get_log(log)
    yield open_
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert browser.get_log("browser") == []
    requested = [
        event["params"]["request"]["url"]
        for entry in browser.get_log("performance")
        if (event := json.loads(entry["message"])["message"])["method"]
        == "Network.requestWillBeSent"
    ]
    assert {url.partition("#")[0] for url in requested} <= {
        (tmp_path / "report.html").as_uri(),
        "about:blank",
    }


def one(page: Any, selector: str) -> Any:
    return page.find_element("css selector", selector)


def texts(page: Any, selector: str) -> list[str]:
    return [each.text for each in page.find_elements("css selector", selector)]


def status(page: Any) -> str:
    said: str = one(page, ".status[role]").text
    return said


def until(page: Any, expected: str) -> None:
    """Wait for what the page says of its findings."""
    from selenium.common.exceptions import TimeoutException
    from selenium.webdriver.support.ui import WebDriverWait

    with contextlib.suppress(TimeoutException):
        WebDriverWait(page, 10, 0.05).until(lambda _: status(page) == expected)
    assert status(page) == expected


def choose(page: Any, name: str, value: str) -> None:
    from selenium.webdriver.support.ui import Select

    Select(one(page, f"select[name={name}]")).select_by_value(value)


def test_a_clean_report_says_so(opened: Open) -> None:
    page = opened(CLEAN)
    assert page.title == "estonia-iceland: 0 errors, 0 warnings"
    assert one(page, "h1").text == "Everything is sound."
    assert page.find_elements("css selector", ".finding, .filters") == []
    assert len(page.find_elements("css selector", ".catalogue > li")) == len(RULES)


def test_the_script_writes_the_same_markup_as_the_page_has_without_it(opened: Open) -> None:
    for report in (FIXED, long(40)):
        page = opened(report, script=False)
        written = [each.get_attribute("outerHTML") for each in _cards(page)]
        page = opened(report)
        assert [each.get_attribute("outerHTML") for each in _cards(page)] == written
        assert len(written) == len(report.findings)


def _cards(page: Any) -> list[Any]:
    found: list[Any] = page.find_elements("css selector", ".finding")
    return found


def test_without_a_script_the_first_findings_are_there_and_nothing_dead_is_offered(
    opened: Open,
) -> None:
    page = opened(long(300), script=False)
    assert len(_cards(page)) == html_findings.WITHOUT_SCRIPT
    assert status(page) == "1–50 of 300 findings"
    for selector in (".filters", ".pages"):
        assert not one(page, selector).is_displayed()


def test_a_finding_shows_its_cell_in_its_row_and_its_manual_on_demand(opened: Open) -> None:
    page = opened(FIXED, fragment="#rule=unknown-reference")
    assert texts(page, ".message") == ["there is no row ETS in countries"]
    assert one(page, ".line").text.startswith("3")
    assert texts(page, "mark") == ["ETS"]
    assert texts(page, ".place") == ["datapackage/visits.csv:3:34"]
    assert texts(page, ".related") == ["see datapackage/countries.csv:1"]
    manual = one(page, ".finding .manual")
    assert not manual.is_displayed()
    one(page, ".finding summary").click()
    assert manual.text == (
        "A cell refers to a row that does not exist.\nOften an id that is off by one digit."
    )


def test_filters_narrow_down_and_the_totals_stay_true(opened: Open) -> None:
    page = opened(long(1_000))
    until(page, "1–100 of 1,000 findings")
    assert texts(page, "[data-severity]") == ["750 errors", "250 warnings"]
    one(page, "[data-severity=warning]").click()
    until(page, "1–100 of 250 that match; 1,000 findings in all")
    assert set(texts(page, ".finding summary")) == {"lead-from-elsewhere"}
    assert one(page, "[data-severity=warning]").get_attribute("aria-pressed") == "true"
    one(page, "[data-severity=warning]").click()
    until(page, "1–100 of 1,000 findings")
    choose(page, "rule", "span-differs")
    until(page, "1–100 of 250 that match; 1,000 findings in all")
    choose(page, "table", "visits")
    until(page, "None of 1,000 findings matches.")
    assert _cards(page) == []
    choose(page, "table", "evidence")
    until(page, "1–100 of 250 that match; 1,000 findings in all")
    one(page, "[data-clear]").click()
    until(page, "1–100 of 1,000 findings")
    assert not one(page, "[data-clear]").is_displayed()
    assert texts(page, ".figures dd")[:2] == ["750", "250"]
    assert texts(page, "td.number:last-child")[:3] == ["500", "250", "250"]


def test_search_finds_values_keys_and_words_together(opened: Open) -> None:
    page = opened(long(1_000))
    search = one(page, "[name=search]")
    search.send_keys("v0401")
    until(page, "1–1 of 1 that match; 1,000 findings in all")
    assert texts(page, ".where code")[1] == "V0401"
    search.clear()
    search.send_keys("ESTONIA p0001 lead_official")
    until(page, "1–100 of 250 that match; 1,000 findings in all")
    search.clear()
    search.send_keys("no such thing")
    until(page, "None of 1,000 findings matches.")


def test_search_finds_letters_without_their_marks(opened: Open) -> None:
    page = opened(hostile("İlham Şahin"))
    one(page, "[name=search]").send_keys("ilham ŞAHIN")
    until(page, "1–1 of 1 that match; 1 finding in all")
    one(page, "[name=search]").send_keys("x")
    until(page, "None of 1 finding matches.")


def test_a_search_that_is_still_being_typed_is_not_lost_by_a_choice(opened: Open) -> None:
    page = opened(long(1_000))
    one(page, "[name=search]").send_keys("c0002")
    choose(page, "rule", "span-differs")
    until(page, "1–1 of 1 that match; 1,000 findings in all")
    assert one(page, "[name=search]").get_attribute("value") == "c0002"


def test_pages_turn_and_a_page_may_be_asked_for(opened: Open) -> None:
    from selenium.webdriver.common.keys import Keys

    page = opened(long(1_050))
    until(page, "1–100 of 1,050 findings")
    assert len(_cards(page)) == 100
    enabled = {
        name: one(page, f"[data-turn={name}]").is_enabled()
        for name in ("first", "previous", "next", "last")
    }
    assert enabled == {"first": False, "previous": False, "next": True, "last": True}
    one(page, "[data-turn=next]").click()
    until(page, "101–200 of 1,050 findings")
    assert texts(page, ".where code")[1] == "V0101"
    one(page, "[data-turn=last]").click()
    until(page, "1,001–1,050 of 1,050 findings")
    assert len(_cards(page)) == 50
    assert not one(page, "[data-turn=next]").is_enabled()
    for asked, shown in (("5", "401–500"), ("900", "1,001–1,050")):
        one(page, ".pages input").send_keys(Keys.CONTROL, "a", Keys.NULL, asked, Keys.ENTER)
        until(page, f"{shown} of 1,050 findings")


def test_the_address_says_what_is_shown_and_back_works(opened: Open) -> None:
    page = opened(long(1_000), fragment="#table=evidence&page=2")
    until(page, "101–200 of 250 that match; 1,000 findings in all")
    assert one(page, "select[name=table]").get_attribute("value") == "evidence"
    one(page, "a[href='#rule=lead-from-elsewhere']").click()
    until(page, "1–100 of 250 that match; 1,000 findings in all")
    assert one(page, "select[name=rule]").get_attribute("value") == "lead-from-elsewhere"
    page.back()
    until(page, "101–200 of 250 that match; 1,000 findings in all")
    assert one(page, "select[name=rule]").get_attribute("value") == ""


def test_everything_can_be_reached_and_done_from_the_keyboard(opened: Open) -> None:
    from selenium.webdriver.common.keys import Keys

    page = opened(long(300))
    active = lambda: page.switch_to.active_element  # noqa: E731
    one(page, "body").send_keys(Keys.TAB)
    assert active().text == "To the findings"
    active().send_keys(Keys.ENTER)
    assert active().get_attribute("id") == "findings"
    active().send_keys(Keys.TAB)
    assert active().get_attribute("name") == "search"
    for name in ("rule", "table"):
        active().send_keys(Keys.TAB)
        assert active().get_attribute("name") == name
    active().send_keys(Keys.TAB)
    active().send_keys(Keys.SPACE)
    until(page, "1–100 of 225 that match; 300 findings in all")
    assert active().get_attribute("data-severity") == "error"
    for _ in range(3):
        active().send_keys(Keys.TAB)
    active().send_keys(Keys.ENTER)
    assert one(page, ".finding .manual").is_displayed()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_is_wider_than_its_window(opened: Open, width: int, scheme: str) -> None:
    for report in (CLEAN, FIXED, long(30), hostile("x" * 5_000)):
        page = opened(report)
        metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
        page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        feature = {"name": "prefers-color-scheme", "value": scheme}
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
        assert page.execute_script("return document.documentElement.scrollWidth") <= width
        assert page.execute_script("return innerWidth") == width
        assert _contrasts(page) == []


def _contrasts(page: Any) -> list[str]:
    """Where text is too faint for its ground: below 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    pairs = page.execute_script(
        """
        const ground = (node) => {
          for (; node; node = node.parentElement) {
            const colour = getComputedStyle(node).backgroundColor;
            if (colour !== "rgba(0, 0, 0, 0)") return colour;
          }
        };
        return [...document.querySelectorAll("body *")]
          .filter((node) => !node.matches("script") && node.checkVisibility() && !node.disabled)
          .filter((node) => [...node.childNodes].some((c) => c.nodeType === 3 && c.data.trim()))
          .map((node) => [node.className || node.tagName, getComputedStyle(node).color,
                          ground(node)]);
        """
    )

    def luminance(colour: str) -> float:
        parts = [int(number) / 255 for number in re.findall(r"\d+", colour)[:3]]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
                  for part in parts]  # fmt: skip
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert len(pairs) > 10
    faint = []
    for name, ink, paper in pairs:
        light, dark = sorted((luminance(ink), luminance(paper)), reverse=True)
        if (light + 0.05) / (dark + 0.05) < 4.5:
            faint.append(f"{name}: {ink} on {paper}")
    return faint


def test_hostile_text_does_nothing(opened: Open) -> None:
    for text in HOSTILE_TEXTS:
        page = opened(hostile(text), fragment="#search=row")
        assert page.execute_script("return window.hurt") is None
        assert page.find_elements("css selector", ".finding img, .finding a, .finding script") == []
        until(page, "1–1 of 1 that match; 1 finding in all")
        assert "there is no row" in one(page, ".message").text


def test_a_hostile_address_does_nothing(opened: Open) -> None:
    page = opened(long(300), fragment="#search=%3Cimg src=x onerror=hurt=1%3E&page=-9&rule=x%27%22")
    until(page, "None of 300 findings matches.")
    assert page.execute_script("return window.hurt") is None
    page = opened(long(300), fragment="#page=1e9")
    until(page, "1–100 of 300 findings")


def test_the_policy_forbids_what_a_script_might_try(browser: Any, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text(html_report.render(FIXED, rules=RULES, version=VERSION), "utf-8")
    browser.get(page.as_uri())
    refused = browser.execute_async_script(
        """
        const done = arguments[0];
        const refused = [];
        addEventListener("securitypolicyviolation", (event) => {
          refused.push(event.effectiveDirective);
          if (refused.length === 3) done(refused.sort());
        });
        document.body.append(Object.assign(new Image(), { src: "x.png" }));
        document.body.append(Object.assign(document.createElement("script"),
          { textContent: "window.hurt = 1" }));
        fetch("x.json").catch(() => {});
        """
    )
    assert refused == ["connect-src", "img-src", "script-src-elem"]
    assert browser.execute_script("return window.hurt") is None


def test_a_hundred_thousand_findings_open_search_and_turn(opened: Open) -> None:
    page = opened(long(100_000))
    until(page, "1–100 of 100,000 findings")
    assert one(page, "h1").text == "75,000 errors and 25,000 warnings."
    assert len(_cards(page)) == 100
    one(page, "[data-turn=last]").click()
    until(page, "99,901–100,000 of 100,000 findings")
    one(page, "[name=search]").send_keys("V99999")
    until(page, "1–1 of 1 that match; 100,000 findings in all")
    assert texts(page, ".where code")[1] == "V99999"


def test_a_capped_page_says_of_how_many(opened: Open) -> None:
    page = opened(long(300), most=12)
    until(page, "1–36 of 36 findings on this page; 300 in all")
    assert one(page, ".cut").text == (
        "unknown-reference: 12 of 150 shown; span-differs: 12 of 75 shown; "
        "lead-from-elsewhere: 12 of 75 shown."
    )
    assert one(page, "h1").text == "225 errors and 75 warnings."
