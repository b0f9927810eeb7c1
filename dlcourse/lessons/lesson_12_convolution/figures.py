"""Figures of lesson 12: a window that moves over an image, and what a stack of windows sees.

Images and maps are 2-D arrays. Images are drawn in grey, black for 0; maps in orange for
negative, white for 0 and blue for positive numbers. A red frame marks a window.
"""

from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize, rgb_to_hsv
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from dlcourse import compare, nn
from dlcourse.datasets import Dataset
from dlcourse.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    describe,
    new_figure,
)
from dlcourse.nn.contract import Array, Layer
from dlcourse.nn.layers.windows import extent, frame_widths
from dlcourse.tables import Table

FRAME = "#CC0000"  # a red that nobody calls orange
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
    """Return the image and what each layer of a stack makes of it.

    Parameters
    ----------
    image : Array, shape (height, width) or (height, width, channels)
    layers : sequence of Layer
        Convolutions (see `conv_layer` for one of a single kernel), and pooling.

    Returns
    -------
    maps : list of Array
        A map of a single channel has shape (height, width).
    """
    maps: list[Array] = [np.asarray(image, dtype=np.float64)]
    maps[0] = maps[0][:, :, 0] if maps[0].shape[2:] == (1,) else maps[0]
    for layer in layers:
        values = maps[-1] if maps[-1].ndim == 3 else maps[-1][:, :, np.newaxis]
        outputs, _ = layer.forward(values[np.newaxis])
        maps.append(outputs[0, :, :, 0] if outputs.shape[-1] == 1 else outputs[0])
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


def filters_on_channels(
    image: Array, kernels: Array, row: int, column: int, *, whole_map: bool = True
) -> Figure:
    """Draw one output of each filter of a layer: a kernel on every channel, one sum.

    Parameters
    ----------
    image : Array, shape (height, width, channels)
    kernels : Array, shape (kernel height, kernel width, channels, filters)
    row, column : int
        The output that is worked out.
    whole_map : bool
        As `window_frames` takes it.
    """
    image, kernels = np.asarray(image, dtype=float), np.asarray(kernels, dtype=float)
    height, width, channels, filters = kernels.shape
    maps = channel_maps(image, kernels)
    figure, grid = new_figure(channels, 2 + 2 * filters, size=(1.45, 1.6), squeeze=False)
    said = []
    for c in range(channels):
        window = Box(row, row + height - 1, column, column + width - 1)
        pixels = image[row : row + height, column : column + width, c]
        _draw(grid[c, 0], image[:, :, c], numbers="g")
        _outline(grid[c, 0], window)
        grid[c, 0].set_title(f"channel {c}", fontsize=9)
        for f in range(filters):
            kernel, products = kernels[:, :, c, f], pixels * kernels[:, :, c, f] + 0.0  # no -0
            left, right = grid[c, 1 + 2 * f], grid[c, 2 + 2 * f]
            _draw(left, kernel, numbers="g", signed=True)
            _draw(right, products, numbers="g", signed=True)
            left.set_title(f"filter {f}", fontsize=9)
            right.set_title(f"sum {products.sum():g}", fontsize=9)
    for f, axes in enumerate(grid[:, -1]):
        if f >= filters:
            axes.remove()
            continue
        parts = [
            np.sum(image[row : row + height, column : column + width, c] * kernels[:, :, c, f])
            for c in range(channels)
        ]
        written = written_sum(parts)
        shown = maps[:, :, f]
        if not whole_map:
            shown = np.full_like(shown, np.nan)  # not known yet
            shown[row, column] = maps[row, column, f]
        _draw(axes, shown, numbers="g", signed=True)
        _outline(axes, Box(row, row, column, column))
        axes.set_title(f"map {f}\n{written}", fontsize=9)
        said.append(f"of filter {f} {written}")
    return describe(
        figure,
        f"The window at row {row}, column {column} of {channels} channels, the kernel of each "
        f"filter for each channel, and the products. The sums over the channels are, "
        + ", and ".join(said)
        + ".",
    )


def channel_maps(image: Array, kernels: Array) -> Array:
    """Return the maps of a layer of several filters on an image of several channels.

    Parameters
    ----------
    image : Array, shape (height, width, channels)
    kernels : Array, shape (kernel height, kernel width, channels, filters)

    Returns
    -------
    maps : Array, shape (rows, columns, filters)

    Examples
    --------
    >>> channel_maps(np.ones((1, 2, 3)), np.ones((1, 1, 3, 2)))
    array([[[3., 3.],
            [3., 3.]]])
    """
    kernels = np.asarray(kernels, dtype=np.float64)
    layer = nn.Conv2D(kernels.shape[3], kernels.shape[:2], use_bias=False)
    layer.params = {"kernel": kernels}
    outputs, _ = layer.forward(np.asarray(image, dtype=np.float64)[np.newaxis])
    maps: Array = outputs[0]
    return maps


def written_sum(parts: Sequence[float]) -> str:
    """Write a sum, negative parts in brackets.

    Examples
    --------
    >>> written_sum([2, -1, 0])
    '2 + (-1) + 0 = 1'
    """
    terms = [f"{part:g}" if part >= 0 else f"({part:g})" for part in parts]
    return " + ".join(terms) + f" = {sum(parts):g}"


POOLS: dict[str, Callable[..., Array]] = {"max": np.max, "average": np.mean, "min": np.min}


def pooling_windows(values: Array, size: int = 2) -> Figure:
    """Draw a map, its windows side by side in a colour each, and what pooling makes of them.

    Parameters
    ----------
    values : Array, shape (height, width)
        Both are a multiple of `size`.
    size : int
        Of a window, and of the step to the next.
    """
    values = np.asarray(values, dtype=float)
    rows, columns = values.shape[0] // size, values.shape[1] // size
    windows = values.reshape(rows, size, columns, size)
    figure, panels = new_figure(1, 1 + len(POOLS), size=(2.2, 2.4))
    colours = (FRAME, BLUE, GREEN, PURPLE, SKY, ORANGE)
    _draw(panels[0], values, numbers="g", signed=True)
    panels[0].set_title("map", fontsize=10)
    said = []
    for axes, (name, pool) in zip(panels[1:], POOLS.items(), strict=True):
        pooled = pool(windows, axis=(1, 3))
        _draw(axes, pooled, numbers="g", signed=True)
        axes.set_title(name, fontsize=10)
        said.append(f"{name} " + ", ".join(f"{value:g}" for value in pooled.ravel()))
    for number, (row, column) in enumerate(np.ndindex(rows, columns)):
        colour = colours[number % len(colours)]
        boxes = [(panels[0], column * size, row * size, size)]
        boxes += [(axes, column, row, 1) for axes in panels[1:]]
        for axes, left, top, side in boxes:
            corner, inner = (left - 0.44, top - 0.44), side - 0.12
            axes.add_patch(Rectangle(corner, inner, inner, fill=False, ec=colour, lw=2.5))
    return describe(
        figure,
        f"A map of {values.shape[0]} x {values.shape[1]} numbers, cut into windows of {size} x "
        f"{size}. Of each window pooling keeps one number, row by row: " + "; ".join(said) + ".",
    )


LUMA = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601


def colour_spaces(photo: Array) -> Figure:
    """Draw a photograph, its red, green and blue, its grey, and its hue, saturation, value.

    Parameters
    ----------
    photo : Array, shape (height, width, 3)
        Red, green and blue from 0 to 1.
    """
    hsv = rgb_to_hsv(np.clip(photo, 0, 1))
    planes = [photo, *np.moveaxis(photo, -1, 0), photo @ LUMA, *np.moveaxis(hsv, -1, 0)]
    names = ["photograph", "red", "green", "blue", "grey (luma)", "hue", "saturation", "value"]
    figure, grid = new_figure(2, 4, size=(1.6, 1.35))
    for axes, plane, name in zip(grid.flat, planes, names, strict=True):
        if name == "hue":  # an angle: the colours of a wheel say more than greys
            axes.set(xticks=[], yticks=[])
            axes.spines[:].set_visible(False)
            axes.imshow(plane, cmap="hsv", norm=Normalize(0, 1))
        else:
            _draw(axes, plane)
        axes.set_title(name, fontsize=10)
    return describe(
        figure,
        "A photograph of a Chinese pavilion, and one picture for each channel of two colour "
        "spaces. The sky is bright in blue and darker in red; grey looks like a black and white "
        "photograph; hue is the colour itself, blue above and yellow to red on the roofs; "
        "saturation is how far a colour is from grey; value is the largest of red, green and blue.",
    )


SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])


def photograph_and_edges(photo: Array) -> Figure:
    """Draw a photograph and its upright edges: Sobel's kernel, moved over its greys."""
    edges = stack_maps(photo @ LUMA, [conv_layer(SOBEL)])[-1]
    return pictures(
        [photo, edges],
        ["a photograph", "nine numbers, moved over it"],
        "A photograph of a Chinese pavilion, and what a window of nine numbers makes of it: "
        "columns, edges of the roof and branches stand out in blue and orange, the even sky is "
        "white.",
        columns=2,
        width=2.3,
    )


def four_maps(maps: Array) -> Figure:
    """Draw the maps of the lesson's four designed filters, shape (rows, columns, 4)."""
    return pictures(
        list(np.moveaxis(maps, -1, 0)),
        ["upright edges", "lying edges", "blur", "red minus blue"],
        "Four maps of the photograph: edges that run up and down, edges that lie, a blurred "
        "version, and red minus blue, which is negative in the sky and positive on the roofs.",
        columns=4,
        width=1.75,
    )


BLUR = conv_layer(np.ones((5, 5)) / 25)
LENET: list[Layer] = [BLUR, nn.AveragePooling2D(), BLUR, nn.AveragePooling2D()]


def what_lenet_sees(photo: Array) -> Figure:
    """Draw what one output of LeNet's first four layers sees of a roof; all weights are equal.

    Parameters
    ----------
    photo : Array, shape (213 or more, 320 or more, 3)
    """
    roof = (photo @ LUMA)[::4, ::4][8:36, 26:54]
    names = ["image", "conv 5 x 5", "pool 2 x 2", "conv 5 x 5", "pool 2 x 2"]
    return receptive_field_frames(roof, LENET, 1, 1, names)


def digits_and_shuffled(data: Dataset, other: Dataset, count: int = 8) -> Figure:
    """Draw some digits, and below them the same ones with their pixels in another order."""
    return pictures(
        [*data.x[:count, :, :, 0], *other.x[:count, :, :, 0]],
        [str(label) for label in data.y[:count]] * 2,
        "Eight handwritten digits, and the same digits with their pixels shuffled: no eye can "
        "read those.",
        columns=count,
        width=0.9,
    )


def pooling_table(photo: Array, other: Array) -> Table:
    """Say how far a moved or turned photograph is from itself, before and after pooling.

    What is compared is the upright edges in the middle of each, 64 x 64 numbers, without pooling
    and after max pooling in windows of 4 x 4. The distance is relative to the length of the first.

    Parameters
    ----------
    photo, other : Array, shape (height, width)
        Two grey photographs, at least 88 pixels high and wide.
    """
    pool = nn.MaxPooling2D(4)

    def middle(picture: Array) -> Array:
        """Cut out a square, so that it can be turned."""
        top, left = (side // 2 - 44 for side in picture.shape)
        return picture[top : top + 88, left : left + 88]

    def edges(square: Array, layers: Sequence[Layer]) -> Array:
        responses = np.maximum(stack_maps(square, [conv_layer(SOBEL)])[-1], 0)
        return stack_maps(responses[11:75, 11:75], layers)[-1]

    changed = {
        "moved by 1 pixel": middle(np.roll(photo, 1, axis=1)),
        "moved by 4 pixels": middle(np.roll(photo, 4, axis=1)),
        "turned by 90 degrees": np.rot90(middle(photo)),
        "another photograph": middle(other),
    }
    rows = []
    for what, square in changed.items():
        row = [what]
        for layers in ([], [pool]):
            before, after = edges(middle(photo), layers), edges(square, layers)
            row.append(f"{np.linalg.norm(after - before) / np.linalg.norm(before):.1f}")
        rows.append(row)
    return Table(["photograph", "edges", "edges, max pooling 4 x 4"], rows)


def speed_table(image: Array, kernels: Array, convolve: Callable[[Array, Array], Array]) -> Table:
    """Time one convolution in three ways: loops, this course's layer, Keras's layer.

    Parameters
    ----------
    image : Array, shape (height, width, channels)
    kernels : Array, shape (kernel height, kernel width, channels, filters)
    convolve : callable
        ``convolve(image, kernel)`` of one channel, in loops.
    """
    height, _, channels, filters = kernels.shape
    one = image[np.newaxis].astype("float32")
    ours = nn.Conv2D(filters, height, use_bias=False)
    ours.params = {"kernel": kernels.astype("float32")}
    twin = compare.to_keras(nn.Sequential([ours], input_shape=image.shape))

    def loops() -> None:
        for f in range(filters):
            sum(convolve(image[:, :, c], kernels[:, :, c, f]) for c in range(channels))

    def milliseconds(function: Callable[[], object], times: int) -> str:
        spans = []
        for _ in range(times):
            start = perf_counter()
            function()
            spans.append(1000 * (perf_counter() - start))
        return f"{min(spans):.1f}"

    return Table(
        ["way", "milliseconds"],
        [
            ["our loops", milliseconds(loops, 2)],
            ["nn.Conv2D, a matrix product", milliseconds(lambda: ours.forward(one), 20)],
            ["keras.layers.Conv2D", milliseconds(lambda: twin(one), 20)],
        ],
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
    axes.add_patch(Rectangle(corner, width, height, fill=False, ec=FRAME, lw=2.5, clip_on=False))


def _mark_pixels(axes: Axes, layer: nn.Conv2D, row: int, column: int) -> None:
    """Mark the pixels that a dilated window looks at, when it passes over others."""
    if max(layer.dilation_rate) == 1:
        return
    for i, j in np.ndindex(layer.kernel_size):
        top = row * layer.strides[0] + i * layer.dilation_rate[0]
        left = column * layer.strides[1] + j * layer.dilation_rate[1]
        axes.add_patch(
            Rectangle((left - 0.42, top - 0.42), 0.84, 0.84, fill=False, ec=FRAME, lw=1.5)
        )


def _frame(image: Array, layer: nn.Conv2D) -> list[tuple[int, int]]:
    covered = extent(layer.kernel_size, layer.dilation_rate)
    return frame_widths(np.shape(image), covered, layer.strides, layer.padding)


def _under_window(padded: Array, layer: nn.Conv2D, row: int, column: int) -> Array:
    """Return the pixels that the kernel meets at one output position."""
    top, left = row * layer.strides[0], column * layer.strides[1]
    covered = extent(layer.kernel_size, layer.dilation_rate)
    window = padded[top : top + covered[0], left : left + covered[1]]
    return window[:: layer.dilation_rate[0], :: layer.dilation_rate[1]]
