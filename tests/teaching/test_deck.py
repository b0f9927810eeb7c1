"""The rule that makes slides of a lesson."""

import json
import re
from dataclasses import replace

import pytest

from dlcourse.layout import NOTEBOOKS
from dlcourse.recall.questions import questions
from dlcourse.syllabus import LESSONS
from dlcourse.teaching import pages
from dlcourse.teaching.blocks import blocks, predictions
from dlcourse.teaching.deck import MOST, WANTED, Slide, _together, sentences

KINDS = set(WANTED)


def text(html: str) -> str:
    return " ".join(re.sub(r"<code>.*?</code>|<[^>]*>", "", html).split())


def test_a_deck_has_few_slides_and_the_ones_that_a_class_needs(decks):
    for number, slides in decks.items():
        kinds = [slide.kind for slide in slides]
        assert 15 <= len(slides) <= MOST, number
        assert set(kinds) <= KINDS
        assert kinds[0] == "title"
        assert kinds[-1] == "review"
        assert kinds.count("summary") == 1, number
        assert slides[0].picture, number


def test_every_prediction_is_a_slide_that_hides_its_answer(decks):
    for number, slides in decks.items():
        asked = [q for q in questions([number]) if q.kind == "prediction"]
        shown = [slide for slide in slides if slide.kind == "predict"]
        assert len(shown) == len(asked), number
        for slide in shown:
            assert slide.hides
            assert slide.right in slide.choices


def test_every_example_on_paper_and_every_review_question_is_shown(decks):
    for number, slides in decks.items():
        asked = questions([number])
        by_hand = [q for q in asked if q.kind == "hand"]
        assert len([s for s in slides if s.kind == "paper"]) == len(by_hand), number
        assert len(slides[-1].points) == sum(q.kind == "review" for q in asked), number


def test_most_decks_show_code_of_keras(decks):
    with_keras = [number for number, slides in decks.items() if "keras" in {s.kind for s in slides}]
    assert len(with_keras) >= len(decks) // 2


def test_no_slide_is_too_full(decks):
    for number, slides in decks.items():
        for slide in slides:
            signs = sum(len(text(point)) for point in [*slide.points, *slide.later])
            assert signs < (700 if slide.picture else 1300), (number, slide.title)


def test_no_figure_is_shown_twice(decks):
    for number, slides in decks.items():
        pictures = [slide.picture for slide in slides if "<img" in slide.picture]
        assert len(set(pictures)) == len(pictures), number


def test_bold_words_are_whole(decks):
    for number, slides in decks.items():
        for slide in slides:
            assert "**" not in " ".join(map(text, [*slide.points, *slide.later])), number


@pytest.mark.parametrize("number", ["02", "12"])
def test_a_page_stands_alone(number):
    page = pages.slides(next(lesson for lesson in LESSONS if lesson.number == number))
    assert not re.search(
        r"""(src|href)=["'](?!data:|#)|url\(|@import|https?://(?!www\.w3\.org)""", page
    )
    assert 'lang="en"' in page
    assert re.findall(r"<img(?![^>]*alt=\"[^\"]+\")", page) == []


def test_making_slides_changes_no_notebook(decks):
    """They are made from the stored outputs, and from no tags: the lessons need none."""
    for path in NOTEBOOKS.glob("[0-9]*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            assert "slideshow" not in cell["metadata"]


def test_what_follows_the_core_is_left_out(lessons):
    for lesson in lessons:
        texts = [block.text for block in blocks(NOTEBOOKS / f"{lesson.name}.ipynb")]
        assert "Review questions" in texts
        assert not {"Going deeper", "References"} & set(texts)


def test_slides_of_one_section_are_put_together_if_there_is_room():
    a = Slide("A", "formula", ["x"], signs=60)
    b = Slide("A", "figure", ["y"], picture="<img>", signs=100)
    assert _together([a, b])[0].points == ["x", "y"]
    far = replace(b, title="B", points=["y"])
    assert len(_together([replace(a, points=["x"]), far])) == 2
    full = replace(a, points=["x"], signs=400)
    assert len(_together([full, replace(b, points=["y"], signs=100)])) == 2


@pytest.mark.parametrize(
    ("paragraph", "parts"),
    [
        ("It is $a. B$ here. Then `x. Y` too.", ["It is $a. B$ here.", "Then `x. Y` too."]),
        ("**1 Keep.** The gate says it.", ["**1 Keep.** The gate says it."]),
        ("**One is. Two are.** Three.", ["**One is. Two are.** Three."]),
        ("Take 0.5 or 1.5 of it.", ["Take 0.5 or 1.5 of it."]),
        ('He said "no". So what?', ['He said "no".', "So what?"]),
    ],
)
def test_sentences(paragraph, parts):
    assert sentences(paragraph) == parts


def test_a_cell_with_two_predictions_tells_and_asks():
    assert predictions("%matplotlib inline\na = 1") == ("", "")
    source = 'old.reveal("x")\nnew = widgets.Prediction("?", ["a", "b"])\nnew'
    assert predictions(source) == ("new", "old")


def test_a_claim_that_the_class_is_asked_about_next_hides_nothing(decks):
    """What stands before the prediction says how the test is made, and is no verdict."""
    for number, words in ("12", "which pixels are neighbours"), ("03", "the regions are convex"):
        claim = next(s for s in decks[number] if s.kind == "claim" and words in s.points[0])
        assert claim.later == [], number
