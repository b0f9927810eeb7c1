"""Lesson 13's small network that reads digits, and the harness of the experiments with it."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse import datasets, nn
from dlcourse.nn.contract import Array
from dlcourse.tables import Table

Change = Callable[[Array], Array]  # of images, shape (batch, height, width, 1)


def small_network(seed: int, side: int = 8) -> nn.Sequential:
    """Build the network of the lesson.

    Parameters
    ----------
    seed : int
        Of its random weights, and of the order in which it meets the examples.
    side : int
        Of the images.

    Returns
    -------
    model : nn.Sequential
        For images of shape (side, side, 1); it puts out ten probabilities.
    """
    layers = [
        nn.Conv2D(12, 3, padding="same"),
        nn.Activation("relu"),
        nn.MaxPooling2D(2),
        nn.Conv2D(24, 3, padding="same"),
        nn.Activation("relu"),
        nn.MaxPooling2D(2),
        nn.Flatten(),
        nn.Dense(10),
        nn.Activation("softmax"),
    ]
    return nn.Sequential(layers, input_shape=(side, side, 1), seed=seed, dtype=np.float64)


def dense_network(seed: int) -> nn.Sequential:
    """Build a network with one hidden layer and about as many parameters as `small_network`.

    Examples
    --------
    >>> parameters(dense_network(0))
    {'Dense 1': 3185, 'Dense 2': 500}
    """
    layers = [nn.Flatten(), nn.Dense(49), nn.Activation("relu")]
    layers += [nn.Dense(10), nn.Activation("softmax")]
    return nn.Sequential(layers, input_shape=(8, 8, 1), seed=seed, dtype=np.float64)


def trained(model: nn.Sequential) -> nn.Sequential:
    """Train a network on the 1437 digits of `datasets.digits_split`, and return it."""
    train, _ = datasets.digits_split()
    model.fit(
        train.x,
        train.y,
        loss="sparse_categorical_crossentropy",
        optimizer=nn.SGD(learning_rate=0.05),
        epochs=30,
        batch_size=16,
        verbose=False,
    )
    return model


def parameters(model: nn.Sequential) -> dict[str, int]:
    """Count what each layer learns; the layers that learn nothing are left out.

    Examples
    --------
    >>> parameters(small_network(0))
    {'Conv2D 1': 120, 'Conv2D 2': 2616, 'Dense 1': 970}
    """
    counts: dict[str, int] = {}
    for layer in model.layers:
        if layer.params:
            kind = type(layer).__name__
            number = 1 + sum(name.startswith(kind) for name in counts)
            counts[f"{kind} {number}"] = sum(array.size for array in layer.params.values())
    return counts


def wrong_answers(model: nn.Sequential, images: Array, labels: NDArray[Any]) -> int:
    """Return how many images a network takes for another digit."""
    return int(np.sum(model.predict(images).argmax(axis=1) != labels))


def moved(images: Array, right: int, down: int = 0) -> Array:
    """Move images by whole pixels; what leaves the frame is lost, paper comes in.

    Parameters
    ----------
    images : Array, shape (batch, height, width, channels)
    right, down : int
        Negative ones move to the left and up.

    Examples
    --------
    >>> moved(np.array([[[[1], [2], [3]]]]), right=1)[0, 0, :, 0].tolist()
    [0, 1, 2]
    """
    height, width = images.shape[1:3]
    larger = np.pad(images, ((0, 0), (abs(down),) * 2, (abs(right),) * 2, (0, 0)))
    top, left = abs(down) - down, abs(right) - right
    return larger[:, top : top + height, left : left + width]


def stage_changes(model: nn.Sequential, images: Array, change: Change) -> dict[int, float]:
    """Return how far each layer's outputs move when the images are changed.

    Returns
    -------
    distances : dict
        For each layer's number (-1 for the image) the distance of old and new outputs, divided
        by the length of the old ones; the mean over the images.
    """
    old, new = np.asarray(images, model.dtype), np.asarray(change(images), model.dtype)
    found = {-1: _distance(old, new)}
    for number, layer in enumerate(model.layers):
        old, new = layer.forward(old)[0], layer.forward(new)[0]
        found[number] = _distance(old, new)
    return found


def _distance(old: Array, new: Array) -> float:
    rows, changed = old.reshape(len(old), -1), new.reshape(len(new), -1)
    lengths = np.linalg.norm(rows, axis=1)
    return float(np.mean(np.linalg.norm(changed - rows, axis=1) / lengths))


def hidden_patches(model: nn.Sequential, image: Array, label: int, side: int = 3) -> Array:
    """Return, for each pixel, how far the probability of a digit falls when paper covers it.

    Parameters
    ----------
    model : nn.Sequential
    image : Array, shape (height, width, 1)
    label : int
        The digit whose probability is watched.
    side : int
        Odd; the patch of paper has side x side pixels, and the pixel is its middle.

    Returns
    -------
    falls : Array, shape (height, width)
    """
    height, width = image.shape[:2]
    reach = side // 2
    covered = np.repeat(image[np.newaxis], height * width, axis=0)
    for number, (row, column) in enumerate(np.ndindex(height, width)):
        rows = slice(max(row - reach, 0), row + reach + 1)
        columns = slice(max(column - reach, 0), column + reach + 1)
        covered[number, rows, columns] = 0
    before = model.predict(image[np.newaxis])[0, label]
    falls: Array = before - model.predict(covered)[:, label].reshape(height, width)
    return falls


def wrong_after(
    models: Iterable[nn.Sequential], images: Array, labels: NDArray[Any], changes: dict[str, Change]
) -> Table:
    """Show how many images several networks misread, as they are and after each change."""
    networks = list(models)
    rows = []
    for name, change in changes.items():
        wrong = [wrong_answers(model, change(images), labels) for model in networks]
        rows.append([name, f"{np.mean(wrong):.1f}", min(wrong), max(wrong)])
    return Table(["digits", f"wrong of {len(labels)}, mean", "from", "to"], rows)


def trained_1989(seed: int) -> tuple[float, float]:
    """Train the network of 1989 on the same digits, drawn at 16 x 16 pixels from -1 to 1.

    Returns
    -------
    of_train, of_test : float
        The share of wrong answers among the digits it learned from, and among the others.
    """
    train, test = datasets.digits_split()
    images, others = (2 * datasets.resized(part.x, 16) - 1 for part in (train, test))
    model = nn.lecun_1989(seed)
    model.fit(
        images,
        2 * np.eye(10)[train.y] - 1,
        loss="mse",
        optimizer=nn.SGD(learning_rate=0.1),
        epochs=23,  # the paper's; it took one digit at a time
        batch_size=8,
        verbose=False,
    )
    return (
        wrong_answers(model, images, train.y) / len(train.y),
        wrong_answers(model, others, test.y) / len(test.y),
    )
