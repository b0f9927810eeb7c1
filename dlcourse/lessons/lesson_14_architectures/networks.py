"""The networks of the lesson in small, for digits of 8 x 8 pixels: five styles, a deep stack."""

from collections.abc import Callable
from copy import deepcopy
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlcourse import datasets, nn
from dlcourse.nn.contract import Array, Layer
from dlcourse.nn.schedules import Schedule

LOSS = nn.SparseCategoricalCrossentropy(from_logits=True)
MOMENTUM = 0.9  # of the averages of batch normalization: few updates here, see the lesson
EPOCHS, BATCH, RATE = 8, 32, 3e-3  # of the five styles
DEEP_EPOCHS, DEEP_BATCH, DEEP_RATE, FILTERS = 12, 64, 0.05, 8  # of the deep stacks
DEPTHS = (10, 18, 34)  # layers with weights


def conv(filters: int, size: int = 3, start: str = "he_normal") -> nn.Conv2D:
    """Return a convolution that keeps height and width."""
    return nn.Conv2D(filters, size, padding="same", kernel_initializer=start)


def relu() -> nn.Activation:
    """Return a ReLU."""
    return nn.Activation("relu")


def norm(momentum: float = MOMENTUM) -> nn.BatchNormalization:
    """Return a batch normalization whose averages keep up with few updates."""
    return nn.BatchNormalization(momentum=momentum)


def lenet() -> list[Layer]:
    """LeNet's style: 5 x 5, tanh, average pooling, dense layers."""
    return [
        *(conv(6, 5, "glorot_uniform"), nn.Activation("tanh"), nn.AveragePooling2D(2)),
        *(conv(16, 5, "glorot_uniform"), nn.Activation("tanh"), nn.AveragePooling2D(2)),
        *(nn.Flatten(), nn.Dense(84), nn.Activation("tanh"), nn.Dense(10)),
    ]


def alexnet() -> list[Layer]:
    """AlexNet's style: more filters, ReLU, maximum pooling, dropout in a wide dense layer."""
    return [
        *(conv(16, 5), relu(), nn.MaxPooling2D(2)),
        *(conv(32), relu(), nn.MaxPooling2D(2)),
        *(nn.Flatten(), nn.Dense(128, kernel_initializer="he_normal"), relu(), nn.Dropout(0.5)),
        nn.Dense(10),
    ]


def vgg(normalized: bool = False) -> list[Layer]:
    """VGG's style: pairs of 3 x 3."""

    def pair(filters: int) -> list[Layer]:
        one = [conv(filters), *([norm()] if normalized else []), relu()]
        return [*one, *deepcopy(one), nn.MaxPooling2D(2)]

    return [
        *(*pair(16), *pair(32)),
        *(nn.Flatten(), nn.Dense(64, kernel_initializer="he_normal"), relu(), nn.Dense(10)),
    ]


def inception(ones: int, threes: int, fives: int) -> nn.Branches:
    """Return 1 x 1, 3 x 3, 5 x 5 side by side, the latter two behind a 1 x 1 of half as many."""
    return nn.Branches(
        [
            [conv(ones, 1), relu()],
            [conv(threes // 2, 1), relu(), conv(threes), relu()],
            [conv(fives // 2, 1), relu(), conv(fives, 5), relu()],
        ]
    )


def googlenet() -> list[Layer]:
    """GoogLeNet's style: branches, and a mean over the image instead of dense layers."""
    return [
        *(conv(16), relu(), inception(8, 16, 8), nn.MaxPooling2D(2)),
        *(inception(16, 32, 16), nn.GlobalAveragePooling2D(), nn.Dense(10)),
    ]


def resnet(shortcuts: bool = True) -> list[Layer]:
    """ResNet's style: three blocks that are added to what goes in, batch normalization."""
    blocks: list[Layer] = []
    for _ in range(3):
        body: list[Layer] = [conv(16), norm(), relu(), conv(16), norm()]
        blocks += [nn.Residual(body), relu()] if shortcuts else [*body, relu()]
    return [
        *(conv(16), norm(), relu(), *blocks),
        *(nn.MaxPooling2D(2), nn.GlobalAveragePooling2D(), nn.Dense(10)),
    ]


STYLES: dict[str, Callable[[], list[Layer]]] = {
    "LeNet: 5 x 5, tanh, average pooling": lenet,
    "AlexNet: ReLU, maximum pooling, dropout": alexnet,
    "VGG: pairs of 3 x 3": vgg,
    "GoogLeNet: branches, global average": googlenet,
    "ResNet: blocks with a shortcut": resnet,
}

# What of ResNet's style is it? The same without shortcuts; and VGG with its normalization.
WHY: dict[str, Callable[[], list[Layer]]] = {
    "ResNet without shortcuts": partial(resnet, shortcuts=False),
    "VGG with batch normalization": partial(vgg, normalized=True),
}


def built(style: Callable[[], list[Layer]], seed: int) -> nn.Sequential:
    """Build a network for digits in one of the styles; it puts out ten logits.

    In float64: rounding may not decide which digit is misread.
    """
    return nn.Sequential(style(), input_shape=(8, 8, 1), seed=seed, dtype=np.float64)


def trained(style: Callable[[], list[Layer]], seed: int, epochs: int = EPOCHS) -> nn.Sequential:
    """Train a style on the 1437 digits of the course; Adam, its rate falling from 0.003 to 0."""
    model, (train, _) = built(style, seed), datasets.digits_split()
    steps = epochs * -(-len(train.y) // BATCH)
    _fit(model, nn.Adam(nn.CosineDecay(RATE, steps)), epochs, BATCH)
    return model


def _fit(
    model: nn.Sequential, optimizer: nn.optimizers.Optimizer, epochs: int, batch: int
) -> nn.History:
    train, _ = datasets.digits_split()
    return model.fit(
        train.x,
        train.y,
        loss=LOSS,
        optimizer=optimizer,
        epochs=epochs,
        batch_size=batch,
        verbose=False,
        metrics=["accuracy"],
    )


def misread(model: nn.Sequential, images: Array, labels: NDArray[np.int64]) -> int:
    """Return how many digits a network reads wrongly."""
    return int(np.sum(model.predict(images, 512).argmax(axis=1) != labels))


def size(model: nn.Sequential) -> int:
    """Return how many numbers a network learns."""
    return sum(array.size for array in model.params.values())


def stack(layers: int, residual: bool, momentum: float = MOMENTUM) -> list[Layer]:
    """Return so many layers with weights, most of them in blocks of two, with shortcuts or without.

    Shortcuts have no weights: both kinds have the same parameters.

    Examples
    --------
    >>> [size(deep(34, residual, seed=0)) for residual in (False, True)]
    [19386, 19386]
    """
    made: list[Layer] = [conv(FILTERS), norm(momentum), relu(), nn.MaxPooling2D(2)]
    for _ in range((layers - 2) // 2):
        body: list[Layer] = [conv(FILTERS), norm(momentum), relu(), conv(FILTERS), norm(momentum)]
        made += [nn.Residual(body)] if residual else body
        made.append(relu())
    return [*made, nn.GlobalAveragePooling2D(), nn.Dense(10)]


def deep(layers: int, residual: bool, seed: int, momentum: float = MOMENTUM) -> nn.Sequential:
    """Build such a stack for digits."""
    return nn.Sequential(stack(layers, residual, momentum), input_shape=(8, 8, 1), seed=seed)


class Depth(NamedTuple):
    """What became of a stack: errors in percent.

    Attributes
    ----------
    epochs : list of float
        On the training digits, while it was training, of each epoch.
    train, test : float
        On the training and the test digits, after training, with the averages.
    """

    epochs: list[float]
    train: float
    test: float


def trained_deep(
    layers: int,
    residual: bool,
    seed: int,
    momentum: float = MOMENTUM,
    epochs: int = DEEP_EPOCHS,
) -> Depth:
    """Train a stack by SGD, momentum 0.9, its rate falling from 0.05 to 0."""
    model, (train, test) = deep(layers, residual, seed, momentum), datasets.digits_split()
    rate: Schedule = nn.CosineDecay(DEEP_RATE, epochs * -(-len(train.y) // DEEP_BATCH))
    history = _fit(model, nn.SGD(rate, momentum=0.9), epochs, DEEP_BATCH)
    known, new = (100 * misread(model, part.x, part.y) / len(part.y) for part in (train, test))
    return Depth([100 - 100 * right for right in history.history["accuracy"]], known, new)
