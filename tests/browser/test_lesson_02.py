"""A newcomer's first hour: the welcome page, lesson 02, its board, its exercise."""

import re
import statistics
import time

import pytest
from playwright.sync_api import expect

EXERCISE = "02_perceptron_exercise.ipynb"
BOARD = ".dlcourse-live-figure"

WRONG = """def perceptron_step(w, x, y):
    score = w @ x
    if y * score < 0:
        return w + y * x
    return w"""
RIGHT = WRONG.replace("< 0", "<= 0")


def test_lab_opens_on_the_welcome_page(browser, course):
    page = browser.new_page()
    page.goto(course[1])
    expect(page.get_by_role("heading", name="Welcome to dlcourse")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("link", name="The perceptron", exact=True)).to_be_visible()
    page.close()


def test_the_welcome_page_runs(open_notebook):
    welcome = open_notebook("00_welcome.ipynb")
    welcome.run_all()
    shown = welcome.cells()[welcome.find("welcome.promise")]["outputs"][0]["data"]
    assert "handwritten digits" in shown["text/plain"]
    board = welcome.output(welcome.find("Playground("))
    expect(board.get_by_role("button", name="Run")).to_be_visible()


@pytest.fixture(scope="module")
def lesson(open_notebook):
    """Return lesson 02 with what its board needs."""
    notebook = open_notebook("02_perceptron.ipynb")
    notebook.run(notebook.find("from dlcourse import"))
    notebook.run(notebook.find("PerceptronBoard("))
    assert not notebook.errors()
    return notebook


def test_a_lesson_opens_without_an_answer_or_an_error(open_notebook):
    fresh = open_notebook("03_boundaries.ipynb")
    assert [cell["outputs"] for cell in fresh.cells() if cell["outputs"]] == []
    assert fresh.page.get_by_text("Error displaying widget").count() == 0


@pytest.fixture
def board(lesson):
    """Return the lesson's board, as it is at first, in view."""
    output = lesson.output(lesson.find("PerceptronBoard("))
    output.get_by_role("button", name="First points").click()
    expect(output.get_by_role("status")).to_contain_text("put points on the plane")
    expect(output.locator(f"{BOARD} img")).to_be_visible()
    return output


def wait_for_change(page, image, before):
    """Return the new address of the picture, and how many milliseconds it took to be drawn."""
    start = time.perf_counter()
    element = image.element_handle()
    page.wait_for_function(
        "([image, before]) => image.src !== before && image.complete && image.naturalWidth > 0",
        arg=[element, before],
        polling="raf",
    )
    return image.get_attribute("src"), 1000 * (time.perf_counter() - start)


def test_the_board_is_stepped_by_keyboard(lesson, board):
    image = board.locator(f"{BOARD} img")
    board.get_by_role("button", name="Step").focus()
    source, times = image.get_attribute("src"), []
    for _ in range(8):
        lesson.page.keyboard.press("Space")
        source, milliseconds = wait_for_change(lesson.page, image, source)
        times.append(milliseconds)
    expect(board.get_by_role("status")).to_contain_text("Score of")
    lesson.page.keyboard.press("Space")
    expect(board.get_by_role("status")).to_have_text(
        "No mistake is left after 8 updates: the perceptron has converged."
    )
    expect(image).to_have_attribute("alt", re.compile("0 points are on the wrong side"))
    print(f"key press to changed picture: median {statistics.median(times):.0f} ms")


def test_points_are_put_by_keyboard_and_by_mouse(lesson, board):
    image, plane = board.locator(f"{BOARD} img"), board.get_by_role("application")
    source = image.get_attribute("src")
    plane.focus()
    active = lesson.page.evaluate("window.panel.content.activeCellIndex")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
        lesson.page.keyboard.press(key)
    source, _ = wait_for_change(lesson.page, image, source)
    expect(board.get_by_role("status")).to_contain_text("with label +1")
    assert lesson.page.evaluate("window.panel.content.activeCellIndex") == active
    expect(image).to_have_attribute("alt", re.compile("7 labelled points"))

    board.get_by_role("button", name="orange disc, -1").click()
    box = image.bounding_box()
    image.click(position={"x": box["width"] * 0.7, "y": box["height"] * 0.3})
    wait_for_change(lesson.page, image, source)
    expect(board.get_by_role("status")).to_contain_text("with label -1")


def test_a_prediction_is_answered(lesson):
    question = lesson.find("epochs_of_and = widgets.Prediction(")
    shown, answer = question + 1, lesson.find("epochs_of_and.reveal(")
    lesson.run(question)
    for number in (shown, answer):  # nothing is chosen yet
        lesson.run(number)
        (output,) = lesson.cells()[number]["outputs"]
        assert output["traceback"] == ["Choose an answer above first. Then run this cell again."]

    lesson.output(question).get_by_text("it never does", exact=True).click()
    lesson.run(shown)
    lesson.run(answer)
    said = lesson.cells()[answer]["outputs"][0]["data"]["text/markdown"]
    assert "Measured: 9." in said
    assert 'You predicted "it never does".' in said


def test_the_exercise_is_done_wrongly_and_then_right(open_notebook, course):
    exercise = open_notebook(EXERCISE)
    exercise.run(exercise.find("import numpy"))
    answer, check = exercise.find("def perceptron_step("), exercise.find("check(perceptron_step)")

    exercise.set_source(answer, WRONG)
    exercise.run(answer)
    exercise.run(check)
    card = exercise.output(check)
    expect(card).to_contain_text("score")
    expect(card).to_contain_text("0")
    assert "Traceback" not in card.inner_text()
    wrong = card.inner_text()

    exercise.set_source(answer, RIGHT)
    exercise.run(answer)
    exercise.run(check)
    expect(card).not_to_have_text(wrong)
    expect(card).to_contain_text("passed")

    assert "perceptron_step" in (course[0] / ".progress.jsonl").read_text()
