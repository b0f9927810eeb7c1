"""What is special to the checks of lesson 19: they agree with the lesson; the task is fair."""

import numpy as np
import pytest

from dlcourse import datasets, nn
from dlcourse.checks.goal import accuracy
from dlcourse.lessons.lesson_19_graphs import checks as own
from dlcourse.lessons.lesson_19_graphs import experiments, graphs

CLUB = datasets.karate_club()
GOAL = own.CHECKS[-1].goal
CASES = own.digit_cases(np.random.default_rng(0))


def reached(answer, case):
    return GOAL.reached(GOAL.measure(answer(*case.arguments), case.hidden))


def test_grids_have_the_edges_that_the_lesson_counts():
    assert own.grid_graph(5, 5, 4).sum() == 2 * 40
    assert own.grid_graph(5, 5, 8).sum() == 2 * 72
    wide = own.grid_graph(2, 7, 8)
    np.testing.assert_array_equal(wide, wide.T)
    assert sorted(set(wide.sum(axis=0))) == [3, 5]  # corners and others
    steps = graphs.hops(own.grid_graph(4, 6, 4))
    assert steps[0, -1] == 3 + 5


def test_the_matrix_of_the_package_is_the_same():
    for a in (CLUB.adjacency, own.KITE, own.ALONE, own.grid_graph(3, 4, 8)):
        p = own.normalised_adjacency(a)
        np.testing.assert_allclose(p, nn.normalised_adjacency(a), atol=1e-12)
        np.testing.assert_allclose(np.linalg.eigvalsh(p)[-1], 1)


def test_the_numbers_of_the_lesson():
    ends = np.array([[1.0, 0], [0, 0], [0, 1]])
    after_two = [[0.4167, 0.1667], [0.3402, 0.3402], [0.1667, 0.4167]]
    np.testing.assert_allclose(own.message_passing(own.PATH, ends, 2), after_two, atol=5e-5)
    w = np.array([[1.0, -1], [2, 0]])
    last = own.gcn_forward(own.PATH, ends, w, np.eye(2))
    hidden = np.array([[0.5, 0], [1.224745, 0], [1, 0]])
    np.testing.assert_allclose(last, nn.normalised_adjacency(own.PATH) @ hidden, atol=1e-6)


def test_labels_spread_as_in_the_lesson():
    labels = experiments.two_labels()
    foretold = own.label_propagation(CLUB.adjacency, labels, 50)
    assert np.flatnonzero(foretold != CLUB.side).tolist() == [8]
    for steps in (0, 1, 2, 7):
        scores = graphs.spread(CLUB.adjacency, labels, steps, 2)[-1]
        np.testing.assert_array_equal(
            own.label_propagation(CLUB.adjacency, labels, steps), scores.argmax(axis=1)
        )


def test_a_network_of_the_package_with_two_layers_is_the_same():
    a, x = own.FAN, np.random.default_rng(1).normal(size=(6, 3))
    layers = [nn.GraphConvolution(4, a), nn.Activation("relu"), nn.GraphConvolution(2, a)]
    model = nn.Sequential(layers, input_shape=(6, 3), seed=0)
    w1, _, w2, _ = model.get_weights()  # the biases are 0
    np.testing.assert_allclose(own.gcn_forward(a, x, w1, w2), model.predict(x[None])[0], atol=1e-5)


def test_no_label_is_chosen_by_rounding():
    """In every case the largest score is ahead by far, or the tie is one of equal numbers."""
    for seed in range(3):
        for case in own.label_cases(np.random.default_rng(seed)):
            first = np.sort(own._scores(*case.arguments), axis=1)[:, ::-1]
            ahead = first[:, 0] - first[:, 1]
            assert ((ahead > 0.004) | (ahead == 0)).all(), case.about


def test_an_image_is_joined_to_its_like():
    """The graph of the reference is that of the lesson, on fewer digits."""
    images, labels = CASES[0].arguments
    a = graphs.neighbour_graph(images)
    spread = own.label_propagation(a, labels, 50)
    found = own.read_neighbours(images, labels)
    assert np.mean(spread == found) > 0.98  # two images may be equally near


@pytest.mark.parametrize("case", CASES)
def test_each_bar_asks_for_more(case):
    def few_and_unlike(images, labels):
        products = images @ images.T
        np.fill_diagonal(products, -1)
        a = np.zeros(products.shape)
        np.put_along_axis(a, products.argsort(axis=1)[:, -5:], 1, axis=1)
        return own.label_propagation(np.maximum(a, a.T), labels, 50)

    assert reached(own.unread, case) == 0
    assert reached(few_and_unlike, case) < 3
    assert reached(own.nearest, case) == 2
    assert reached(own.read_neighbours, case) == 3


def test_the_nearest_label_never_gets_all_points():
    for seed in range(20):
        for case in own.digit_cases(np.random.default_rng(seed)):
            assert reached(own.nearest, case) < 3
            images, labels = case.arguments
            known = labels >= 0
            np.testing.assert_array_equal(labels[known], case.hidden[known])
            assert np.bincount(labels[known]).tolist() == [own.EACH] * 10
            assert images.shape == (own.IMAGES, 64)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (lambda x, y: np.zeros(950, dtype=int), "for every image"),
        (lambda x, y: np.zeros((1000, 10)), "You return scores"),
        (lambda x, y: np.zeros((1000, 1000)), "You return the graph"),
        (lambda x, y: np.arange(1000), "the label at each of them"),
        (lambda x, y: y + 0.5, "Return a digit"),
        (lambda x, y: y, "You answer -1 for 950 images"),
        (lambda x, y: np.full(1000, np.nan), "such as nan"),
        (lambda x, y: np.maximum(y, 0), "nothing has spread"),
        (lambda x, y: np.ones(1000), ""),
        (lambda x, y: np.zeros((3, 4)), ""),
        (lambda x, y: None, ""),
        (lambda x, y: "text", ""),
        (lambda x, y: [1.0, 2.0], ""),
    ],
)
def test_slips_are_told_and_any_value_is_borne(value, words):
    said = own.digit_slip(value(*CASES[0].arguments), CASES[0])
    assert words in said if words else not said


def test_what_was_not_asked_for_does_not_count():
    assert accuracy(own.unread(*CASES[0].arguments), CASES[0].hidden) < 0.2
