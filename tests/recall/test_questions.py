"""What can be asked: complete, askable apart from its lesson, and in step with the lessons."""

import json
import re

import pytest

from dlcourse.layout import NOTEBOOKS
from dlcourse.recall import ids, ledger
from dlcourse.recall.markup import to_html, to_text
from dlcourse.recall.questions import QuestionError, apart, questions, read
from dlcourse.syllabus import LESSONS

HERE = [lesson.number for lesson in LESSONS if lesson.is_here]
ALL = questions()
BY_ID = {question.id: question for question in ALL}
HAND = {own: entry for own, entry in apart().items() if "text" in entry and own[:2] in HERE}


def names(question):
    return question.id


def cells_of(number):
    path = next(NOTEBOOKS / f"{lesson.name}.ipynb" for lesson in LESSONS if lesson.number == number)
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def notebook(tmp_path, *cells, name="99_test"):
    """Write a lesson of Markdown (str) and code (a pair of source and shown Markdown)."""
    made = []
    for cell in cells:
        if isinstance(cell, str):
            made.append({"cell_type": "markdown", "source": cell})
        else:
            output = {"data": {"text/markdown": cell[1]}}
            made.append({"cell_type": "code", "source": cell[0], "outputs": [output]})
    path = tmp_path / f"{name}.ipynb"
    path.write_text(json.dumps({"cells": made}), encoding="utf-8")
    return path


ASKED = 'asked = widgets.Prediction("Up or down?", ["up", "down"])\nasked'
SHOWN = "<details><summary>What was measured</summary>\n\n**up.**\n\n</details>"


@pytest.mark.parametrize("number", HERE)
def test_every_lesson_asks(number):
    kinds = [question.kind for question in questions([number])]
    assert kinds.count("review") >= 2
    assert kinds.count("prediction") >= 2


@pytest.mark.parametrize("number", HERE)
def test_nothing_that_a_lesson_asks_is_left_out(number):
    """Counted in the text itself, by other means than the reader's."""
    cells = cells_of(number)
    prose = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    code = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    section = prose.split("## Review questions\n")[1].split("\n## ")[0]
    kinds = [question.kind for question in questions([number])]
    assert kinds.count("review") == section.count("<summary>Answer</summary>")
    left_out = [own for own, entry in apart().items() if not entry.get("asked", True)]
    predictions = kinds.count("prediction") + sum(own[:2] == number for own in left_out)
    assert predictions == code.count("Prediction(")


@pytest.mark.parametrize("question", ALL, ids=names)
def test_a_question_is_whole(question):
    assert question.answer.strip()
    assert "![" not in question.asked + question.answer + question.reason  # a picture
    assert re.fullmatch(r"\d\d\.[a-z0-9_-]+", question.id)
    if question.kind == "prediction":
        assert question.marks_itself
        assert question.answer in question.choices
        assert len(set(question.choices)) == len(question.choices) >= 2
        assert question.reason, "say `reason` in dlcourse/recall/apart.toml"


# What points at something that is not there any more.
POINTS = re.compile(
    r"\b(above|below|on the (left|right) of the (figure|picture)|the (figure|picture|table|board|"
    r"plot|map) (above|below|shows)|this (cell|section|lesson)|the next cell|as you saw|"
    r"you have seen|Going deeper|Myth check|\[\d\]|dashed|the left picture|"
    r"the (blue|orange|red) (line|one))|^On the (left|right)|(?-i:\bLeft[,:])",
    re.IGNORECASE,
)
MEANT_OTHERWISE = {  # "above" and "below" of a quantity
    "00.asked_order",
    "05.too_far",
    "05.most_to_blame",
    "07.what-would-you-change-in-train",
    "08.in-a-bowl-with-bends-4",
    "08.a_little_more",
    "10.beyond",
    "12.a-kernel-of-4-x-4",
    "15.after_fifty",
}


@pytest.mark.parametrize("question", ALL, ids=names)
def test_a_question_can_be_understood_without_its_lesson(question):
    said = " ".join([question.asked, question.answer, question.reason])
    found = POINTS.search(said)
    assert question.id in MEANT_OTHERWISE or not found, found


@pytest.mark.parametrize("question", ALL, ids=names)
def test_formulas_are_intact(question):
    for text in (question.given, question.text, question.answer, question.reason):
        outside = re.sub(r"`[^`]*`", "", text)
        assert outside.count("$") % 2 == 0
        assert outside.count(r"\begin{") == outside.count(r"\end{")
        for formula in re.findall(r"\$+([^$]+)\$+", outside):
            assert formula.count("{") == formula.count("}")
        page = to_html(text)
        assert page.count(r"\(") == page.count(r"\)")
        assert "$" not in re.sub(r"<code>.*?</code>", "", page)
        assert "\\" not in to_text(text)
        assert "**" not in re.sub(r"\(p - y\) \*\* 2", "", to_text(text))


def test_names_are_all_different():
    assert len(BY_ID) == len(ALL)


def test_the_names_are_those_of_the_last_release():
    assert ledger.differences() == []


def test_what_is_said_apart_belongs_to_a_question():
    left_out = {own for own, entry in apart().items() if not entry.get("asked", True)}
    planned = {own for own in apart() if own[:2] not in HERE}
    assert set(apart()) - left_out - planned <= set(BY_ID)
    allowed = {"given", "reason", "asked", "text", "answer", "cell"}
    assert all(set(entry) <= allowed for entry in apart().values())


@pytest.mark.parametrize("own", HAND)
def test_the_numbers_of_an_example_by_hand_stand_in_its_lesson(own):
    """There or in the cells beside it, as the lesson may compute them a little later."""
    cells = cells_of(own[:2])
    place = next(i for i, cell in enumerate(cells) if cell["id"] == HAND[own]["cell"])
    stands = json.dumps(cells[place - 1 : place + 5]).replace("{,}", ",")
    number = re.compile(r"\d+(?:\.\d+)?")
    answer = re.sub(r"\{,\}", ",", HAND[own]["answer"])
    precise = {n for n in number.findall(answer) if len(n) > 3}
    stored = {float(n) for n in number.findall(stands)}
    for n in precise:
        digits = len(n.partition(".")[2])
        assert any(abs(float(n) - s) <= 0.5001 * 10**-digits for s in stored), n


# ------------------------------------------------------------------ the reader


def test_a_fold_without_blank_lines_keeps_its_stars(tmp_path):
    path = notebook(
        tmp_path,
        "## Review questions\n\n1. Sum?\n\n"
        "<details><summary>Answer</summary>1 + 2*1 + 2*2, `a_b` and $c_1$</details>",
    )
    question = read(path)[0]
    assert question.answer == r"1 + 2\*1 + 2\*2, `a_b` and $c_1$"
    assert to_text(question.answer) == "1 + 2*1 + 2*2, a_b and c₁"


def test_a_question_without_an_answer_is_seen(tmp_path):
    path = notebook(tmp_path, "## Review questions\n\n1. Why?\n\n2. Why not?\n")
    with pytest.raises(QuestionError, match=r'"Why\?": its answer is missing'):
        read(path)


def test_a_prediction_whose_answer_is_never_shown_is_seen(tmp_path):
    path = notebook(tmp_path, (ASKED, ""), ("if x:\n    asked.reveal('up')", ""))
    with pytest.raises(QuestionError, match="its answer is missing"):
        read(path)


def test_a_prediction_has_the_answer_that_was_measured_and_the_reason_below_it(tmp_path):
    path = notebook(tmp_path, (ASKED, ""), ("asked.reveal('up')", SHOWN), "Since $x$.\n\nMore.")
    question = read(path)[0]
    assert question.id == "99.asked"
    assert (question.answer, question.choices) == ("up", ("up", "down"))
    assert question.reason == "Since $x$."


def test_choices_may_have_a_name(tmp_path):
    source = 'sizes = (1437, 10)\nasked = widgets.Prediction("Which?", [f"{s:,}" for s in sizes])'
    shown = SHOWN.replace("up", "1,437")
    path = notebook(tmp_path, (source, ""), ("asked.reveal(best)", shown))
    assert read(path)[0].choices == ("1,437", "10")


def test_a_lesson_that_is_not_there():
    with pytest.raises(ValueError, match="there is no lesson 77; expected two digits, from 00 to"):
        questions(["77"])


# ------------------------------------------------------------------ names


def test_a_neighbour_does_not_change_a_name(tmp_path):
    one = "1. Why go?\n\n<details><summary>Answer</summary>So.</details>\n\n"
    two = "2. Why stay?\n\n<details><summary>Answer</summary>Thus.</details>\n\n"
    both = read(notebook(tmp_path, f"## Review questions\n\n{one}{two}", name="99_x"))
    alone = read(notebook(tmp_path, f"## Review questions\n\n{two}", name="99_y"))
    assert both[1].id == alone[0].id == "99.why-stay"


def test_a_reworded_question_keeps_its_name_and_another_gets_its_own():
    stored = {"05.why-may-the": "Why may the output weights not be moved before the deltas?"}
    reworded = {"05.for-what": "For what reason may the output weights not be moved before them?"}
    other = {"05.a-layer": "A layer has 100 inputs. Which shape has W?"}
    assert list(ids.carried_on(reworded, stored)) == ["05.why-may-the"]
    assert list(ids.carried_on(other, stored)) == ["05.a-layer"]


def test_one_name_is_not_carried_to_two_questions_nor_to_another_lesson():
    stored = {"05.why": "Why may the weights not be moved?"}
    now = {"05.one": "Why may the weights not be moved at once?", "05.two": stored["05.why"] + "!"}
    carried = ids.carried_on(now, stored)
    assert len(carried) == 2
    assert "05.why" in carried
    assert list(ids.carried_on({"06.one": stored["05.why"]}, stored)) == ["06.one"]
