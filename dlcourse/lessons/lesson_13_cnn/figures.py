"""Figures of lesson 13: what stands in a convolutional network, number by number and map by map.

Images are shown as ink on paper: white is 0, black is 1. Kernels and other signed numbers are
orange below zero, white at zero and purple above. A map is one channel of what a layer puts out.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from dlcourse import nn
from dlcourse.figures.style import (
    BLACK,
    BLUE,
    CYCLE,
    DIVERGING,
    GREY,
    RED,
    describe,
    label,
    new_figure,
)
from dlcourse.lessons.lesson_12_convolution.figures import stack_boxes
from dlcourse.nn.contract import Array, Shape

INK = "Greys"
MOST_PLANES = 12  # of one layer, in a drawing of a network


def network_planes(stages: Sequence[tuple[str, Shape]]) -> Figure:
    """Draw a network as stacks of maps and columns of units, with their shapes.

    Parameters
    ----------
    stages : sequence of (name, shape)
        The input first; shapes are (height, width, maps) or (units,).
    """
    figure, axes = new_figure(size=(1.25 * len(stages), 1.9))
    axes.set(xlim=(-0.1, 3.5 * len(stages) - 0.4), ylim=(-2.1, 2.4), aspect="equal")
    axes.axis("off")
    largest = max(shape[0] for _, shape in stages if len(shape) == 3)
    for number, (name, shape) in enumerate(stages):
        left = 3.5 * number
        if number:
            axes.annotate(
                "",
                (left + 0.05, 0),
                (left - 0.85, 0),
                arrowprops={"arrowstyle": "-|>", "color": GREY, "lw": 1.2},
            )
        _draw_stage(axes, left + 0.2, shape, largest)
        axes.text(left + 1.2, 2.1, name, ha="center", fontsize=11)
        sizes = " x ".join(map(str, shape[:2])) if len(shape) == 3 else "units"
        maps = f"{shape[2]} maps of\n" if len(shape) == 3 and shape[2] > 1 else ""
        count = f"{maps}{sizes}" if len(shape) == 3 else f"{shape[0]} {sizes}"
        axes.text(left + 1.2, -1.45, count, ha="center", va="top", fontsize=9, color=BLACK)
    listing = "; ".join(f"{name}: {' x '.join(map(str, shape))}" for name, shape in stages)
    return describe(figure, f"A network drawn as stacks of maps, from left to right. {listing}.")


def _draw_stage(axes: Axes, left: float, shape: Shape, largest: int) -> None:
    """Draw the planes of a stage, or its units, about two wide and two and a half high."""
    if len(shape) == 1:
        shown = min(shape[0], 10)
        for y in np.linspace(-1.15, 1.15, shown):
            axes.add_patch(Circle((left + 1, y), 0.1, facecolor="#DCEBF5", edgecolor=BLUE))
        return
    planes = min(shape[2], MOST_PLANES)
    side = 0.45 + 1.05 * shape[0] / largest
    shift = 0.65 / MOST_PLANES
    start = left + 1 - (side + shift * (planes - 1)) / 2
    for plane in range(planes - 1, -1, -1):
        corner = (start + shift * plane, -side / 2 + shift * (plane - (planes - 1) / 2))
        axes.add_patch(Rectangle(corner, side, side, facecolor="#DCEBF5", edgecolor=BLUE, lw=0.8))


def number_grids(rows: Sequence[Sequence[tuple[str, Array]]]) -> Figure:
    """Draw small arrays with their numbers, in rows that are read along arrows.

    Parameters
    ----------
    rows : sequence of rows
        A row is a sequence of (title, array). Axes of length one are left out; what is then
        left is a grid, a column or a single number.
    """
    count = max(map(len, rows))
    figure, grid = new_figure(len(rows), count, size=(1.4, 1.6), squeeze=False)
    for axes in grid.flat:
        axes.axis("off")
        axes.set(xlim=(-0.05, 4.05), ylim=(4.05, -0.05), aspect="equal")
    for axes_row, row in zip(grid, rows, strict=True):
        for axes, (title, array) in zip(axes_row, row, strict=False):
            axes.set_title(title, fontsize=10)
            _draw_numbers(axes, _as_grid(array))
    listing = "; ".join(f"{title} {_listed(_as_grid(a))}" for row in rows for title, a in row)
    return describe(figure, f"Small grids of numbers, one per step: {listing}.")


def _as_grid(array: Array) -> Array:
    """Return an array as rows and columns; axes of length one are left out."""
    squeezed = np.squeeze(np.asarray(array))
    return squeezed.reshape(len(squeezed) if squeezed.ndim else 1, -1)


def _listed(grid: Array) -> str:
    """Write a grid row by row, with slashes between the rows."""
    return " / ".join(" ".join(f"{value + 0.0:.4g}" for value in row) for row in grid)


def _draw_numbers(axes: Axes, numbers: Array) -> None:
    """Draw one array in the middle of a square of four by four cells."""
    height, width = numbers.shape
    top, left = (4 - height) / 2, (4 - width) / 2
    largest = max(float(np.abs(numbers).max()), 1e-9)
    small = any(number != round(number) for number in numbers.flat)
    for (row, column), number in np.ndenumerate(numbers):
        colour = "#FBEBCB" if number < 0 else "#E6E0EE" if number > 0 else "white"
        axes.add_patch(
            Rectangle((left + column, top + row), 1, 1, facecolor=colour, edgecolor=GREY, lw=0.8)
        )
        text = f"{number:.3f}".replace("0.", ".") if small else f"{number:g}"
        axes.text(
            left + column + 0.5,
            top + row + 0.5,
            "0" if number == 0 else text,
            ha="center",
            va="center",
            fontsize=7.5 if small else 11,
            fontweight="bold" if abs(number) == largest else "normal",
        )


def both_ways(model: nn.Sequential, image: Array, label: int) -> Figure:
    """Draw every number of a very small network for one image, and below it every gradient.

    Parameters
    ----------
    model : nn.Sequential
        It begins with a convolution of one filter and ends with a softmax; every layer puts out
        a few numbers only.
    image : Array, shape (height, width)
    label : int
        The right class; the loss is the cross-entropy.
    """
    kernel = model.params["0.kernel"]
    outputs, cache = model.forward(image[np.newaxis, :, :, np.newaxis])
    loss = nn.SparseCategoricalCrossentropy()
    gradient: Any = loss.value_and_grad(np.array([label]), outputs)[1]
    _, grads = model.backward(gradient, cache)
    gradients: list[Any] = []  # of the inputs of each layer, that is the outputs of the one below
    for layer, layer_cache in zip(reversed(model.layers), reversed(cache), strict=True):
        gradient, _ = layer.backward(gradient, layer_cache)
        gradients.insert(0, gradient)
    forward, backward = [("image", image), ("kernel", kernel)], [("dL/d image", gradients[0])]
    backward.append(("dL/d kernel", grads["0.kernel"]))
    found = zip(model.layers, layer_outputs(model, image[:, :, np.newaxis])[1:], strict=True)
    for number, (layer, numbers) in enumerate(found, start=1):
        if isinstance(layer, nn.Flatten):
            continue
        name = _short_name(layer)
        forward.append((name, numbers))
        if number < len(gradients):
            backward.append((f"dL/d {name}", gradients[number]))
    return number_grids([forward, backward])


def _short_name(layer: Any) -> str:
    """Name what a layer puts out."""
    names = {"Conv2D": "z", "MaxPooling2D": "maximum", "Dense": "outputs", "relu": "ReLU"}
    name = getattr(layer, "activation", type(layer).__name__)
    return names.get(name, name)


def _picture(axes: Axes, values: Array, colours: str, low: float, high: float) -> None:
    """Draw one map with sharp pixels and a thin frame."""
    axes.imshow(values, cmap=colours, vmin=low, vmax=high, interpolation="nearest")
    axes.axis("on")
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set(visible=True, color=GREY, linewidth=0.6)


def layer_outputs(model: nn.Sequential, image: Array) -> list[Array]:
    """Return what each layer puts out for one image, the image itself first.

    Parameters
    ----------
    model : nn.Sequential
    image : Array, shape (height, width, channels)

    Returns
    -------
    outputs : list of Array
        One for the input and one for each layer, without the batch axis.
    """
    outputs = np.asarray(image, model.dtype)[np.newaxis]
    found = [outputs[0]]
    for layer in model.layers:
        outputs, _ = layer.forward(outputs)
        found.append(outputs[0])
    return found


def map_rows(rows: Sequence[tuple[str, Array | None, Array]], *, columns: int = 12) -> Figure:
    """Draw maps as small pictures, a row for each array, on a common scale within it.

    Parameters
    ----------
    rows : sequence of (name, image, maps)
        An image of shape (height, width, 1), or None, stands before its maps, an array of shape
        (rows, columns, maps). Numbers that are never negative are ink; others have two colours.
    columns : int
        Maps in a line; more go on in the next one.
    """
    lines = [
        (name if start == 0 else "", image if start == 0 else None, maps, start)
        for name, image, maps in rows
        for start in range(0, maps.shape[-1], columns)
    ]
    figure, grid = new_figure(len(lines), columns + 2, size=(0.72, 0.8), squeeze=False)
    for axes in grid.flat:
        axes.axis("off")
    for axes_row, (name, image, maps, start) in zip(grid, lines, strict=True):
        axes_row[0].text(1.0, 0.5, name, ha="right", va="center", fontsize=9)
        if image is not None:
            _picture(axes_row[1], np.asarray(image)[..., 0], INK, 0, 1)
        colours, low, high = _scale(maps)
        for axes, number in zip(axes_row[2:], range(start, maps.shape[-1]), strict=False):
            _picture(axes, maps[..., number], colours, low, high)
            axes.set_title(str(number), fontsize=7, pad=2)
    listing = "; ".join(
        f"{name}: {maps.shape[-1]} maps of {maps.shape[0]} x {maps.shape[1]}, "
        f"from {maps.min():.1f} to {maps.max():.1f}"
        for name, _, maps in rows
    )
    return describe(figure, f"Maps as small pictures, one line for each stage. {listing}.")


def _scale(array: Array) -> tuple[str, float, float]:
    """Return colours and limits: ink from zero for what is never negative, else signed."""
    largest = float(np.abs(array).max()) or 1.0
    return (INK, 0.0, largest) if array.min() >= 0 else (DIVERGING, -largest, largest)


def favourite_patches(
    model: nn.Sequential,
    layer: int,
    images: Array,
    maps: Sequence[int],
    *,
    count: int = 10,
) -> Figure:
    """Draw, for some maps, the parts of the images that excite them the most.

    Each patch is what one unit sees: its receptive field. At most one patch is taken from each
    image.

    Parameters
    ----------
    model : nn.Sequential
    layer : int
        Number of the layer whose maps are asked.
    images : Array, shape (batch, height, width, 1)
    maps : sequence of int
        Which of its maps.
    count : int
        Patches for each map.
    """
    outputs = np.asarray(images, model.dtype)
    for one in model.layers[: layer + 1]:
        outputs, _ = one.forward(outputs)
    figure, grid = new_figure(len(maps), count + 1, size=(0.72, 0.78), squeeze=False)
    for axes in grid.flat:
        axes.axis("off")
    patches = []
    for axes_row, number in zip(grid, maps, strict=True):
        values = outputs[..., number].reshape(len(images), -1)
        best = np.argsort(-values.max(axis=1), kind="stable")[:count]
        axes_row[0].text(0.9, 0.5, f"map {number}", ha="right", va="center", fontsize=9)
        for axes, which in zip(axes_row[1:], best, strict=True):
            width = outputs.shape[2]
            row, column = divmod(int(values[which].argmax()), width)
            patches.append(_patch(model, layer, images[which, ..., 0], row, column))
            _picture(axes, patches[-1], INK, 0, 1)
    height, width = patches[0].shape
    within, between = _likeness(np.reshape(patches, (len(maps), count, height * width)))
    return describe(
        figure,
        f"For each of {len(maps)} maps, the {count} patches of {height} x {width} pixels, each "
        "from another digit, that excite it the most. Two patches of one map have a correlation "
        f"of {within:.1f} on average, patches of different maps {between:.1f}.",
    )


def _likeness(patches: Array) -> tuple[float, float]:
    """Return the mean correlation of two patches of one map, and of two maps.

    Parameters
    ----------
    patches : Array, shape (maps, count, pixels)
    """
    maps, count, pixels = patches.shape
    correlation = np.atleast_2d(np.corrcoef(patches.reshape(-1, pixels)))
    same_map = np.kron(np.eye(maps), np.ones((count, count))).astype(bool)
    others = same_map & ~np.eye(maps * count, dtype=bool)
    between = round(float(correlation[~same_map].mean()), 1) + 0.0  # no minus before a zero
    return float(correlation[others].mean()), between


def _patch(model: nn.Sequential, layer: int, image: Array, row: int, column: int) -> Array:
    """Cut out what a unit of a layer sees of the image; paper lies around the image."""
    assert model.input_shape is not None
    sizes = [model.input_shape, *model.output_shapes]
    below = model.layers[: layer + 1]
    top, bottom, left, right = stack_boxes(sizes, below, row, column)[0]
    margin = max(image.shape)
    framed = np.pad(image, margin)
    return framed[margin + top : margin + bottom + 1, margin + left : margin + right + 1]


def reject_errors(outputs: Array, labels: Array) -> Array:
    """Return the error rate among the accepted examples, for every number of rejected ones.

    The network is the surer, the further its largest output lies above the second largest.

    Parameters
    ----------
    outputs : Array, shape (batch, classes)
    labels : Array, shape (batch,)

    Returns
    -------
    errors : Array, shape (batch,)
        ``errors[r]`` is the share of wrong answers when the r least sure ones are rejected.

    Examples
    --------
    >>> outputs = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]])
    >>> reject_errors(outputs, np.array([0, 1, 1])).round(2).tolist()  # the second one is wrong
    [0.33, 0.0, 0.0]
    """
    second, first = np.sort(outputs, axis=1)[:, -2:].T
    surest_first = np.argsort(second - first, kind="stable")
    wrong = (outputs.argmax(axis=1) != labels)[surest_first]
    errors: Array = (np.cumsum(wrong) / np.arange(1, len(wrong) + 1))[::-1]
    return errors


def reject_curves(
    curves: Mapping[str, Array], published: Mapping[str, tuple[float, float]]
) -> Figure:
    """Draw the error among the accepted digits against the share that is rejected.

    Parameters
    ----------
    curves : mapping
        A name, and an array, shape (digits,): the error rate after rejecting 0, 1, 2, ... of
        the digits, the least certain ones first.
    published : mapping
        A name, and one point: share rejected, error rate.
    """
    figure, axes = new_figure(size=(6.2, 3.8))
    styles = ("-", "--", ":", "-.")
    for (name, errors), colour, style in zip(curves.items(), CYCLE, styles, strict=False):
        rejected = 100 * np.arange(len(errors)) / len(errors)
        axes.plot(rejected, 100 * errors, style, color=colour, lw=2, label=name)
    for name, (rejected_share, error) in published.items():
        axes.plot(100 * rejected_share, 100 * error, "D", color=RED, ms=9, label=name)
    axes.axhline(1, color=GREY, lw=0.8)
    axes.set(xlim=(-0.5, 25), ylim=(0, None))
    label(axes, "rejected (% of the digits)", "wrong (% of those accepted)")
    axes.legend(frameon=False)
    ends = "; ".join(
        f"{name}: {100 * errors[0]:.1f} % when none is rejected, "
        f"{100 * errors[len(errors) // 5]:.1f} % when a fifth is"
        for name, errors in curves.items()
    )
    return describe(
        figure, f"Error rate among the accepted digits against the rejected share. {ends}."
    )


def looked_at(images: Array, answers: Sequence[int], labels: Sequence[int], falls: Array) -> Figure:
    """Draw digits with a network's answers, and below each what it looks at.

    Parameters
    ----------
    images : Array, shape (count, height, width, 1)
    answers, labels : sequence of int
        What the network says, and what is right.
    falls : Array, shape (count, height, width)
        How far the probability of the answer falls when a patch around a pixel is covered.
    """
    figure, grid = new_figure(2, len(images), size=(0.95, 1.05), squeeze=False)
    for upper, lower, image, answer, right, fall in zip(
        *grid, images, answers, labels, falls, strict=True
    ):
        _picture(upper, image[..., 0], INK, 0, 1)
        colour = BLACK if answer == right else RED
        upper.set_title(f"reads {answer}", fontsize=9, color=colour)
        _picture(lower, fall, DIVERGING, -1, 1)
    said = " ".join(map(str, answers))
    wrong = sum(a != b for a, b in zip(answers, labels, strict=True))
    return describe(
        figure,
        f"Handwritten digits; the network reads {said}, {wrong} of them wrongly. Below each digit, "
        "purple marks the places without which it would be less sure: they lie on strokes.",
    )


def flattened(maps: Array, marked: int) -> Figure:
    """Draw a stack of maps, and below it the one row of numbers that flattening makes of it.

    Parameters
    ----------
    maps : Array, shape (rows, columns, maps)
    marked : int
        The map whose numbers are framed in the row.
    """
    count = maps.shape[-1]
    figure, grid = new_figure(2, 1, size=(8.2, 0.75), height_ratios=[1.5, 1])
    largest = float(np.abs(maps).max()) or 1.0
    for axes in grid:
        axes.axis("off")
        axes.set_aspect("equal")
    rows, columns = maps.shape[:2]
    upper, lower = grid
    step = columns + 2
    upper.set(xlim=(-0.5, step * count), ylim=(rows + 0.3, -0.3))
    for number in range(count):
        for row, column in np.ndindex(rows, columns):
            _cell(upper, step * number + column, row, maps[row, column, number] / largest)
        if number == marked:
            upper.add_patch(
                Rectangle((step * number, 0), columns, rows, fill=False, edgecolor=RED, lw=2)
            )
    row_of_numbers = maps.reshape(-1)
    lower.set(xlim=(-0.5, len(row_of_numbers) + 0.5), ylim=(1.3, -0.3))
    for place, value in enumerate(row_of_numbers):
        _cell(lower, place, 0, float(value) / largest)
        if place % count == marked:
            lower.add_patch(Rectangle((place, 0), 1, 1, fill=False, edgecolor=RED, lw=2))
    places = ", ".join(str(place) for place in range(marked, len(row_of_numbers), count))
    return describe(
        figure,
        f"{count} maps of {rows} x {columns} numbers, and the same {row_of_numbers.size} numbers "
        f"in one row. The numbers of map {marked} stand at the places {places} of the row.",
    )


def _cell(axes: Axes, left: float, top: float, ink: float) -> None:
    axes.add_patch(
        Rectangle((left, top), 1, 1, facecolor=str(1 - max(ink, 0)), edgecolor=GREY, lw=0.6)
    )


def bars(values: Array, name: str, answer: int) -> Figure:
    """Draw one number for each of ten digits as a bar; that of the answer is filled.

    Parameters
    ----------
    values : Array, shape (10,)
    name : str
        What the numbers are.
    answer : int
    """
    figure, axes = new_figure(size=(5.2, 1.9))
    colours = ["white" if digit != answer else BLUE for digit in range(len(values))]
    axes.bar(range(len(values)), values, color=colours, edgecolor=BLUE)
    axes.axhline(0, color=GREY, lw=0.8)
    axes.set_xticks(range(len(values)))
    label(axes, "digit", name)
    listing = ", ".join(f"{digit}: {value:.2f}" for digit, value in enumerate(values))
    return describe(figure, f"A bar for each digit, {name}. {listing}.")
