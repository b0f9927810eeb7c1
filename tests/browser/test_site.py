"""The site in a real browser: search, light and dark, a telephone, the keyboard, axe."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.website.built import site

pytestmark = pytest.mark.browser

LESSON = "notebooks/05_backpropagation.html"
KINDS = (
    "index.html",
    LESSON,
    "exercises/05_backpropagation/05_backpropagation.html",
    "lookup/glossary.html",
    "lookup/symbols.html",
    "lookup/errata.html",
    "reference/index.html",
    "reference/layers.html",
    "docs/grading.html",
    "search.html",
)
# Of each kind one that axe reads in a second or two; the glossary takes it ten.
SMALL = (
    "index.html",
    "notebooks/00_welcome.html",
    "exercises/05_backpropagation/05_backpropagation.html",
    "lookup/symbols.html",
    "reference/losses.html",
    "docs/decisions/README.html",
    "search.html",
)
# The elements that make a page wider than the window: what scrolls within itself does not.
WIDE = """() => {
  const hides = (e) => e && e !== document.body &&
    (getComputedStyle(e).overflowX !== "visible" || hides(e.parentElement));
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  return [...document.querySelectorAll("article *")]
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !hides(e.parentElement))
    .map((e) => e.outerHTML.slice(0, 120)).concat("the page");
}"""


@pytest.fixture(scope="module")
def open_page(browser):
    """Open pages of the site, in light or dark, at a width; nothing is fetched from elsewhere."""
    folder, opened = site(), []

    def open_one(name, scheme="light", width=1280):
        page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
        page.fetched = []
        page.on("request", lambda request: page.fetched.append(request.url))
        page.goto((folder / name).as_uri())
        opened.append(page)
        return page

    yield open_one
    for page in opened:
        page.close()


def test_search_finds_a_term_and_leads_to_it(open_page):
    page = open_page("search.html")
    page.goto(f"{page.url}?q=broadcasting")
    expect(page.locator("#search-results a[href*='00_arrays']").first).to_be_visible()
    page.locator("#search-results a[href*='term-broadcasting']").first.click()
    expect(page.locator("dt", has_text="broadcasting").first).to_be_visible()


def test_the_search_box_opens_by_keyboard(open_page):
    page = open_page(LESSON)
    page.keyboard.press("Control+k")
    expect(page.locator("dialog#pst-search-dialog input")).to_be_focused()


def test_dark_is_dark_and_stays(open_page):
    page = open_page(LESSON, "dark")
    shade = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    assert max(page.evaluate(shade)) < 60
    page.get_by_role("button", name="Color mode").first.click()
    page.locator(".theme-change-button[data-mode=light]").first.click()
    page.wait_for_function(f"() => Math.min(...{shade}) > 200")
    page.goto(page.url.replace("05_backpropagation", "13_cnn"))
    assert min(page.evaluate(shade)) > 200


@pytest.mark.parametrize("name", [*KINDS, "notebooks/18_attention.html", "reference/models.html"])
def test_a_telephone_shows_the_whole_width(open_page, name):
    assert open_page(name, width=380).evaluate(WIDE) == []


def test_what_is_too_wide_is_seen(open_page):
    page = open_page("index.html", width=380)
    page.evaluate("document.querySelector('article p').style.width = '600px'")
    assert page.evaluate(WIDE)


def test_a_figure_tells_what_it_shows(open_page):
    page = open_page(LESSON)
    figure = page.locator("article img").first
    expect(figure).to_have_attribute("alt", re.compile("^Left, the two answers of a small network"))


def test_the_keyboard_reaches_the_text_and_whatever_scrolls(open_page):
    page = open_page(LESSON, width=380)
    page.keyboard.press("Tab")
    expect(page.locator("#pst-skip-link a")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#main-content$"))
    scrolls = """() => [...document.querySelectorAll("article *")]
      .filter((e) => ["auto", "scroll"].includes(getComputedStyle(e).overflowX))
      .filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth)"""
    assert page.evaluate(f"({scrolls})().length") > 3
    page.wait_for_timeout(1000)  # until the theme has made the code reachable
    assert (
        page.evaluate(
            f"({scrolls})().filter((e) => e.tabIndex < 0).map((e) => e.outerHTML.slice(0, 99))"
        )
        == []
    )
    summary = page.locator("article summary").first
    summary.focus()
    assert summary.evaluate("(e) => getComputedStyle(e).outlineStyle") != "none"


def test_formulas_are_drawn_with_the_font_of_the_course(open_page):
    page = open_page(LESSON)
    assert page.evaluate("document.fonts.load('16px Formulas').then((fonts) => fonts.length)") == 1
    high = page.locator("div.math mfrac").first.bounding_box()["height"]
    assert high > 1.5 * page.locator("div.math mi").first.bounding_box()["height"]


def test_nothing_comes_from_another_host(open_page):
    for name in KINDS:
        page = open_page(name)
        page.wait_for_load_state("networkidle")
        assert [url for url in page.fetched if not url.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize("name", SMALL)
def test_axe_finds_nothing_grave(open_page, name):
    assert faults(open_page(name)) == []


@pytest.mark.parametrize("name", [LESSON, "reference/losses.html"])
def test_axe_finds_nothing_grave_in_the_dark(open_page, name):
    assert faults(open_page(name, "dark")) == []


def test_axe_finds_nothing_grave_on_a_telephone(open_page):
    assert faults(open_page("index.html", width=380)) == []


def test_axe_would_find_a_picture_without_words(open_page):
    page = open_page("index.html")
    page.locator("article img").first.evaluate("(e) => e.removeAttribute('alt')")
    assert [fault.partition(":")[0] for fault in faults(page)] == ["image-alt"]
