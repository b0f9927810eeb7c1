import itertools

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.lessons.lesson_05_backpropagation import figures
from dlcourse.lessons.lesson_05_backpropagation.blame import largest_is_most_to_blame
from dlcourse.lessons.lesson_05_backpropagation.formula import html, latex, spoken
from dlcourse.lessons.lesson_05_backpropagation.layout import CELL, lay_out
from dlcourse.lessons.lesson_05_backpropagation.network import gradients, two_two_two
from dlcourse.lessons.lesson_05_backpropagation.steps import short, trace_backprop


def trace_of(*sizes):
    layers = []
    for units in sizes[1:]:
        layers += [nn.Dense(units), nn.Activation("tanh")]
    model = nn.Sequential(layers, input_shape=(sizes[0],), seed=0, dtype=np.float64)
    return trace_backprop(model, np.ones(sizes[0]), np.zeros(sizes[-1]))


def drawn(axes):
    return " ".join(text.get_text() for text in axes.texts)


def test_only_what_is_known_is_drawn():
    trace = trace_of(2, 2, 2)
    given, first, last = (
        drawn(figures.network_figure(trace, position).axes[0])
        for position in (None, 0, len(trace.steps) - 1)
    )
    assert "slope" not in given
    assert short(trace.steps[0].value) not in given
    assert short(trace.steps[0].value) in first
    assert "∂" not in first
    assert "slope" in last
    assert "new" in last


def test_lines_are_marked_only_where_the_step_reads_them():
    def thick(position):
        lines = figures.network_figure(trace, position).axes[0].lines
        return sum(line.get_linewidth() > 2 for line in lines)

    trace = trace_of(2, 2, 2)
    assert thick(None) == 0
    assert thick(trace.find("z_h1")) == 2
    assert thick(trace.find("∂E/∂w1")) == 1


def test_weights_have_the_colour_of_the_answer_that_they_lead_into():
    left, right = figures.learning_figure(steps=2).axes
    first, second = (line.get_color() for line in left.lines if len(line.get_xdata()) == 3)
    hidden, bias = right.lines[0].get_color(), right.lines[-1].get_color()
    assert len({first, second, hidden, bias}) == 4
    colors = [line.get_color() for line in right.lines]
    assert colors == [hidden] * 4 + [first] * 2 + [second] * 2 + [bias] * 2
    assert [text.get_color() for text in right.texts] == colors


def test_cut_and_rounded_digits_are_told_apart():
    table = figures.printed_digits(
        {"a": 0.60108787, "b": 0.60108787, "c": -0.2, "d": 0.5},
        {"a": "0.60108", "b": "0.60109", "c": "-0.2", "d": "0.6"},
    )
    assert [row[-1] for row in table.rows] == ["cut off", "rounded", "right either way", "wrong"]


def test_the_description_says_the_step():
    trace = trace_of(2, 2, 1)
    position = trace.find("∂E/∂w1")
    said = figures.network_figure(trace, position).description
    assert said.startswith(f"Step {position + 1} of {len(trace.steps)}. d E by d w1 equals")
    assert "A 2-2-1 network and what is given: x1 1, x2 1, y1 0" in (
        figures.network_figure(trace).description
    )


def test_a_frame_for_each_step():
    trace = trace_of(2, 2, 2)
    figure = figures.backprop_frames(trace, [0, 20])
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert [title.split(".")[0] for title in titles] == ["1", "21"]
    assert f"2 of {len(trace.steps)} steps" in figure.description


def test_the_table_has_every_derivative():
    trace = trace_of(2, 2, 1)
    table = figures.chain_table(trace)
    assert [row[0] for row in table.rows] == [f"∂E/∂{name}" for name in trace.parameters]


@pytest.mark.parametrize("sizes", [(2, 2, 2), (4, 4, 4, 4), (1, 4, 2), (3, 1), (4, 3, 1)])
def test_nothing_is_drawn_over_something_else(sizes):
    layout = lay_out(trace_of(*sizes))
    labels = [(link.label_x, link.label_y) for link in layout.links if link.weight]
    for k, (x, y) in enumerate(labels):
        for other_x, other_y in labels[:k]:
            assert abs(x - other_x) > 60 or abs(y - other_y) >= 32
        for cell in layout.cells:
            assert abs(x - cell.x) > CELL[0] / 2 + 20 or abs(y - cell.y) > CELL[1] / 2
    for k, cell in enumerate(layout.cells):
        assert CELL[0] / 2 <= cell.x <= layout.width - CELL[0] / 2
        for other in layout.cells[:k]:
            assert abs(cell.x - other.x) >= CELL[0] or abs(cell.y - other.y) > CELL[1] + 36


def test_error_curves_say_where_they_end():
    figure = figures.error_curves({"frozen": [0.2, 0.1], "trained": [0.2, 0.05]})
    assert "frozen, 1.0e-01; trained, 5.0e-02" in figure.description
    assert "falls on every line" in figure.description
    assert "does not fall" in figures.error_curves({"wrong way": [0.2, 0.3]}).description


def test_a_formula_is_set_three_ways():
    formula = "∂E/∂w1 = 1 / (1 + e^(-(-0.5))) · z_h1² - 1.5e-07"
    assert latex(formula) == (
        r"\frac{\partial E}{\partial w_{1}} = 1 / (1 + e^{-(-0.5)}) \cdot "
        r"z_{h1}^2 - 1.5e-07"
    )
    assert html(formula) == (
        '<span class="fraction"><span>∂<i>E</i></span><span>∂<i>w</i><sub>1</sub></span></span> = '
        "1 / (1 + <i>e</i><sup>&minus;(&minus;0.5)</sup>) · <i>z</i><sub>h1</sub>² &minus; 1.5e-07"
    )
    assert spoken(formula) == (
        "d E by d w1 equals 1 / (1 plus e to the power of minus (minus 0.5)) times "
        "z h1 squared minus 1.5e-07"
    )


def test_what_could_be_markup_is_escaped():
    assert html("1 < 2 & 3") == "1 &lt; 2 &amp; 3"


def test_the_first_picture_says_where_the_answers_go():
    figure = figures.learning_figure(steps=10)
    assert "over 10 steps: from 0.73 and 0.78 to" in figure.description
    answers, parameters = figure.axes
    assert len(parameters.lines) == 10
    assert answers.lines[0].get_ydata()[-1] < answers.lines[0].get_ydata()[0]


def test_a_walk_is_drawn_on_its_curve():
    figure = figures.descent_figure(lambda w: w**2, {"short": [1.0, 0.5], "long": [1.0, -2.0]})
    assert "short: the errors are 1, 0.25." in figure.description
    assert "long: the errors are 1, 4." in figure.description
    curve, walk = figure.axes[1].lines
    np.testing.assert_array_equal(walk.get_ydata(), [1.0, 4.0])
    assert curve.get_xdata().min() < -2.0


def test_the_update_lists_every_parameter():
    model, names = two_two_two()
    trace = trace_backprop(model, [0.1, 0.5], [0.05, 0.95], learning_rate=0.6, **names)
    rows = figures.update_table(trace).rows
    assert [row[0] for row in rows] == trace.parameters
    assert rows[4] == ["w5", "0.5", "0.0802031", "0.4518781"]
    assert rows[9] == ["b2", "0.35", "0.1041388", "0.2875167"]


def test_the_multiplications_are_those_that_the_passes_take():
    """Counted on lists of numbers, one product at a time, as the passes take them."""
    sizes, count = [3, 4, 2], 0
    for layer, (before, after) in enumerate(itertools.pairwise(sizes)):
        count += before * after  # forward
        count += before * after  # delta times what went in
        count += before * after if layer else 0  # delta back through the weights
    assert figures.cost_table(sizes).rows[0][2] == str(count)


def forward(x, first, low, second, high):
    hidden = 1 / (1 + np.exp(-(x @ first + low)))
    return hidden, 1 / (1 + np.exp(-(hidden @ second + high)))


def test_blame_is_not_size():
    def backward(x, y, hidden, outputs, second):
        delta_2 = (outputs - y) * outputs * (1 - outputs)
        delta_1 = delta_2 @ second.T * hidden * (1 - hidden)
        return x.T @ delta_1, delta_1, hidden.T @ delta_2, delta_2

    assert 0.05 < largest_is_most_to_blame(forward, backward, 300) < 0.2


def test_blame_that_went_by_size_would_be_seen():
    seen = []

    def remember(x, first, low, second, high):
        seen.append(first)
        return forward(x, first, low, second, high)

    def by_size(x, y, hidden, outputs, second):
        return seen[-1], None, second, None

    assert largest_is_most_to_blame(remember, by_size, 20) == 1.0


def test_the_layers_find_the_gradient_of_the_paper():
    model, _ = two_two_two()
    first, low, second, high = gradients(model, np.array([[0.1, 0.5]]), np.array([[0.05, 0.95]]))
    assert first[0, 0] == pytest.approx(0.0011080579599814, abs=1e-15)
    assert second[0, 0] == pytest.approx(0.0802031242931606, abs=1e-15)
    assert low.sum() == pytest.approx(0.0244829784432143, abs=1e-15)
    assert high.sum() == pytest.approx(0.104138846559233, abs=1e-15)


def test_answers_are_written_with_a_hat():
    assert latex("∂E/∂ŷ1 = ŷ1 - y1") == (
        r"\frac{\partial E}{\partial \hat{y}_{1}} = \hat{y}_{1} - y_{1}"
    )
    assert html("ŷ2") == "<i>ŷ</i><sub>2</sub>"
    assert spoken("∂E/∂ŷ1 = ŷ1 - y1") == "d E by d y-hat 1 equals y-hat 1 minus y1"
