"""What lesson 19 trains: networks on a club, on a graph of digits, on graphs of pixels.

``python -m benchmarks.graphs`` records the longer of these runs.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from dlcourse import datasets, nn
from dlcourse.lessons.lesson_19_graphs import graphs
from dlcourse.lessons.lesson_19_graphs.graphs import UNKNOWN, Labels
from dlcourse.nn.contract import Array

LOSS = nn.SparseCategoricalCrossentropy(from_logits=True)
LEADERS = (0, 33)


def train(model: nn.Sequential, x: Array, labels: Labels, steps: int, rate: float = 0.01) -> Labels:
    """Train with Adam on the nodes whose label is known; answer for all of them.

    Parameters
    ----------
    model : nn.Sequential
        Outputs (1, nodes, classes).
    x : array, shape (nodes, features)
        The whole graph is one example, so a batch holds all there is.
    labels : array, shape (nodes,)
        -1 where a label is unknown; such a node has weight 0 in the loss.
    steps : int
    rate : float
    """
    known = (labels != UNKNOWN).astype(np.float32)
    model.fit(
        x[np.newaxis], np.maximum(labels, 0)[np.newaxis], loss=LOSS, optimizer=nn.Adam(rate),
        sample_weight=known[np.newaxis], epochs=steps, batch_size=1, verbose=False,
    )  # fmt: skip
    answers: Labels = model.predict(x[np.newaxis])[0].argmax(axis=1)
    return answers


# the club


def two_labels() -> Labels:
    """Return what is known of the club: the side of its two leaders."""
    labels = np.full(34, UNKNOWN)
    labels[list(LEADERS)] = 0, 1
    return labels


CLUB = {  # hidden units, their activation, and whether there is a graph
    "graph network, 4 tanh units": (4, "tanh", True),
    "graph network, 4 ReLU units": (4, "relu", True),
    "graph network, 16 ReLU units": (16, "relu", True),
    "no graph, 4 tanh units": (4, "tanh", False),
}


def on_the_club(kind: str, seed: int) -> int:
    """Train two layers from two labels, 200 steps; return how many of 34 sides are right.

    Parameters
    ----------
    kind : str
        One of `CLUB`. Without the graph, both layers are `Dense`: a node sees itself alone.
    seed : int
    """
    club, (units, activation, graph) = datasets.karate_club(), CLUB[kind]
    layers = [
        nn.GraphConvolution(size, club.adjacency) if graph else nn.Dense(size)
        for size in (units, 2)
    ]
    model = nn.Sequential(
        [layers[0], nn.Activation(activation), layers[1]], input_shape=(34, 34), seed=seed
    )
    answers = train(model, np.eye(34, dtype=np.float32), two_labels(), steps=200)
    return int(np.sum(answers == club.side))


def four_groups(seed: int, groups: Labels) -> tuple[Array, Array, Labels, Labels]:
    """Do what the paper of 2017 did with the club: three layers, one label in each group.

    Parameters
    ----------
    seed : int
        Of the weights, and of which member of each group has a label.
    groups : array, shape (34,)

    Returns
    -------
    before, after : array, shape (34, 2)
        The two numbers of each member in the third layer, untrained and trained.
    labels, answers : array, shape (34,)
    """
    adjacency, x = datasets.karate_club().adjacency, np.eye(34, dtype=np.float32)
    layers: list[Any] = []
    for units in (4, 4, 2):
        layers += [nn.GraphConvolution(units, adjacency), nn.Activation("tanh")]
    number = int(groups.max()) + 1
    model = nn.Sequential([*layers, nn.Dense(number)], input_shape=x.shape, seed=seed)
    labels, rng = np.full(34, UNKNOWN), np.random.default_rng(seed)
    for group in range(number):
        labels[rng.choice(np.flatnonzero(groups == group))] = group
    before = _third_layer(model, x)
    answers = train(model, x, labels, steps=300)
    return before, _third_layer(model, x), labels, answers


def _third_layer(model: nn.Sequential, x: Array) -> Array:
    """Return what all layers but the last make of one graph."""
    outputs = x[np.newaxis]
    for layer in model.layers[:-1]:
        outputs, _ = layer.forward(outputs)
    first: Array = outputs[0]
    return first


def deep_on_the_club(times: int, seed: int) -> int:
    """Train so many graph layers of 4 tanh units from two labels; return the right sides of 34."""
    club, layers = datasets.karate_club(), []
    for _ in range(times):
        layers += [nn.GraphConvolution(4, club.adjacency), nn.Activation("tanh")]
    model = nn.Sequential([*layers, nn.Dense(2)], input_shape=(34, 34), seed=seed)
    answers = train(model, np.eye(34, dtype=np.float32), two_labels(), steps=200)
    return int(np.sum(answers == club.side))


def smoothed_on_the_club(times: int, seed: int) -> int:
    """Take so many means and train one dense layer on them; return the right sides of 34."""
    club, x = datasets.karate_club(), np.eye(34, dtype=np.float32)
    x = smoothed(x, club.adjacency.astype(np.float32), times)
    model = nn.Sequential([nn.Dense(2)], input_shape=x.shape, seed=seed)
    return int(np.sum(train(model, x, two_labels(), steps=200) == club.side))


# digits with few labels

METHODS = (
    "nearest image with a label",
    "network without the graph",
    "graph network",
    "two means, then one layer",
    "label propagation",
)


@cache
def digits() -> tuple[Array, Labels, Array]:
    """Return all 1797 images (1797, 64), their labels, and the graph of five neighbours."""
    data = datasets.digits()
    x = data.x.reshape(-1, 64)
    return x, data.y, graphs.neighbour_graph(x)


def draw(labels: Labels, each: int, seed: int) -> Labels:
    """Keep some labels of each class, drawn at random; the others become -1.

    Examples
    --------
    >>> draw(np.array([0, 0, 1, 1]), 1, seed=0).tolist().count(-1)
    2
    """
    rng, kept = np.random.default_rng(seed), np.full(len(labels), UNKNOWN)
    for label in np.unique(labels):
        kept[rng.choice(np.flatnonzero(labels == label), each, replace=False)] = label
    return kept


def answer(method: str, labels: Labels, seed: int = 0, steps: int = 100) -> Labels:
    """Answer for all digits, a few of which have labels.

    Parameters
    ----------
    method : str
        One of `METHODS`. Networks have 64 hidden ReLU units and make 100 steps.
    labels : array, shape (1797,)
    seed, steps : int

    Raises
    ------
    ValueError
        If there is no such method.
    """
    x, _, graph = digits()
    if method == "label propagation":
        return np.asarray(graphs.spread(graph, labels, 50, 10)[-1].argmax(axis=1))
    if method == "nearest image with a label":
        known = np.flatnonzero(labels != UNKNOWN)
        distance = ((x[:, np.newaxis] - x[known]) ** 2).sum(axis=2)
        return np.asarray(labels[known[distance.argmin(axis=1)]])
    relu = nn.Activation("relu")
    if method == "network without the graph":
        layers: list[Any] = [nn.Dense(64), relu, nn.Dense(10)]
    elif method == "graph network":
        layers = [nn.GraphConvolution(64, graph), relu, nn.GraphConvolution(10, graph)]
    elif method == "two means, then one layer":
        mix = nn.normalised_adjacency(graph).astype(np.float32)
        x, layers = mix @ (mix @ x), [nn.Dense(10)]
    else:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, got {method!r}")
    return train(nn.Sequential(layers, input_shape=x.shape, seed=seed), x, labels, steps)


def right(answers: Labels, labels: Labels) -> float:
    """Return the share of right answers among the digits that had no label."""
    unknown = labels == UNKNOWN
    return float(np.mean(answers[unknown] == digits()[1][unknown]))


# smoothing and depth, apart

SOME = 600  # digits
EACH = 8  # labels a class
WAYS = {  # how the neighbours are mixed, and the rate of Adam
    "means, then one layer": 0.01,
    "graph layers, rate 0.003": 0.003,
    "graph layers, rate 0.01": 0.01,
    "layers without the graph": 0.003,
}


def some_digits(seed: int) -> tuple[Array, Labels, Array, Labels]:
    """Return 600 digits drawn at random, their labels, their graph, and the labels known."""
    x, y, _ = digits()
    chosen = np.random.default_rng(seed).permutation(len(x))[:SOME]
    x, y = x[chosen], y[chosen]
    return x, y, graphs.neighbour_graph(x), draw(y, EACH, seed)


def deep(way: str, times: int, seed: int) -> tuple[float, float]:
    """Mix the neighbours so many times, with or without layers in between; 150 steps.

    Parameters
    ----------
    way : str
        One of `WAYS`. A layer has 32 ReLU units and He's initial variance.
    times : int
        How many means, or layers; then comes one dense layer for the answer.
    seed : int

    Returns
    -------
    known, others : float
        Share of right answers among the 80 digits with a label and the 520 without.
    """
    x, y, graph, labels = some_digits(seed)
    layers: list[Any] = []
    if way.startswith("means"):
        x = smoothed(x, graph, times)
    else:
        for _ in range(times):
            layer: Any = nn.GraphConvolution(32, graph, kernel_initializer="he_normal")
            if way.endswith("without the graph"):
                layer = nn.Dense(32, kernel_initializer="he_normal")
            layers += [layer, nn.Activation("relu")]
    model = nn.Sequential([*layers, nn.Dense(10)], input_shape=x.shape, seed=seed)
    answers = train(model, x, labels, 150, WAYS[way])
    known = labels != UNKNOWN
    return float(np.mean((answers == y)[known])), float(np.mean((answers == y)[~known]))


def smoothed(x: Array, graph: Array, times: int) -> Array:
    """Return P x, P P x and so on: features after so many means, float32."""
    values, vectors = np.linalg.eigh(nn.normalised_adjacency(graph))
    return np.asarray(vectors * values**times @ (vectors.T @ x), dtype=np.float32)


# pixels as nodes

PIXELS = (
    *("3 x 3 kernels, flattened", "graph layers, flattened"),
    *("3 x 3 kernels, mean over pixels", "graph layers, mean over pixels"),
)


def pixel_network(kind: str, seed: int, order: Sequence[int] = range(64)) -> nn.Sequential:
    """Return two layers of kernels or of graph convolutions over an image, and an answer.

    Parameters
    ----------
    kind : str
        One of `PIXELS`: with 16 units a layer where the image is flattened, 32 where the mean
        over all pixels is taken.
    seed : int
    order : sequence of int
        Where each pixel was before the pixels were shuffled: the graph goes with them.
    """
    units = 16 if kind.endswith("flattened") else 32
    if kind.startswith("graph"):
        graph = graphs.grid(8, 8, neighbours=8).astype(np.float32)[np.ix_(order, order)]
        layers: list[Any] = [nn.Reshape((64, 1))]
        for _ in range(2):
            layer = nn.GraphConvolution(units, graph, kernel_initializer="he_normal")
            layers += [layer, nn.Activation("relu")]
        layers.append(nn.Reshape((8, 8, units)))
    else:
        layers = []
        for _ in range(2):
            kernels = nn.Conv2D(units, 3, padding="same", kernel_initializer="he_normal")
            layers += [kernels, nn.Activation("relu")]
    layers.append(nn.Flatten() if kind.endswith("flattened") else nn.GlobalAveragePooling2D())
    return nn.Sequential([*layers, nn.Dense(10)], input_shape=(8, 8, 1), seed=seed)


def pixels(kind: str, seed: int, shuffled: bool = False, epochs: int = 20) -> tuple[int, int]:
    """Train on the course's 1437 digits: batches of 32, Adam, its rate falling from 0.003 to 0.

    Returns
    -------
    known, new : int
        Digits read wrongly: of the 1437, and of the 360.
    """
    train_set, test_set = datasets.digits_split()
    order = np.random.default_rng(seed).permutation(64) if shuffled else np.arange(64)
    model = pixel_network(kind, seed, order.tolist())
    x, new = (
        part.x.reshape(-1, 64)[:, order].reshape(-1, 8, 8, 1) for part in (train_set, test_set)
    )
    optimizer = nn.Adam(nn.CosineDecay(3e-3, epochs * -(-len(x) // 32)))
    model.fit(
        x, train_set.y, loss=LOSS, optimizer=optimizer, epochs=epochs, batch_size=32, verbose=False
    )
    return misread(model, x, train_set.y), misread(model, new, test_set.y)


def misread(model: nn.Sequential, x: Array, y: Labels) -> int:
    """Return how many digits a network reads wrongly."""
    return int(np.sum(model.predict(x, 360).argmax(axis=1) != y))
