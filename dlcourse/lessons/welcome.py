"""The picture of the front page: what the course leads to, computed where it is shown."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from dlcourse import datasets, nn
from dlcourse.figures.style import BLUE, RED, describe, new_figure

SHOWN = 8  # digits in a row


def reader(seed: int = 0) -> nn.Sequential:
    """Return a small convolutional network that has learned to read digits, in a few seconds."""
    train, _ = datasets.digits_split()
    model = nn.Sequential(
        [
            nn.Conv2D(12, 3, padding="same"),
            nn.Activation("relu"),
            nn.MaxPooling2D(2),
            nn.Conv2D(24, 3, padding="same"),
            nn.Activation("relu"),
            nn.Flatten(),
            nn.Dense(10),
            nn.Activation("softmax"),
        ],
        input_shape=(8, 8, 1),
        seed=seed,
    )
    loss, optimizer = nn.SparseCategoricalCrossentropy(), nn.Adam(0.003)
    model.fit(train.x, train.y, loss=loss, optimizer=optimizer, epochs=12, verbose=False)
    return model


def promise(model: Any) -> Figure:
    """Draw digits that a model has never seen, most of them by new hands, and what it reads."""
    _, test = datasets.digits_split()
    answers = model.predict(test.x).argmax(axis=1)
    wrong = np.flatnonzero(answers != test.y)
    right = np.flatnonzero(answers == test.y)
    figure, axes = new_figure(2, SHOWN, size=(0.85, 1.15))
    for place in axes.flat:
        place.set_axis_off()
    _row(axes[0], right[:: len(right) // SHOWN], answers, test)
    _row(axes[1], wrong, answers, test)
    share = 100 * len(right) / len(answers)
    title = f"{share:.0f} of 100 new digits read rightly. Below: some that it misread"
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return describe(
        figure,
        f"Two rows of handwritten digits, 8 by 8 pixels. Above, {SHOWN} that the network reads "
        "rightly, each under its answer. Below, some that it misreads, each under its answer and "
        "under what the writer meant; many are hard to tell for a person as well.",
    )


def _row(
    axes: NDArray[Any], chosen: NDArray[np.intp], answers: NDArray[np.int64], data: datasets.Dataset
) -> None:
    for place, index in zip(axes, chosen, strict=False):
        place.imshow(data.x[index, ..., 0], cmap="gray_r", vmin=0, vmax=1)
        answer, truth = answers[index], data.y[index]
        text = f"{answer}" if answer == truth else f"{answer}, is {truth}"
        place.set_title(text, fontsize=11, color=BLUE if answer == truth else RED)
