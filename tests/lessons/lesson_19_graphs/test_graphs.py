import numpy as np
import pytest

from dlcourse import datasets, nn
from dlcourse.lessons.lesson_19_graphs import checks, graphs

PATH = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]])
CLUB = datasets.karate_club()


def two_cliques():
    """Two groups of four who all know each other, and one tie between the groups."""
    adjacency = np.kron(np.eye(2, dtype=int), np.ones((4, 4), dtype=int)) - np.eye(8, dtype=int)
    adjacency[3, 4] = adjacency[4, 3] = 1
    return adjacency


def test_the_grid_of_an_image_has_the_edges_of_the_hand_count():
    graph = graphs.grid(8, 8, neighbours=8)
    assert graph.sum() / 2 == 7 * 8 * 2 + 2 * 7 * 7
    inner = nn.normalised_adjacency(graph)[27]
    np.testing.assert_allclose(inner[inner > 0], np.full(9, 1 / 9))


@pytest.mark.parametrize("neighbours", [4, 8])
@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 4), (3, 2), (4, 5)])
def test_a_grid_is_that_of_the_exercise(rows, columns, neighbours):
    graph = graphs.grid(rows, columns, neighbours)
    np.testing.assert_array_equal(graph, checks.grid_graph(rows, columns, neighbours))


def test_neighbours_are_the_nearest_images():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 17, (12, 6)) / 16
    adjacency = graphs.neighbour_graph(images, 3)
    distance = ((images[:, np.newaxis] - images) ** 2).sum(axis=2)
    np.fill_diagonal(distance, np.inf)
    for node, row in enumerate(distance):
        limit = np.sort(row)[2]
        assert adjacency[node][row < limit].all()
    np.testing.assert_array_equal(adjacency, adjacency.T)
    assert not adjacency.diagonal().any()
    assert adjacency.sum(axis=1).min() >= 3


def test_equal_distances_are_decided_by_the_order():
    images = np.array([[0.5], [0.0], [1.0]])  # both others are as near to the first
    np.testing.assert_array_equal(graphs.neighbour_graph(images, 1)[0], [0, 1, 1])  # 2 chose 0
    assert graphs.neighbour_graph(images[:, [0, 0]], 1)[1].tolist() == [1, 0, 0]


def test_known_labels_stay_and_others_become_means():
    scores = graphs.spread(PATH, np.array([0, -1, 1]), 1, 2)
    np.testing.assert_allclose(scores[1], [[1, 0], [1 / 3, 1 / 3], [0, 1]])
    lonely = graphs.spread(np.zeros((2, 2)), np.array([0, -1]), 3, 2)
    assert lonely[-1].tolist() == [[1, 0], [0, 0]]  # nothing arrives


def test_a_known_label_that_is_not_put_back_would_fade():
    shares = graphs.means(PATH)
    faded = np.linalg.matrix_power(shares, 40) @ [[1, 0], [0, 0], [0, 1]]
    kept = graphs.spread(PATH, np.array([0, -1, 1]), 40, 2)[-1]
    assert np.ptp(faded) < 1e-6
    assert kept[0].tolist() == [1, 0]


def test_hops():
    far = graphs.hops(two_cliques())
    assert far.max() == 3
    assert (far[0, 4], far[3, 4], far[0, 5]) == (2, 1, 3)
    assert graphs.hops(np.zeros((2, 2)))[0, 1] == -1


def test_the_layout_keeps_neighbours_near():
    places = graphs.layout(CLUB.adjacency)
    apart = np.linalg.norm(places[:, np.newaxis] - places, axis=2)
    wanted = graphs.hops(CLUB.adjacency)
    pairs = np.triu_indices(34, 1)
    assert np.corrcoef(apart[pairs], wanted[pairs])[0, 1] > 0.85
    assert apart[pairs].min() > 0.05  # nobody hides another


def test_modularity_of_two_cliques():
    adjacency = two_cliques()
    right = np.repeat([0, 1], 4)
    assert graphs.modularity(adjacency, right) == pytest.approx(12 / 13 - 0.5)
    assert graphs.modularity(adjacency, np.zeros(8, dtype=int)) == pytest.approx(0)
    np.testing.assert_array_equal(graphs.communities(adjacency), right)


@pytest.mark.parametrize("seed", [0, 1])
def test_the_clubs_groups_have_the_largest_modularity_known(seed):
    groups = graphs.communities(CLUB.adjacency, seed=seed)
    assert sorted(np.bincount(groups)) == [5, 6, 11, 12]
    assert graphs.modularity(CLUB.adjacency, groups) == pytest.approx(0.4198, abs=5e-5)


def test_without_putting_labels_back_the_club_is_lost():
    """What makes spreading right after many steps is that what is known stays."""
    labels = np.full(34, -1)
    labels[[0, 33]] = 0, 1
    kept = graphs.spread(CLUB.adjacency, labels, 200, 2)[-1].argmax(axis=1)
    start = graphs.spread(CLUB.adjacency, labels, 0, 2)[0]
    faded = np.linalg.matrix_power(graphs.means(CLUB.adjacency), 200) @ start
    assert np.sum(kept == CLUB.side) == 33
    assert np.sum(faded.argmax(axis=1) == CLUB.side) == 17
