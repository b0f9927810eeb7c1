import numpy as np
import pytest

from dlcourse import datasets, nn
from dlcourse.lessons.lesson_19_graphs import experiments, graphs

CLUB = datasets.karate_club()


@pytest.mark.parametrize("seed", [20, 21])
def test_a_trained_graph_network_foretells_the_club(seed):
    assert experiments.on_the_club("graph network, 16 ReLU units", seed) >= 30


def test_without_the_graph_it_is_a_guess():
    right = [experiments.on_the_club("no graph, 4 tanh units", seed) for seed in range(30, 34)]
    assert max(right) < 28


def test_a_label_that_is_not_known_teaches_nothing():
    """Training with other labels under the -1 must end in the same weights."""
    ends = []
    for hidden in (0, 1):
        labels = experiments.two_labels()
        model = nn.Sequential([nn.Dense(2)], input_shape=(34, 34), seed=0)
        truth = np.where(labels < 0, hidden, labels)
        weight = (labels >= 0).astype(np.float32)[np.newaxis]
        model.fit(
            np.eye(34, dtype=np.float32)[np.newaxis], truth[np.newaxis], loss=experiments.LOSS,
            optimizer=nn.Adam(0.01), sample_weight=weight, epochs=3, batch_size=1, verbose=False,
        )  # fmt: skip
        ends.append(model.get_weights()[0])
    np.testing.assert_array_equal(*ends)


def test_labels_are_drawn_alike_from_each_class():
    y = experiments.digits()[1]
    drawn = experiments.draw(y, 5, seed=3)
    known = drawn >= 0
    assert np.bincount(drawn[known]).tolist() == [5] * 10
    np.testing.assert_array_equal(drawn[known], y[known])
    assert not np.array_equal(drawn, experiments.draw(y, 5, seed=4))


def test_labels_that_spread_read_more_than_the_nearest_image():
    y = experiments.digits()[1]
    labels = experiments.draw(y, 5, seed=77)
    nearest, spread = (
        experiments.right(experiments.answer(method, labels), labels)
        for method in (experiments.METHODS[0], "label propagation")
    )
    assert nearest < spread
    assert spread > 0.9


def test_two_means_and_one_layer_are_trained():
    y = experiments.digits()[1]
    labels = experiments.draw(y, 20, seed=5)
    answers = experiments.answer("two means, then one layer", labels, seed=5)
    assert experiments.right(answers, labels) > 0.9


def test_an_unknown_method_is_refused():
    with pytest.raises(ValueError, match="method must be one of nearest image"):
        experiments.answer("magic", experiments.two_labels())


def test_smoothing_is_the_product_taken_many_times():
    x, _, graph, _ = experiments.some_digits(9)
    mix = nn.normalised_adjacency(graph)
    np.testing.assert_allclose(
        experiments.smoothed(x, graph, 3), mix @ (mix @ (mix @ x)), rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("way", experiments.WAYS)
def test_one_layer_of_each_way_learns_its_labels(way):
    known, others = experiments.deep(way, 1, seed=7)
    assert known > 0.9
    assert others > 0.75


def test_many_means_spoil_the_club_and_few_do_not():
    assert experiments.smoothed_on_the_club(4, seed=9) >= 32
    assert experiments.smoothed_on_the_club(64, seed=9) < 25
    assert experiments.deep_on_the_club(2, seed=9) >= 30


def test_four_groups_have_a_label_each():
    groups = graphs.communities(CLUB.adjacency)
    before, after, labels, answers = experiments.four_groups(25, groups)
    assert before.shape == after.shape == (34, 2)
    known = labels >= 0
    assert sorted(labels[known]) == [0, 1, 2, 3]
    np.testing.assert_array_equal(labels[known], groups[known])
    np.testing.assert_array_equal(answers[known], groups[known])
    assert np.sum(answers == groups) > 12


def test_a_six_upside_down_is_the_same_to_a_mean_of_graph_layers_and_not_to_kernels():
    image = datasets.digits().x[6]
    both = np.array([image, image[::-1, ::-1]])
    for kind, alike in zip(experiments.PIXELS[2:], (False, True), strict=True):
        first, second = experiments.pixel_network(kind, seed=11).predict(both)
        assert np.allclose(first, second, atol=1e-5) == alike


def test_shuffled_pixels_take_their_graph_with_them():
    order = np.random.default_rng(0).permutation(64)
    x = datasets.digits().x[:5]
    moved = x.reshape(5, 64)[:, order].reshape(5, 8, 8, 1)
    kind = "graph layers, mean over pixels"
    plain = experiments.pixel_network(kind, 3).predict(x)
    shuffled = experiments.pixel_network(kind, 3, order.tolist()).predict(moved)
    np.testing.assert_allclose(shuffled, plain, rtol=1e-4, atol=1e-6)
    left_behind = experiments.pixel_network(kind, 3).predict(moved)
    assert not np.allclose(left_behind, plain, atol=1e-4)


def test_kernels_read_more_than_a_guess_after_one_epoch():
    known, new = experiments.pixels("3 x 3 kernels, flattened", seed=8, epochs=1)
    assert known < 700
    assert new < 180
