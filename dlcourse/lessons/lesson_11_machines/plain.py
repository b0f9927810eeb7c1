"""Neighbours, naive Bayes and k-means from scratch: for any number of examples, classes, centres.

The lesson shows each of them on one case.
"""

import numpy as np

from dlcourse.lessons.lesson_11_machines.machines import Labels
from dlcourse.nn.contract import Array

NARROWEST = 1e-9  # added to each variance, as a share of the largest of all, as scikit-learn does


def neighbours(kept: Array, labels: Labels, new: Array, k: int) -> Labels:
    """Let the k nearest of the examples that are kept vote, for each new one.

    At a tie of votes the smaller label wins.

    Examples
    --------
    >>> neighbours(np.array([[1], [2], [4], [7]]), np.array([0, 0, 1, 1]), np.array([[3.2]]), 3)
    array([0])
    """
    answers = []
    for example in new:
        squares = ((kept - example) ** 2).sum(axis=1)
        near = np.argsort(squares, kind="stable")[:k]
        answers.append(np.bincount(labels[near]).argmax())
    return np.array(answers)


def bells(x: Array, y: Labels) -> tuple[Array, Array, Array]:
    """Count what naive Bayes needs: means and variances of each class, and its share.

    Returns
    -------
    means, variances : array, shape (classes, features)
    shares : array, shape (classes,)

    Examples
    --------
    >>> means, _, shares = bells(np.array([[-1.0], [1.0], [2.0], [4.0]]), np.array([0, 0, 1, 1]))
    >>> means.tolist(), shares.tolist()
    ([[0.0], [3.0]], [0.5, 0.5])
    """
    members = [x[y == label] for label in range(y.max() + 1)]
    means = np.array([some.mean(axis=0) for some in members])
    variances = np.array([some.var(axis=0) for some in members])
    return means, variances + NARROWEST * x.var(axis=0).max(), np.bincount(y) / len(y)


def probabilities(x: Array, means: Array, variances: Array, shares: Array) -> Array:
    """Return naive Bayes's probability of each class for each example, from what `bells` counts.

    Returns
    -------
    array, shape (batch, classes)

    Examples
    --------
    >>> counted = np.array([[0.0], [3.0]]), np.ones((2, 1)), np.array([0.5, 0.5])
    >>> probabilities(np.array([[1.0]]), *counted).round(4)
    array([[0.8176, 0.1824]])
    """
    logs = -((x[:, None] - means) ** 2) / (2 * variances) - np.log(variances) / 2
    scores = np.log(shares) + logs.sum(axis=2)
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Array = p / p.sum(axis=1, keepdims=True)
    return result


def kmeans(x: Array, centres: Array) -> tuple[Labels, Array]:
    """Move each centre to the mean of its examples until none moves; return clusters and centres.

    A centre without examples stays where it is.

    Examples
    --------
    >>> kmeans(np.array([[0.0], [1.0], [4.0], [5.0]]), np.array([[0.0], [1.0]]))[1].ravel().tolist()
    [0.5, 4.5]
    """
    while True:
        squares = ((x[:, None] - centres) ** 2).sum(axis=2)
        clusters, moved = squares.argmin(axis=1), centres.copy()
        for place in np.unique(clusters):
            moved[place] = x[clusters == place].mean(axis=0)
        if np.array_equal(moved, centres):
            return clusters, centres
        centres = moved
