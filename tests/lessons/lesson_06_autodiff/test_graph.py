"""The drawing of a computation shows every node, every slope, and says so in words."""

import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import FancyBboxPatch

from dlcourse.figures import to_png
from dlcourse.lessons.lesson_06_autodiff.graph import CHANGED, READ, autodiff_frames, autodiff_graph
from dlcourse.nn.autodiff import Value


def test_worked_example():
    a, b, c = Value(2, "a"), Value(-3, "b"), Value(10, "c")
    loss = (a * b) + (b + c)
    loss.label = "L"
    loss.backward()
    figure = autodiff_graph(loss)
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert texts.count("b\nvalue -3\n") == 1
    assert texts.count("\n\ngradient 3") == 1
    assert "L = v1 + v2\nvalue 1\n" in texts
    assert sorted(text for text in texts if "\n" not in text) == ["-3", "1", "1", "1", "1", "2"]
    assert "b, given, value -3, gradient 3" in figure.description
    assert to_png(figure).startswith(b"\x89PNG")


def test_a_number_used_twice_by_one_node_has_two_arrows():
    x = Value(3, "x")
    figure = autodiff_graph(x * x)
    slopes = [t for t in figure.axes[0].texts if t.get_text() == "3"]
    assert len({t.get_position() for t in slopes}) == 2


def test_a_single_number_is_a_graph_too():
    assert "1, given, value 1" in autodiff_graph(Value(1)).description


def test_a_graph_too_large_to_read_is_refused_in_words():
    x = Value(1)
    with pytest.raises(ValueError, match="room for 60 nodes, this graph has 102"):
        autodiff_graph(sum([x] * 100, start=Value(0)))


def grounds(axes):
    """Return the ground of each box, in the order of computation."""
    boxes = [patch for patch in axes.patches if isinstance(patch, FancyBboxPatch)]
    return [to_hex(box.get_facecolor()).upper() for box in boxes]


def test_a_step_marks_what_changed_and_what_was_read():
    a, b = Value(2, "a"), Value(-3, "b")
    figure = autodiff_graph(a * b, step=2)
    assert grounds(figure.axes[0]) == [CHANGED, "#FFFFFF", READ]
    assert figure.description.startswith("Visit v1, gradient 1. Add 1 · (-3) = -3 to")
    gradients = [t for t in figure.axes[0].texts if t.get_text().startswith("\n\n")]
    assert [t.get_text().strip() for t in gradients] == ["gradient -3", "so far 0", "gradient 1"]
    complete, waiting, _ = (t.get_color() for t in gradients)
    assert complete != waiting


def test_frames_show_the_steps_that_were_asked_for():
    a, b = Value(2, "a"), Value(-3, "b")
    figure = autodiff_frames(a * b, [1, 2, 3])
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert titles == ["step 1", "step 2", "step 3", ""]
    assert grounds(figure.axes[2]) == ["#FFFFFF", CHANGED, READ]
    assert "Step 3: Visit v1" in figure.description
