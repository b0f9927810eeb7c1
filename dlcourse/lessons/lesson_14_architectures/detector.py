"""The detector of the lesson: a small convolutional network with a grid at its end."""

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from dlcourse import nn
from dlcourse.lessons.lesson_14_architectures import rectangles
from dlcourse.lessons.lesson_14_architectures.drawings import (
    KINDS,
    MOST,
    SIDES,
    SIZE,
    Drawings,
    draw,
)
from dlcourse.lessons.lesson_14_architectures.rectangles import Found
from dlcourse.nn.contract import Array, Layer
from dlcourse.nn.losses import Loss

CELLS, FILTERS = 8, 32
LEARNED, TESTED = 2000, 300  # drawings
EPOCHS, BATCH, RATE = 8, 32, 0.01
FRESH = 10_000  # added to the seed of the drawings that test


def network(
    seed: int, cells: int = CELLS, size: int = SIZE, dtype: DTypeLike = np.float32
) -> nn.Sequential:
    """Build a network that puts out 5 numbers and a score for each kind, for each cell.

    Examples
    --------
    >>> network(seed=0).output_shapes[-1]
    (8, 8, 8)
    """
    layers: list[Layer] = block(FILTERS // 2, strides=2)
    side = size // 2
    while side > cells:
        layers += block(FILTERS, strides=2)
        side //= 2
    layers += [*block(FILTERS), *block(FILTERS)]
    layers += [nn.Conv2D(5 + len(KINDS), 1), nn.Activation("sigmoid")]
    return nn.Sequential(layers, input_shape=(size, size, 1), seed=seed, dtype=dtype)


def block(filters: int, strides: int = 1) -> list[Layer]:
    """Return a convolution, batch normalization and ReLU."""
    convolution = nn.Conv2D(
        filters, 3, strides, "same", use_bias=False, kernel_initializer="he_normal"
    )
    return [convolution, nn.BatchNormalization(), nn.Activation("relu")]


def trained(
    seed: int,
    *,
    cells: int = CELLS,
    loss: Loss | None = None,
    drawings: Drawings | None = None,
    epochs: int = EPOCHS,
) -> nn.Sequential:
    """Train a detector on drawings of its own seed; Adam, its rate falling from 0.01 to 0.

    Parameters
    ----------
    seed : int
        Of the drawings, the weights and the order of the drawings.
    cells : int
        Along one side of the grid.
    loss : Loss, optional
        `nn.YOLOLoss` with the numbers of the paper, unless another is given.
    drawings : Drawings, optional
        Others to learn from than `learned` of this seed.
    epochs : int
    """
    drawings = learned(seed) if drawings is None else drawings
    model = network(seed, cells)
    steps = epochs * -(-len(drawings.images) // BATCH)
    model.fit(
        drawings.images,
        rectangles.targets(drawings, cells),
        loss=nn.YOLOLoss() if loss is None else loss,
        optimizer=nn.Adam(nn.CosineDecay(RATE, steps)),
        epochs=epochs,
        batch_size=BATCH,
        verbose=False,
    )
    return model


def detect(
    model: nn.Sequential,
    images: Array,
    least: float = rectangles.FAINTEST,
    overlap: float = rectangles.OVERLAP,
    *,
    roots: bool = True,
) -> list[Found]:
    """Return what a detector finds in each image, after non-maximum suppression.

    With ``roots=False`` its outputs are width and height themselves.
    """
    outputs = model.predict(images, batch_size=100)
    if not roots:
        outputs[..., 3:5] **= 0.5
    size = images.shape[1]
    return [
        rectangles.suppressed(rectangles.decode_grid(grid, size, least), overlap)
        for grid in outputs
    ]


def learned(seed: int) -> Drawings:
    """Return the drawings that the detector with this seed learns from."""
    return draw(LEARNED, seed)


def fresh(
    seed: int, n: int = TESTED, *, sides: tuple[float, float] = SIDES, most: int = MOST
) -> Drawings:
    """Return drawings that the detector with this seed has not seen; the rest as in `draw`."""
    return draw(n, FRESH + seed, sides=sides, most=most)


def scores(model: nn.Sequential, drawings: Drawings, roots: bool = True) -> tuple[float, float]:
    """Return mean average precision with an IoU of 0.5, and of 0.75."""
    found = detect(model, drawings.images, roots=roots)
    first, second = (
        rectangles.mean_average_precision(found, drawings, good) for good in (0.5, 0.75)
    )
    return first, second


class WithoutRoots(nn.YOLOLoss):
    """YOLO's loss without its roots: the outputs are width and height themselves."""

    averages_rows = True

    def value_and_grad(
        self, y_true: ArrayLike, y_pred: Array, sample_weight: ArrayLike | None = None
    ) -> tuple[float, Array]:
        """Compare outputs with squared sides, of which the loss takes the root."""
        squared = np.array(y_true)
        squared[..., 3:5] **= 2
        return super().value_and_grad(squared, y_pred, sample_weight)
