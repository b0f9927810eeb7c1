"""The backprop stepper in a real browser: stepped by keyboard, followed, edited, read aloud."""

import statistics

import pytest
from playwright.sync_api import expect

from tests.browser.lab import TIMED

BOARD = ".dlcourse-backprop-stepper"
CODE = """\
from dlcourse import nn
from dlcourse.lessons.lesson_05_backpropagation.stepper import BackpropStepper

layers = [nn.Dense(2), nn.Activation("sigmoid"), nn.Dense(2), nn.Activation("sigmoid")]
model = nn.Sequential(layers, input_shape=(2,), dtype="float64")
model.set_weights([[[0.1, 0.2], [0.3, 0.4]], [0.25] * 2, [[0.5, 0.7], [0.6, 0.8]], [0.35] * 2])
stepper = BackpropStepper(
    model,
    [0.1, 0.5],
    [0.05, 0.95],
    learning_rate=0.6,
    weight_names=[[["w1", "w2"], ["w3", "w4"]], [["w5", "w7"], ["w6", "w8"]]],
    bias_names=[["b1", "b1"], ["b2", "b2"]],
)
stepper"""

PRESS = """document.querySelector(".dlcourse-backprop-stepper svg").dispatchEvent(
  new KeyboardEvent("keydown", {key: "ArrowRight", bubbles: true}))"""
EDIT = """{ const field = document.querySelector(".dlcourse-backprop-stepper input");
  field.value = %s; field.dispatchEvent(new Event("change")); }"""


@pytest.fixture(scope="module")
def notebook(open_cells):
    """Return a notebook of one cell with the stepper, run."""
    opened = open_cells("stepper.ipynb", CODE)
    opened.run_all()
    return opened


@pytest.fixture
def board(notebook):
    """Return the stepper as it is at first, all steps shown."""
    board = notebook.page.locator(BOARD)
    expect(board).to_be_visible()
    board.get_by_label("Show").select_option("")
    board.get_by_role("button", name="Reset").click()
    expect(board.get_by_role("status")).to_contain_text("Back at the start: E is 0.24909.")
    expect(board.locator(".counter")).to_have_text("43 steps")
    return board


def test_it_is_stepped_by_keyboard_and_says_each_step(notebook, board):
    keyboard, spoken = notebook.page.keyboard, board.locator(".spoken")
    board.get_by_role("application").focus()
    keyboard.press("ArrowRight")
    expect(board.locator(".counter")).to_have_text("step 1 of 43, forward")
    expect(spoken).to_contain_text(
        "z h1 equals 0.25 plus 0.1 times 0.1 plus 0.5 times 0.3 equals 0.41"
    )
    keyboard.press("PageDown")
    expect(spoken).to_contain_text("E equals 0.23456 plus 0.014526 equals 0.24909")
    keyboard.press("End")
    expect(board.locator(".counter")).to_have_text("step 43 of 43, update")
    keyboard.press("ArrowLeft")
    expect(spoken).to_contain_text("new b1 equals")
    keyboard.press("Home")
    expect(board.locator(".counter")).to_have_text("43 steps")
    expect(board.locator("svg")).not_to_contain_text("0.60109")


def test_what_is_not_computed_yet_is_not_shown(board):
    svg, next_ = board.locator("svg"), board.get_by_role("button", name="Next")
    expect(svg).to_contain_text("0.35")
    expect(svg).not_to_contain_text("0.41")
    next_.click()
    expect(svg).to_contain_text("0.41")
    expect(svg).not_to_contain_text("0.47")


def test_one_derivative_is_followed_from_the_error_to_the_weight(notebook, board):
    board.get_by_label("Show").select_option("w1")
    expect(board.locator(".counter")).to_have_text("step 1 of 11, backward")
    board.get_by_role("application").focus()
    symbols = []
    for _ in range(10):
        symbols.append(board.locator(".formula b").inner_text().replace("\n", "/"))
        notebook.page.keyboard.press("ArrowRight")
    assert "∂w1" in symbols[-1]
    assert "∂ŷ1" in symbols[0]
    expect(board.locator(".counter")).to_have_text("step 11 of 11, update")
    expect(board.locator(".formula")).to_contain_text("0.09933516522")


def test_an_edited_weight_changes_every_number(notebook, board):
    board.get_by_role("button", name="End").click()
    board.locator('svg [data-name="w5"]').click()
    field = board.get_by_label("new value")
    expect(field).to_be_focused()
    expect(field).to_have_value("0.5")
    field.press_sequentially("-1")  # over the selected text
    field.press("Enter")
    expect(board.get_by_role("status")).to_contain_text("w5 is -1 now, and E is")
    expect(board.locator("svg")).not_to_contain_text("0.73493")


def test_what_is_no_number_is_refused_in_words(board):
    field = board.get_by_label("new value")
    field.select_text()
    field.press("Backspace")
    field.press("Enter")
    expect(board.get_by_role("status")).to_contain_text('"new value" takes a number')


def test_updates_are_taken_and_the_error_falls(board):
    take = board.get_by_role("button", name="Take the update")
    take.click()
    expect(board.get_by_role("status")).to_have_text("Update 1: E fell from 0.24909 to 0.23385.")
    take.click()
    expect(board.get_by_role("status")).to_contain_text("Update 2: E fell from 0.23385 to")


def test_the_keys_stay_with_the_board(notebook, board):
    board.get_by_role("application").focus()
    active = notebook.page.evaluate("window.panel.content.activeCellIndex")
    for key in ("ArrowRight", "End", "Home", "b", "d", "d"):
        notebook.page.keyboard.press(key)
    assert notebook.page.evaluate("window.panel.content.activeCellIndex") == active
    assert len(notebook.cells()) == 1


def test_it_answers_at_once(notebook, board):
    page, counter = notebook.page, f"{BOARD} .counter"
    steps = []
    for _ in range(20):
        before = page.locator(counter).text_content()
        steps.append(page.evaluate(TIMED, [PRESS, counter, before]))
    edits = []
    board.get_by_label("Change").select_option("w1")
    for value in range(10):
        message = f"{BOARD} .status"
        before = page.locator(message).text_content()
        page.wait_for_timeout(200)  # nobody edits faster
        edits.append(page.evaluate(TIMED, [EDIT % (value / 10), message, before]))
    print(f"key press to pixels: median {statistics.median(steps):.0f} ms")
    print(f"edited weight to pixels: median {statistics.median(edits):.0f} ms")
    assert statistics.median(steps) < 1000
    assert statistics.median(edits) < 1000
