"""What lesson 19 knows about graphs: who is near whom, what spreads, where the groups are."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcourse.nn.contract import Array

Labels = NDArray[np.int64]
UNKNOWN = -1


def grid(rows: int, columns: int, neighbours: int) -> Labels:
    """Join each pixel of an image to the 4 beside it, or to the 8 around it.

    Returns
    -------
    adjacency : array of int, shape (rows * columns, rows * columns)
        The pixels are numbered row by row.

    Examples
    --------
    >>> grid(1, 3, neighbours=4).tolist()
    [[0, 1, 0], [1, 0, 1], [0, 1, 0]]
    """
    row, column = np.divmod(np.arange(rows * columns), columns)
    down, right = abs(row[:, np.newaxis] - row), abs(column[:, np.newaxis] - column)
    apart = down + right if neighbours == 4 else np.maximum(down, right)  # or king's moves
    return np.asarray(apart == 1, dtype=np.int64)


def neighbour_graph(images: Array, k: int = 5) -> Array:
    """Join each image to the k most similar ones.

    Parameters
    ----------
    images : array, shape (n, pixels)
        Grey values that are sixteenths, as in `datasets.digits`: distances are then whole
        numbers, and the graph is the same on every machine.
    k : int

    Returns
    -------
    adjacency : array, shape (n, n)
        float32, symmetric: there is an edge if either of two chose the other.

    Examples
    --------
    >>> neighbour_graph(np.array([[0.0], [0.25], [1.0]]), k=1)
    array([[0., 1., 0.],
           [1., 0., 1.],
           [0., 1., 0.]], dtype=float32)
    """
    counts = np.round(16 * images.astype(np.float64))
    squares = (counts**2).sum(axis=1)
    distance = squares[:, np.newaxis] + squares - 2 * counts @ counts.T
    np.fill_diagonal(distance, np.inf)
    nearest = distance.argsort(axis=1, kind="stable")[:, :k]
    chosen = np.zeros(distance.shape, dtype=np.float32)
    np.put_along_axis(chosen, nearest, 1, axis=1)
    return np.maximum(chosen, chosen.T)


def means(adjacency: ArrayLike) -> Array:
    """Return the matrix that replaces each node by the mean of itself and its neighbours."""
    matrix = np.asarray(adjacency)
    with_loops = matrix + np.eye(len(matrix), dtype=matrix.dtype)
    shares: Array = with_loops / with_loops.sum(axis=1, keepdims=True)
    return shares


def spread(adjacency: ArrayLike, labels: Labels, steps: int, classes: int) -> Array:
    """Spread known labels along the edges.

    Parameters
    ----------
    adjacency : array, shape (nodes, nodes)
    labels : array, shape (nodes,)
        -1 where a label is unknown.
    steps, classes : int

    Returns
    -------
    scores : array, shape (steps + 1, nodes, classes)
        After each step, from the start on. A row of zeros: nothing has arrived yet.
    """
    shares, known = means(adjacency), labels != UNKNOWN
    first = np.zeros((len(labels), classes), dtype=shares.dtype)
    first[known, labels[known]] = 1
    scores = [first]
    for _ in range(steps):
        later = shares @ scores[-1]
        later[known] = first[known]
        scores.append(later)
    return np.array(scores)


def hops(adjacency: ArrayLike) -> Labels:
    """Return how many edges the shortest way between two nodes has; -1 where there is none.

    Examples
    --------
    >>> hops([[0, 1, 0], [1, 0, 1], [0, 1, 0]]).tolist()
    [[0, 1, 2], [1, 0, 1], [2, 1, 0]]
    """
    edges = np.asarray(adjacency) > 0
    reached = np.eye(len(edges), dtype=bool)
    far = np.where(reached, 0, -1)
    for step in range(1, len(edges)):
        further = (reached.astype(np.float32) @ edges > 0) & ~reached
        if not further.any():
            break
        far[further] = step
        reached |= further
    return far


def layout(adjacency: ArrayLike, rounds: int = 200) -> Array:
    """Place the nodes of a connected graph so that their distances resemble their hops [1]_.

    Returns
    -------
    places : array, shape (nodes, 2)

    References
    ----------
    .. [1] E. Gansner, Y. Koren, S. North, "Graph drawing by stress majorization", Graph Drawing
       2004.
    """
    wanted = hops(adjacency).astype(float)
    nodes = len(wanted)
    centre = np.eye(nodes) - 1 / nodes
    values, vectors = np.linalg.eigh(-centre @ wanted**2 @ centre / 2)
    places: Array = vectors[:, -2:] * np.sqrt(values[-2:])
    places *= np.where(places[0] < 0, 1, -1)  # the first node to the lower left
    with np.errstate(divide="ignore"):
        weights = np.where(wanted > 0, wanted**-2.0, 0)
    stiff = np.linalg.pinv(np.diag(weights.sum(axis=1)) - weights)
    for _ in range(rounds):
        apart = places[:, np.newaxis] - places
        lengths = np.maximum(np.linalg.norm(apart, axis=2), 1e-9)
        pull = -weights * wanted / lengths
        np.fill_diagonal(pull, 0)
        np.fill_diagonal(pull, -pull.sum(axis=1))
        places = stiff @ (pull @ places)
    return places


def modularity(adjacency: ArrayLike, groups: Labels) -> float:
    """Return how many more edges lie inside groups than chance would put there, as a share."""
    surplus = _surplus(adjacency)
    return float(surplus[groups[:, np.newaxis] == groups].sum())


def _surplus(adjacency: ArrayLike) -> Array:
    """Return for each pair its share of all ends of edges, less what chance gives it."""
    shares = np.asarray(adjacency, dtype=float) / np.sum(adjacency)
    surplus: Array = shares - np.outer(shares.sum(axis=1), shares.sum(axis=0))
    return surplus


def communities(adjacency: ArrayLike, most: int = 6, tries: int = 100, seed: int = 0) -> Labels:
    """Find the groups of the largest modularity: move single nodes while that helps, many times.

    Parameters
    ----------
    adjacency : array, shape (nodes, nodes)
    most : int
        Groups to begin with; some may end empty.
    tries, seed : int

    Returns
    -------
    groups : array, shape (nodes,)
        Numbered from 0 in the order of their first nodes.
    """
    surplus, rng = _surplus(adjacency), np.random.default_rng(seed)
    np.fill_diagonal(surplus, 0)
    best, highest = np.zeros(len(surplus), dtype=np.int64), -np.inf
    for _ in range(tries):
        groups = rng.integers(0, most, len(surplus))
        moved = True
        while moved:
            moved = False
            for node in rng.permutation(len(groups)):
                gain = np.bincount(groups, surplus[node], most)
                to = int(gain.argmax())
                if gain[to] > gain[groups[node]] + 1e-12:
                    groups[node], moved = to, True
        found = modularity(adjacency, groups)
        if found > highest + 1e-12:
            best, highest = groups, found
    _, first, numbers = np.unique(best, return_index=True, return_inverse=True)
    return first.argsort().argsort()[numbers]
