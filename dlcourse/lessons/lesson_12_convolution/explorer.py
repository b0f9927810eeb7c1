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
MOST = 3  # channels, or filters

# The example of the lesson.
EXAMPLE: list[list[float]] = [
    [1, 1, 1, 0, 0],
    [0, 1, 1, 1, 0],
    [0, 0, 1, 1, 1],
    [0, 0, 1, 1, 0],
    [0, 1, 1, 0, 0],
]
# Three channels, and the two filters of 2 x 2 that the lesson works out.
COLOURS: list[list[list[float]]] = [
    [[1, 0, 2], [0, 1, 1], [2, 0, 1]],
    [[0, 1, 0], [1, 2, 0], [0, 1, 1]],
    [[1, 1, 0], [0, 0, 1], [1, 0, 2]],
]
TWO_FILTERS: list[list[list[list[float]]]] = [
    [[[1, 0], [0, 1]], [[0, 1], [1, 0]], [[-1, 0], [0, 1]]],
    [[[0, 1], [-1, 0]], [[1, -1], [0, 0]], [[0, 0], [2, 1]]],
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
        A `Conv2D` with up to three channels and filters, built and without bias (see
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
        if max(kernel.shape[2:]) > MOST or not kernel.size or layer.use_bias:
            raise ValueError(
                f"the explorer takes convolutions with at most {MOST} channels and filters, a "
                "kernel and no bias: make one with figures.conv_layer(kernel)"
            )
        own = {"kernel": [list(map(_numbers, block)) for block in kernel.transpose(3, 2, 0, 1)]}
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
        "two filters of 2 x 2": [layer_of_blocks(TWO_FILTERS)],
    }
    return {name: list(map(describe_layer, layers)) for name, layers in stacks.items()}


def layer_of_blocks(blocks: ArrayLike, **options: Any) -> nn.Conv2D:
    """Return a convolution without bias, from kernels as the browser has them.

    Parameters
    ----------
    blocks : array, shape (filters, channels, kernel height, kernel width)
    options
        strides, padding and dilation_rate of `nn.Conv2D`.
    """
    kernels = np.asarray(blocks, dtype=np.float64).transpose(2, 3, 1, 0)
    layer = nn.Conv2D(kernels.shape[3], kernels.shape[:2], use_bias=False, **options)
    layer.params = {"kernel": np.ascontiguousarray(kernels)}
    return layer


def _repeated(kernel: list[Any], channels: int) -> list[Any]:
    """Give each filter a kernel for every channel; one made for fewer begins again."""
    return [[block[c % len(block)] for c in range(channels)] for block in kernel]


class ConvolutionExplorer(ScriptBoard):
    """A stack of layers on a small image, with every number to be looked at.

    Parameters
    ----------
    image : Array, shape (height, width) or (height, width, channels), optional
        An image of your own, at most 40 x 40 and with at most 3 channels; the example of the
        lesson without it.
    layers : sequence of Layer, optional
        Convolutions from `figures.conv_layer`, or others without bias, and pooling; one
        convolution with a kernel in the form of an X without it.

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
        channels = len(self.images[self.image])
        for spec in self.layers:
            options = {key: value for key, value in spec.items() if key not in ("name", "kernel")}
            if spec["name"] == "Conv2D":
                made.append(layer_of_blocks(_repeated(spec["kernel"], channels), **options))
                channels = len(spec["kernel"])
            else:
                made.append(POOLING[spec["name"]](**options))
        return made

    def maps(self) -> list[Array]:
        """Compute the image and every map with `dlcourse.nn`.

        Returns
        -------
        maps : list of Array
            Of shape (height, width), or (height, width, channels) where there are several.

        Raises
        ------
        ValueError
            If a window does not fit into what comes before it.
        """
        image = np.moveaxis(np.array(self.images[self.image]), 0, -1)
        return stack_maps(image, self.network())

    def receptive_field(self, row: int, column: int) -> list[Box]:
        """Return the box that one output of the last map sees on the image and on every map."""
        sizes = [values.shape[:2] for values in self.maps()]
        return stack_boxes(sizes, self.network(), row, column)

    @traitlets.validate("image")
    def _known(self, proposal: dict[str, Any]) -> str:
        name: str = proposal["value"]
        if name not in self.images:
            raise traitlets.TraitError(f"image must be one of {list(self.images)}, got {name!r}")
        return name


def _images() -> dict[str, list[list[list[float]]]]:
    """Return the images that come with the explorer, small enough to see every pixel.

    Each is a list of its channels.
    """
    dot = np.zeros((5, 5))
    dot[2, 2] = 1
    digit = np.round(datasets.digits().x[0, :, :, 0] * 16)
    return {
        "5 x 5 of the lesson": [EXAMPLE],
        "three channels, 3 x 3": COLOURS,
        "one bright pixel": [_numbers(dot)],
        "a handwritten 0, 8 x 8": [_numbers(digit)],
        "a roof, 32 x 32": [_numbers(_roof())],
    }


def _roof() -> Array:
    """Return a piece of a photograph in grey, whole numbers from 0 to 9."""
    photo = datasets.photograph()[60:316, 120:376].mean(axis=2)
    small: Array = photo.reshape(32, 8, 32, 8).mean(axis=(1, 3))
    return np.round(9 * small)


def _checked(image: ArrayLike) -> list[list[list[float]]]:
    grid = np.asarray(image, dtype=float)
    whole = grid[:, :, np.newaxis] if grid.ndim == 2 else grid
    if whole.ndim != 3 or not whole.size or max(whole.shape) > LARGEST or whole.shape[2] > MOST:
        raise ValueError(
            f"the explorer takes one image, a 2-D array of at most {LARGEST} x {LARGEST} numbers, "
            f"or a 3-D one with at most {MOST} channels last, got shape {grid.shape}"
        )
    if not np.isfinite(grid).all():
        raise ValueError("the explorer takes finite numbers, got nan or inf in the image")
    return list(map(_numbers, np.moveaxis(whole, -1, 0)))
