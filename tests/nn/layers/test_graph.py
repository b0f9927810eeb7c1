"""Graph convolution against finite differences, Keras's Dense, and what graphs demand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcourse import nn
from tests.nn.proofs import (
    assert_gradients_match_finite_differences,
    assert_matches_keras,
    prove,
)

PATH = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]])


@st.composite
def graphs(draw):
    """An undirected graph; nodes without edges, and no edge at all, may occur."""
    nodes = draw(st.integers(1, 6))
    edges = draw(st.lists(st.booleans(), min_size=nodes**2, max_size=nodes**2))
    upper = np.triu(np.reshape(edges, (nodes, nodes)), 1).astype(float)
    return upper + upper.T


@settings(max_examples=8, deadline=None)
@given(graphs(), st.integers(1, 3), st.integers(1, 3), st.booleans())
def test_graph_convolution_is_proved(adjacency, features, units, use_bias):
    layer = nn.GraphConvolution(units, adjacency, use_bias=use_bias)
    prove(layer, (len(adjacency), features))


def test_path_of_three_nodes():
    expected = [[0.5, 0.408248, 0], [0.408248, 1 / 3, 0.408248], [0, 0.408248, 0.5]]
    np.testing.assert_allclose(nn.normalised_adjacency(PATH), expected, atol=5e-7)


@settings(max_examples=50, deadline=None)
@given(graphs())
def test_normalised_adjacency_never_makes_a_signal_grow(adjacency):
    """Its eigenvalues are in (-1, 1], whatever the graph: layers can be stacked."""
    matrix = nn.normalised_adjacency(adjacency)
    np.testing.assert_array_equal(matrix, matrix.T)
    eigenvalues = np.linalg.eigvalsh(matrix)
    assert eigenvalues.min() > -1
    np.testing.assert_allclose(eigenvalues.max(), 1)


@settings(max_examples=20, deadline=None)
@given(graphs(), st.randoms(use_true_random=False))
def test_names_of_the_nodes_do_not_matter(adjacency, random):
    nodes = len(adjacency)
    order = random.sample(range(nodes), nodes)
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((1, nodes, 2))
    outputs = []
    for matrix, signal in (
        (adjacency, inputs),
        (adjacency[np.ix_(order, order)], inputs[:, order]),
    ):
        layer = nn.GraphConvolution(3, matrix)
        layer.build((nodes, 2), np.random.default_rng(0), np.float64)
        outputs.append(layer.forward(signal)[0])
    np.testing.assert_allclose(outputs[1], outputs[0][:, order], rtol=1e-12, atol=1e-12)


def test_each_layer_reaches_one_edge_further():
    """On a path of five nodes, with the signal in the middle."""
    path = np.diag(np.ones(4), 1) + np.diag(np.ones(4), -1)
    signal = np.eye(5)[2][np.newaxis, :, np.newaxis]
    for edges in (1, 2):
        layer = nn.GraphConvolution(1, path, use_bias=False)
        layer.build((5, 1), np.random.default_rng(0), np.float64)
        layer.params["kernel"][...] = 1
        signal, _ = layer.forward(signal)
        reached = np.flatnonzero(signal[0, :, 0])
        assert reached.tolist() == list(range(2 - edges, 3 + edges))


def test_building_again_in_float64_has_lost_no_digits():
    layer = nn.GraphConvolution(1, PATH, use_bias=False)
    layer.build((3, 1), np.random.default_rng(0), np.float32)
    layer.build((3, 1), np.random.default_rng(0), np.float64)
    layer.params["kernel"][...] = 1
    outputs, _ = layer.forward(np.array([[[0.0], [1], [0]]]))
    assert outputs[0, 0, 0] == pytest.approx(1 / np.sqrt(6), abs=1e-15)


def test_forgotten_self_loops_fail_keras(monkeypatch):
    right = nn.layers.graph.normalised_adjacency

    def without_loops(adjacency):
        matrix = right(adjacency)
        return matrix - np.diag(np.diag(matrix))

    monkeypatch.setattr(nn.layers.graph, "normalised_adjacency", without_loops)
    layer = nn.GraphConvolution(2, PATH)
    assert_gradients_match_finite_differences(layer, (3, 2))
    with pytest.raises(AssertionError, match="outputs"):
        assert_matches_keras(layer, (3, 2))


def test_a_gradient_that_does_not_go_back_along_the_edges_fails_both():
    class Local(nn.GraphConvolution):
        def backward(self, grad_outputs, cache, *, input_grad=True):
            _, grads = super().backward(grad_outputs, cache)
            return grad_outputs @ self.params["kernel"].T, grads

    with pytest.raises(AssertionError, match="finite differences"):
        assert_gradients_match_finite_differences(Local(2, PATH), (3, 2))
    with pytest.raises(AssertionError, match="gradient of inputs"):
        assert_matches_keras(Local(2, PATH), (3, 2))


@pytest.mark.parametrize(
    ("adjacency", "message"),
    [
        ([[0, 1]], r"shape \(nodes, nodes\), got \(1, 2\)"),
        ([[0, 1], [0, 0]], "symmetric, got 1 from node 0 to 1 and 0 back"),
        ([[0, -1], [-1, 0]], "no negative entry"),
        ([[0, float("nan")], [0, 0]], "no NaN"),
    ],
)
def test_what_is_no_undirected_graph_is_refused_in_words(adjacency, message):
    with pytest.raises(ValueError, match=message):
        nn.GraphConvolution(2, adjacency)


def test_wrong_inputs_are_refused_in_words():
    layer = nn.GraphConvolution(2, PATH)
    with pytest.raises(ValueError, match=r"over 3 nodes takes .* \(3, features\), got \(4, 2\)"):
        layer.build((4, 2), np.random.default_rng(0))
    layer.build((3, 2), np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"must have shape \(batch, 3, 2\), got \(3, 2\)"):
        layer.forward(np.ones((3, 2)))
    with pytest.raises(ValueError, match="at least one unit"):
        nn.GraphConvolution(0, PATH)
