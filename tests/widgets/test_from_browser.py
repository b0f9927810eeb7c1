"""No kernel's echo may undo a click: what the browser sets is not sent back to it."""

import inspect
import re
from pathlib import Path

import pytest

from dlcourse.layout import ROOT
from dlcourse.lessons.lesson_05_backpropagation.stepper import BackpropStepper
from dlcourse.lessons.lesson_07_training.playground import Playground
from dlcourse.lessons.lesson_12_convolution.explorer import ConvolutionExplorer
from dlcourse.lessons.lesson_13_cnn.board import CNNBoard
from dlcourse.lessons.lesson_16_lstm.inspector import GateInspector

BOARDS = [
    BackpropStepper,
    CNNBoard,
    ConvolutionExplorer,
    GateInspector,
    Playground,
]
SETS = re.compile(r'\b(?:model\.set|change|choose|select)\("(\w+)"')


@pytest.mark.parametrize("board", BOARDS)
def test_what_the_browser_sets_is_not_echoed(board):
    script = str(board._esm)
    named = set(SETS.findall(script)) & set(board.class_trait_names(sync=True))
    assert named == set(board.class_trait_names(echo_update=False))


def test_every_board_with_a_script_that_sets_something_is_looked_at():
    scripts = (ROOT / "dlcourse").rglob("*.js")
    setting = {path.with_suffix(".py") for path in scripts if SETS.search(path.read_text("utf-8"))}
    assert setting == {Path(inspect.getfile(board)) for board in BOARDS}
