"""The teacher's pack in a browser: slides fit, answers wait, notes fit two sheets, offline."""

import re

import pytest
from playwright.sync_api import expect

from dlcourse.syllabus import LESSONS
from dlcourse.teaching import pages

pytestmark = pytest.mark.browser

SHOWN = ("05", "06", "12", "19")
SMALLEST = 26  # of 720 pixels: what the last row of a room reads
OVERFULL = """() => slides.filter((slide) => {
  const box = slide.querySelector(".fits");
  return box.scrollHeight > box.clientHeight + 2;
}).map((slide) => slide.id)"""


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("decks")
    for lesson in LESSONS:
        if lesson.number in SHOWN:
            for kind in ("slides", "notes"):
                path = folder / f"{kind}-{lesson.number}.html"
                path.write_text(getattr(pages, kind)(lesson), encoding="utf-8")
    return folder


@pytest.fixture
def page(browser, decks):
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    yield page
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    page.close()


@pytest.mark.parametrize("number", SHOWN)
def test_every_slide_fits_in_letters_that_can_be_read(page, decks, number):
    page.goto(f"file://{decks}/slides-{number}.html")
    assert page.evaluate("slides.filter((s) => !s.matches('.measured')).length") <= 25
    for index in range(page.evaluate("slides.length")):
        page.evaluate(f"show({index})")
        assert index + 1 not in page.evaluate(OVERFULL)
    sizes = page.evaluate(
        "slides.map((s) => parseFloat(s.querySelector('.fits').style.fontSize || '40'))"
    )
    small = {index + 1: size for index, size in enumerate(sizes) if size < SMALLEST}
    assert not small


def test_a_figure_taller_than_wide_stands_beside_the_words(page, decks):
    page.goto(f"file://{decks}/slides-12.html")
    board = page.locator("section.board")
    assert "beside" in board.get_attribute("class")
    page.evaluate("show(slides.findIndex((slide) => slide.classList.contains('board')))")
    words, picture = (board.locator(part).bounding_box() for part in ("ol", "figure"))
    assert words["x"] + words["width"] <= picture["x"]
    assert picture["height"] > 500


def test_a_table_is_as_large_as_the_words_beside_it(page, decks):
    """The class of its slide once made it small a second time."""
    page.goto(f"file://{decks}/slides-19.html")
    cell, words = (
        page.evaluate(
            f"parseFloat(getComputedStyle(document.querySelector('.grid{part}')).fontSize)"
        )
        for part in (" td", "")
    )
    box = page.evaluate(
        "parseFloat(document.querySelector('.grid').closest('.fits').style.fontSize)"
    )
    assert cell == words
    assert cell >= 0.85 * box


def test_an_answer_waits_for_the_second_key(page, decks):
    page.goto(f"file://{decks}/slides-05.html")
    place = page.evaluate("slides.findIndex((slide) => slide.classList.contains('predict'))")
    page.evaluate(f"show({place})")
    later = page.locator("section.now .later")
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.now .later')).visibility")
        == "hidden"
    )
    page.keyboard.press("ArrowRight")
    expect(later).to_be_visible()
    assert page.evaluate("now") == place
    page.keyboard.press("ArrowRight")
    assert page.evaluate("now") == place + 1
    page.keyboard.press("Home")
    assert page.evaluate("now") == 0
    page.keyboard.press("End")
    expect(page).to_have_url(re.compile(f"#{page.evaluate('slides.length')}$"))


@pytest.mark.parametrize("number", SHOWN)
def test_the_notes_fill_two_sheets_at_most(page, decks, number):
    page.goto(f"file://{decks}/notes-{number}.html")
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", paper)) == 2


def test_the_notes_do_not_scroll_sideways_on_a_telephone(page, decks):
    page.set_viewport_size({"width": 380, "height": 700})
    page.goto(f"file://{decks}/notes-05.html")
    assert page.evaluate("document.documentElement.scrollWidth") <= 380


@pytest.mark.parametrize("kind", ["slides", "notes"])
def test_axe_finds_no_fault(page, decks, kind):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.goto(f"file://{decks}/{kind}-12.html")
    for index in range(page.evaluate("slides.length") if kind == "slides" else 1):
        if kind == "slides":
            page.evaluate(f"show({index})")
        faults = axe.run(page).response["violations"]
        assert [(fault["id"], fault["impact"]) for fault in faults] == []


def test_a_handout_shows_every_answer(page, decks):
    page.goto(f"file://{decks}/slides-05.html")
    page.emulate_media(media="print")
    hidden = page.evaluate(
        "[...document.querySelectorAll('.later')].filter((e) => "
        "getComputedStyle(e).visibility === 'hidden').length"
    )
    assert hidden == 0
