"""The gate inspector in a real browser: stepped by keyboard, pointed at, gates held, read aloud."""

import statistics

import pytest
from playwright.sync_api import expect

from tests.browser.lab import TIMED

BOARD = ".dlcourse-gate-inspector"
CODE = """\
import numpy as np
from dlcourse import datasets, nn
from dlcourse.lessons.lesson_16_lstm.inspector import GateInspector

layers = [nn.LSTM(8, return_sequences=True), nn.Dense(7)]
model = nn.Sequential(layers, input_shape=(None, 7), seed=0)
batch = datasets.reber_batch(["BTBTSSXXTVVETE", "BPBTSSXXTVVEPE"])
symbol = lambda row: datasets.SYMBOLS[row.argmax()]
inspector = GateInspector(
    model,
    {"first T": batch.x[0], "first P": batch.x[1]},
    symbol,
    lambda outputs: [symbol(row) for row in outputs],
)
inspector"""

PRESS = """document.querySelector(".dlcourse-gate-inspector svg").dispatchEvent(
  new KeyboardEvent("keydown", {key: "%s", bubbles: true}))"""


@pytest.fixture(scope="module")
def notebook(open_cells):
    """Return a notebook of one cell with the inspector, run."""
    opened = open_cells("inspector.ipynb", CODE)
    opened.run_all()
    return opened


@pytest.fixture
def board(notebook):
    """Return the inspector at the first step of the first unit, all gates let go."""
    board = notebook.page.locator(BOARD)
    expect(board).to_be_visible()
    board.get_by_role("application").focus()
    notebook.page.keyboard.press("Home")
    board.get_by_label("unit", exact=True).select_option("0")
    board.get_by_label("sequence", exact=True).select_option("first T")
    board.get_by_role("button", name="Let all go").click()
    expect(board.get_by_role("status")).to_contain_text("the network runs by itself")
    board.get_by_role("application").focus()
    return board


def held(board):
    return board.locator("rect.held[visibility=visible]")


def test_it_is_walked_by_keyboard_and_says_each_step(notebook, board):
    keyboard, status = notebook.page.keyboard, board.get_by_role("status")
    keyboard.press("ArrowRight")
    expect(board.locator(".counter")).to_have_text("step 1 of 12, reads T")
    expect(status).to_contain_text("Unit 0, step 1, reads T: i 0.")
    expect(board.locator(".sums")).to_contain_text("Unit 0, step 1, reads T")
    keyboard.press("ArrowDown")
    expect(status).to_contain_text("Unit 1, step 1")
    keyboard.press("End")
    expect(board.locator(".counter")).to_have_text("step 12 of 12, reads T")
    keyboard.press("ArrowRight")
    expect(board.locator(".counter")).to_have_text("step 12 of 12, reads T")
    keyboard.press("Home")
    expect(board.locator(".counter")).to_have_text("step 0 of 12, reads B")


def test_gates_are_held_by_key_shut_open_and_let_go(notebook, board):
    keyboard, status = notebook.page.keyboard, board.get_by_role("status")
    keyboard.press("ArrowRight")
    keyboard.press("f")
    expect(status).to_contain_text("The forget gate of unit 0 is held at 0 at step 1.")
    expect(held(board)).to_have_count(1)
    expect(board.locator(".sums")).to_contain_text("held at 0.000")
    keyboard.press("f")
    expect(status).to_contain_text("is held at 1 at step 1.")
    keyboard.press("f")
    expect(status).to_contain_text("is let go at step 1.")
    expect(held(board)).to_have_count(0)
    keyboard.press("Shift+I")
    expect(status).to_contain_text("The input gate of unit 0 is held at 0 at every step.")
    expect(held(board)).to_have_count(13)
    keyboard.press("Escape")
    expect(held(board)).to_have_count(0)


def test_gates_are_held_by_the_controls(board):
    status = board.get_by_role("status")
    board.get_by_label("gate", exact=True).select_option("o")
    board.get_by_label("value", exact=True).fill("0.5")
    board.get_by_label("steps", exact=True).select_option("all")
    board.get_by_label("units", exact=True).select_option("all")
    board.get_by_role("button", name="Hold", exact=True).click()
    expect(status).to_contain_text("The output gates of all units are held at 0.5 at every step.")
    expect(board.locator(".sums")).to_contain_text("held at 0.500")
    board.get_by_label("value", exact=True).fill("2")
    board.get_by_role("button", name="Hold", exact=True).click()
    expect(board.get_by_label("value", exact=True)).to_have_value("1")
    expect(status).to_contain_text("The output gates of all units are held at 1 at every step.")
    board.get_by_role("button", name="Let go", exact=True).click()
    expect(held(board)).to_have_count(0)
    board.get_by_label("steps", exact=True).select_option("step")
    board.get_by_label("units", exact=True).select_option("unit")


def test_pointing_shows_a_step_and_a_click_stays_there(notebook, board):
    svg = board.locator("svg")
    box = svg.bounding_box()
    at = {"x": box["width"] * 0.7, "y": box["height"] * 0.6}
    svg.hover(position=at)
    expect(board.locator(".counter")).not_to_have_text("step 0 of 12, reads B")
    shown = board.locator(".counter").text_content()
    notebook.page.mouse.move(0, 0)
    expect(board.locator(".counter")).to_have_text("step 0 of 12, reads B")
    svg.click(position=at)
    notebook.page.mouse.move(0, 0)
    expect(board.locator(".counter")).to_have_text(shown)


def test_another_sequence_is_read(board):
    board.get_by_label("sequence", exact=True).select_option("first P")
    expect(board.get_by_role("status")).to_have_text("Reading first P: 13 steps.")
    expect(board.locator("svg text.symbol").nth(1)).to_have_text("P")


def test_the_keys_stay_with_the_board(notebook, board):
    active = notebook.page.evaluate("window.panel.content.activeCellIndex")
    for key in ("ArrowRight", "ArrowDown", "End", "Home", "i", "Escape"):
        notebook.page.keyboard.press(key)
    assert notebook.page.evaluate("window.panel.content.activeCellIndex") == active
    assert len(notebook.cells()) == 1


def test_it_answers_at_once(notebook, board):
    page, counter, status = notebook.page, f"{BOARD} .counter", f"{BOARD} .status"
    steps, holds = [], []
    for _ in range(12):
        before = page.locator(counter).text_content()
        steps.append(page.evaluate(TIMED, [PRESS % "ArrowRight", counter, before]))
    for _ in range(15):
        page.wait_for_timeout(150)  # nobody presses faster
        before = page.locator(status).text_content()
        holds.append(page.evaluate(TIMED, [PRESS % "f", status, before]))
    print(f"key press to pixels: median {statistics.median(steps):.0f} ms")
    print(f"held gate to pixels: median {statistics.median(holds):.0f} ms")
    assert statistics.median(steps) < 1000
    assert statistics.median(holds) < 1000
