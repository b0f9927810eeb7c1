import numpy as np
import pytest

from dlcourse.figures import new_figure, to_png
from dlcourse.lessons.lesson_01_neurons import figures


@pytest.fixture
def axes():
    _, axes = new_figure()
    axes.set_xlim(-10, 10)
    return axes


def curve(axes):
    """Return the drawn curve: the line with the most points."""
    return max(axes.lines, key=lambda line: len(line.get_xdata())).get_data()


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_the_cell_names_its_four_parts():
    figure = figures.biological_neuron()
    said = " ".join(texts(figure))
    for part in ("dendrites", "cell body", "axon", "terminals"):
        assert part in said
        assert part in figure.description.replace("(soma) ", "")


def test_the_same_cell_is_drawn_every_time():
    first, second = (to_png(figures.biological_neuron()) for _ in range(2))
    assert first == second


def test_the_gates_carry_their_thresholds():
    assert [text for text in texts(figures.gate_nets()) if text.isdigit()] == list("211111")


def test_the_diagram_computes_the_worked_example():
    figure = figures.neuron_diagram([2, 3], [0, 1], 4)
    assert "$z$ = 7" in texts(figure)
    assert r"$\hat{y}$ = 0.99909" in texts(figure)
    assert "make the sum 7" in figure.description


@pytest.mark.parametrize(("x", "answer"), [((1, 0, 1), "0 (no)"), ((1, 1, 1), "1 (yes)")])
def test_the_diagram_of_a_decision_says_yes_or_no(x, answer):
    names = ["warm", "friend", "tired"]
    figure = figures.neuron_diagram(x, [3, 2, -2], -3, names=names, step=True)
    assert rf"$\hat{{y}}$ = {answer}" in texts(figure)
    assert "warm = 1" in texts(figure)


def test_the_step_jumps_where_the_sigmoid_is_one_half():
    figure = figures.step_against_sigmoid(3, 3.5)
    (x, sharp), (_, smooth) = (curve(axes) for axes in figure.axes)
    assert set(sharp) == {0.0, 1.0}
    assert x[np.argmax(sharp)] == pytest.approx(3)
    assert np.interp(3, x, smooth) == pytest.approx(0.5)
    assert np.max(np.diff(smooth)) < 0.01


def test_a_network_has_a_circle_for_each_neuron_and_a_line_for_each_weight():
    figure = figures.network_diagram([4, 5, 5, 3])
    (axes,) = figure.axes
    assert len(axes.patches) == 4 + 5 + 5 + 3
    assert len(axes.lines) == 4 * 5 + 5 * 5 + 5 * 3
    assert "hidden layer\n(3)" in texts(figures.network_diagram([2, 3, 1]))


def test_ten_templates_are_drawn_as_they_are():
    images = np.random.default_rng(0).uniform(size=(10, 64))
    drawn = [axes.images[0].get_array() for axes in figures.templates(images).axes]
    np.testing.assert_array_equal(drawn, images.reshape(10, 8, 8))


def test_the_response_is_one_half_at_its_centre(axes):
    sentence = figures.draw_response(axes, 2.0, 4.0)
    x, y = curve(axes)
    assert sentence == "The output is one half at -2 and rises to the right."
    np.testing.assert_allclose(np.interp(-2, x, y), 0.5, atol=1e-3)
    np.testing.assert_allclose(y, 1 / (1 + np.exp(-(2 * x + 4))))


def test_a_negative_weight_turns_the_curve_round(axes):
    assert "falls to the right" in figures.draw_response(axes, -1.0, 4.0)
    assert np.all(np.diff(curve(axes)[1]) < 0)


def test_without_a_weight_there_is_no_centre(axes):
    assert "weight is 0" in figures.draw_response(axes, 0.0, 4.0)
    assert np.ptp(curve(axes)[1]) == 0


def test_the_present_input_is_marked_and_told(axes):
    sentence = figures.draw_response(axes, 1.0, 4.0, 2.0)
    assert sentence.endswith("At 2 it is 0.9975.")
    assert any(list(line.get_xdata()) == [2.0] for line in axes.lines)


def test_a_centre_out_of_sight_is_told_but_not_drawn(axes):
    assert "one half at -40" in figures.draw_response(axes, 0.1, 4.0)
    assert axes.get_xlim() == (-10, 10)
    assert not any(line.get_linestyle() == "--" for line in axes.lines)


def test_a_frame_for_each_neuron():
    figure = figures.response_frames([(1, 4), (2, 4), (-1, 4), (0.5, -2)], columns=3)
    assert len(figure.axes) == 4
    assert figure.axes[1].get_title(loc="left") == "w = 2,  b = 4"


def test_the_curves_are_described_by_their_centres():
    description = figures.response_curves([(1, 4), (2, 4)]).description
    assert "one half at -4 for w = 1, b = 4; at -2 for w = 2, b = 4" in description


def test_every_measurement_is_drawn_once(axes):
    x = np.array([1.0, 1.0, 1.0, 2.0, 2.0, 3.0])
    y = np.array([0, 0, 1, 0, 1, 1])
    sentence = figures.draw_probability(axes, x, y, 4.0, -8.0, ["a", "b"], "length (cm)")
    drawn = np.concatenate([c.get_offsets() for c in axes.collections])
    np.testing.assert_array_equal(np.sort(drawn[:, 0]), x)
    assert len(np.unique(drawn, axis=0)) == len(x)
    assert "one half at 2.00" in sentence
    assert "one half nowhere" in figures.draw_probability(axes, x, y, 0.0, 1.0, ["a", "b"], "cm")


def test_the_spikes_stand_where_the_neurons_fire():
    figure = figures.spike_rows({"try": {"first": [1, 0, 1], "second": [0, 0, 0]}})
    times = [c.get_offsets()[:, 0].tolist() for c in figure.axes[0].collections]
    assert times == [[0, 2], []]
    assert "try: first at 0, 2; try: second never" in figure.description
