"""What a reader sees and does, in a real browser."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.browser.conftest import look

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

    from tests.browser.conftest import Server

pytestmark = pytest.mark.browser

FAILURE = "failures/f-0000000000000001/index.html"
PAGES = ("index.html", "changes/index.html", "guide/reading-the-site/index.html", FAILURE)
JENKINS = "sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'self'"


def wait(browser: Chrome, until: Callable[[Chrome], Any]) -> Any:
    return WebDriverWait(browser, 10, poll_frequency=0.05).until(until)


def arrive(browser: Chrome, ending: str) -> None:
    """Wait for a page that a link or a redirect leads to: its address stands before its content does."""

    def is_there(driver: Chrome) -> bool:
        ready: bool = run(driver, 'document.readyState === "complete"')
        return ready and driver.current_url.endswith(ending)

    wait(browser, is_there)


def run(browser: Chrome, script: str, *arguments: object) -> Any:
    return browser.execute_script(f"return {script}", *arguments)


def one(browser: Chrome, selector: str) -> WebElement:
    return browser.find_element(By.CSS_SELECTOR, selector)


def shown_rows(browser: Chrome, table: str) -> list[str]:
    script = f"""[...document.querySelectorAll("#{table} tbody tr")]
        .filter((row) => !row.hidden).map((row) => row.cells[0].querySelector("code").textContent)"""
    found: list[str] = run(browser, script)
    return found


def complaints(browser: Chrome) -> list[str]:
    entries = browser.get_log("browser")  # type: ignore[no-untyped-call]  # as selenium has it
    return [entry["message"] for entry in entries if entry["level"] in ("SEVERE", "WARNING")]


def draw_charts(browser: Chrome) -> None:
    run(browser, 'document.querySelector(".rb-plot").scrollIntoView()')
    wait(browser, lambda driver: driver.find_elements(By.CSS_SELECTOR, ".rb-plot svg.main-svg .xtick"))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_load_without_complaint_and_from_this_site_alone(
    browser: Chrome, server: Server, page: str, scheme: str
) -> None:
    look(browser, scheme=scheme)
    browser.get(f"{server.address}/demo/r0003/{page}")
    if page == "index.html":
        draw_charts(browser)
    time.sleep(0.3)
    assert complaints(browser) == []
    assert run(browser, "window.violations") == []
    loaded = run(browser, 'performance.getEntriesByType("resource").map((entry) => entry.name)')
    assert loaded
    assert all(name.startswith((f"{server.address}/", "data:")) for name in loaded)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("width", [360, 768, 1400, 1920])
def test_no_page_scrolls_sideways(browser: Chrome, server: Server, page: str, width: int) -> None:
    look(browser, width=width)
    browser.get(f"{server.address}/demo/r0003/{page}")
    assert run(browser, "document.documentElement.scrollWidth") <= width
    assert run(browser, "document.body.scrollWidth") <= width


def test_a_chart_takes_the_colours_of_the_scheme_and_follows_a_change(browser: Chrome, server: Server) -> None:
    browser.get(f"{server.address}/demo/r0003/index.html")
    draw_charts(browser)
    tick = 'getComputedStyle(document.querySelector(".rb-plot .xtick text")).fill'
    light = run(browser, tick)
    assert run(browser, 'document.querySelectorAll(".rb-plot svg a").length') == 0
    run(browser, 'document.body.setAttribute("data-md-color-scheme", "slate")')
    wait(browser, lambda driver: run(driver, tick) != light)


def test_a_chart_that_cannot_be_drawn_leaves_its_numbers_open(browser: Chrome, server: Server) -> None:
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*plotly*"]})
    try:
        browser.get(f"{server.address}/demo/r0003/index.html")
        run(browser, 'document.querySelector(".rb-chart").scrollIntoView()')
        wait(browser, lambda driver: run(driver, 'document.querySelector(".rb-chart details").open'))
        assert not one(browser, ".rb-plot").is_displayed()
    finally:
        browser.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})


def test_copy_copies_exactly_the_command(browser: Chrome, server: Server) -> None:
    browser.execute_cdp_cmd(
        "Browser.grantPermissions",
        {"origin": server.address, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]},
    )
    browser.get(f"{server.address}/demo/r0003/{FAILURE}")
    button = one(browser, ".rb-command button")
    button.click()
    wait(browser, lambda _: button.text == "Copied")
    copied = browser.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    assert copied == "cargo test --test e2e_rpc session_resume -- --nocapture --exact"
    assert copied == button.get_attribute("data-copy") == one(browser, ".rb-command code").text


def test_the_menu_lists_the_versions_and_keeps_the_page(browser: Chrome, server: Server) -> None:
    browser.get(f"{server.address}/demo/r0003/changes/index.html")
    wait(browser, lambda driver: driver.find_elements(By.CSS_SELECTOR, ".md-version"))
    assert one(browser, ".md-version__current").get_property("textContent") == "run 3 (fail)"
    links = browser.find_elements(By.CSS_SELECTOR, ".md-version__link")
    assert [link.get_property("textContent") for link in links] == ["run 3 (fail)", "run 2 (pass)"]
    run(browser, "arguments[0].click()", links[1])
    arrive(browser, f"{server.address}/demo/r0002/changes/index.html")


def test_instant_navigation_swaps_pages_and_brings_tables_and_charts_to_life(browser: Chrome, server: Server) -> None:
    browser.get(f"{server.address}/demo/r0003/guide/reading-the-site/index.html")
    run(browser, "(window.stillHere = true)")
    run(browser, """document.querySelector('.md-nav__link[href$="/r0003/index.html"]').click()""")
    wait(browser, lambda driver: driver.find_elements(By.CSS_SELECTOR, "#tests .rb-tools"))
    draw_charts(browser)
    assert run(browser, "window.stillHere") is True
    assert run(browser, "window.violations") == []
    run(browser, """document.querySelector('.md-nav__link[href$="/changes/index.html"]').click()""")
    wait(browser, lambda driver: driver.find_elements(By.CSS_SELECTOR, "#changes .rb-tools"))
    assert run(browser, "window.stillHere") is True
    assert complaints(browser) == []


def test_search_finds_a_failure_by_its_title(browser: Chrome, server: Server) -> None:
    browser.get(f"{server.address}/demo/r0003/index.html")
    run(browser, 'document.querySelector("#__search").click()')
    one(browser, ".md-search__input").send_keys("session_resume_7")
    found = wait(browser, lambda driver: driver.find_elements(By.CSS_SELECTOR, ".md-search-result__link"))
    assert "failures/f-0000000000000007/index.html" in str(found[0].get_attribute("href"))


def test_filters_and_order_stand_in_the_address_and_come_back_with_it(browser: Chrome, server: Server) -> None:
    browser.get(f"{server.address}/demo/r0003/changes/index.html#new")
    Select(one(browser, "#changes .rb-tools select")).select_by_visible_text("new")
    one(browser, "#changes input").send_keys("00")
    seconds = next(
        head for head in browser.find_elements(By.CSS_SELECTOR, "#changes th button") if head.text == "Seconds"
    )
    seconds.click()
    seconds.click()
    wanted = ["test_case_003", "test_case_006", "test_case_009", "test_case_000"]
    assert shown_rows(browser, "changes") == wanted
    address = browser.current_url
    assert "changes.change=new" in address
    assert "changes.sort=-seconds" in address
    assert address.endswith("#new")
    browser.get("about:blank")
    browser.get(address)
    wait(browser, lambda driver: driver.find_elements(By.CSS_SELECTOR, "#changes .rb-tools"))
    assert shown_rows(browser, "changes") == wanted
    assert one(browser, '#changes [aria-sort="descending"]').text.startswith("Seconds")


def test_lean_pages_wear_the_palette_that_was_chosen_on_a_full_one(browser: Chrome, server: Server) -> None:
    look(browser, scheme="light")
    browser.get(f"{server.address}/demo/r0003/index.html")
    for _ in range(2):  # from automatic to light, from light to dark
        run(browser, 'document.querySelector(".md-header__option label:not([hidden])").click()')
        time.sleep(0.2)
    assert one(browser, "body").get_attribute("data-md-color-scheme") == "slate"
    browser.get(f"{server.address}/demo/r0002/{FAILURE}")
    assert one(browser, "body").get_attribute("data-md-color-scheme") == "slate"


def test_old_data_is_announced_by_the_reader_s_clock(browser: Chrome, server: Server) -> None:
    shift = "const real = Date.now; Date.now = () => Date.parse('2026-11-21T10:00:00Z') + %s * 3600e3;"
    for hours, banners in ((1, 0), (72, 1)):
        added = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": shift % hours})
        browser.get(f"{server.address}/demo/r0003/{FAILURE}")
        assert len(browser.find_elements(By.CSS_SELECTOR, ".rb-old")) == banners
        words = one(browser, ".rb-asof time")
        assert words.text == ("2 hours ago" if hours == 1 else "3 days ago")
        assert words.get_attribute("title") == "2026-11-21 09:30:00 UTC"
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


@pytest.mark.parametrize("page", ["index.html", FAILURE])
def test_pages_can_be_read_without_script(browser: Chrome, server: Server, page: str) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(f"{server.address}/demo/r0003/{page}")
    assert one(browser, "#answer").is_displayed()
    assert not [button for button in browser.find_elements(By.CSS_SELECTOR, "[data-copy]") if button.is_displayed()]
    assert one(browser, ".rb-command code").is_displayed()
    if page == "index.html":
        assert one(browser, ".rb-spark").is_displayed()
        assert not one(browser, ".rb-plot").is_displayed()
        assert one(browser, "#row-3").is_displayed()


def test_pages_keep_their_facts_under_a_server_that_allows_no_script(browser: Chrome, server: Server) -> None:
    server.policy = JENKINS
    browser.get(f"{server.address}/demo/r0003/index.html?past-the-cache")
    assert one(browser, "#answer").is_displayed()
    assert one(browser, ".rb-spark").is_displayed()
    assert one(browser, "#row-3").is_displayed()


def test_a_downloaded_folder_opens_by_double_click(browser: Chrome, folder: Path) -> None:
    browser.get((folder / "index.html").as_uri())
    arrive(browser, "/r0003/index.html")
    draw_charts(browser)
    assert run(browser, "window.violations") == []
    run(browser, """document.querySelector('.md-nav__link[href$="changes/index.html"]').click()""")
    arrive(browser, "/r0003/changes/index.html")
    Select(one(browser, "#changes .rb-tools select")).select_by_visible_text("new")
    assert len(shown_rows(browser, "changes")) == 4
    browser.get((folder / "r0003" / FAILURE).as_uri())
    assert one(browser, "h1").text == "session_resume_1"
    button = one(browser, ".rb-command button")
    button.click()
    wait(browser, lambda _: button.text == "Copied")
    one(browser, ".rb-foot a").click()
    arrive(browser, f"/r0003/{FAILURE}")


def test_everything_can_be_reached_by_keyboard_and_shows_it(browser: Chrome, server: Server) -> None:
    browser.get(f"{server.address}/demo/r0003/{FAILURE}")
    script = """(() => {
      const reachable = [...document.querySelectorAll("a[href], button, summary, input, select, [tabindex='0']")];
      return reachable.filter((item) => item.tabIndex < 0).map((item) => item.outerHTML.slice(0, 80));
    })()"""
    assert run(browser, script) == []
    one(browser, ".rb-command button").send_keys("")
    outline = run(browser, 'getComputedStyle(document.querySelector(".rb-command button")).outlineStyle')
    assert outline != "none"
