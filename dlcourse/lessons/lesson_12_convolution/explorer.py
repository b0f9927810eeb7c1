"""Lesson 12's explorer: a kernel on an image, every product and sum, and what a stack sees.

The browser does the arithmetic itself (arithmetic.js), so that a key press is
answered at once, also while the kernel computes something else. `ConvolutionExplorer.maps`
computes the same maps with the layers of `dlcourse.nn`, and a test in a real browser holds
the two against each other.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from dlcourse import datasets, nn
from dlcourse.lessons.lesson_12_convolution.figures import Box, conv_layer, stack_boxes, stack_maps
from dlcourse.nn.contract import Array, Layer
from dlcourse.widgets.board import FROM_BROWSER, ScriptBoard
from dlcourse.widgets.files import script, stylesheet

LayerSpec: TypeAlias = dict[str, Any]  # JSON, as the browser needs it

HERE = Path(__file__).parent
POOLING: dict[str, Callable[..., Layer]] = {
    "MaxPooling2D": nn.MaxPooling2D,
    "AveragePooling2D": nn.AveragePooling2D,
    "MinPooling2D": nn.MinPooling2D,
}
LARGEST = 40  # rows or columns of an image that the figure has room for

# The example of the lesson.
EXAMPLE: list[list[float]] = [
    [1, 1, 1, 0, 0],
    [0, 1, 1, 1, 0],
    [0, 0, 1, 1, 1],
    [0, 0, 1, 1, 0],
    [0, 1, 1, 0, 0],
]
KERNELS: dict[str, list[list[float]]] = {
    "X": [[1, 0, 1], [0, 1, 0], [1, 0, 1]],
    "1 to 9": [[1, 2, 3], [4, 5, 6], [7, 8, 9]],
    "leave as it is": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "shift to the left": [[0, 0, 0], [0, 0, 1], [0, 0, 0]],
    "vertical edges": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "horizontal edges": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "all edges": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "sum of 5 x 5": [[1.0] * 5] * 5,
}


def describe_layer(layer: Any) -> LayerSpec:
    """Describe a layer to the browser.

    Parameters
    ----------
    layer : Layer
        A `Conv2D` with one channel and one filter, built and without bias (see
        `figures.conv_layer`), or a pooling layer. Steps must be the same in both directions.

    Examples
    --------
    >>> describe_layer(nn.MaxPooling2D(2))
    {'name': 'MaxPooling2D', 'pool_size': 2, 'strides': 2, 'padding': 'valid'}
    """
    name = type(layer).__name__
    own: LayerSpec = {}
    rest: LayerSpec = {}
    if name == "Conv2D":
        kernel = layer.params.get("kernel", np.empty((0, 0, 1, 1)))
        if kernel.shape[2:] != (1, 1) or not kernel.size or layer.use_bias:
            raise ValueError(
                "the explorer takes convolutions with one channel, one filter, a kernel and no "
                "bias: make one with figures.conv_layer(kernel)"
            )
        own = {"kernel": _numbers(kernel[:, :, 0, 0])}
        rest = {"dilation_rate": _one("dilation_rate", layer.dilation_rate)}
    elif name in POOLING:
        own = {"pool_size": _one("pool_size", layer.pool_size)}
    else:
        raise ValueError(f"the explorer takes Conv2D and {', '.join(POOLING)}, got {layer!r}")
    strides = _one("strides", layer.strides)
    return {"name": name, **own, "strides": strides, "padding": layer.padding, **rest}


def _one(name: str, pair: tuple[int, int]) -> int:
    if pair[0] != pair[1]:
        raise ValueError(f"the explorer takes the same {name} in both directions, got {pair}")
    return pair[0]


def _numbers(grid: Array) -> list[list[float]]:
    """Turn an array into lists; whole numbers become ints, as the browser would write them."""
    return [[int(v) if v == int(v) else float(v) for v in row] for row in grid]


def _stacks() -> dict[str, list[LayerSpec]]:
    """Return the stacks that the explorer offers."""
    x, edges = conv_layer(np.array(KERNELS["X"])), np.array(KERNELS["vertical edges"])
    lenet = [conv_layer(np.ones((5, 5))), nn.AveragePooling2D()] * 2
    stacks: dict[str, list[Any]] = {
        "one 3 x 3": [x],
        "two 3 x 3": [x] * 2,
        "three 3 x 3": [x] * 3,
        "edges, then pooling": [conv_layer(edges, padding="same"), nn.MaxPooling2D()],
        "LeNet: 5 x 5, pool, twice": lenet,
    }
    return {name: list(map(describe_layer, layers)) for name, layers in stacks.items()}


class ConvolutionExplorer(ScriptBoard):
    """A stack of layers on a small image, with every number to be looked at.

    Parameters
    ----------
    image : Array, shape (height, width), optional
        An image of your own, at most 40 x 40; the example of the lesson without it.
    layers : sequence of Layer, optional
        Convolutions from `figures.conv_layer`, and pooling; one convolution with a kernel in
        the form of an X without it.

    Attributes
    ----------
    image : str
        Name of the image that is shown, a key of `images`.
    layers : list of dict
        The stack that is shown; the browser and Python both may change it.

    Examples
    --------
    >>> explorer = ConvolutionExplorer()
    >>> explorer.maps()[-1]
    array([[4., 3., 4.],
           [2., 4., 3.],
           [2., 3., 4.]])
    >>> explorer.receptive_field(0, 2)[0].size
    (3, 3)
    """

    what = "the convolution explorer"
    _esm = script(HERE / "explorer.js")
    still = HERE / "explorer.png"
    _css = stylesheet("convolution-explorer", HERE / "explorer.css")
    images = traitlets.Dict().tag(sync=True)
    kernels = traitlets.Dict(KERNELS).tag(sync=True)
    stacks = traitlets.Dict().tag(sync=True)
    image = traitlets.Unicode().tag(**FROM_BROWSER)
    layers = traitlets.List(traitlets.Dict()).tag(**FROM_BROWSER)

    def __init__(
        self, image: ArrayLike | None = None, layers: Sequence[Layer] | None = None
    ) -> None:
        images, stacks = _images(), _stacks()
        if image is not None:
            images = {"yours": _checked(image), **images}
        if layers is not None:
            stacks = {"yours": list(map(describe_layer, layers)), **stacks}
        super().__init__(
            images=images,
            stacks=stacks,
            image=next(iter(images)),
            layers=next(iter(stacks.values())),
        )

    def network(self) -> list[Layer]:
        """Return the stack as layers of `dlcourse.nn`, with the kernels in their place."""
        made: list[Layer] = []
        for spec in self.layers:
            options = {key: value for key, value in spec.items() if key not in ("name", "kernel")}
            if spec["name"] == "Conv2D":
                made.append(conv_layer(np.array(spec["kernel"]), **options))
            else:
                made.append(POOLING[spec["name"]](**options))
        return made

    def maps(self) -> list[Array]:
        """Compute the image and every map with `dlcourse.nn`, as 2-D arrays.

        Raises
        ------
        ValueError
            If a window does not fit into what comes before it.
        """
        return stack_maps(np.array(self.images[self.image]), self.network())

    def receptive_field(self, row: int, column: int) -> list[Box]:
        """Return the box that one output of the last map sees on the image and on every map."""
        sizes = [values.shape for values in self.maps()]
        return stack_boxes(sizes, self.network(), row, column)

    @traitlets.validate("image")
    def _known(self, proposal: dict[str, Any]) -> str:
        name: str = proposal["value"]
        if name not in self.images:
            raise traitlets.TraitError(f"image must be one of {list(self.images)}, got {name!r}")
        return name


def _images() -> dict[str, list[list[float]]]:
    """Return the images that come with the explorer, small enough to see every pixel."""
    dot = np.zeros((5, 5))
    dot[2, 2] = 1
    digit = np.round(datasets.digits().x[0, :, :, 0] * 16)
    return {
        "5 x 5 of the lesson": EXAMPLE,
        "one bright pixel": _numbers(dot),
        "a handwritten 0, 8 x 8": _numbers(digit),
        "a roof, 32 x 32": _numbers(_roof()),
    }


def _roof() -> Array:
    """Return a piece of a photograph in grey, whole numbers from 0 to 9."""
    photo = datasets.photograph()[60:316, 120:376].mean(axis=2)
    small: Array = photo.reshape(32, 8, 32, 8).mean(axis=(1, 3))
    return np.round(9 * small)


def _checked(image: ArrayLike) -> list[list[float]]:
    grid = np.asarray(image, dtype=float)
    if grid.ndim != 2 or not grid.size or max(grid.shape) > LARGEST:
        raise ValueError(
            f"the explorer takes one grey image, a 2-D array of at most {LARGEST} x {LARGEST} "
            f"numbers, got shape {grid.shape}"
        )
    if not np.isfinite(grid).all():
        raise ValueError("the explorer takes finite numbers, got nan or inf in the image")
    return _numbers(grid)
