"""Figures of lesson 12: a window that moves over an image, and what a stack of windows sees.

Images and maps are 2-D arrays. Images are drawn in grey, black for 0; maps in orange for
negative, white for 0 and blue for positive numbers. A red frame marks a window.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from dlcourse import nn
from dlcourse.figures.style import BLACK, BLUE, GREY, ORANGE, RED, describe, new_figure
from dlcourse.nn.contract import Array, Layer
from dlcourse.nn.layers.windows import extent, frame_widths
from dlcourse.tables import Table

SIGNED = LinearSegmentedColormap.from_list("signed", [ORANGE, "white", BLUE])


def conv_layer(kernel: Array, **options: Any) -> nn.Conv2D:
    """Return a layer without bias that applies one kernel of shape (height, width) to images.

    Parameters
    ----------
    kernel : Array, shape (height, width)
    options
        strides, padding and dilation_rate of `nn.Conv2D`.

    Examples
    --------
    >>> layer = conv_layer(np.ones((2, 2)), padding="same")
    >>> layer.forward(np.ones((1, 2, 2, 1)))[0][0, :, :, 0]
    array([[4., 2.],
           [2., 1.]])
    """
    kernel = np.asarray(kernel, dtype=np.float64)
    height, width = kernel.shape
    layer = nn.Conv2D(1, (height, width), use_bias=False, **options)
    layer.params = {"kernel": kernel.reshape(height, width, 1, 1)}
    return layer


def stack_maps(image: Array, layers: Sequence[Layer]) -> list[Array]:
    """Return the image and what each layer of a stack makes of it, as 2-D arrays.

    Parameters
    ----------
    image : Array, shape (height, width)
    layers : sequence of Layer
        Convolutions with one channel and one filter (see `conv_layer`), and pooling.
    """
    maps: list[Array] = [np.asarray(image, dtype=np.float64)]
    for layer in layers:
        outputs, _ = layer.forward(maps[-1][np.newaxis, :, :, np.newaxis])
        maps.append(outputs[0, :, :, 0])
    return maps


class Box(NamedTuple):
    """A rectangle of pixels, its last row and column included.

    A box that reaches into the frame of "same" padding has negative rows or columns, or
    such as the image has not.
    """

    top: int
    bottom: int
    left: int
    right: int

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.bottom - self.top + 1, self.right - self.left + 1


class Axis(NamedTuple):
    """How the window of a layer lies along one axis of its inputs."""

    size: int  # entries of the window
    stride: int
    dilation: int
    before: int  # pixels of padding in front


def window_axes(layer: Any, size: Sequence[int]) -> tuple[Axis, Axis]:
    """Read the geometry of a layer on inputs of some height and width.

    A layer without a window, such as an activation, sees the pixel at the same place.
    """
    window: Any = getattr(layer, "kernel_size", None) or getattr(layer, "pool_size", (1, 1))
    strides = getattr(layer, "strides", window)
    dilation = getattr(layer, "dilation_rate", (1, 1))
    padding = getattr(layer, "padding", "valid")
    frame = frame_widths(size, extent(window, dilation), strides, padding)
    rows, columns = zip(window, strides, dilation, frame, strict=True)
    return Axis(*rows[:3], rows[3][0]), Axis(*columns[:3], columns[3][0])


def stack_boxes(
    sizes: Sequence[Sequence[int]], layers: Sequence[Layer], row: int, column: int
) -> list[Box]:
    """Follow one output of a stack down to the image: the box that it sees on every map.

    Parameters
    ----------
    sizes : sequence of (height, width, ...)
        Of the image and of the output of each layer but the last (which may be there too).
    layers : sequence of Layer
    row, column : int
        The output, on the last map.

    Returns
    -------
    list of Box
        On the image, on every map, and at last the output itself.

    Examples
    --------
    >>> boxes = stack_boxes([(7, 7), (5, 5)], [nn.Conv2D(1, 3), nn.Conv2D(1, 3)], 0, 2)
    >>> boxes[0], boxes[0].size
    (Box(top=0, bottom=4, left=2, right=6), (5, 5))
    """
    boxes = [Box(row, row, column, column)]
    for layer, size in zip(reversed(layers), reversed(list(sizes)[: len(layers)]), strict=True):
        down, across = window_axes(layer, size[:2])
        above = boxes[0]
        boxes.insert(
            0,
            Box(
                down.stride * above.top - down.before,
                down.stride * above.bottom - down.before + down.dilation * (down.size - 1),
                across.stride * above.left - across.before,
                across.stride * above.right - across.before + across.dilation * (across.size - 1),
            ),
        )
    return boxes


def receptive_field_table(layers: Sequence[Any]) -> Table:
    """List how the receptive field grows from layer to layer, along one axis.

    The jump is the distance, in pixels of the image, of two neighbours on the layer's inputs.

    Parameters
    ----------
    layers : sequence of Layer
        Convolutions and pooling; what has no window (activations) is passed over.

    Examples
    --------
    >>> receptive_field_table([nn.Conv2D(1, 3), nn.MaxPooling2D(2), nn.Conv2D(1, 3)])
    layer         window  stride  jump  receptive field
    ------------  ------  ------  ----  ---------------
    Conv2D             3       1     1                3
    MaxPooling2D       2       2     1                4
    Conv2D             3       1     2                8
    """
    field, jump, rows = 1, 1, []
    for layer in layers:
        window = getattr(layer, "kernel_size", None) or getattr(layer, "pool_size", None)
        if window is None:
            continue
        covered = extent(window, getattr(layer, "dilation_rate", (1, 1)))[0]
        field += (covered - 1) * jump
        rows.append([type(layer).__name__, covered, layer.strides[0], jump, field])
        jump *= layer.strides[0]
    return Table(["layer", "window", "stride", "jump", "receptive field"], rows)


def pictures(
    images: Sequence[Array],
    titles: Sequence[str],
    description: str,
    *,
    columns: int = 4,
    width: float = 1.9,
) -> Figure:
    """Draw images side by side: grey, in colour, or signed where one has negative numbers.

    Parameters
    ----------
    images : sequence of Array
        Shape (height, width), or (height, width, 3) for colours from 0 to 1.
    titles : sequence of str
    description : str
        What is to be seen.
    columns : int
        Images side by side.
    width : float
        Of one image, in inches.
    """
    rows = -(-len(images) // columns)
    tall = max(image.shape[0] / image.shape[1] for image in images)
    figure, grid = new_figure(rows, columns, size=(width, width * tall + 0.3), squeeze=False)
    for axes, image, title in zip(grid.flat, images, titles, strict=False):
        _draw(axes, image)
        axes.set_title(title, fontsize=9)
    for axes in list(grid.flat)[len(images) :]:
        axes.remove()
    return describe(figure, description)


def window_frames(
    image: Array,
    kernel: Array,
    frames: Sequence[Mapping[str, Any]],
    *,
    numbers: str = "g",
    whole_map: bool = True,
) -> Figure:
    """Draw one window at work, a row for each frame: image, kernel, products, map.

    Parameters
    ----------
    image : Array, shape (height, width)
    kernel : Array, shape (height, width)
    frames : sequence of dict
        "row" and "column" of the output that is worked out, and options of `conv_layer`.
    numbers : str
        Format of the numbers in the cells.
    whole_map : bool
        Whether the map shows its other entries, too; not where they are asked for on paper.
    """
    kernel = np.asarray(kernel, dtype=np.float64)
    figure, grid = new_figure(len(frames), 4, size=(2.35, 2.35), squeeze=False)
    said = []
    for panels, frame in zip(grid, frames, strict=True):
        options = dict(frame)
        row, column = options.pop("row"), options.pop("column")
        layer = conv_layer(kernel, **options)
        _, outputs = stack_maps(image, [layer])
        around = _frame(image, layer)
        padded, before = (
            np.pad(np.asarray(image, dtype=float), around),
            (around[0][0], around[1][0]),
        )
        box, _ = stack_boxes([image.shape], [layer], row, column)
        pixels = _under_window(padded, layer, row, column)
        setting = ", ".join(f"{key} {value}" for key, value in options.items()) or "image"
        _draw(panels[0], padded, numbers=numbers, frame=around)
        _outline(panels[0], box, before)
        _mark_pixels(panels[0], layer, row, column)
        _draw(panels[1], kernel, numbers=numbers, signed=True)
        _draw(panels[2], pixels * kernel, numbers=numbers, signed=True)
        here = np.full_like(outputs, np.nan)  # not known yet
        here[row, column] = outputs[row, column]
        shown = outputs if whole_map else here
        _draw(panels[3], shown, numbers=numbers, signed=True)
        _outline(panels[3], Box(row, row, column, column))
        titles = (setting, "kernel", f"products, sum {outputs[row, column]:{numbers}}", "map")
        for axes, title in zip(panels, titles, strict=True):
            axes.set_title(title, fontsize=9)
        begin = f"With {setting}, output" if options else "Output"
        said.append(
            f"{begin} row {row}, column {column} is {written_out(pixels, kernel, numbers)} = "
            f"{outputs[row, column]:{numbers}}, and the map has {outputs.shape[0]} x "
            f"{outputs.shape[1]} entries."
        )
    return describe(figure, " ".join(said))


def written_out(pixels: Array, kernel: Array, numbers: str = "g") -> str:
    """Write the products of a window as a sum.

    Examples
    --------
    >>> written_out(np.array([[1, 2]]), np.array([[3, -1]]))
    '1*3 + 2*(-1)'
    """
    terms = zip(np.ravel(pixels), np.ravel(kernel), strict=True)

    def factor(value: float) -> str:
        return f"{value:{numbers}}" if value >= 0 else f"({value:{numbers}})"

    return " + ".join(f"{factor(float(a))}*{factor(float(b))}" for a, b in terms)


def all_positions(image: Array, kernel: Array) -> Figure:
    """Draw every position of a kernel on an image, laid out as the map that it makes."""
    _, outputs = stack_maps(image, [conv_layer(kernel)])
    height, width = outputs.shape
    size = np.shape(kernel)
    figure, grid = new_figure(height, width, size=(1.55, 1.7), squeeze=False)
    for (row, column), axes in np.ndenumerate(grid):
        _draw(axes, image, numbers="g", fontsize=8)
        _outline(axes, Box(row, row + size[0] - 1, column, column + size[1] - 1))
        axes.set_title(f"sum {outputs[row, column]:g}", fontsize=9)
    text = ", ".join("[" + " ".join(f"{value:g}" for value in line) + "]" for line in outputs)
    return describe(
        figure,
        f"The kernel at its {outputs.size} positions on the image, row by row. The sums are the "
        f"map: {text}.",
    )


def column_matrix(image: Array, kernel: Array) -> Figure:
    """Draw a convolution as a matrix product: kernel row times window columns is the map."""
    layer = conv_layer(kernel)
    _, outputs = stack_maps(image, [layer])
    rows, columns = outputs.shape
    windows = [
        _under_window(np.asarray(image, dtype=float), layer, row, column).ravel()
        for row in range(rows)
        for column in range(columns)
    ]
    matrix = np.stack(windows, axis=1)
    figure, panels = new_figure(1, 3, size=(3.3, 3.3), width_ratios=[1, 1, 1])
    named = (
        ("kernel as a row", np.ravel(kernel)[np.newaxis], True),
        ("X: a column for each position", matrix, False),
        ("map as a row", outputs.reshape(1, -1), True),
    )
    for axes, (title, values, signed) in zip(panels, named, strict=True):
        _draw(axes, values, numbers="g", signed=signed, fontsize=8)
        axes.set_title(title, fontsize=10)
    return describe(
        figure,
        f"The kernel, written as a row of {np.size(kernel)} numbers, times a matrix X with "
        f"{matrix.shape[0]} rows and {matrix.shape[1]} columns, one column for each position of "
        f"the window, gives the {outputs.size} numbers of the map. X has {matrix.size} entries, "
        f"the image {np.size(image)}.",
    )


def receptive_field_frames(
    image: Array, layers: Sequence[Layer], row: int, column: int, names: Sequence[str]
) -> Figure:
    """Draw every map of a stack, and on each of them what one output of the last map sees.

    Parameters
    ----------
    image : Array, shape (height, width)
    layers : sequence of Layer
        See `stack_maps`.
    row, column : int
        The output.
    names : sequence of str
        Of the image and of every layer.
    """
    maps = stack_maps(image, layers)
    boxes = stack_boxes([values.shape for values in maps], layers, row, column)
    figure, panels = new_figure(1, len(maps), size=(2.1, 2.4))
    sizes = []
    for axes, values, box, name in zip(panels, maps, boxes, names, strict=True):
        _draw(axes, values, signed=values is not maps[0])
        _outline(axes, box)
        axes.set_title(f"{name}\n{values.shape[0]} x {values.shape[1]}", fontsize=9)
        sizes.append(f"{box.size[0]} x {box.size[1]} of {name}")
    return describe(
        figure,
        f"The output at row {row}, column {column} of the last map sees, from the image up: "
        + ", ".join(sizes[:-1])
        + ".",
    )


def _draw(
    axes: Axes,
    values: Array,
    *,
    numbers: str = "",
    signed: bool = False,
    frame: Sequence[tuple[int, int]] = ((0, 0), (0, 0)),
    fontsize: int = 10,
) -> None:
    """Draw numbers as cells, and nothing where one is nan.

    `frame` is how many rows and columns around them are padding.
    """
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    values = np.asarray(values, dtype=float)
    if values.ndim == 3:
        axes.imshow(values)
        return
    signed = signed or bool(np.nanmin(values) < 0)
    # A few extreme numbers must not make all others pale.
    limit = float(np.nanquantile(np.abs(values), 1.0 if numbers else 0.98)) or 1.0
    norm = Normalize(-1.4 * limit, 1.4 * limit) if signed else Normalize(0, limit)
    axes.imshow(values, cmap=SIGNED if signed else "gray", norm=norm)
    rows, columns = values.shape
    axes.add_patch(Rectangle((-0.5, -0.5), columns, rows, fill=False, ec=GREY, lw=1))
    if not numbers:
        return
    (above, below), (left, right) = frame
    axes.hlines(np.arange(rows + 1) - 0.5, -0.5, columns - 0.5, GREY, lw=0.5)
    axes.vlines(np.arange(columns + 1) - 0.5, -0.5, rows - 0.5, GREY, lw=0.5)
    for (row, column), value in np.ndenumerate(values):
        if np.isnan(value):
            continue
        color = "black" if signed or value > limit / 2 else "white"
        if not (above <= row < rows - below and left <= column < columns - right):
            axes.add_patch(
                Rectangle((column - 0.5, row - 0.5), 1, 1, fc="#D9D9D9", ec=GREY, lw=0.5)
            )
            color = BLACK
        text = f"{value:{numbers}}"
        axes.text(column, row, text, ha="center", va="center", size=fontsize, color=color)


def _outline(axes: Axes, box: Box, before: tuple[int, int] = (0, 0)) -> None:
    height, width = box.size
    corner = (box.left + before[1] - 0.5, box.top + before[0] - 0.5)
    axes.add_patch(Rectangle(corner, width, height, fill=False, ec=RED, lw=2.5, clip_on=False))


def _mark_pixels(axes: Axes, layer: nn.Conv2D, row: int, column: int) -> None:
    """Mark the pixels that a dilated window looks at, when it passes over others."""
    if max(layer.dilation_rate) == 1:
        return
    for i, j in np.ndindex(layer.kernel_size):
        top = row * layer.strides[0] + i * layer.dilation_rate[0]
        left = column * layer.strides[1] + j * layer.dilation_rate[1]
        axes.add_patch(Rectangle((left - 0.42, top - 0.42), 0.84, 0.84, fill=False, ec=RED, lw=1.5))


def _frame(image: Array, layer: nn.Conv2D) -> list[tuple[int, int]]:
    covered = extent(layer.kernel_size, layer.dilation_rate)
    return frame_widths(np.shape(image), covered, layer.strides, layer.padding)


def _under_window(padded: Array, layer: nn.Conv2D, row: int, column: int) -> Array:
    """Return the pixels that the kernel meets at one output position."""
    top, left = row * layer.strides[0], column * layer.strides[1]
    covered = extent(layer.kernel_size, layer.dilation_rate)
    window = padded[top : top + covered[0], left : left + covered[1]]
    return window[:: layer.dilation_rate[0], :: layer.dilation_rate[1]]
