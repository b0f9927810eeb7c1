"""No kernel's echo may undo a click: what the browser sets is not sent back to it."""

import re

import pytest

from dlcourse import widgets

BOARDS = [
    widgets.BackpropStepper,
    widgets.CNNBoard,
    widgets.ConvolutionExplorer,
    widgets.GateInspector,
    widgets.Playground,
]
SETS = re.compile(r'\b(?:model\.set|change|choose|select)\("(\w+)"')


@pytest.mark.parametrize("board", BOARDS)
def test_what_the_browser_sets_is_not_echoed(board):
    script = str(board._esm)
    named = set(SETS.findall(script)) & set(board.class_trait_names(sync=True))
    assert named == set(board.class_trait_names(echo_update=False))


def test_every_board_with_a_script_that_sets_something_is_looked_at():
    folder = widgets.cnn_board.HERE
    setting = {path.stem for path in folder.glob("*.js") if SETS.search(path.read_text("utf-8"))}
    assert setting == {board.__module__.split(".")[-1] for board in BOARDS}
