"""The convolution explorer in a real browser: its numbers are those of dlcourse.nn."""

import statistics

import numpy as np
import pytest
from playwright.sync_api import expect

from dlcourse import nn
from dlcourse.cli.chromium import find_chromium
from dlcourse.lessons.lesson_12_convolution.explorer import (
    HERE,
    describe_layer,
    layer_of_blocks,
)
from dlcourse.lessons.lesson_12_convolution.figures import stack_boxes, stack_maps

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="needs chromium; CI installs it"),
]

FASTER = 1000  # milliseconds: only a broken explorer is slower; the median is printed
CELLS = [
    "from dlcourse.lessons.lesson_12_convolution.explorer import ConvolutionExplorer\n"
    "explorer = ConvolutionExplorer()\nexplorer",
    "import time\ntime.sleep(2)",
    "'the cell that asks'",
]

# The arithmetic of the explorer, loaded without Jupyter and run on many stacks.
FORWARD = """async ([source, cases]) => {
  const module = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  return cases.map(([channels, layers, row, column]) => {
    const [rows, columns] = [channels[0].length, channels[0][0].length];
    const image = { rows, columns, planes: channels.map((grid) => grid.flat()) };
    const maps = module.forward(image, layers);
    return [
      maps.map(({ rows, columns, planes }) => [rows, columns, planes.map((p) => Array.from(p))]),
      module.boxes(maps, layers, maps.length - 1, row, column),
    ];
  });
}"""
# Milliseconds from each key press to the first repaint with other pixels on a canvas.
WATCH_KEYS = """(map) => {
  const pixels = () => {
    const canvas = document.querySelector(`.dlcourse-convolution-explorer [data-map="${map}"]`);
    return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.join();
  };
  window.delays = [];
  document.addEventListener("keydown", () => {
    const before = pixels(), start = performance.now();
    const look = () => {
      if (pixels() === before) requestAnimationFrame(look);
      else window.delays.push(performance.now() - start);
    };
    requestAnimationFrame(look);
  }, true);
}"""
# The number of maps each time that the explorer lays them out anew.
WATCH_MAPS = """() => {
  const maps = document.querySelector(".dlcourse-convolution-explorer .maps");
  window.counts = [];
  new MutationObserver(() => window.counts.push(maps.childElementCount))
    .observe(maps, { childList: true });
}"""
NAMELESS = """() => Array.from(document.querySelectorAll(
  ".dlcourse-convolution-explorer :is(button, input, select, canvas)"))
  .filter((e) => !(e.ariaLabel || e.getAttribute("aria-label") || e.textContent.trim()))
  .map((e) => e.outerHTML)"""


def random_case(rng):
    """Draw an image, a stack that fits it, and one of its last outputs."""
    channels = int(rng.integers(1, 4))
    image = rng.integers(-4, 9, (*rng.integers(7, 15, 2), channels)) / 2
    layers = []
    for _ in range(rng.integers(1, 4)):
        padding = str(rng.choice(["valid", "same"]))
        if rng.random() < 0.6:
            filters = int(rng.integers(1, 4))
            kernel = rng.integers(-3, 4, (filters, channels, *rng.integers(1, 4, 2))) / 2
            stride, dilation = rng.choice([[1, 1], [2, 1], [3, 1], [1, 2], [1, 3]])
            options = {"strides": int(stride), "dilation_rate": int(dilation)}
            layer = layer_of_blocks(kernel, padding=padding, **options)
        else:
            kind = rng.choice([nn.MaxPooling2D, nn.AveragePooling2D, nn.MinPooling2D])
            layer = kind(int(rng.integers(1, 4)), int(rng.integers(1, 4)), padding)
        try:
            stack_maps(image, [*layers, layer])
        except ValueError:  # it does not fit
            break
        layers.append(layer)
        channels = filters if isinstance(layer, nn.Conv2D) else channels
    last = stack_maps(image, layers)[-1]
    return image, layers, int(rng.integers(last.shape[0])), int(rng.integers(last.shape[1]))


def compare_with_nn(browser, source):
    """Run the explorer's arithmetic on many stacks; raise where it differs from dlcourse.nn."""
    rng = np.random.default_rng(0)
    cases = [random_case(rng) for _ in range(200)]
    sent = [
        [
            np.moveaxis(image, -1, 0).tolist(),
            [describe_layer(layer) for layer in layers],
            row,
            column,
        ]
        for image, layers, row, column in cases
    ]
    page = browser.new_page()
    found = page.evaluate(FORWARD, [source, sent])
    page.close()
    for (image, layers, row, column), (maps, boxes) in zip(cases, found, strict=True):
        expected = stack_maps(image, layers)
        assert [(rows, columns) for rows, columns, _ in maps] == [m.shape[:2] for m in expected]
        for (rows, columns, planes), right in zip(maps, expected, strict=True):
            found = np.reshape(planes, (-1, rows, columns))
            right = right if right.ndim == 3 else right[..., np.newaxis]
            np.testing.assert_allclose(np.moveaxis(found, 0, -1), right, atol=1e-9)
        right = stack_boxes([m.shape[:2] for m in expected], layers, row, column)
        assert [tuple(box) for box in boxes] == [tuple(box) for box in right]


SOURCE = (HERE / "arithmetic.js").read_text(encoding="utf-8")


def test_the_browser_computes_what_nn_computes(browser):
    compare_with_nn(browser, SOURCE)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Math.floor(padding / 2)", "Math.ceil(padding / 2)"),
        ("down.before + i * down.dilation", "down.before + i"),
        ("channel).flat();", "channel).flat().reverse();"),
        ("weights(layer, filter, channel).flat", "weights(layer, filter, 0).flat"),
        ("weights(layer, filter, channel).flat", "weights(layer, 0, channel).flat"),
        ("0) / pixels.length", "0) / seen.length"),
        ("axis.covered - 1", "axis.size - 1"),
    ],
)
def test_wrong_arithmetic_in_the_browser_is_seen(browser, right, wrong):
    assert SOURCE.count(right) == 1
    with pytest.raises(AssertionError):
        compare_with_nn(browser, SOURCE.replace(right, wrong))


@pytest.fixture(scope="module")
def notebook(open_cells):
    opened = open_cells("explorer.ipynb", *CELLS)
    opened.run(0)
    opened.page.wait_for_selector(".dlcourse-convolution-explorer canvas")
    return opened


@pytest.fixture
def explorer(notebook):
    """The explorer on the page, showing the worked example."""
    root = notebook.page.locator(".dlcourse-convolution-explorer")
    choose(root, Image="5 x 5 of the lesson", Layers="two 3 x 3")
    choose(root, Layers="one 3 x 3")
    return root


def choose(root, **choices):
    for name, value in choices.items():
        root.get_by_label(name, exact=True).select_option(value)


def canvas(root, number, plane=0):
    return root.locator(f'canvas[data-map="{number}"][data-plane="{plane}"]')


def minus(text):
    """Write minus signs as the explorer does."""
    return text.replace("-", "\N{MINUS SIGN}")


def test_all_nine_sums_by_keyboard(notebook, explorer):
    keyboard, spoken = notebook.page.keyboard, explorer.locator(".spoken")
    canvas(explorer, 1).focus()
    active = notebook.page.evaluate("window.panel.content.activeCellIndex")
    for key in ["ArrowLeft", "ArrowUp"] * 2:
        keyboard.press(key)
    for row, sums in enumerate([[4, 3, 4], [2, 4, 3], [2, 3, 4]]):
        for column, value in enumerate(sums):
            if column:
                keyboard.press("ArrowRight")
            expect(explorer.locator(".written")).to_contain_text(f"Row {row}, column {column} of")
            expect(explorer.locator(".written")).to_contain_text(f" = {value}.")
            expect(explorer.locator(".total")).to_have_text(str(value))
            if row or column:
                expect(spoken).to_contain_text(f" = {value}.")
        for key in ["ArrowDown", "ArrowLeft", "ArrowLeft"]:
            keyboard.press(key)
    assert notebook.page.evaluate("window.panel.content.activeCellIndex") == active
    keyboard.press("Enter")
    expect(spoken).to_have_text("Receptive field of row 2, column 0 of map 1: 3 x 3 of the image.")


def test_sizes_follow_stride_padding_and_dilation(explorer):
    size = explorer.locator(".size")
    expect(size).to_contain_text(minus("⌊(5 + 0 - 3) / 1⌋ + 1 = 3"))
    choose(explorer, Padding="same")
    expect(size).to_contain_text(minus("⌊(5 + 2 - 3) / 1⌋ + 1 = 5"))
    choose(explorer, Stride="2")
    expect(size).to_contain_text(minus("⌊(5 + 2 - 3) / 2⌋ + 1 = 3"))
    choose(explorer, Dilation="2")
    expect(explorer.get_by_role("status")).to_contain_text("do not go together")
    expect(explorer.get_by_label("Stride", exact=True)).to_have_value("1")
    expect(size).to_contain_text(minus("⌊(5 + 4 - [2·(3 - 1) + 1]) / 1⌋ + 1 = 5"))
    choose(explorer, Padding="valid", Size="5")
    expect(explorer.get_by_role("status")).to_contain_text("Layer 1 does not fit")
    choose(explorer, Layers="one 3 x 3")
    expect(explorer.get_by_role("status")).to_have_text("")


def test_python_sees_the_kernel_that_was_edited(notebook, explorer):
    first = explorer.get_by_label("kernel, row 0, column 0")
    first.fill("-2.5")
    expect(explorer.get_by_label("Kernel", exact=True)).to_have_value("own")
    notebook.wait_for("explorer.layers[0]['kernel'][0][0][0]", [-2.5, 0, 1])
    expect(explorer.locator(".total")).to_have_text("0.5")
    notebook.wait_for("explorer.maps()[1][0, 0]", 0.5)


@pytest.mark.parametrize(
    ("typed", "shown", "words"),
    [
        ("", "1", "a number"),
        ("1e400", "10000", "10000 stands"),
        ("1e9", "1000000", "1000000 stands"),
    ],
)
def test_odd_numbers_of_the_kernel_are_put_right_in_words(explorer, typed, shown, words):
    first = explorer.get_by_label("kernel, row 0, column 0")
    first.focus()
    first.select_text()
    first.press("Backspace")
    first.press_sequentially(typed)
    first.press("Enter")
    expect(first).to_have_value(shown)
    expect(explorer.get_by_role("status")).to_contain_text(words)


def test_taking_the_last_layer_away_ends_the_sliding(explorer):
    explorer.get_by_role("button", name="Slide").click()
    explorer.get_by_role("button", name=minus("- last")).click()
    expect(explorer.get_by_role("button", name="Slide")).to_be_disabled()
    explorer.page.wait_for_timeout(700)  # longer than from one position to the next
    explorer.get_by_role("button", name="+ convolution").click()
    expect(explorer.locator(".written")).to_contain_text("= 4.")


def test_a_click_shows_the_receptive_field_down_the_stack(notebook, explorer):
    choose(explorer, Image="a roof, 32 x 32", Layers="LeNet: 5 x 5, pool, twice")
    canvas(explorer, 4).click(position={"x": 20, "y": 20})
    expect(explorer.locator(".field")).to_contain_text(
        "16 x 16 of the image; 12 x 12 of map 1; 6 x 6 of map 2; 2 x 2 of map 3."
    )
    canvas(explorer, 4).press("Escape")
    expect(explorer.locator(".field")).to_contain_text("Click a number")


def test_layers_come_and_go(notebook, explorer):
    explorer.get_by_role("button", name="+ pooling").click()
    notebook.wait_for("[spec['name'] for spec in explorer.layers]", ["Conv2D", "MaxPooling2D"])
    canvas(explorer, 2).focus()
    expect(explorer.locator(".written")).to_contain_text("largest of 4, 3, 2, 4 = 4")
    choose(explorer, Kind="AveragePooling2D")
    expect(explorer.locator(".written")).to_contain_text("(4 + 3 + 2 + 4) / 4 = 3.25")
    for gone in (2, 1):
        explorer.get_by_role("button", name=minus("- last")).click()
        expect(canvas(explorer, gone)).to_have_count(0)
    expect(explorer.get_by_role("status")).to_contain_text("No layer is left")
    expect(explorer.locator(".work")).to_be_empty()
    expect(explorer.get_by_role("button", name="Slide")).to_be_disabled()
    explorer.get_by_role("button", name="+ convolution").click()
    expect(canvas(explorer, 1)).to_have_count(1)


def test_a_busy_kernel_undoes_no_click(notebook, explorer):
    notebook.page.evaluate(WATCH_MAPS)
    notebook.start(notebook.find("time.sleep"))
    for name in ["- last", "+ pooling", "+ pooling", "- last", "- last", "+ convolution"]:
        explorer.get_by_role("button", name=minus(name)).click()
    notebook.wait_for("[spec['name'] for spec in explorer.layers]", ["Conv2D"])
    notebook.page.wait_for_timeout(500)
    assert notebook.page.evaluate("window.counts") == [1, 2, 3, 2, 1, 2]


def test_the_mouse_looks_and_a_click_chooses(explorer):
    choose(explorer, Layers="edges, then pooling")
    legend = explorer.locator("legend")
    canvas(explorer, 1).click()
    expect(legend).to_have_text("Layer 1: convolution")
    canvas(explorer, 2).hover()
    expect(explorer.locator(".written")).to_contain_text("of map 2")
    expect(legend).to_have_text("Layer 1: convolution")
    canvas(explorer, 2).click()
    expect(legend).to_have_text("Layer 2: max pooling")


def test_the_kernel_slides_by_itself_and_stops(notebook, explorer):
    canvas(explorer, 1).focus()
    for key in ["ArrowLeft", "ArrowUp"] * 2:
        notebook.page.keyboard.press(key)
    slide = explorer.get_by_role("button", name="Slide")
    slide.focus()
    notebook.page.keyboard.press("Enter")
    expect(explorer.locator(".written")).to_contain_text("Row 0, column 2")
    explorer.get_by_role("button", name="Stop").click()
    expect(slide).to_be_visible()


def test_keys_are_answered_at_once(notebook, explorer, capsys):
    choose(explorer, Image="a roof, 32 x 32", Layers="LeNet: 5 x 5, pool, twice")
    page = notebook.page
    canvas(explorer, 1).focus()
    page.evaluate(WATCH_KEYS, 1)
    moved = delays_of(page, "ArrowRight", 15)
    explorer.get_by_label("kernel, row 2, column 2").focus()
    page.evaluate(WATCH_KEYS, 4)
    edited = delays_of(page, "ArrowUp", 15)
    with capsys.disabled():
        print("\nexplorer, key press to new pixels, median:", end=" ")
        print(
            f"cursor {statistics.median(moved):.0f} ms, kernel {statistics.median(edited):.0f} ms"
        )
    assert statistics.median(moved + edited) < FASTER


def delays_of(page, key, presses):
    page.evaluate("window.delays.length = 0")
    for count in range(1, presses + 1):
        page.keyboard.press(key)
        page.wait_for_function(f"() => window.delays.length >= {count}", timeout=10_000)
        page.wait_for_timeout(30)
    return page.evaluate("window.delays")


def test_every_control_has_a_name(explorer):
    assert explorer.page.evaluate(NAMELESS) == []


@pytest.fixture
def coloured(explorer):
    """The explorer with the lesson's two filters on three channels."""
    choose(explorer, Image="three channels, 3 x 3", Layers="two filters of 2 x 2")
    return explorer


def test_a_filter_adds_up_its_channels(notebook, coloured):
    keyboard, written = notebook.page.keyboard, coloured.locator(".written")
    canvas(coloured, 1).focus()
    for key in ["ArrowLeft", "ArrowUp"] * 2:
        keyboard.press(key)
    expect(written).to_contain_text("Row 0, column 0 of map 1, filter 0: channel 0: 1·1 + 0·0")
    expect(written).to_contain_text(minus("together 2 + 2 + (-1) = 3."))
    expect(coloured.locator(".total")).to_have_text("3")
    expect(coloured.locator(".work caption", has_text="channel")).to_have_count(3)
    for key in ["ArrowRight", "ArrowDown"]:
        keyboard.press(key)
    expect(written).to_contain_text("together 2 + 1 + 2 = 5.")
    canvas(coloured, 1, 1).focus()
    expect(written).to_contain_text("of map 1, filter 1:")
    canvas(coloured, 1, 1).click(position={"x": 10, "y": 10})
    expect(written).to_contain_text(minus("together 0 + (-1) + 0 = -1."))
    expect(coloured.locator(".field")).to_contain_text("2 x 2 of the image")


def test_each_kernel_of_a_filter_is_its_own(notebook, coloured):
    choose(coloured, Filter="1", Channel="2")
    first = coloured.get_by_label("kernel, row 1, column 0")
    expect(first).to_have_value("2")
    first.fill("7")
    first.press("Enter")
    expected = [[[[1, 0], [0, 1]], [[0, 1], [1, 0]], [[-1, 0], [0, 1]]]]
    expected.append([[[0, 1], [-1, 0]], [[1, -1], [0, 0]], [[0, 0], [7, 1]]])
    notebook.wait_for("explorer.layers[0]['kernel']", expected)
    notebook.wait_for("explorer.maps()[1].shape", [2, 2, 2])
    canvas(coloured, 1, 1).click(position={"x": 10, "y": 50})
    notebook.wait_for("explorer.maps()[1][1, 0, 1]", 5.0)
    expect(coloured.locator(".total")).to_have_text("5")


def test_filters_come_and_go_and_one_channel_is_enough(notebook, coloured):
    choose(coloured, Filters="3")
    expect(canvas(coloured, 1, 2)).to_have_count(1)
    choose(coloured, Filters="1")
    expect(canvas(coloured, 1, 1)).to_have_count(0)
    choose(coloured, Image="5 x 5 of the lesson")
    expect(canvas(coloured, 0, 1)).to_have_count(0)
    expect(coloured.locator(".written")).not_to_contain_text("channel")
    notebook.wait_for("explorer.maps()[1].shape", [4, 4])


def test_pooling_keeps_to_its_channel(coloured):
    coloured.get_by_role("button", name="+ pooling").click()
    canvas(coloured, 2, 1).focus()
    expect(coloured.locator(".written")).to_contain_text(minus("largest of (-1), 3, 0, 5 = 5"))
