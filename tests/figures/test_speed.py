"""Figures of times by batch size; all that they draw here is made up."""

from types import SimpleNamespace

import pytest

from dlcourse import figures
from dlcourse.figures import speed


def point(contender, size, seconds, task="training step"):
    return SimpleNamespace(
        contender=contender,
        task=task,
        batch_size=size,
        low=0.9 * seconds,
        median=seconds,
        high=1.1 * seconds,
        operations=1_000_000 * size,
        bytes=1_000 * size,
    )


def sweep(rival="Keras, GPU"):
    """On the CPU 100 µs per example; the rival needs 1 ms whatever the batch."""
    points = [point("Keras, CPU", size, 1e-4 * size) for size in (100, 1)]
    points += [point(rival, size, 1e-3) for size in (1, 100)]
    limits = {"Keras, CPU": (2e10, 1e10), rival: (1e12, 1e9)}
    return SimpleNamespace(title="a made-up machine", points=points, limits=limits)


def test_the_gpu_wins_where_it_does():
    figure = figures.batch_sweep(sweep())
    (axes,) = figure.axes
    lines = {line.get_label(): line for line in axes.get_lines()}
    assert lines["Keras, CPU"].get_xdata().tolist() == [1, 100]
    assert lines["Keras, CPU"].get_ydata() == pytest.approx([100, 100])
    assert lines["Keras, GPU"].get_ydata() == pytest.approx([1000, 10])
    assert "Keras, GPU and Keras, CPU are equally fast in batches of about 10." in (
        figure.description
    )
    assert "A made-up machine" in figure.description
    assert "Keras, GPU: 1,000 µs alone, 10 µs in a batch of 100." in figure.description
    assert axes.get_ylabel() == "µs for an example"


def test_the_least_time_is_the_larger_of_both_limits():
    """On the CPU arithmetic: 1e6 / 2e10 s = 50 µs; on the other memory: 1e3 / 1e9 s = 1 µs."""
    (axes,) = figures.batch_sweep(sweep()).axes
    dotted = {line.get_color(): line.get_ydata() for line in axes.get_lines() if _dotted(line)}
    assert dotted[speed.LOOKS["Keras, CPU"][0]] == pytest.approx([50, 50])
    assert dotted[speed.LOOKS["Keras, GPU"][0]] == pytest.approx([1, 1])


def _dotted(line):
    return line.get_linestyle() == ":" and len(line.get_xdata())


def test_what_a_launch_costs_is_drawn():
    """The time of a batch of one, for batches of any size."""
    figure = figures.batch_sweep(sweep())
    (line,) = [each for each in figure.axes[0].get_lines() if "whatever" in str(each.get_label())]
    assert line.get_label() == "1 ms per batch, whatever its size"
    assert line.get_ydata() == pytest.approx([1000, 10])


def test_sweeps_side_by_side_share_their_scale_and_say_which_is_which():
    here, there = sweep("dlcourse, CPU"), sweep()
    there.title = "recorded on a made-up GPU"
    figure = figures.batch_sweep(here, there)
    assert [axes.get_title(loc="left") for axes in figure.axes] == [here.title, there.title]
    assert figure.axes[0].get_ylim() == figure.axes[1].get_ylim()
    assert "dlcourse, CPU and Keras, CPU are equally fast" in figure.description
    assert "Recorded on a made-up GPU: " in figure.description


def test_no_line_without_a_crossing():
    one = sweep()
    one.points = [p for p in one.points if p.batch_size == 1]
    found = figures.batch_sweep(one)
    assert "Keras, CPU is faster than Keras, GPU in batches of every size." in found.description
    assert not any("equally" in str(line.get_label()) for line in found.axes[0].get_lines())


def test_only_what_both_measured_is_compared():
    one = sweep()
    one.points = [p for p in one.points if (p.contender, p.batch_size) != ("Keras, GPU", 1)]
    sentence = "Keras, GPU is faster than Keras, CPU in batches of every size."
    assert sentence in figures.batch_sweep(one).description
    one.points = [p for p in one.points if (p.contender, p.batch_size) != ("Keras, CPU", 100)]
    assert "every size" not in figures.batch_sweep(one).description


def test_the_roof_by_hand():
    """1,000 operations per byte; the CPU does 1e6 in 100 µs of 5 µs that 2e10 would allow."""
    figure = figures.roofline(sweep())
    lines = {line.get_label(): line for line in figure.axes[0].get_lines()}
    assert lines["Keras, CPU"].get_xdata() == pytest.approx([1000, 1000])
    assert lines["Keras, CPU"].get_ydata() == pytest.approx([10, 10])
    assert (
        "Keras, CPU: at most 10 billion operations per second, 50% of the 20 billion"
        in figure.description
    )


def test_every_contender_looks_different():
    assert len(set(speed.LOOKS.values())) >= len(speed.LOOKS) - 1  # bfloat16, on CPU or GPU
    known = dict.fromkeys(speed.LOOKS)
    one = sweep()
    one.points = [point(name, size, 1e-3) for name in known for size in (1, 8)]
    assert len(figures.batch_sweep(one).axes[0].get_legend().get_texts()) >= len(known)


@pytest.mark.parametrize("draw", [figures.batch_sweep, figures.roofline])
def test_nothing_to_draw(draw):
    with pytest.raises(ValueError, match="nothing to draw: no prediction"):
        draw(sweep(), task="prediction")


@pytest.mark.parametrize(
    ("first", "second", "where"),
    [
        ([1.0, 100.0], [10.0, 10.0], 10.0),
        ([1.0, 2.0], [3.0, 4.0], None),
        ([10.0, 10.0], [1.0, 100.0], 10.0),
    ],
)
def test_crossing(first, second, where):
    found = speed.crossing([1, 100], first, second)
    assert found == (None if where is None else pytest.approx(where))
