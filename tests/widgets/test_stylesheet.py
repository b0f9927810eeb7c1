"""The style that the boards share."""

import inspect
from pathlib import Path

import pytest

from dlcourse.lessons.lesson_05_backpropagation.stepper import BackpropStepper
from dlcourse.lessons.lesson_07_training.playground import Playground
from dlcourse.lessons.lesson_12_convolution.explorer import ConvolutionExplorer
from dlcourse.lessons.lesson_13_cnn.board import CNNBoard
from dlcourse.lessons.lesson_16_lstm.inspector import GateInspector
from dlcourse.widgets.stylesheet import stylesheet

BOARDS = {
    "backprop-stepper": BackpropStepper,
    "cnn-board": CNNBoard,
    "convolution-explorer": ConvolutionExplorer,
    "gate-inspector": GateInspector,
    "playground": Playground,
}


@pytest.mark.parametrize("name", BOARDS)
def test_a_board_has_the_shared_rules_under_its_own_name_and_first(name):
    style = BOARDS[name]._css
    own = Path(inspect.getfile(BOARDS[name])).with_suffix(".css")
    assert style == stylesheet(name, own)
    assert style.index(f".dlcourse-{name} :focus-visible") < style.index("max-width")
    selectors = [part.rpartition("}")[2].rpartition("*/")[2] for part in style.split("{")[:-1]]
    # Every rule, and every part of it, holds inside this board only.
    assert all(
        selector.strip().startswith(f".dlcourse-{name}")
        for rule in selectors
        for selector in rule.split(",")
    )
