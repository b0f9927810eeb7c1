import numpy as np

from dlcourse.lessons.lesson_09_initialization import figures, signals

X = np.random.default_rng(0).normal(size=(20, 16))


def test_every_run_has_its_line_and_a_guess_is_marked():
    figure = figures.loss_curves({"a": [[2.0, 1.0], [2.2, 0.5, 0.1]], "b": [[2.3, 2.3]]}, "title")
    assert [len(line.get_xdata()) for line in figure.axes[0].lines[:3]] == [2, 3, 2]
    assert figure.axes[0].lines[3].get_ydata()[0] == np.log(10)
    assert "a: all runs end below 3. b: all runs stay at a guess." in figure.description


def test_a_panel_for_each_function_and_factor():
    factors = [[1, 2], [0.3, 1]]
    spread = signals.rivers(X, [lambda z: np.maximum(z, 0), np.tanh], factors)
    figure = figures.rivers(spread, ["ReLU", "tanh"], factors)
    titles = [axes.get_title(loc="left") for axes in figure.axes[:4]]
    assert [title[:4] for title in titles] == ["ReLU", "ReLU", "tanh", "tanh"]
    assert [title.split()[-1] for title in titles] == ["1", "2", "0.3", "1"]
    assert figure.description.count("in layer 30") == 4


def test_a_profile_is_drawn_in_three_panels():
    found = {"a": signals.Profile([1.0, 0.5], [0.1, 0.2], [0.1, 0.1])}
    figure = figures.profiles(found)
    assert [list(axes.lines[0].get_ydata()) for axes in figure.axes] == [
        list(p) for p in found["a"]
    ]
    assert "from 1 in the first layer to 0.5 in the last" in figure.description
