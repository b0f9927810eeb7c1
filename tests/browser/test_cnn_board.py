"""The board of lesson 13 in a real browser: what it writes out is what dlcourse.nn computes."""

import statistics

import numpy as np
import pytest
from playwright.sync_api import expect

from dlcourse import datasets, nn
from dlcourse.cli.chromium import find_chromium
from dlcourse.lessons.lesson_12_convolution.figures import stack_boxes
from dlcourse.lessons.lesson_13_cnn import figures
from dlcourse.lessons.lesson_13_cnn.board import HERE, describe_stages, forward_values

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="needs chromium; CI installs it"),
]

SLOWER_IS_BROKEN = 1000  # milliseconds; the median is printed
BOARD = """
import numpy as np
from dlcourse import datasets, nn
from dlcourse.lessons.lesson_13_cnn.board import CNNBoard

digits = datasets.digits()
layers = [
    nn.Conv2D(12, 3, padding="same"), nn.Activation("relu"),
    nn.Conv2D(24, 3, padding="same"), nn.Activation("relu"),
    nn.MaxPooling2D(), nn.Flatten(), nn.Dropout(0.5), nn.Dense(10), nn.Activation("softmax"),
]
model = nn.Sequential(layers, input_shape=(8, 8, 1), seed=0)
board = CNNBoard(model, digits.x[:50], digits.y[:50])
board
"""

# The arithmetic of the board, loaded without Jupyter, for many units of a network.
UNITS = """async ([source, stages, weights, values, units]) => {
  const module = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const net = { stages, weights, values };
  return units.map((unit) => [
    module.parts(net, unit).map((part) => part.sum),
    module.parts(net, unit).map((part) => part.pixels),
    module.seen(net, unit),
    module.value(net, unit),
  ]);
}"""
# Milliseconds from each key press to the first repaint with other pixels on a tile or figure.
WATCH_KEYS = """(selector) => {
  const root = document.querySelector(".dlcourse-cnn-board");
  const state = () => Array.from(root.querySelectorAll(selector), (canvas) =>
    canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.join()).join()
    + root.querySelector(".cursor").style.cssText;
  window.delays = [];
  document.addEventListener("keydown", () => {
    const before = state(), start = performance.now();
    const look = () => {
      if (state() === before) requestAnimationFrame(look);
      else window.delays.push(performance.now() - start);
    };
    requestAnimationFrame(look);
  }, true);
}"""
NAMELESS = """() => Array.from(document.querySelectorAll(
  ".dlcourse-cnn-board :is(button, input, [tabindex])"))
  .filter((e) => !(e.labels?.length || e.ariaLabel || e.textContent.trim()))
  .map((e) => e.outerHTML)"""
SOURCE = (HERE / "arithmetic.js").read_text(encoding="utf-8")


def compare_with_nn(browser, source):
    """Take random units apart in the browser; raise where that is not what nn computes."""
    table = np.array([[1, 0, 1], [0, 1, 1]])
    layers = [
        *(nn.Conv2D(2, 3, 2, padding="same"), nn.Activation("relu")),
        nn.PartialConv2D(3, (2, 3), padding="same", connections=table, background=-1.0),
        *(nn.ScaledTanh(), nn.MaxPooling2D(2, 1), nn.Flatten(), nn.Dense(5)),
    ]
    model = nn.Sequential(layers, input_shape=(9, 8, 1), seed=0, dtype=np.float64)
    rng = np.random.default_rng(0)
    for array in model.params.values():
        array[...] = rng.normal(size=array.shape)
    image = rng.random((9, 8, 1))
    stages, weights = describe_stages(model)
    outputs = figures.layer_outputs(model, image)
    shown = {"conv 1": (1, 0), "conv 2": (3, 2), "pool 1": (5, 4), "answer": (7, 6)}
    units = []
    for number, stage in enumerate(stages[1:], start=1):
        shape = stage["shape"] if len(stage["shape"]) == 3 else [1, 1, *stage["shape"]]
        for _ in range(30):
            row, column, map_ = (int(rng.integers(size)) for size in shape)
            units.append([number, map_, row, column])
    page = browser.new_page()
    sent = [stages, weights.tolist(), forward_values(model, image).tolist(), units]
    found = page.evaluate(UNITS, [source, *sent])
    page.close()
    for (number, map_, row, column), (sums, pixels, seen, value) in zip(units, found, strict=True):
        result, layer = shown[stages[number]["name"]]
        where = (row, column, map_) if outputs[result].ndim == 3 else (map_,)
        if layer == 4:
            after = [pixel for pixel in pixels[0] if pixel is not None]
            assert max(after) == pytest.approx(outputs[5][where])
        else:
            bias = model.layers[layer].params["bias"]
            bias_of = bias[where] if bias.ndim == 3 else bias[map_]
            assert sum(sums) + bias_of == pytest.approx(outputs[layer + 1][where])
        activated = result + 1 if layer in (0, 2) else result
        assert value == pytest.approx(outputs[activated][where])
        if layer != 6:
            (box, _) = stack_boxes([outputs[layer].shape], [model.layers[layer]], row, column)
            assert tuple(seen[str(number - 1)]) == box


def test_the_browser_takes_units_apart_as_nn_puts_them_together(browser):
    compare_with_nn(browser, SOURCE)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("at * stage.strides[axis] - stage.before[axis]", "at * stage.strides[axis]"),
        ("* sources + source;", "* maps + source;"),
        ("place * maps + map]", "place + map]"),
        (": stage.background;", ": 0;"),
        ("(row * width + column) * maps + map]", "(column * width + row) * maps + map]"),
    ],
)
def test_wrong_arithmetic_in_the_browser_is_seen(browser, right, wrong):
    assert SOURCE.count(right) == 1
    with pytest.raises(AssertionError):
        compare_with_nn(browser, SOURCE.replace(right, wrong))


@pytest.fixture(scope="module")
def notebook(open_cells):
    opened = open_cells("board.ipynb", BOARD, "'the cell that asks'")
    opened.run(0)
    opened.page.wait_for_selector(".dlcourse-cnn-board .tile")
    return opened


@pytest.fixture
def board(notebook):
    """The board on the page, showing image 0 as it is."""
    root = notebook.page.locator(".dlcourse-cnn-board")
    restore = root.get_by_role("button", name="Restore pixels")
    if restore.is_enabled():
        restore.click()
    number = root.get_by_label("Image", exact=True)
    number.fill("0")
    number.press("Enter")
    expect(number).to_have_value("0")
    return root


def test_a_unit_by_keyboard_is_written_out_with_its_numbers(notebook, board):
    keyboard = notebook.page.keyboard
    active = notebook.page.evaluate("window.panel.content.activeCellIndex")
    board.locator('[data-unit="2,0"]').focus()
    for key in ["ArrowRight"] * 5:
        keyboard.press(key)
    expect(board.locator('[data-unit="2,5"]')).to_be_focused()
    expect(board.locator('[data-unit="2,5"]')).to_have_attribute("aria-pressed", "true")
    board.get_by_role("application").focus()
    for key in ["ArrowUp", "ArrowLeft"] * 8 + ["ArrowDown"] * 2 + ["ArrowRight"] * 3:
        keyboard.press(key)
    sentence = board.locator(".sentence")
    expect(sentence).to_contain_text("conv 2, map 5, row 2, column 3: 108 products add up to")
    assert notebook.page.evaluate("window.panel.content.activeCellIndex") == active
    sums = "model.forward(digits.x[:1])[1][3][0][0, 2, 3, 5]"  # what went into the second ReLU
    value = notebook.ask(f"round(float({sums}), 3)")
    written = f"that is {value:g}.".replace("-", "\N{MINUS SIGN}")
    expect(sentence).to_contain_text(written)


def test_arrows_lead_from_stage_to_stage(notebook, board):
    board.locator('[data-unit="0,0"]').focus()
    for expected in ('[data-unit="1,6"]', '[data-unit="2,13"]', '[data-unit="3,13"]'):
        notebook.page.keyboard.press("ArrowDown")
        expect(board.locator(expected)).to_be_focused()
    # Pooling looks at its own map only.
    expect(board.locator(".box:not([hidden])")).to_have_count(1 + 12 + 1 + 1)


def test_painting_a_pixel_changes_every_map(notebook, board):
    board.locator('[data-unit="0,0"]').click()
    board.get_by_role("application").focus()
    before = board.locator(".answers").text_content()
    notebook.page.keyboard.press("Enter")
    expect(board.locator(".verdict")).to_contain_text("with 1 pixel painted over is read as")
    expect(board.locator(".answers")).not_to_have_text(before)
    notebook.wait_for("int((board.image != digits.x[0]).sum())", 1)
    board.get_by_role("button", name="Restore pixels").click()
    expect(board.locator(".verdict")).to_contain_text("A 0, read as")


def test_a_dragged_mouse_draws_a_line(notebook, board):
    board.locator('[data-unit="0,0"]').click()
    large, mouse = board.locator(".large"), notebook.page.mouse
    large.scroll_into_view_if_needed()
    box = large.bounding_box()
    across = [box["y"] + 2, box["x"] + 2, box["x"] + box["width"] - 2]
    mouse.move(across[1], across[0])
    mouse.down()
    mouse.move(across[2], across[0])
    mouse.up()
    expect(board.locator(".verdict")).to_contain_text("painted over")
    notebook.wait_for("len(set(board.image[0, :, 0].tolist()))", 1)  # the whole row, in one colour


@pytest.mark.parametrize(
    ("typed", "shown", "words"),
    [
        ("7", "7", ""),
        ("99999", "49", "a whole number from 0 to 49; 49 stands there now"),
        ("-4", "0", "0 stands there now"),
        ("2.5", "3", "3 stands there now"),
        ("1e400", "0", "0 stands there now"),
        ("", "0", "0 stands there now"),
    ],
)
def test_enter_takes_a_number_and_odd_ones_are_put_right_in_words(board, typed, shown, words):
    number = board.get_by_label("Image", exact=True)
    number.focus()
    number.select_text()
    number.press("Backspace")
    number.press_sequentially(typed)
    number.press("Enter")
    expect(number).to_have_value(shown)
    expect(number).to_be_focused()
    expect(board.locator(".status")).to_contain_text(words)
    label = 0 if shown == "0" else int(datasets.digits().y[int(shown)])
    expect(board.locator(".verdict")).to_contain_text(f"A {label}, read as")


def test_it_goes_to_the_next_misread_digit(notebook, board):
    board.get_by_role("button", name="Next misread").click()
    expect(board.locator(".verdict")).to_contain_text("wrong")
    notebook.wait_for("board.digit in board.misread", True)
    board.get_by_role("button", name="Previous").click()
    board.get_by_role("button", name="Next ▶").click()
    expect(board.locator(".verdict")).to_contain_text("wrong")


def test_keys_are_answered_at_once(notebook, board, capsys):
    page = notebook.page
    board.get_by_role("application").focus()
    page.evaluate(WATCH_KEYS, ".large canvas")
    moved = delays_of(page, ["ArrowDown", "ArrowUp"] * 8)
    board.get_by_role("button", name="Next ▶").focus()
    page.evaluate(WATCH_KEYS, ".tile canvas")
    turned = delays_of(page, ["Enter"] * 15)
    with capsys.disabled():
        print(
            f"\nCNN board, key press to new pixels, median: unit {statistics.median(moved):.0f} ms,"
            f" next digit {statistics.median(turned):.0f} ms"
        )
    assert statistics.median(moved + turned) < SLOWER_IS_BROKEN


def delays_of(page, keys):
    page.evaluate("window.delays.length = 0")
    for count, key in enumerate(keys, start=1):
        page.keyboard.press(key)
        page.wait_for_function(f"() => window.delays.length >= {count}", timeout=10_000)
        page.wait_for_timeout(30)
    return page.evaluate("window.delays")


def test_every_control_has_a_name(board):
    assert board.page.evaluate(NAMELESS) == []
