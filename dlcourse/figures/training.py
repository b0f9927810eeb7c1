"""What training did, epoch by epoch."""

import numpy as np
from matplotlib.figure import Figure

from dlcourse.figures.style import BLUE, ORANGE, describe, label, new_figure
from dlcourse.nn import History


def history(record: History, *, title: str = "") -> Figure:
    """Draw the loss and every metric that `fit` recorded, training beside validation.

    Parameters
    ----------
    record : History
        What `Sequential.fit` returned, of at least one epoch.
    title : str
        The point of the figure.

    Raises
    ------
    ValueError
        If no epoch was trained.

    Examples
    --------
    >>> from dlcourse import nn
    >>> model = nn.Sequential([nn.Dense(1)], input_shape=(2,), seed=0)
    >>> record = model.fit(np.eye(2), [[1.0], [0.0]], loss="mse", epochs=3, verbose=False)
    >>> figure = history(record)
    >>> len(figure.axes)
    1
    """
    if not record.epoch:
        raise ValueError("there is nothing to draw: the history has no epochs")
    names = [name for name in record.history if not name.startswith("val_")]
    figure, grid = new_figure(1, len(names), size=(4.4, 3.2), squeeze=False)
    epochs = np.array(record.epoch) + 1
    sentences = []
    for axes, name in zip(grid.flat, names, strict=True):
        training, validation = record.history[name], record.history.get(f"val_{name}")
        axes.plot(epochs, training, color=BLUE, label="training")
        sentence = f"{name} from {training[0]:.3g} to {training[-1]:.3g}"
        if validation is not None:
            axes.plot(epochs, validation, "--", color=ORANGE, label="validation")
            sentence += f" (validation {validation[0]:.3g} to {validation[-1]:.3g})"
            axes.legend()
        label(axes, "epoch", name)
        axes.xaxis.get_major_locator().set_params(integer=True)
        sentences.append(sentence)
    grid[0, 0].set_title(title, loc="left", fontsize=11)
    return describe(figure, f"{len(epochs)} epochs of training: {'; '.join(sentences)}.")
