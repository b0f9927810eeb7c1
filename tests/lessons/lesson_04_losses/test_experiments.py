import numpy as np
import pytest

from dlcourse import datasets
from dlcourse.lessons.lesson_04_losses import checks, experiments
from dlcourse.nn.activations import softmax


@pytest.mark.parametrize(
    ("start", "loss", "steps"),
    [
        (2.0, "half squared error", 469),
        (2.0, "cross-entropy", 50),
        (5.0, "cross-entropy", 70),
        (5.0, "half squared error", 73_771),
    ],
)
def test_the_walks_take_as_many_steps_as_were_counted_elsewhere(start, loss, steps):
    outputs = experiments.walk(start, loss)
    assert len(outputs) - 1 == steps
    assert outputs[-1] < 0.1 <= outputs[-2]


@pytest.mark.parametrize("loss", ["cross-entropy", "squares"])
def test_a_step_of_the_softmax_layer_goes_where_its_loss_falls_fastest(loss):
    rng = np.random.default_rng(0)
    x, labels = rng.normal(size=(5, 3)), np.eye(4)[[0, 2, 1, 3, 2]]
    start, _ = experiments.softmax_layer(x, labels, 0.5, 1, loss)
    later, _ = experiments.softmax_layer(x, labels, 0.5, 2, loss)
    _, b = experiments.softmax_layer(x, labels, 0.5, 1, loss)

    def value(weights):
        p = softmax(x @ weights + b)
        return np.mean((p - labels) ** 2) if loss == "squares" else -np.mean(np.log(p[labels == 1]))

    for place in np.ndindex(3, 4):
        nudge = np.zeros((3, 4))
        nudge[place] = 1e-6
        slope = (value(start + nudge) - value(start - nudge)) / 2e-6
        assert (start - later)[place] / 0.5 == pytest.approx(slope, abs=1e-8)


def test_the_gap_of_confidence():
    p = np.array([[0.95, 0.05], [0.95, 0.05], [0.6, 0.4], [0.6, 0.4]])
    assert experiments.confidence_gap(p, np.array([0, 0, 0, 1])) == pytest.approx(0.075)
    assert experiments.confidence_gap(np.eye(3), np.arange(3)) == 0


def test_bits_counted_in_a_text():
    assert experiments.bits_counted("ab" * 500, 3) == pytest.approx([1, 0, 0], abs=1e-4)
    text = datasets.stories_of_data()[:9000]
    asked = [checks.ngram_entropy(text, n) for n in (1, 2, 3, 4)]
    assert experiments.bits_counted(text, 4) == pytest.approx(asked)


def test_bits_on_new_text():
    assert experiments.bits_on_new("ab" * 500, "ab" * 50, 2) < 0.05
    text = datasets.stories_of_data()[:9000]
    one, two, three = (experiments.bits_on_new(text[:6000], text[6000:], n) for n in (1, 2, 3))
    assert np.log2(27) > one > two > three


def test_what_is_written_has_only_blocks_of_the_text():
    text = datasets.stories_of_data()[:3000]
    new = experiments.written(text, 3, 40)
    assert all(new[i : i + 3] in text for i in range(38))
    assert len(experiments.written(text, 0, 40)) == len(new) == 40
