"""The rule that makes slides of a lesson."""

import json
import re
from dataclasses import replace
from html import unescape
from itertools import pairwise

import pytest

from dlcourse.layout import NOTEBOOKS
from dlcourse.recall.questions import questions
from dlcourse.syllabus import LESSONS
from dlcourse.teaching import pages
from dlcourse.teaching.blocks import blocks, predictions
from dlcourse.teaching.deck import MOST, WANTED, Slide, _together
from dlcourse.teaching.listing import LINES, definitions
from dlcourse.teaching.listing import pages as code_pages
from dlcourse.teaching.sentences import for_a_class, leans, sentences, thought

KINDS = set(WANTED)


def text(html: str) -> str:
    return " ".join(re.sub(r"<code>.*?</code>|<[^>]*>", "", html).split())


def test_a_deck_has_few_slides_and_the_ones_that_a_class_needs(decks):
    for number, slides in decks.items():
        kinds = [slide.kind for slide in slides]
        assert 15 <= len([kind for kind in kinds if kind != "measured"]) <= MOST, number
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


def test_a_question_has_no_figure_and_what_was_measured_follows_it(decks):
    """A figure under a question took the room of its letters, before the class had answered."""
    measured = 0
    for number, slides in decks.items():
        for before, slide in pairwise(slides):
            assert not (slide.hides and slide.picture), (number, slide.title)
            if slide.title == "Measured":
                measured += 1
                assert before.kind in ("predict", "claim"), number
                assert slide.points[0] == before.points[0]
                assert slide.picture.startswith("<img")
    assert measured > 25


def test_what_a_question_takes_for_known_stands_on_its_slide(decks):
    asked = {q.text: q for q in questions() if q.kind == "prediction" and q.given}
    shown = [s for slides in decks.values() for s in slides if s.kind == "predict" and s.given]
    assert len(shown) == len(asked)


def test_an_example_is_done_on_paper_before_it_is_worked_out(decks):
    kinds = [slide.title for slide in decks["12"]]
    assert kinds.index("On paper") == kinds.index("By hand") - 1
    for number, slides in decks.items():
        for slide in slides:
            assert not text("".join(slide.points)).startswith("On paper:"), number


def test_no_sentence_on_a_slide_leans_on_one_that_is_not_there(decks):
    """ "Pooling forgets a little of it": of what? Some "it" has its word in the same sentence."""
    firsts = [
        (number, text("".join(slide.points[:1])))
        for number, slides in decks.items()
        for slide in slides
        if slide.kind in ("points", "figure", "formula")
    ]
    lonely = [(number, sentence) for number, sentence in firsts if leans(sentence)]
    assert len(lonely) <= 18, lonely
    said = [text(point) for slide in decks["12"] for point in slide.points]
    assert (
        "An edge map still says exactly where each edge is. Pooling forgets a little of it." in said
    )


def test_a_still_of_the_board_is_not_shown(decks):
    """It does a task of the board, and stands in the lesson for whoever has no kernel."""
    for number, slides in decks.items():
        said = " ".join(text(point) for slide in slides for point in slide.points)
        assert "without a kernel" not in said, number
        assert "If you only read" not in said, number


def test_the_board_has_its_tasks(decks):
    for number in ("06", "12", "19"):
        (board,) = [slide for slide in decks[number] if slide.kind == "board"]
        assert len(board.points) == 2, number


def test_code_of_a_slide_defines_and_does_not_draw(decks):
    for number, slides in decks.items():
        for slide in slides:
            if slide.kind == "code":
                shown = unescape(text(slide.code).replace(" ", ""))
                assert "show(figures." not in shown, number
    assert not any(slide.title.startswith("History check") and slide.code for slide in decks["12"])
    assert len([s for s in decks["06"] if s.kind == "code" and s.title == "The whole machine"]) >= 2


def test_numbers_of_sources_and_dates_of_records_stay_in_the_lesson(decks):
    for number, slides in decks.items():
        shown = " ".join(text(" ".join([*s.points, *s.found, s.picture])) for s in slides)
        assert not re.search(r"[a-z] \[\d+\]|python -m benchmarks", shown), number


def test_no_heading_becomes_a_list(decks):
    for slides in decks.values():
        assert not any("<ol" in slide.title or "<ul" in slide.title for slide in slides)


def test_a_slide_of_words_alone_has_more_than_a_few(decks):
    few = [
        (number, slide.title)
        for number, slides in decks.items()
        for slide in slides
        if slide.kind == "points" and len(text(" ".join(slide.points))) < 90
    ]
    assert len(few) < 5, few


def test_a_sentence_brings_those_that_it_leans_on():
    said = ["A map says where.", "**Pooling** forgets a little of it.", "A window moves."]
    assert [thought(said, k) for k in range(3)] == [0, 0, 2]
    assert thought([*("a" * 200,) * 3, "It is **so**."], 3) == 2
    assert thought(["a" * 320, "It is **so**."], 1) == 1  # too long for a slide


def test_what_leads_out_of_the_lesson_is_left_out():
    assert for_a_class("**HSV** [3]: hue.") == "**HSV**: hue."
    assert for_a_class("So it is (*Going deeper* says why).") == "So it is."
    assert for_a_class("[a](b) and $x[3]$ stay.") == "[a](b) and $x[3]$ stay."
    assert for_a_class("(One. ") == "One. "


def test_code_is_cut_to_what_it_defines():
    source = "@once\ndef a():\n    pass\n\n\nclass B:\n    x = 1\n\n\nshow(a())\n"
    assert definitions(source) == "@once\ndef a():\n    pass\n\nclass B:\n    x = 1"
    assert definitions("%matplotlib inline\ndef a():\n    pass") == ""
    method = "    def f(self):\n" + "        self.x = 1\n" * 10
    parts = code_pages("class A:\n" + f"{method}\n" * 2)
    assert len(parts) == 2
    assert all(len(part.splitlines()) <= LINES for part in parts)
    assert code_pages("x" * 100) == []
