"""The style that the boards share."""

import pytest

from dlcourse import widgets
from dlcourse.widgets.stylesheet import stylesheet

BOARDS = {
    "backprop-stepper": widgets.BackpropStepper,
    "cnn-board": widgets.CNNBoard,
    "convolution-explorer": widgets.ConvolutionExplorer,
    "gate-inspector": widgets.GateInspector,
    "playground": widgets.Playground,
}


@pytest.mark.parametrize("name", BOARDS)
def test_a_board_has_the_shared_rules_under_its_own_name_and_first(name):
    style = BOARDS[name]._css
    assert style == stylesheet(name)
    assert style.index(f".dlcourse-{name} :focus-visible") < style.index("max-width")
    selectors = [part.rpartition("}")[2].rpartition("*/")[2] for part in style.split("{")[:-1]]
    # Every rule, and every part of it, holds inside this board only.
    assert all(
        selector.strip().startswith(f".dlcourse-{name}")
        for rule in selectors
        for selector in rule.split(",")
    )
