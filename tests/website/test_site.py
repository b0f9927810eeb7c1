"""The whole site: it builds without a warning, and everything is in it."""

import re
import shutil
import subprocess
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest

from dlcourse import nn
from dlcourse.layout import EXERCISES, NOTEBOOKS, ROOT
from dlcourse.syllabus import LESSONS
from dlcourse.terms import all_entries
from dlcourse.website import book, build, notebooks, proof
from tests.website.built import site

HERE = [lesson for lesson in LESSONS if lesson.is_here]


@pytest.fixture(scope="module")
def pages():
    """Return the text of each page by its path; building it has proved every link."""
    folder = site()
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*.html")
    }


def test_every_lesson_and_its_exercise_are_there_to_read_and_to_take_along(pages):
    front = pages["index.html"]
    for lesson in HERE:
        page = pages[f"notebooks/{lesson.name}.html"]
        assert f"{lesson.number} " in page
        assert f'href="notebooks/{lesson.name}.html"' in front
        taken = re.findall(r'href="(\.\./_downloads/[^"]+\.ipynb)"', page)
        names = [f"{lesson.name}.ipynb"]
        if lesson.has_exercise:
            names.append(f"exercise_{lesson.name}.ipynb")
            assert f"exercises/{lesson.name}/{lesson.name}.html" in pages
        assert [path.rpartition("/")[2] for path in taken] == names
        for path, source in zip(taken, (NOTEBOOKS, EXERCISES / lesson.name), strict=False):
            file = (site() / "notebooks" / path).resolve()
            assert file.read_bytes() == (source / f"{lesson.name}.ipynb").read_bytes()


def test_every_picture_of_a_lesson_is_there_with_its_description(pages):
    for lesson in HERE:
        stored = notebooks.descriptions(notebooks.read(NOTEBOOKS / f"{lesson.name}.ipynb"))
        alts = re.findall(r'<img alt="([^"]*)"', pages[f"notebooks/{lesson.name}.html"])
        assert [unescape(alt) for alt in alts] == [words for _, words in stored]
        assert all(len(words.split()) > 3 for _, words in stored)


def test_every_board_shows_a_still_picture_and_says_so(pages):
    for lesson in HERE:
        page = pages[f"notebooks/{lesson.name}.html"]
        assert page.count('alt="Interactive board: ') == page.count("A still picture. ") > 0
        assert "run this no" not in page


def test_every_prediction_shows_all_its_choices(pages):
    for lesson in HERE:
        page = pages[f"notebooks/{lesson.name}.html"]
        asked = notebooks.predictions(NOTEBOOKS / f"{lesson.name}.ipynb")
        shown = re.findall(r'<div class="dlcourse-question">.*?</div>', page, re.DOTALL)
        assert len(shown) == len(asked) > 0
        for question in asked.values():
            choices = "".join(f"<li>{notebooks.escape(choice)}</li>" for choice in question.choices)
            assert any(choices in box for box in shown)


def test_every_term_has_an_anchor_and_every_symbol_a_row(pages):
    glossary, symbols = pages["lookup/glossary.html"], pages["lookup/symbols.html"]
    terms = [
        unescape(re.sub("<[^>]+>", "", t)) for t in re.findall(r"<dt id=.term-.*?</dt>", glossary)
    ]
    written = {term.rstrip("#").replace("\u2019", "'") for term in terms}
    assert written == {entry.term for entry in all_entries()}
    assert symbols.count("<tr") == 1 + sum(bool(entry.symbol) for entry in all_entries())


def test_every_public_name_of_nn_is_in_the_reference(pages):
    reference = "".join(text for name, text in pages.items() if name.startswith("reference/"))
    for name in nn.__all__:
        anchors = (f'id="dlcourse.nn.{name}"', f'id="module-dlcourse.nn.{name}"')
        assert sum(reference.count(anchor) for anchor in anchors) == 1, name


def test_every_page_of_docs_is_in_the_navigation(pages):
    listed = set(re.findall(r'href="([\w./-]+\.html)"', pages["index.html"]))
    for path in (ROOT / "docs").rglob("*.md"):
        name = path.relative_to(ROOT).with_suffix(".html").as_posix()
        assert name in pages
        if path.parent.name == "docs" or path.name == "README.md":
            assert name in listed, name


def test_every_page_says_its_language_and_has_one_title_and_a_way_past_the_navigation(pages):
    for name, text in pages.items():
        assert '<html lang="en"' in text, name
        article = text.partition('<article class="bd-article">')[2].partition("</article>")[0]
        levels = [int(level) for level in re.findall(r"<h([1-6])", article)]
        assert levels.count(1) == (name != "search.html"), name  # its script writes the title
        steps = pairwise(levels)
        assert all(after <= before + 1 for before, after in steps), name
        assert 'href="#main-content">Skip to main content' in text, name


def test_the_front_page_leads_to_what_can_be_looked_up_and_speaks_to_readers_of_pages(pages):
    front = pages["index.html"].partition("<article")[2].partition("</article>")[0]
    for name in ("glossary", "symbols", "errata"):
        assert f'href="lookup/{name}.html"' in front
    for name in ("docs/subjects", "reference/index", "exercises/index", "docs/teaching/README"):
        assert f'href="{name}.html"' in front
    assert "GitHub shows it" not in front
    assert "<title>Deep learning from scratch, in Jupyter" in pages["index.html"]


def test_a_lesson_says_that_nothing_runs_on_its_page(pages):
    for name, text in pages.items():
        if name.startswith(("notebooks/", "exercises/")) and name != "exercises/index.html":
            assert "Nothing runs on this page" in text, name
            assert re.search(r'index\.html#start">(<[^>]*>)?start\s+the\s+course', text), name


def test_no_line_begins_with_the_full_stop_behind_a_formula(pages):
    for name, text in pages.items():
        assert not re.search(r"</math>[.,;:!?)]+(?![.,;:!?)\]\u201d\u2019]|</(span|div)>)", text), (
            name
        )


def test_a_page_that_is_not_there_has_links_from_the_root_of_the_site(tmp_path):
    page = tmp_path / "404.html"
    page.write_text('<html><head></head><a href="#main-content">a</a></html>')
    build.root_it(page, "")
    assert "<base" not in page.read_text()
    for _ in range(2):
        build.root_it(page, "owner/course")
        assert page.read_text().count('<base href="/course/">') == 1
        assert 'href="404.html#main-content"' in page.read_text()
    page.write_text("<html><head></head></html>")
    build.root_it(page, "owner/owner.github.io")
    assert '<base href="/">' in page.read_text()


def test_no_page_has_a_formula_left_in_latex_and_the_font_has_every_glyph(pages):
    from fontTools.ttLib import TTFont

    known = TTFont(build.SETTINGS / "_static" / "stix-two-math.woff").getBestCmap()
    formulas = [text for page in pages.values() for text in re.findall(r"<math.*?</math>", page)]
    assert len(formulas) > 2000
    shown = {sign for text in formulas for sign in unescape(re.sub("<[^>]+>", "", text))}
    assert {sign for sign in shown if ord(sign) not in known} == set()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the path of the book; making it has proved its links."""
    return build.epub(tmp_path_factory.mktemp("book"), ROOT / "build" / "work")


def test_a_book_is_made_of_it(made):
    with book.ZipFile(made) as opened:
        names = opened.namelist()
        page = opened.read("notebooks/05_backpropagation.xhtml").decode()
        contents = opened.read("nav.xhtml").decode()
    assert "_downloads" not in page
    for picture in re.findall(r'src="\.\./(_images/[^"]+)"', page):
        assert picture in names
    assert all(f"notebooks/{lesson.name}.xhtml" in contents for lesson in HERE)
    assert not [name for name in names if name.endswith(".js")]
    assert book.LICENCE in names


def test_the_book_is_valid(made):
    program = shutil.which("epubcheck")
    if program is None:
        pytest.skip("there is no epubcheck on this machine")
    is_jar = Path(program).read_bytes()[:2] == b"PK"  # on Debian
    command = ["java", "-jar", program] if is_jar else [program]
    told = subprocess.run([*command, str(made)], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "0 errors / 0 warnings" in told.stdout + told.stderr


# ------------------------------------------------------------------ the proof sees


PAGE = '<html><body id="a"><h1>A</h1><a href="{}">b</a><img src="x.png" alt="{}">{}</body></html>'


@pytest.mark.parametrize(
    ("link", "alt", "more", "found"),
    [
        ("other.html#there", "words", "", []),
        ("https://example.org/x", "words", "", []),
        ("mailto:a@example.org", "words", "", []),
        ("gone.html", "words", "", ["index.html: gone.html leads nowhere"]),
        ("other.html#gone", "words", "", ["index.html: other.html#gone leads nowhere"]),
        ("#gone", "words", "", ["index.html: #gone leads nowhere"]),
        ("https:/example.org", "words", "", ["index.html: https:/example.org leads nowhere"]),
        ("#a", " ", "", ["index.html: the picture x.png has no description"]),
        ("#a", "words", "<p id=a>", ["index.html: the id a stands there twice"]),
        ("#a", "words", "<code>`b` $c$</code> costs $5, or $6", []),
        ("#a", "words", "at $x_2$", ["index.html: $x_2$ is left of a source"]),
        ("#a", "words", "use `b`", ["index.html: `b` is left of a source"]),
        ("#a", "words", "the \\alpha", ["index.html: \\alpha is left of a source"]),
        (
            "#a",
            "words",
            '<script src="https://cdn.org/m.js"></script>',
            ["index.html: loads https://cdn.org/m.js from another host"],
        ),
    ],
)
def test_a_fault_of_a_page_is_seen(tmp_path, link, alt, more, found):
    (tmp_path / "x.png").write_bytes(b"")
    (tmp_path / "other.html").write_text('<p id="there">')
    (tmp_path / "index.html").write_text(PAGE.format(link, alt, more))
    assert proof.problems(tmp_path) == found


def test_a_style_sheet_that_loads_from_another_host_is_seen(tmp_path):
    (tmp_path / "a.css").write_text('@import "https://fonts.org/a.css";')
    assert proof.problems(tmp_path) == ["a.css: loads from another host"]


def test_a_warning_of_sphinx_stops_the_build(tmp_path, monkeypatch):
    sources = {"index.md": rb"# A\n\n[b](gone.md) and $\nosuchcommand$".replace(rb"\n", b"\n", 2)}
    monkeypatch.setattr(build.tree, "gather", lambda *_: sources)
    with pytest.raises(build.BuildError) as caught:
        build.html(tmp_path / "site", tmp_path / "work")
    assert "gone.md" in str(caught.value)
    assert "nosuchcommand" in str(caught.value)


def test_a_book_that_cannot_be_read_is_seen(tmp_path):
    path = tmp_path / "a.epub"
    with book.ZipFile(path, "w") as made:
        made.writestr("content.opf", '<a><item id="x" href="gone.xhtml"/></a>')
        made.writestr("b.xhtml", '<p>&nosuch;<a href="c.xhtml#d"/><a href="#e"/></p>')
    assert book.problems(path) == [
        "mimetype is not the first file, as it is",
        "b.xhtml: c.xhtml is not there",
        "b.xhtml: undefined entity: line 1, column 3",
        "gone.xhtml is listed and not there",
        "b.xhtml is there and not listed",
    ]
