"""What holds for every board: its keys stay, nothing is cut when narrow, a restart is said."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.browser.test_backprop_stepper import CODE as STEPPER
from tests.browser.test_cnn_board import BOARD as CNN
from tests.browser.test_gate_inspector import CODE as INSPECTOR
from tests.browser.test_neuron_board import CODE as NEURON

BROADCAST = """
from dlcourse.lessons.lesson_00_arrays.board import BroadcastBoard

BroadcastBoard()
"""
TIMELINE = """
from dlcourse.lessons.lesson_00_arrays.board import timeline_board

timeline_board()
"""
PERCEPTRON = """
import numpy as np
from dlcourse.lessons.lesson_02_perceptron.board import PerceptronBoard

PerceptronBoard(np.array([[1.0, 2.0], [-1.0, -0.5], [2.0, -1.0]]), np.array([1, -1, -1]))
"""
AUTODIFF = """
from dlcourse.lessons.lesson_06_autodiff.board import AutodiffBoard

AutodiffBoard()
"""
REGIONS = """
from dlcourse.lessons.lesson_03_boundaries.board import RegionBoard

RegionBoard()
"""
DISTRIBUTIONS = """
from dlcourse.lessons.lesson_04_losses.board import TwoDistributions

TwoDistributions()
"""
PLAYGROUND = """
from dlcourse.lessons.lesson_07_training.playground import Playground

Playground(data="spiral", layers=[8, 8])
"""
RACE = """
from dlcourse.lessons.lesson_08_optimizers.board import RaceBoard

RaceBoard()
"""
STARTS = """
from dlcourse.lessons.lesson_09_initialization.board import start_board

start_board()
"""
FIT = """
from dlcourse.lessons.lesson_10_generalization.board import FitBoard

FitBoard()
"""
MACHINES = """
from dlcourse.lessons.lesson_11_machines.board import MachinesBoard

MachinesBoard()
"""
BELLS = """
from dlcourse.lessons.lesson_20_radial.board import BellsBoard

BellsBoard()
"""
GROUPS = """
from dlcourse.lessons.lesson_21_scale.board import group_board

group_board()
"""
EXPLORER = """
from dlcourse.lessons.lesson_12_convolution.explorer import ConvolutionExplorer

ConvolutionExplorer()
"""
DETECTOR = """
from dlcourse.lessons.lesson_14_architectures import detector
from dlcourse.lessons.lesson_14_architectures.board import DetectorBoard

DetectorBoard(detector.network(seed=0))
"""
RECURRENT = """
from dlcourse.lessons.lesson_15_recurrent.board import jacobian_board

jacobian_board()
"""
WRITER = """
from dlcourse import nn
from dlcourse.lessons.lesson_17_seq2seq.board import WriterBoard
from dlcourse.lessons.lesson_17_seq2seq.tasks import Numbers

symbols = Numbers(into_words=True).symbols
WriterBoard({"untrained": nn.EncoderDecoder(*symbols, 8, 4, attention=True, seed=0)}, "42")
"""
ATTENTION = """
from dlcourse.lessons.lesson_18_attention import models
from dlcourse.lessons.lesson_18_attention.board import AttentionBoard

AttentionBoard({"reverse": models.transformer(seed=0)}, "cafebadgehidfaji")
"""
CLUB = """
from dlcourse.lessons.lesson_19_graphs.board import ClubBoard

ClubBoard()
"""
PREDICTION = """
from dlcourse.widgets import Prediction

Prediction("Up or down?", ["up", "down"])
"""
REVIEW = """
from dlcourse.recall.board import ReviewBoard

board = ReviewBoard(["09"])
while not board.asked[0].choices:
    board.show()
    board.grade(4)
board
"""
BOARDS = {
    "broadcast": BROADCAST,
    "timeline": TIMELINE,
    "neuron": NEURON,
    "perceptron": PERCEPTRON,
    "regions": REGIONS,
    "distributions": DISTRIBUTIONS,
    "stepper": STEPPER,
    "autodiff": AUTODIFF,
    "playground": PLAYGROUND,
    "race": RACE,
    "starts": STARTS,
    "fit": FIT,
    "machines": MACHINES,
    "bells": BELLS,
    "groups": GROUPS,
    "explorer": EXPLORER,
    "cnn": CNN,
    "detector": DETECTOR,
    "recurrent": RECURRENT,
    "inspector": INSPECTOR,
    "writer": WRITER,
    "attention": ATTENTION,
    "club": CLUB,
    "prediction": PREDICTION,
    "review": REVIEW,
}
NUMBER = {name: number for number, name in enumerate(BOARDS)}
KEYS = ("x", "d", "d", "b", "a", "0", "0")

# Everything in an output that can have the focus; of things alike in a list, the first and last.
FOCUSABLE = """(output) => {
  const all = Array.from(output.querySelectorAll(
    "button, input, select, textarea, summary, [tabindex], [contenteditable=true]"))
    .filter((e) => !e.disabled && e.getClientRects().length);
  const alike = (e) => e.tagName + e.className + (e.tabIndex < 0) + e.parentElement.className;
  const groups = Map.groupBy(all, alike);
  window.focusable = Array.from(groups.values()).flatMap((group) =>
    group.length > 6 ? [group[0], group.at(-1)] : group);
  return window.focusable.length;
}"""
FOCUS = "(i) => { const e = window.focusable[i]; e.focus(); return document.activeElement === e; }"

# What sticks out of a board to the right, or is written smaller than nine pixels.
CUT = """(output) => {
  const root = output.querySelector("[class^=dlcourse-], .dlcourse-box, .dlcourse-live-figure");
  const right = output.getBoundingClientRect().right + 1;
  const inScroller = (e) => e.closest(".run, .spoken, .ledger, mjx-assistive-mml");
  const out = Array.from(root.querySelectorAll("*"))
    .filter((e) => !inScroller(e) && e.getBoundingClientRect().right > right);
  const small = Array.from(root.querySelectorAll("svg text"), (e) => {
    const scale = e.ownerSVGElement.getScreenCTM().a;
    return [scale * parseFloat(getComputedStyle(e).fontSize), e.textContent];
  }).filter(([size]) => size < 9);
  return [...out.map((e) => e.outerHTML.slice(0, 120)), ...small.map(String)];
}"""


@pytest.fixture(scope="module")
def notebook(open_cells):
    """Return a notebook with every board, run."""
    opened = open_cells("boards.ipynb", *BOARDS.values())
    opened.run_all()
    return opened


def board(notebook, name):
    output = notebook.output(NUMBER[name])
    expect(output.locator("button, input, .noUi-handle").first).to_be_visible()
    return output


@pytest.mark.parametrize("name", BOARDS)
def test_no_key_pressed_on_a_control_changes_a_cell(notebook, name):
    output = board(notebook, name)
    before = [(cell["type"], cell["source"]) for cell in notebook.cells()]
    count = output.evaluate(FOCUSABLE)
    assert count > 1
    reached = 0
    for number in range(count):
        if not notebook.page.evaluate(FOCUS, number):
            continue  # it went when another was used
        reached += 1
        for key in KEYS:
            notebook.page.keyboard.press(key)
    assert reached > count / 2
    assert [(cell["type"], cell["source"]) for cell in notebook.cells()] == before
    assert not notebook.page.locator(".jp-Dialog").count()  # 0 0 asks whether to restart


def test_a_control_without_the_mark_would_insert_a_cell(notebook):
    output = board(notebook, "autodiff")
    count = len(notebook.cells())
    output.get_by_role("button", name="Step").focus()
    notebook.page.evaluate("delete document.activeElement.dataset.lmSuppressShortcuts")
    notebook.page.keyboard.press("b")
    assert len(notebook.cells()) == count + 1
    notebook.command("notebook:undo-cell-action")
    assert len(notebook.cells()) == count


@pytest.mark.parametrize("name", BOARDS)
def test_nothing_is_cut_or_tiny_in_a_narrow_window_beside_the_file_browser(notebook, name):
    notebook.page.set_viewport_size({"width": 900, "height": 800})
    expect(notebook.page.locator(".jp-FileBrowser")).to_be_visible()
    output = board(notebook, name)
    notebook.page.wait_for_timeout(300)  # until it has taken its new form
    cut = output.evaluate(CUT)
    notebook.page.set_viewport_size({"width": 1280, "height": 900})
    assert cut == []


# Text that stands out too little from what is behind it, as WCAG counts contrast.
FAINT = """(output) => {
  const channels = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const color = channels(getComputedStyle(e).backgroundColor);
      if ((color[3] ?? 1) > 0.5) return color;
    }
  };
  const light = (color) => color.slice(0, 3)
    .map((c) => (c / 255 <= 0.04045 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0.05);
  const contrast = (e) => {
    const [a, b] = [light(channels(getComputedStyle(e).color)), light(behind(e))];
    return Math.max(a, b) / Math.min(a, b);
  };
  const speaks = (e) => Array.from(e.childNodes).some((n) => n.nodeType === 3 && n.data.trim());
  return Array.from(output.querySelectorAll("p, span, div, td, legend, label, button, select"))
    .filter((e) => speaks(e) && e.getClientRects().length)
    .filter((e) => !e.closest(":disabled, .jp-OutputPrompt"))
    .filter((e) => e.getAttribute("aria-disabled") !== "true" && contrast(e) < 4.5)
    .map((e) => `${contrast(e).toFixed(1)} ${e.outerHTML.slice(0, 120)}`);
}"""
THEME = "(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })"


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_every_word_can_be_read_in_both_themes_and_axe_finds_nothing_grave(notebook, theme):
    notebook.page.evaluate(THEME, theme)
    notebook.page.wait_for_timeout(1000)  # until its style sheet is there
    faint = {name: board(notebook, name).evaluate(FAINT) for name in BOARDS}
    assert {name: found for name, found in faint.items() if found} == {}
    grave = {name: faults(notebook.page, board(notebook, name)) for name in BOARDS}
    assert {name: found for name, found in grave.items() if found} == {}


def test_a_slider_without_a_name_is_seen(notebook):
    output = board(notebook, "recurrent")
    handle = output.locator(".noUi-handle").first
    expect(handle).to_have_attribute("aria-label", "spectral radius")
    handle.evaluate("(e) => e.removeAttribute('aria-label')")
    assert [fault.partition(":")[0] for fault in faults(notebook.page, output)] == [
        "aria-input-field-name"
    ]
    handle.evaluate("(e) => { e.ariaLabel = 'spectral radius'; }")


def test_a_dark_ground_under_dark_words_is_seen(notebook):
    output = board(notebook, "explorer")
    below = output.locator(".below")
    below.evaluate("(e) => { e.style.background = '#111'; }")
    assert output.evaluate(FAINT)
    below.evaluate("(e) => { e.style.background = ''; }")
    assert output.evaluate(FAINT) == []


def test_what_sticks_out_or_is_tiny_is_seen(notebook):
    output = board(notebook, "stepper")
    svg = output.locator(".dlcourse-backprop-stepper svg").first
    svg.evaluate("(e) => { e.style.minWidth = '3000px'; }")
    assert output.evaluate(CUT)
    svg.evaluate("(e) => { e.style.minWidth = ''; e.style.flex = '0 0 200px'; }")
    assert output.evaluate(CUT)
    svg.evaluate("(e) => { e.style.flex = ''; }")
    assert output.evaluate(CUT) == []


def test_fast_clicks_leave_a_whole_picture(notebook):
    output = board(notebook, "perceptron")
    names = ["Step", "Forget", "First points", "End", "Clear"]
    buttons = [output.get_by_role("button", name=name, exact=True) for name in names]
    for round_ in range(12):
        buttons[round_ % len(buttons)].click(no_wait_after=True)
        buttons[0].click(no_wait_after=True)
    output.get_by_role("button", name="First points").click()
    image = output.locator(".dlcourse-live-figure img")
    expect(image).to_have_attribute("alt", re.compile("^3 labelled points .* after 0 updates"))
    assert image.evaluate(COLOURS) > 5  # a white picture has one


COLOURS = """async (image) => {
  for (let tries = 1; ; tries++) {
    try {
      await image.decode();
      break;
    } catch (error) {
      if (tries === 10) throw error; // before, the next picture may have come in between
    }
  }
  const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
}"""


def test_after_a_restart_every_board_says_so(notebook):
    notebook.page.evaluate(
        "() => { window.panel.sessionContext.session.kernel.restart()"
        ".then(() => (window.restarted = true)); }"
    )
    notebook.wait("() => window.restarted")
    for name in BOARDS:
        notice = notebook.output(NUMBER[name]).locator(".dlcourse-gone")
        expect(notice).to_contain_text("run this cell again")
