"""The pages of a class: legible in light and dark, whole on a telephone, in order for everybody."""

import itertools
from dataclasses import replace

import pytest

from dlcourse.grading.changes import Change
from dlcourse.grading.grades import grades
from dlcourse.grading.marking import mark
from dlcourse.grading.policy import Policy
from dlcourse.grading.roster import Roster, Student
from tests.browser.axe import faults
from tests.grading.class_files import write_all
from tests.grading.notebooks import RIGHT, answers
from tests.grading.test_by_hand import attempt

pytestmark = pytest.mark.browser

LONG = "x = '" + "nobreak" * 60 + "'\n"
SIGN = "def perceptron_step(w, x, y):\n    return w - y * x if y * (w @ x) <= 0 else w"
CLASS = {
    "Jane Doe": answers(**RIGHT),
    "Tom Poe": answers(**RIGHT),
    "Maximiliane-Charlotte von der Langenstraße-Unterbergen": answers(perceptron_step=SIGN),
    "Quentin Q": answers(perceptron_step=LONG + SIGN, novikoff_bound="def novikoff_bound(X"),
    "Zoe": answers(perceptron_step="def perceptron_step(w, x, y):\n    ..."),
}

# The contrast of each piece of text with what lies behind it, as WCAG 2 computes it.
CONTRASTS = """() => {
  const linear = c => { c /= 255; return c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4 };
  const parse = text => {
    const n = text.match(/[\\d.]+/g).map(Number);
    return text.startsWith("color(srgb") ? [...n.slice(0, 3).map(v => v * 255), n[3] ?? 1] :
      [...n.slice(0, 3), n[3] ?? 1];
  };
  const light = ([r, g, b]) => .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b);
  const over = (top, below) => [0, 1, 2].map(i => top[3] * top[i] + (1 - top[3]) * below[i]);
  const behind = element => {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    if (!element) return dark ? [0, 0, 0] : [255, 255, 255];
    return over(parse(getComputedStyle(element).backgroundColor), behind(element.parentElement));
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim()) continue;
    const back = behind(element);
    const [a, b] = [light(over(parse(getComputedStyle(element).color), back)), light(back)];
    found.push([(Math.max(a, b) + .05) / (Math.min(a, b) + .05), walker.currentNode.data.trim()]);
  }
  return found.sort((a, b) => a[0] - b[0]);
}"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Return the pages of a small class with everything that they can show."""
    folder = tmp_path_factory.mktemp("class")
    attempts = [
        replace(attempt(name), result=mark(content, 1, False), content=f"{len(content)}")
        for name, content in CLASS.items()
    ]
    roster = Roster([*map(Student, CLASS), Student("Absent, Ann")], "class.csv")
    found = grades(attempts, Policy(late=10), "02", roster)
    found[0] = replace(found[0], remarks=["See `page 3`."], notices=["Look."])
    write_all(
        folder, found, confined=False, changes=[Change(found[0], "perceptron_fit", 1, 2, "by hand")]
    )
    return sorted(folder.rglob("*.html"))


def opened(browser, path, scheme, width):
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_a_contrast_of_4_5(browser, pages, scheme):
    for path in pages:
        page = opened(browser, path, scheme, 1280)
        (worst, text), *_ = page.evaluate(CONTRASTS)
        assert worst >= 4.5, (path.name, text)
        page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave(browser, pages, scheme):
    for path in pages:
        page = opened(browser, path, scheme, 1280)
        assert faults(page) == [], path.name
        page.close()


def test_the_measure_of_contrast_sees_what_is_too_faint(browser, pages):
    for colour, contrast in (("#777", 4.48), ("#000", 21), ("#fff", 1)):
        page = opened(browser, pages[0], "light", 1280)
        style = f"* {{ background: #fff !important; color: {colour} !important }}"
        page.add_style_tag(content=style)
        assert page.evaluate(CONTRASTS)[0][0] == pytest.approx(contrast, abs=0.01)
        page.close()


@pytest.mark.parametrize("width", [380, 1280])
def test_nothing_scrolls_sideways(browser, pages, width):
    for path in pages:
        page = opened(browser, path, "light", width)
        wide = page.evaluate(
            "[...document.querySelectorAll('*')].filter(e => e.scrollWidth > e.clientWidth + 1"
            " && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX))"
            ".map(e => e.outerHTML.slice(0, 99))"
        )
        assert wide == [], path.name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name
        page.close()


def test_headings_go_down_by_one_and_tables_say_what_their_cells_are(browser, pages):
    for path in pages:
        page = opened(browser, path, "light", 1280)
        levels = page.evaluate(
            "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])"
        )
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(b <= a + 1 for a, b in itertools.pairwise(levels)), path.name
        assert page.evaluate("document.querySelectorAll('th:not([scope])').length") == 0
        assert page.evaluate("document.documentElement.lang") == "en"
        page.close()


def test_every_link_leads_somewhere(browser, pages):
    for path in pages:
        page = opened(browser, path, "light", 1280)
        for target in set(page.evaluate("[...document.links].map(a => a.getAttribute('href'))")):
            file, _, anchor = target.partition("#")
            where = (path.parent / file).resolve() if file else path
            assert where.is_file(), (path.name, target)
            assert not anchor or f'id="{anchor}"' in where.read_text("utf-8"), (path.name, target)
        page.close()


def test_a_page_of_a_student_names_nobody_else(pages):
    for path in pages:
        if path.parent.name == "students":
            text = path.read_text("utf-8")
            assert sum(name in text for name in [*CLASS, "Absent, Ann"]) == 1
