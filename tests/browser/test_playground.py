"""The playground in a real browser: what it shows is what nn computes, and how fast."""

import statistics

import numpy as np
import pytest
from playwright.sync_api import expect

from dlcourse.figures import plane
from dlcourse.lessons.lesson_07_training.playground import Playground

pytestmark = pytest.mark.browser

FASTER = 1.0  # seconds: only a broken board is slower; the median is printed

SPIRAL = """
from dlcourse.lessons.lesson_07_training.playground import Playground, gradient_step
boards = []
boards.append(Playground(data="spiral", layers=[8, 8], learning_rate=0.3))
boards[-1]
"""
BROKEN = """
def my_step(model, x, y, learning_rate):
    model.params["0.kernel"] -= learning_rate * x.T

Playground(my_step)
"""
SOURCE = str(Playground._esm)
BROKEN_BOARD = """
from dlcourse.lessons.lesson_07_training.playground import Playground

class Broken(Playground):
    _esm = str(Playground._esm).replace({right!r}, {wrong!r})

Broken(data="spiral", layers=[8, 8], learning_rate=0.3)
"""

UNITS = "document.querySelectorAll('.dlcourse-playground .network > button').length"
FIELD = """() => {
  const canvas = document.querySelector(".dlcourse-playground .field");
  return Array.from(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data);
}"""
# Milliseconds from each key press to the first repaint with other pixels.
WATCH_KEYS = """() => {
  const canvas = document.querySelector(".dlcourse-playground .field");
  const pixels = () => canvas.getContext("2d").getImageData(0, 0, 64, 64).data.join();
  window.delays = [];
  document.addEventListener("keydown", () => {
    const start = performance.now(), before = pixels();
    const look = () =>
      pixels() === before
        ? requestAnimationFrame(look)
        : window.delays.push(performance.now() - start);
    requestAnimationFrame(look);
  }, true);
}"""
# Repaints with another epoch in a second, over three seconds, and what a screen reader heard.
WATCH_FRAMES = """async () => {
  const epoch = document.querySelector(".dlcourse-playground .bar strong");
  const spoken = document.querySelector(".dlcourse-playground .spoken");
  let shown = epoch.textContent, heard = spoken.textContent, frames = 0, said = 0;
  const start = performance.now();
  while (performance.now() - start < 3000) {
    await new Promise(requestAnimationFrame);
    if (epoch.textContent !== shown) { shown = epoch.textContent; frames++; }
    if (spoken.textContent !== heard) { heard = spoken.textContent; said++; }
  }
  return [frames / 3, said];
}"""
NAMELESS = """() => Array.from(
  document.querySelectorAll(".dlcourse-playground :is(button:enabled, input, select)"))
  .filter((e) => !(e.labels?.length || e.ariaLabel || e.textContent.trim() || e.title))
  .map((e) => e.outerHTML)"""


@pytest.fixture(scope="module")
def notebook(open_cells):
    """A notebook with the board of the spiral, one with a broken step, and a cell to ask in."""
    opened = open_cells("playground.ipynb", SPIRAL, BROKEN, "'the cell that asks'")
    opened.run(0)
    opened.page.wait_for_selector(".dlcourse-playground .network button")
    return opened


@pytest.fixture(scope="module")
def empty(open_cells):
    """A notebook of one cell, for boards that are broken on purpose."""
    return open_cells("broken_playground.ipynb", "")


@pytest.fixture
def board(notebook):
    """The board on the page, paused and with its first weights."""
    page = notebook.page
    if "Pause" in page.inner_text(".dlcourse-playground .run"):
        page.click(".dlcourse-playground .run")
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function(
        "() => document.querySelector('.dlcourse-playground strong').textContent === 'Epoch 0'"
    )
    return page


def colours(values):
    """Return the red, green and blue that stand for -1 (orange) to 1 (blue)."""
    ends = np.where(values[:, np.newaxis] < 0, [230, 159, 0], [0, 114, 178])
    return 255 + 0.75 * np.abs(values)[:, np.newaxis] * (ends - 255)


def compare_with_nn(board):
    """Raise where a pixel of the plane, for the output and a hidden unit, is not what nn says."""
    same = Playground(data="spiral", layers=[8, 8], learning_rate=0.3)
    grid = plane(1.25, 64)
    shown = np.array(board.evaluate(FIELD)).reshape(-1, 4)
    np.testing.assert_allclose(
        shown[:, :3], colours(2 * same.model.predict(grid)[:, 0] - 1), atol=2.0
    )
    board.get_by_role("button", name="layer 1, unit 3", exact=False).hover()
    hidden = np.tanh(grid @ same.model.params["0.kernel"] + same.model.params["0.bias"])[:, 2]
    shown = np.array(board.evaluate(FIELD)).reshape(-1, 4)
    np.testing.assert_allclose(shown[:, :3], colours(hidden), atol=2.0)
    assert "layer 1, unit 3" in board.inner_text(".dlcourse-playground figcaption")
    board.mouse.move(0, 0)


def test_the_pixels_are_what_the_model_predicts(board):
    compare_with_nn(board)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("byte / 127.5 - 1", "1 - byte / 127.5"),  # the colours change places
        ("colours[values[i]]", "colours[values[pixels.length - 1 - i]]"),  # upside down
        ("network.surface(surfaces, layer, unit)", "network.surface(surfaces, layer, 0)"),
        ("const number = before + unit;", "const number = before + unit - 1;"),
        ("signedColour(0.75 * value)", "signedColour(0.75 * value * Math.abs(value))"),
    ],
)
def test_a_wrong_picture_is_seen(empty, right, wrong):
    assert SOURCE.count(right) == 1
    empty.set_source(0, BROKEN_BOARD.format(right=right, wrong=wrong))
    empty.run(0)
    empty.page.wait_for_selector(".dlcourse-playground .network button")
    with pytest.raises(AssertionError, match="Mismatched elements"):
        compare_with_nn(empty.page)


def test_a_weight_shows_its_parameter_and_a_key_changes_both(board, notebook, capsys):
    board.get_by_role("button", name="layer 1, unit 2", exact=False).click()
    same = Playground(data="spiral", layers=[8, 8])
    weight = board.get_by_label("from x1")
    assert float(weight.input_value()) == round(float(same.model.params["0.kernel"][0, 1]), 2)
    weight.focus()
    board.keyboard.press("ArrowUp")
    board.evaluate(WATCH_KEYS)
    for presses in range(1, 22):
        board.keyboard.press("ArrowUp")
        board.wait_for_function(f"() => window.delays.length === {presses}", timeout=10_000)
        board.wait_for_timeout(30)
    delays = board.evaluate("window.delays")
    with capsys.disabled():
        print(f"\nplayground, key press to new pixels: median {statistics.median(delays):.0f} ms")
    assert statistics.median(delays) < 1000 * FASTER
    here = "boards[-1].model.params['0.kernel'][0, 1]"
    notebook.wait_for(f"bool(abs({here} - {weight.input_value()}) < 0.006)", True)
    assert notebook.ask(f"float({here})") > 2 + same.model.params["0.kernel"][0, 1]


def test_it_trains_live_by_the_keyboard(board, capsys):
    board.get_by_role("button", name="▶ Run").focus()
    board.keyboard.press("Enter")
    board.wait_for_function(
        "() => document.querySelector('.dlcourse-playground .run').textContent.includes('Pause')"
    )
    frames, said = board.evaluate(WATCH_FRAMES)
    with capsys.disabled():
        print(f"\nplayground, training on the spiral: {frames:.0f} frames a second")
    assert frames > 1
    assert said <= 2  # screen readers are not flooded
    board.keyboard.press("Enter")
    board.wait_for_function(
        "() => document.querySelector('.dlcourse-playground .run').textContent.includes('Run')"
    )
    board.wait_for_timeout(1000)  # the frame that was on its way when Enter was pressed
    epoch = board.inner_text(".dlcourse-playground strong")
    board.wait_for_timeout(500)
    assert board.inner_text(".dlcourse-playground strong") == epoch


def test_fast_clicks_do_not_pile_up(board, notebook):
    step = board.get_by_role("button", name="Step")
    for _ in range(25):
        step.click(no_wait_after=True)
    board.wait_for_function(
        "() => document.querySelector('.dlcourse-playground strong').textContent"
        " === 'Epoch 1, batch 5 of 20'",
        timeout=10_000,
    )
    for clicks, layers in (
        (["add a hidden layer"] * 2 + ["remove a unit from hidden layer 1"] * 5, [3, 8, 8, 8]),
        (["remove the last hidden layer"] * 2 + ["add a unit to hidden layer 1"] * 5, [8, 8]),
    ):
        for title in clicks:
            board.locator(f'[title="{title}"]').click()
        board.wait_for_function(f"() => {UNITS} === {2 + sum(layers) + 1}", timeout=10_000)
        notebook.wait_for("boards[-1].layers", layers)


def test_every_control_has_a_name(board):
    assert board.evaluate(NAMELESS) == []


def test_an_error_in_the_learners_step_is_said_in_words(notebook):
    notebook.run(1)
    board = notebook.output(1).locator(".dlcourse-playground")
    board.get_by_role("button", name="▶ Run").click()
    message = board.locator(".message")
    notebook.wait("""() => Array.from(document.querySelectorAll(".dlcourse-playground .message"))
        .some((e) => e.textContent.includes("ValueError"))""")
    assert message.inner_text().startswith("your train_step stopped with ValueError")
    assert 'Line 2: model.params["0.kernel"] -= learning_rate * x.T' in message.inner_text()
    expect(board.locator(".run")).to_contain_text("Run")


def test_running_the_cell_again_stops_the_loop(notebook):
    output = notebook.output(0)
    output.get_by_role("button", name="▶ Run").click()
    notebook.wait_for("boards[0].running", True)
    notebook.set_source(0, SPIRAL.replace("boards = []", "").strip())
    notebook.run(0)
    notebook.wait_for("[board.running for board in boards]", [False, False])
