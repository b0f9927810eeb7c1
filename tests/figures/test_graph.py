"""The drawing of a computation shows every node, every slope, and says so in words."""

import pytest

from dlcourse.figures import to_png
from dlcourse.figures.graph import autodiff_graph
from dlcourse.nn.autodiff import Value


def test_worked_example():
    a, b, c = Value(2, "a"), Value(-3, "b"), Value(10, "c")
    loss = (a * b) + (b + c)
    loss.label = "L"
    loss.backward()
    figure = autodiff_graph(loss)
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert "b\nvalue -3\ngradient 3" in texts
    assert "L = v1 + v2\nvalue 1\ngradient 1" in texts
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
