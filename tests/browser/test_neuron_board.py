"""The neuron board in a real browser: every number moved by keyboard, and read aloud."""

import statistics

import pytest
from playwright.sync_api import expect

CODE = "from dlcourse.lessons.lesson_01_neurons.board import logistic_board\n\nlogistic_board()"
SAID = "Output of a logistic neuron against x1. The output is one half at"

# Milliseconds from a key press to the first frame that shows another picture, seen by the page.
TIMED = """([handle, image, key]) => new Promise((resolve, reject) => {
  setTimeout(() => reject(Error(`no other picture after ${key}`)), 20000);
  const before = image.src;
  const start = performance.now();
  const look = () => {
    if (image.src !== before && image.complete && image.naturalWidth > 0)
      requestAnimationFrame(() => resolve(performance.now() - start));
    else requestAnimationFrame(look);
  };
  handle.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
  look();
})"""


@pytest.fixture(scope="module")
def notebook(open_cells):
    """Return a notebook of one cell with the board, run."""
    opened = open_cells("neuron.ipynb", CODE)
    opened.run_all()
    return opened


@pytest.fixture
def board(notebook):
    output = notebook.output(0)
    expect(output.locator("img")).to_be_visible()
    return output


def handle(board, name):
    """Return the handle of a slider, found by its label."""
    row = board.locator(".widget-slider").filter(has=board.page.get_by_text(name, exact=True))
    return row.locator(".noUi-handle")


def test_a_weight_moved_by_keyboard_moves_the_centre(notebook, board):
    image = board.locator("img")
    expect(image).to_have_attribute("alt", f"{SAID} -4 and rises to the right. At 2 it is 0.9975.")
    handle(board, "w1").focus()
    for _ in range(4):  # steps of a quarter: from 1 to 2
        notebook.page.keyboard.press("ArrowRight")
    expect(image).to_have_attribute("alt", f"{SAID} -2 and rises to the right. At 2 it is 0.9997.")
    assert len(notebook.cells()) == 1


def test_it_answers_at_once(notebook, board):
    slider, image = handle(board, "b").element_handle(), board.locator("img").element_handle()
    # Always the same key: of one there and one back, sent at once, no picture would be left.
    times = [notebook.page.evaluate(TIMED, [slider, image, "ArrowRight"]) for _ in range(15)]
    print(f"key press to pixels: median {statistics.median(times):.0f} ms")
    assert statistics.median(times) < 1000
